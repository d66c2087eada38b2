package io.ringdown.media.transport;

/**
 * How busy a loop is, and what follows from it: first our encoders work less, then new calls go elsewhere, so that calls that
 * are up never hear it. Pure; owned by one loop.
 *
 * <p>Busy is the part of the wall clock that goes into work, waiting for a core included: on a machine that others use as well
 * the loop is full earlier, and knows it.
 */
final class LoopLoad {
    private static final long WINDOW_NANOS = 100_000_000;
    private static final double SMOOTHING = 0.2; // of each window: half of a change is seen after 0.3 s

    private static final double LESS_ABOVE = 0.75; // at 85 % frames came too late already where each takes long (G.722)
    private static final double MORE_BELOW = 0.45; // the next step up costs a third more, and must not lead back down
    private static final double REFUSE_ABOVE = 0.85; // while a cheaper step will make room anyway
    // Nothing is left to make room then, and the burst of a new call's set-up comes on top: at 81 % it was heard.
    private static final double REFUSE_ABOVE_AT_LAST = 0.75;
    private static final double HYSTERESIS = 0.08;
    private static final long STEP_DOWN_NANOS = 500_000_000;
    private static final long STEP_UP_NANOS = 5_000_000_000L;

    private final int mostSteps;
    private long windowStartNanos;
    private long windowWorkNanos;
    private long changedNanos;
    private double busy;
    private int step;
    private boolean isFull;
    private long stepsDown;

    /**
     * Of an idle loop.
     *
     * @param mostSteps how often the encoders can be told to work less
     */
    LoopLoad(int mostSteps, long now) {
        this.mostSteps = mostSteps;
        this.windowStartNanos = now;
        this.changedNanos = now;
    }

    /** Some work is done; {@code workNanos} is how long it took. Answers whether {@link #step} is another one now. */
    boolean onCycle(long workNanos, long now) {
        windowWorkNanos += workNanos;
        long passed = now - windowStartNanos;
        if (passed < WINDOW_NANOS) {
            return false;
        }
        double share = Math.min(1, (double) windowWorkNanos / passed);
        double windows = (double) passed / WINDOW_NANOS; // an idle loop looks at the clock only once a second
        busy += (share - busy) * (1 - Math.pow(1 - SMOOTHING, windows));
        windowStartNanos = now;
        windowWorkNanos = 0;
        boolean isChanged = change(now);
        boolean isAtLast = step == mostSteps && now - changedNanos >= STEP_DOWN_NANOS; // what a step saves is seen late
        double bound = isAtLast ? REFUSE_ABOVE_AT_LAST : REFUSE_ABOVE;
        isFull = busy >= (isFull ? bound - HYSTERESIS : bound);
        return isChanged;
    }

    /** How often the encoders have been told to work less, and not yet to work more again; 0 is the configured complexity. */
    int step() {
        return step;
    }

    /** Whether one call more would be felt by the others. */
    boolean isFull() {
        return isFull;
    }

    /** The part of the time that goes into work, 0 to 1, over about the last half second. */
    double busy() {
        return busy;
    }

    /** How often the encoders were told to work less since the start. */
    long stepsDown() {
        return stepsDown;
    }

    private boolean change(long now) {
        if (busy >= LESS_ABOVE && step < mostSteps && now - changedNanos >= STEP_DOWN_NANOS) {
            step++;
            stepsDown++;
        } else if (busy <= MORE_BELOW && step > 0 && now - changedNanos >= STEP_UP_NANOS) {
            step--;
        } else {
            return false;
        }
        changedNanos = now;
        return true;
    }
}
