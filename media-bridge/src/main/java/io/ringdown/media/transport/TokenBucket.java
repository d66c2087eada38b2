package io.ringdown.media.transport;

/** Lets packets through at a rate, and bursts up to a size (THREATS M11). Single-threaded, pure; {@code now} in nanoseconds. */
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    private final double perNano;
    private final double capacity;
    private double tokens;
    private long lastNanos;

    TokenBucket(int perSecond, int burst, long now) {
        perNano = perSecond / NANOS_PER_SECOND;
        capacity = burst;
        tokens = burst;
        lastNanos = now;
    }

    /** Whether one more may pass. */
    boolean take(long now) {
        tokens = Math.min(capacity, tokens + (now - lastNanos) * perNano);
        lastNanos = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
