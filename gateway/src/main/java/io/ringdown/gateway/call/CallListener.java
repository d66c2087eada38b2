package io.ringdown.gateway.call;

import io.ringdown.media.SoundMonitor;
import java.util.concurrent.atomic.AtomicBoolean;

/** One who listens beside a call. Read and closed by one thread. */
public final class CallListener implements AutoCloseable {
    private final SoundMonitor monitor;
    private final Runnable onLeaving;
    private final AtomicBoolean left = new AtomicBoolean();

    CallListener(SoundMonitor monitor, Runnable onLeaving) {
        this.monitor = monitor;
        this.onLeaving = onLeaving;
    }

    /** What is heard; it ends with the call's media. */
    public SoundMonitor sound() {
        return monitor;
    }

    /** Listens no more. Idempotent. */
    @Override
    public void close() {
        if (left.compareAndSet(false, true)) {
            monitor.close();
            onLeaving.run();
        }
    }
}
