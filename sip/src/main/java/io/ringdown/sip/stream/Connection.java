package io.ringdown.sip.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that stands. What is sent only queues: a peer that does not read holds nobody up, and loses the connection
 * when too much waits. {@link #read} is for one thread, {@link #write} for another; the rest for any.
 */
public final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    // Some hundred messages: more than a peer that reads ever leaves lying.
    private static final int MAX_WAITING = 512 * 1024;
    // RFC 3261 18.3 sets no time; a message is in one packet or a few.
    private static final long MESSAGE_WITHIN = TimeUnit.SECONDS.toNanos(5);
    private static final long LAST_WORDS_MILLIS = 1000;
    private static final byte[] END = new byte[0];

    private final TimedSocket raw;
    private final Socket socket;
    private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>();
    private final AtomicInteger bytesWaiting = new AtomicInteger();
    private final CountDownLatch written = new CountDownLatch(1);
    private volatile boolean overrun;
    private volatile boolean closed;

    /** Who hears what comes, on the reading thread. */
    public interface Receiver {
        /** A message or a line end. */
        void on(Framing.Part part) throws IOException;

        /** The stream breaks off within this message, which may still be answered (RFC 3261 18.3). */
        void onBroken(byte[] begun) throws IOException;
    }

    /**
     * How it ended.
     *
     * @param why in words without any of the peer's
     * @param broken whether what the peer sent, or did not send, is why
     */
    public record End(String why, boolean broken) {}

    /**
     * A connection.
     *
     * @param raw TCP
     * @param socket what is read and written: {@code raw} itself, or TLS on top of it
     */
    public Connection(TimedSocket raw, Socket socket) {
        this.raw = raw;
        this.socket = socket;
    }

    /** Sends after what was sent before. IOException where the connection is closed, or closes now for a peer that does not read. */
    public void send(byte[] bytes) throws IOException {
        if (closed) {
            throw new IOException("the connection is closed");
        }
        if (bytesWaiting.addAndGet(bytes.length) > MAX_WAITING) {
            overrun = true;
            abort();
            throw new IOException("the peer does not read");
        }
        waiting.add(bytes);
    }

    /** Sends what is queued until {@link #finish} or {@link #abort}. */
    public void write() {
        try {
            OutputStream out = socket.getOutputStream();
            for (byte[] next = waiting.take(); next.length > 0; next = waiting.take()) {
                out.write(next);
                out.flush();
                bytesWaiting.addAndGet(-next.length);
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            LOG.trace("no more is written: {}", e.toString()); // whoever reads sees the end as well, and tells it
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            abort();
            written.countDown();
        }
    }

    /** Reads until the peer or we end the connection. */
    public End read(Receiver receiver) {
        Framing framing = new Framing();
        byte[] buffer = new byte[4096];
        try {
            InputStream in = socket.getInputStream();
            while (true) {
                if (!framing.isPartial()) {
                    raw.readWhenever();
                }
                int count = in.read(buffer, 0, Math.min(buffer.length, framing.room()));
                if (count < 0) {
                    return new End(closed ? "closed" : "closed by the peer", false);
                }
                boolean begins = !framing.isPartial();
                framing.feed(buffer, count);
                boolean took = deliver(framing, receiver);
                if (begins || took) {
                    raw.readBy(System.nanoTime() + MESSAGE_WITHIN);
                }
            }
        } catch (Framing.Broken e) {
            answer(framing, receiver);
            return new End(String.valueOf(e.getMessage()), true);
        } catch (SocketTimeoutException e) {
            answer(framing, receiver);
            return new End("a message took too long", true);
        } catch (IOException e) {
            return overrun
                    ? new End("the peer does not read", true)
                    : new End(closed ? "closed" : e.getClass().getSimpleName(), false);
        } finally {
            abort();
        }
    }

    private void answer(Framing framing, Receiver receiver) {
        try {
            receiver.onBroken(framing.begun());
            finish();
            if (!written.await(LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.trace("the peer does not read what is wrong");
            }
        } catch (IOException e) {
            LOG.trace("what is wrong is not told: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean deliver(Framing framing, Receiver receiver) throws IOException {
        boolean took = false;
        for (var part = framing.next(); part.isPresent(); part = framing.next()) {
            receiver.on(part.get());
            took = true;
        }
        return took;
    }

    /** Closes once what is queued has left. */
    public void finish() {
        closed = true;
        waiting.add(END);
    }

    /** Closes at once. */
    public void abort() {
        closed = true;
        waiting.add(END);
        try {
            raw.close();
        } catch (IOException e) {
            LOG.trace("closed as far as it can be: {}", e.toString());
        }
    }
}
