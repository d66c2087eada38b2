package io.ringdown.media.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.DatagramTransport;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams in memory, between the media loop and one association's thread. Bounded: what does not fit is dropped, as a
 * network would. Alerts in plain text are not sent while the handshake may still come to something: one bad datagram under
 * the browser's address must not make us tell the browser to give up.
 */
final class DatagramQueue implements DatagramTransport {
    private static final int CAPACITY = 64;
    private static final int RECEIVE_LIMIT = 2048; // Firefox sends 1408
    private static final int RECORD_HEADER = 13;
    private static final int SEND_LIMIT = 1200; // fits every path
    private static final byte[] END = new byte[0];

    private final ArrayBlockingQueue<byte[]> datagrams = new ArrayBlockingQueue<>(CAPACITY);
    private final Consumer<byte[]> output;
    private @Nullable CipherChangeGate gate;
    private volatile boolean closed;
    private volatile boolean alertsAllowed;
    private volatile int shortestSealed;

    DatagramQueue(Consumer<byte[]> output) {
        this.output = output;
    }

    /** Takes a copy; false if there is no room, or if it would only do harm. */
    boolean offer(byte[] buffer, int offset, int length) {
        return !closed
                && isHarmless(buffer, offset, length)
                && datagrams.offer(Arrays.copyOfRange(buffer, offset, offset + length));
    }

    /** What one attempt of a server reads passes this gate; for the reading thread. */
    void gate(CipherChangeGate next) {
        gate = next;
    }

    /** The handshake is complete: sealed records are at least this long. */
    void recordsOfAtLeast(int bytes) {
        shortestSealed = bytes;
    }

    /**
     * Whoever writes under the browser's address could end an attempt with an alert in plain text, or the whole association
     * with a sealed record that is too short to be one, for which Bouncy Castle sends a fatal alert: both go no further.
     */
    private boolean isHarmless(byte[] buffer, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at + RECORD_HEADER <= end) {
            boolean plain = buffer[at + 3] == 0 && buffer[at + 4] == 0; // epoch 0, RFC 6347 §4.1
            int size = ((buffer[at + 11] & 0xff) << 8) | (buffer[at + 12] & 0xff);
            if (plain ? buffer[at] == ContentType.alert : size < shortestSealed) {
                return false;
            }
            at += RECORD_HEADER + size;
        }
        return at == end;
    }

    void allowAlerts() {
        alertsAllowed = true;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public int getReceiveLimit() {
        return RECEIVE_LIMIT;
    }

    @Override
    public int getSendLimit() {
        return SEND_LIMIT;
    }

    /** {@code waitMillis} 0 waits for ever; −1 is answered when the time is over. */
    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis) throws IOException {
        try {
            checkOpen();
            byte[] datagram = waitMillis == 0 ? datagrams.take() : datagrams.poll(waitMillis, TimeUnit.MILLISECONDS);
            checkOpen();
            if (datagram == null) {
                return -1;
            }
            CipherChangeGate present = gate;
            int size = Math.min(present == null ? datagram.length : present.pass(datagram), length);
            System.arraycopy(datagram, 0, buffer, offset, size);
            return size;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void send(byte[] buffer, int offset, int length) {
        boolean plain =
                length >= RECORD_HEADER && buffer[offset + 3] == 0 && buffer[offset + 4] == 0; // epoch 0, RFC 6347 §4.1
        if (plain && buffer[offset] == ContentType.alert && !alertsAllowed) {
            return;
        }
        output.accept(Arrays.copyOfRange(buffer, offset, offset + length));
    }

    /** Called by Bouncy Castle when an attempt is over; the next one needs the queue. */
    @Override
    public void close() {}

    /** Wakes the reader, for whom it is over. */
    void end() {
        closed = true;
        datagrams.clear();
        boolean woken = datagrams.offer(END);
        assert woken : "nobody adds to a closed queue";
    }

    /** This kind of exception ends a wait without ending the association, so that it can still say close_notify. */
    private void checkOpen() throws InterruptedIOException {
        if (closed) {
            throw new InterruptedIOException("closed");
        }
    }
}
