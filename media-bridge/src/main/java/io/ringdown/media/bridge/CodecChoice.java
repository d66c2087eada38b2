package io.ringdown.media.bridge;

/**
 * Decides for each direction of a browser's path whether its sound goes straight through in the trunk's codec, which costs
 * least and is as good as the trunk itself, or in Opus, which can repair losses. Pure; owned by one thread.
 *
 * <p>A direction begins with Opus, since nothing is known of the path. It goes straight through once every measurement of a
 * third of the interval has been clean, and back to Opus with the first bad one; what lies between clean and bad changes
 * nothing. No direction changes twice within the interval.
 */
final class CodecChoice {
    // One packet of 250 is chance, one of 50 is heard in G.711.
    private static final double CLEAN_LOSS = 0.005;
    private static final double BAD_LOSS = 0.02;

    // The ends' jitter buffers take the lower one in their stride, and lose packets at the upper one.
    private static final long CLEAN_JITTER_NANOS = 40_000_000;
    private static final long BAD_JITTER_NANOS = 80_000_000;

    private static final long NEVER = Long.MIN_VALUE;

    private final long intervalNanos;
    private final Side toBrowser = new Side();
    private final Side fromBrowser = new Side();

    /** What carries the sound of a direction. */
    enum Carrier {
        /** The trunk's own codec, or the one that costs least to turn into it. */
        STRAIGHT,
        /** Opus. */
        OPUS
    }

    /** Nothing is known yet; {@code intervalNanos} is the least time between two changes of a direction. */
    CodecChoice(long intervalNanos) {
        this.intervalNanos = intervalNanos;
    }

    /**
     * The browser has told how it received us of late.
     *
     * @param loss the part that was lost, 0 to 1
     */
    void onReport(double loss, long jitterNanos, long now) {
        toBrowser.onMeasurement(loss, jitterNanos, now);
    }

    /** The same of what we received from it. */
    void onReception(double loss, long jitterNanos, long now) {
        fromBrowser.onMeasurement(loss, jitterNanos, now);
    }

    /** In what we should send to the browser. */
    Carrier toBrowser() {
        return toBrowser.carrier;
    }

    /** In what the browser should send to us. */
    Carrier fromBrowser() {
        return fromBrowser.carrier;
    }

    private final class Side {
        private Carrier carrier = Carrier.OPUS;
        private long cleanSinceNanos = NEVER;
        private long changedNanos = NEVER;

        void onMeasurement(double loss, long jitterNanos, long now) {
            boolean isBad = loss >= BAD_LOSS || jitterNanos >= BAD_JITTER_NANOS;
            boolean isClean = loss <= CLEAN_LOSS && jitterNanos <= CLEAN_JITTER_NANOS;
            if (!isClean) {
                cleanSinceNanos = NEVER;
            } else if (cleanSinceNanos == NEVER) {
                cleanSinceNanos = now;
            }
            if (changedNanos != NEVER && now - changedNanos < intervalNanos) {
                return;
            }
            boolean isLongClean = isClean && now - cleanSinceNanos >= intervalNanos / 3;
            if (carrier == Carrier.OPUS ? isLongClean : isBad) {
                carrier = carrier == Carrier.OPUS ? Carrier.STRAIGHT : Carrier.OPUS;
                changedNanos = now;
            }
        }
    }
}
