package io.ringdown.gateway.tokens;

/** When published keys are fetched, and how long those that were are good. Pure; times are nanoseconds of one clock. */
final class FetchPlan {
    private static final long LEAST_PAUSE_NANOS = JwksSettings.LEAST_PAUSE.toNanos();

    private final long refreshNanos;
    private final long keepNanos;
    private boolean hasAsked;
    private boolean isWanted;
    private boolean isCurrent;
    private long askedNanos;
    private long cameNanos;

    FetchPlan(JwksSettings settings) {
        this.refreshNanos = settings.refresh().toNanos();
        this.keepNanos = settings.keep().toNanos();
    }

    /** A token names a key that is not there: it may be new. */
    void onWanted() {
        isWanted = true;
    }

    /** Whether to fetch now; then that has begun. */
    boolean begins(long now) {
        long since = now - askedNanos;
        boolean isDue = !hasAsked || since >= (isWanted || !isCurrent ? LEAST_PAUSE_NANOS : refreshNanos);
        if (isDue) {
            hasAsked = true;
            isWanted = false;
            isCurrent = false;
            askedNanos = now;
        }
        return isDue;
    }

    /** The keys came. */
    void onCame(long now) {
        isCurrent = true;
        cameNanos = now;
    }

    /** Whether those that came last are good still. */
    boolean isKept(long now) {
        return now - cameNanos < keepNanos;
    }
}
