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
 *
 * <p>What Bouncy Castle writes record by record leaves as few datagrams: a flight of five would arrive whole only one time in
 * three where every fifth is lost. And a server's last flight is said again for any part of the client's last one, where Bouncy
 * Castle wants to see the whole of it again first (RFC 6347 §4.2.4).
 */
final class DatagramQueue implements DatagramTransport {
    private static final int CAPACITY = 64;
    private static final int RECEIVE_LIMIT = 2048; // Firefox sends 1408
    private static final int RECORD_HEADER = 13;
    private static final int SEND_LIMIT = 1200; // fits every path
    private static final byte[] END = new byte[0];

    private final ArrayBlockingQueue<byte[]> datagrams = new ArrayBlockingQueue<>(CAPACITY);
    private final Consumer<byte[]> output;
    private final byte[] flight = new byte[SEND_LIMIT];
    private int flightLength;
    private boolean flightChangesCipher;
    private @Nullable CipherChangeGate gate;
    private volatile boolean closed;
    private volatile boolean alertsAllowed;
    private volatile int shortestSealed;
    private volatile byte @Nullable [] lastFlight;

    DatagramQueue(Consumer<byte[]> output) {
        this.output = output;
    }

    /** Takes a copy; false if there is no room, or if it would only do harm. */
    boolean offer(byte[] buffer, int offset, int length) {
        if (closed || !isHarmless(buffer, offset, length)) {
            return false;
        }
        byte[] last = lastFlight;
        if (last != null && length > 0 && isOfFlight(buffer[offset])) {
            output.accept(last.clone()); // the same records: whoever has them already drops them as replayed
            return true;
        }
        return datagrams.offer(Arrays.copyOfRange(buffer, offset, offset + length));
    }

    /** A server's attempt begins: what it reads passes this gate, what the one before had not sent yet is void. */
    void gate(CipherChangeGate next) {
        gate = next;
        flightLength = 0;
        flightChangesCipher = false;
    }

    /** The handshake is complete: sealed records are at least this long. */
    void recordsOfAtLeast(int bytes) {
        shortestSealed = bytes;
    }

    /** What has just been sent is the last flight, a server's; for the writing thread. */
    void serverIsFinished() {
        boolean isWhole = flightChangesCipher;
        byte[] last = Arrays.copyOf(flight, flightLength);
        flush();
        if (isWhole) { // else it was longer than a datagram, and Bouncy Castle sees to it
            lastFlight = last;
        }
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
        flush(); // who waits for an answer has said all
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
        if (flightLength + length > SEND_LIMIT) {
            flush();
        }
        System.arraycopy(buffer, offset, flight, flightLength, length);
        flightLength += length;
        flightChangesCipher |= buffer[offset] == ContentType.change_cipher_spec;
        if (!isOfFlight(buffer[offset])) {
            flush();
        }
    }

    private void flush() {
        if (flightLength > 0) {
            output.accept(Arrays.copyOf(flight, flightLength));
            flightLength = 0;
            flightChangesCipher = false;
        }
    }

    private static boolean isOfFlight(byte contentType) {
        return contentType == ContentType.handshake || contentType == ContentType.change_cipher_spec;
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
