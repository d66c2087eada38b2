package io.ringdown.media.dtls;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.DatagramTransport;

/**
 * Datagrams in memory, between the media loop and one association's thread. Bounded: what does not fit is dropped, as a
 * network would. Alerts in plain text are not sent while the handshake may still come to something: one bad datagram under
 * the browser's address must not make us tell the browser to give up.
 */
final class DatagramQueue implements DatagramTransport {
    private static final int CAPACITY = 64;
    private static final int RECEIVE_LIMIT = 2048; // Firefox sends 1408
    private static final int SEND_LIMIT = 1200; // fits every path
    private static final byte[] END = new byte[0];

    private final ArrayBlockingQueue<byte[]> datagrams = new ArrayBlockingQueue<>(CAPACITY);
    private final Consumer<byte[]> output;
    private volatile boolean closed;
    private volatile boolean alertsAllowed;

    DatagramQueue(Consumer<byte[]> output) {
        this.output = output;
    }

    /** Takes a copy; false if there is no room. */
    boolean offer(byte[] buffer, int offset, int length) {
        return !closed && datagrams.offer(Arrays.copyOfRange(buffer, offset, offset + length));
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
        if (closed) {
            throw new IOException("closed");
        }
        try {
            byte[] datagram = waitMillis == 0 ? datagrams.take() : datagrams.poll(waitMillis, TimeUnit.MILLISECONDS);
            if (datagram == null || datagram.length == 0) {
                return -1;
            }
            int size = Math.min(datagram.length, length);
            System.arraycopy(datagram, 0, buffer, offset, size);
            return size;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void send(byte[] buffer, int offset, int length) {
        boolean plain = length > 5 && buffer[offset + 3] == 0 && buffer[offset + 4] == 0; // epoch 0, RFC 6347 §4.1
        if (plain && buffer[offset] == ContentType.alert && !alertsAllowed) {
            return;
        }
        output.accept(Arrays.copyOfRange(buffer, offset, offset + length));
    }

    /** Wakes the reader, for whom it is over. */
    @Override
    public void close() {
        closed = true;
        datagrams.clear();
        boolean woken = datagrams.offer(END);
        assert woken : "nobody adds to a closed queue";
    }
}
