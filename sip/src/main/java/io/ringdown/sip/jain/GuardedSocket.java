package io.ringdown.sip.jain;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A TCP connection whose input comes in whole, admitted messages. */
final class GuardedSocket extends Socket {
    private final Gatekeeper gatekeeper;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Runnable onClose;
    private @Nullable InputStream input;

    GuardedSocket(Gatekeeper gatekeeper) {
        this.gatekeeper = gatekeeper;
    }

    /** Runs once when the connection is closed by us. */
    void onClose(Runnable action) {
        onClose = action;
    }

    @Override
    public synchronized InputStream getInputStream() throws IOException {
        InputStream made = input;
        if (made == null) {
            made = new MessageStream(this, super.getInputStream(), gatekeeper);
            input = made;
        }
        return made;
    }

    @Override
    public synchronized void close() throws IOException {
        Runnable action = onClose;
        if (closed.compareAndSet(false, true) && action != null) {
            action.run();
        }
        super.close();
    }
}
