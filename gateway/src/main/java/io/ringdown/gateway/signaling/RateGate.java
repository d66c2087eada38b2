package io.ringdown.gateway.signaling;

/** Counts what happens within a second. One thread at a time. */
final class RateGate {
    private static final long WINDOW_NANOS = 1_000_000_000L;

    private long windowStart;
    private int count;

    RateGate(long now) {
        windowStart = now;
    }

    /** Counts one at {@code now} (nanoseconds) and answers how many that makes in this second. */
    int count(long now) {
        if (now - windowStart >= WINDOW_NANOS) {
            windowStart = now;
            count = 0;
        }
        return ++count;
    }
}
