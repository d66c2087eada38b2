package io.ringdown.sip.dialog;

import java.util.concurrent.TimeUnit;

/** So many a second, twice that in a burst. Pure; not safe for threads. */
final class TokenBucket {
    private final double perNano;
    private final double burst;
    private double tokens;
    private long at;

    /** Makes a full one. */
    TokenBucket(int perSecond, long now) {
        this.perNano = perSecond / (double) TimeUnit.SECONDS.toNanos(1);
        this.burst = 2.0 * perSecond;
        this.tokens = burst;
        this.at = now;
    }

    /** Whether one more may pass. */
    boolean pass(long now) {
        tokens = Math.min(burst, tokens + (now - at) * perNano);
        at = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
