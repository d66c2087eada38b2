package io.ringdown.media.bridge;

/**
 * How long it pays to wait for a frame that is missing: as long as frames of this stream have lately been out of order. Owned
 * by one thread. Nothing is known at first, so that much is waited then; where nothing has been out of order for ten seconds
 * or two, a missing frame is a lost one, and waiting for it would only delay what follows.
 */
final class Reordering {
    private static final long WINDOW_NANOS = 10_000_000_000L;
    private static final long MARGIN_NANOS = 5_000_000;

    // Two packets that swap places on their way are hardly ever further apart; the next buffer does not feel it.
    private static final long LEAST_NANOS = 10_000_000;

    private static final long NONE = -1;

    private final long mostNanos;
    private long windowStartNanos;
    private long windowMost = NONE;
    private long earlierMost;
    private boolean isSeenNow;
    private boolean wasSeen;

    Reordering(long mostNanos, long now) {
        this.mostNanos = mostNanos;
        this.earlierMost = mostNanos;
        this.windowStartNanos = now;
    }

    /** Lets time pass. */
    void onTime(long now) {
        if (now - windowStartNanos >= WINDOW_NANOS) {
            wasSeen = isSeenNow;
            isSeenNow = false;
            earlierMost = windowMost;
            windowMost = NONE;
            windowStartNanos = now;
        }
    }

    /** A missing frame has come after all, this long after the one that showed it to be missing. */
    void onReordered(long delayNanos) {
        isSeenNow = true;
        windowMost = Math.max(windowMost, Math.min(delayNanos, mostNanos));
    }

    /** How long a missing frame is waited for. */
    long holdNanos() {
        long most = Math.max(windowMost, earlierMost);
        return Math.min(mostNanos, Math.max(LEAST_NANOS, most + MARGIN_NANOS));
    }

    /** Whether frames have lately been out of order, so that a missing one may still come. */
    boolean isSeen() {
        return isSeenNow || wasSeen;
    }
}
