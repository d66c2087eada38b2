package io.ringdown.media.transport;

/**
 * When to look whether RTP comes from another address than the trunk's description says, for one call. Pure and
 * single-threaded; {@code now} in nanoseconds. The trunk's socket is connected, so that the kernel keeps everybody else out;
 * only while nothing comes anyway it is opened to all for half a second, three times in a silence.
 */
final class StrangerWatch {
    private static final long NEVER = Long.MAX_VALUE;
    private static final long SECOND = 1_000_000_000L;
    private static final long LOOK_NANOS = SECOND / 2;
    private static final long[] LOOKS_AFTER_NANOS = {2 * SECOND, 10 * SECOND, 30 * SECOND};

    private boolean isExpected;
    private boolean isLooking;
    private boolean isFound;
    private long heardNanos;
    private int looks;
    private long lookUntilNanos;

    /** What is to be done with the socket. */
    enum Step {
        NOTHING,
        /** Let everybody in, to see who is there. */
        OPEN,
        /** Let only the trunk in again. */
        CLOSE
    }

    /** Whether the trunk should send from now on; what was found before is forgotten. */
    Step expect(boolean shouldSend, long now) {
        isExpected = shouldSend;
        isFound = false;
        return onHeard(now);
    }

    /** RTP has come from the right address. */
    Step onHeard(long now) {
        heardNanos = now;
        looks = 0;
        return stop();
    }

    /** A stranger has been seen often enough: there is no need to look on. */
    Step onFound() {
        isFound = true;
        return stop();
    }

    /** When to call {@link #onTime} next. */
    long nextWakeup() {
        if (isLooking) {
            return lookUntilNanos;
        }
        return isExpected && !isFound && looks < LOOKS_AFTER_NANOS.length
                ? heardNanos + LOOKS_AFTER_NANOS[looks]
                : NEVER;
    }

    /** Says what is due. */
    Step onTime(long now) {
        long due = nextWakeup();
        if (due == NEVER || now - due < 0) {
            return Step.NOTHING;
        }
        if (isLooking) {
            return stop();
        }
        isLooking = true;
        looks++;
        lookUntilNanos = now + LOOK_NANOS;
        return Step.OPEN;
    }

    private Step stop() {
        boolean wasLooking = isLooking;
        isLooking = false;
        return wasLooking ? Step.CLOSE : Step.NOTHING;
    }
}
