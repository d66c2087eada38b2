package io.ringdown.gateway.call;

/** Runs things later. Thread-safe; what is run must return at once. */
@FunctionalInterface
public interface Timers {
    /** Runs {@code task} after this time, on a thread of its own choice; the result cancels it. */
    Runnable after(long delayNanos, Runnable task);
}
