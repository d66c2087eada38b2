package io.ringdown.sip.jain;

import io.ringdown.sip.jain.Counters.Counter;
import io.ringdown.sip.stream.TimedSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Accepts connections of known sources only, so many of each, and so many at all. */
final class GuardedServerSocket extends ServerSocket {
    private static final int BACKLOG = 128;
    private static final int MAX_CONNECTIONS = 1024;

    private final Gatekeeper gatekeeper;
    private final Map<InetAddress, Integer> connections = new ConcurrentHashMap<>();
    private final AtomicInteger total = new AtomicInteger();

    GuardedServerSocket(int port, InetAddress address, Gatekeeper gatekeeper) throws IOException {
        super(port, BACKLOG, address);
        this.gatekeeper = gatekeeper;
    }

    @Override
    public TimedSocket accept() throws IOException {
        while (true) {
            TimedSocket socket = new TimedSocket();
            implAccept(socket);
            InetAddress source = socket.getInetAddress();
            if (source == null || !gatekeeper.isKnown(source)) {
                socket.close();
            } else if (!reserve(source)) {
                gatekeeper.counters().count(Counter.CONNECTIONS_REFUSED);
                socket.close();
            } else {
                socket.onClose(() -> release(source));
                return socket;
            }
        }
    }

    private boolean reserve(InetAddress source) {
        boolean fits = connections.merge(source, 1, Integer::sum) <= gatekeeper.maxConnectionsPerSource();
        if (total.incrementAndGet() > MAX_CONNECTIONS || !fits) {
            release(source);
            return false;
        }
        return true;
    }

    private void release(InetAddress source) {
        total.decrementAndGet();
        connections.computeIfPresent(source, (_, count) -> count == 1 ? null : count - 1);
    }
}
