package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.Timers;
import java.time.Duration;

/** The pings of one socket, for as long as it is open. Thread-safe. */
final class Pings {
    private final Wire wire;
    private final Timers timers;
    private final Duration every;
    private volatile Runnable cancel = () -> {};
    private volatile boolean stopped;

    Pings(Wire wire, Timers timers, Duration every) {
        this.wire = wire;
        this.timers = timers;
        this.every = every;
    }

    void next() {
        cancel = timers.after(every.toNanos(), this::ping);
        if (stopped) {
            cancel.run();
        }
    }

    void stop() {
        stopped = true;
        cancel.run();
    }

    private void ping() {
        if (!stopped) {
            wire.ping();
            next();
        }
    }
}
