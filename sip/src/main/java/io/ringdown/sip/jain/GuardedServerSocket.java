package io.ringdown.sip.jain;

import io.ringdown.sip.jain.Counters.Counter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Accepts connections of known sources only, so many of each. */
final class GuardedServerSocket extends ServerSocket {
    private final Gatekeeper gatekeeper;
    private final Map<InetAddress, Integer> connections = new ConcurrentHashMap<>();

    GuardedServerSocket(int port, int backlog, InetAddress address, Gatekeeper gatekeeper) throws IOException {
        super(port, backlog, address);
        this.gatekeeper = gatekeeper;
    }

    @Override
    public Socket accept() throws IOException {
        while (true) {
            GuardedSocket socket = new GuardedSocket(gatekeeper);
            implAccept(socket);
            InetAddress source = socket.getInetAddress();
            if (!gatekeeper.isKnown(source)) {
                socket.close();
            } else if (connections.merge(source, 1, Integer::sum) > gatekeeper.maxConnectionsPerSource()) {
                release(source);
                gatekeeper.counters().count(Counter.CONNECTIONS_REFUSED);
                socket.close();
            } else {
                socket.onClose(() -> release(source));
                socket.setTcpNoDelay(true);
                socket.setKeepAlive(true);
                return socket;
            }
        }
    }

    private void release(InetAddress source) {
        connections.computeIfPresent(source, (_, count) -> count == 1 ? null : count - 1);
    }
}
