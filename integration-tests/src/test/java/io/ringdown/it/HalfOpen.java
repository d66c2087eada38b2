package io.ringdown.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Clients that never finish what they begin: a request's head, its body, a WebSocket's handshake, a byte a second each, from a
 * hundred addresses. One that is cut comes back at once. On threads of its own until it is closed.
 */
final class HalfOpen implements AutoCloseable {
    private static final int THREADS = 8;
    private static final int ADDRESSES = 100;
    private static final long STEP_MILLIS = 1_000;
    private static final List<String> BEGINNINGS = List.of(
            "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
            "POST /v1/calls/+440000000000 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/sdp\r\n"
                    + "Content-Length: 60000\r\n\r\nv=0",
            "GET /v1/rtc HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Protocol: ringdown.v1\r\nSec-WebSocket-Key: ");

    private final int port;
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong cut = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean isOver;

    private HalfOpen(int port) {
        this.port = port;
    }

    /** So many at once, towards this port of 127.0.0.1. */
    static HalfOpen start(int port, int clients) {
        HalfOpen all = new HalfOpen(port);
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            all.threads.add(Thread.ofPlatform().daemon().start(() -> all.keepOpen(first, clients)));
        }
        return all;
    }

    /** Connections that were begun. */
    long opened() {
        return opened.get();
    }

    /** Connections that the gateway has ended. */
    long cut() {
        return cut.get();
    }

    private void keepOpen(int first, int clients) {
        List<Client> mine = new ArrayList<>();
        for (int i = first; i < clients; i += THREADS) {
            mine.add(new Client(i));
        }
        while (!isOver) {
            long began = System.nanoTime();
            mine.forEach(Client::step);
            Tools.pause(Math.max(1, STEP_MILLIS - (System.nanoTime() - began) / 1_000_000));
        }
        mine.forEach(Client::end);
    }

    @Override
    public void close() {
        isOver = true;
        for (Thread thread : threads) {
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private final class Client {
        private final int number;
        private @Nullable SocketChannel socket;
        private boolean hasBegun;

        Client(int number) {
            this.number = number;
        }

        /** Connects, or says one byte more. */
        void step() {
            try {
                SocketChannel open = socket;
                if (open == null) {
                    connect();
                } else if (open.isConnected() || open.finishConnect()) {
                    String text = hasBegun ? "x" : BEGINNINGS.get(number % BEGINNINGS.size());
                    open.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
                    hasBegun = true;
                    if (open.read(ByteBuffer.allocate(1)) < 0) {
                        throw new IOException("the gateway has closed it");
                    }
                }
            } catch (IOException gone) {
                cut.incrementAndGet();
                end();
            }
        }

        private void connect() throws IOException {
            SocketChannel begun = SocketChannel.open();
            begun.bind(new InetSocketAddress(address(number % ADDRESSES), 0));
            begun.configureBlocking(false);
            begun.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            socket = begun;
            hasBegun = false;
            opened.incrementAndGet();
        }

        void end() {
            SocketChannel open = socket;
            socket = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private static InetAddress address(int which) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 7, (byte) (1 + which)});
    }
}
