package io.ringdown.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A wire between browser and gateway that loses some of the media: the page is told this link's port in place of the
 * gateway's. STUN and DTLS pass, so that what is measured is media over a lossy wire and not the set-up. The losses come from
 * a seed. One thread of its own.
 */
final class Link implements AutoCloseable {

    private final Selector selector;
    private final DatagramChannel browserSide;
    private final DatagramChannel gatewaySide;
    private final InetSocketAddress gateway;
    private final SplittableRandom random;
    private volatile double loss;
    private volatile long delayNanos;
    private final ArrayDeque<Late> late = new ArrayDeque<>();
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong longestPauseNanos = new AtomicLong();
    private long lastFromBrowserNanos;
    private final Thread thread;
    private volatile boolean closed;
    private @Nullable InetSocketAddress browser;

    Link(int gatewayPort, double loss, long seed) {
        this.gateway = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), gatewayPort);
        this.loss = loss;
        this.random = new SplittableRandom(seed);
        try {
            InetSocketAddress any = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
            selector = Selector.open();
            browserSide = DatagramChannel.open().bind(any);
            gatewaySide = DatagramChannel.open().bind(any);
            browserSide.configureBlocking(false).register(selector, SelectionKey.OP_READ);
            gatewaySide.configureBlocking(false).register(selector, SelectionKey.OP_READ);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread = Thread.ofPlatform().name("lossy-link").daemon().start(this::run);
    }

    int port() {
        return browserSide.socket().getLocalPort();
    }

    /** Loses this part of the media from here on. */
    void lose(double part) {
        loss = part;
    }

    /** Everything takes so much longer from here on, each way; set-up and checks too. */
    void delay(long millis) {
        delayNanos = millis * 1_000_000;
    }

    /** A datagram that is not there yet. */
    private record Late(long dueNanos, ByteBuffer datagram, DatagramChannel by, InetSocketAddress to) {}

    long passed() {
        return passed.get();
    }

    long dropped() {
        return dropped.get();
    }

    /** The longest time between two packets of media from the browser, lost ones included. */
    long longestPauseMillis() {
        return longestPauseNanos.get() / 1_000_000;
    }

    /** Counts pauses from here on. */
    void forgetPauses() {
        longestPauseNanos.set(0);
    }

    private void run() {
        ByteBuffer buffer = ByteBuffer.allocate(2048);
        while (!closed) {
            try {
                selector.select(late.isEmpty() ? 500 : 1);
                selector.selectedKeys().clear();
                forward(buffer);
                deliver();
            } catch (SocketException refused) {
                dropped.incrementAndGet();
            } catch (IOException e) {
                if (!closed) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void forward(ByteBuffer buffer) throws IOException {
        for (InetSocketAddress from = receive(browserSide, buffer); from != null; from = receive(browserSide, buffer)) {
            browser = from;
            timePause(buffer);
            if (passes(buffer)) {
                send(buffer, gatewaySide, gateway);
            }
        }
        for (InetSocketAddress from = receive(gatewaySide, buffer); from != null; from = receive(gatewaySide, buffer)) {
            InetSocketAddress to = browser;
            if (to != null && passes(buffer)) {
                send(buffer, browserSide, to);
            }
        }
    }

    private void send(ByteBuffer buffer, DatagramChannel by, InetSocketAddress to) throws IOException {
        if (delayNanos == 0) {
            by.send(buffer, to);
        } else {
            ByteBuffer kept =
                    ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
            late.add(new Late(System.nanoTime() + delayNanos, kept, by, to));
        }
    }

    private void deliver() throws IOException {
        for (Late next = late.peek(); next != null && next.dueNanos() - System.nanoTime() <= 0; next = late.peek()) {
            late.remove();
            next.by().send(next.datagram(), next.to());
        }
    }

    private static @Nullable InetSocketAddress receive(DatagramChannel channel, ByteBuffer buffer) throws IOException {
        buffer.clear();
        InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
        buffer.flip();
        return from;
    }

    /** The browser sends RTP all the time: how long it did not is how long the browser itself stood still. */
    private void timePause(ByteBuffer buffer) {
        if (isMedia(buffer)) {
            long now = System.nanoTime();
            if (lastFromBrowserNanos != 0) {
                longestPauseNanos.accumulateAndGet(now - lastFromBrowserNanos, Math::max);
            }
            lastFromBrowserNanos = now;
        }
    }

    /** RTP and RTCP begin with 128 to 191 (RFC 7983). */
    private static boolean isMedia(ByteBuffer buffer) {
        int first = buffer.hasRemaining() ? buffer.get(0) & 0xff : 0;
        return first >= 128 && first < 192;
    }

    private boolean passes(ByteBuffer buffer) {
        if (isMedia(buffer) && random.nextDouble() < loss) {
            dropped.incrementAndGet();
            return false;
        }
        passed.incrementAndGet();
        return true;
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join(1000);
            browserSide.close();
            gatewaySide.close();
            selector.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
