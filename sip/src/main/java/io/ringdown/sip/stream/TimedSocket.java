package io.ringdown.sip.stream;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket whose reads have an end in time, whoever reads: a peer that sends a byte now and then does not move it, as it
 * would a timeout. TLS runs on top of it, so the end holds for handshakes too. Reads by one thread; the rest by any.
 */
public final class TimedSocket extends Socket {
    private static final long NEVER = Long.MAX_VALUE;

    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile long readBy = NEVER;
    private volatile @Nullable Runnable onClose;

    /** What is not read by then ({@link System#nanoTime}) fails with SocketTimeoutException. */
    public void readBy(long nanos) {
        readBy = nanos;
    }

    /** Reads wait as long as it takes. */
    public void readWhenever() {
        readBy = NEVER;
    }

    /** Runs once when the connection is closed by us. */
    public void onClose(Runnable action) {
        onClose = action;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                setSoTimeout(millisLeft());
                return super.read(into, offset, length);
            }
        };
    }

    private int millisLeft() throws SocketTimeoutException {
        long by = readBy;
        if (by == NEVER) {
            return 0;
        }
        long left = by - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("too slow");
        }
        return (int) TimeUnit.NANOSECONDS.toMillis(left) + 1;
    }

    @Override
    public void close() throws IOException {
        Runnable action = onClose;
        if (closed.compareAndSet(false, true) && action != null) {
            action.run();
        }
        super.close();
    }
}
