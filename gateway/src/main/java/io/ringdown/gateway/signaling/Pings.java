package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.Timers;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The pings of one socket, for as long as it is open, and its end when nothing comes back. The server's own idle timeout does
 * not do: it counts what we send as a sign of life. Thread-safe.
 */
final class Pings {
    private final Wire wire;
    private final Timers timers;
    private final Pace pace;
    private final LongSupplier clock;
    private volatile long heardNanos;
    private volatile Runnable cancel = () -> {};
    private volatile boolean stopped;

    /** How often we ping, and after how long a silence the socket is cut. */
    record Pace(Duration every, Duration silence) {
        /** When to look next: the next ping, or the end of the silence if that is sooner. */
        private long nextNanos(long silentNanos) {
            return Math.min(every.toNanos(), Math.max(0, silence.toNanos() - silentNanos));
        }
    }

    Pings(Wire wire, Timers timers, Pace pace, LongSupplier clock) {
        this.wire = wire;
        this.timers = timers;
        this.pace = pace;
        this.clock = clock;
        this.heardNanos = clock.getAsLong();
    }

    /** A frame has come, whatever it was. */
    void heard() {
        heardNanos = clock.getAsLong();
    }

    void next() {
        cancel = timers.after(pace.nextNanos(silentNanos()), this::look);
        if (stopped) {
            cancel.run();
        }
    }

    void stop() {
        stopped = true;
        cancel.run();
    }

    private void look() {
        if (stopped) {
            return;
        }
        if (silentNanos() >= pace.silence.toNanos()) {
            wire.cut();
        } else {
            wire.ping();
            next();
        }
    }

    private long silentNanos() {
        return clock.getAsLong() - heardNanos;
    }
}
