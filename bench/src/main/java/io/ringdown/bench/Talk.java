package io.ringdown.bench;

import java.util.concurrent.TimeUnit;

/** When the next frame of somebody who talks is due: every 20 ms, without drift. One thread. */
final class Talk {
    private static final long FRAME_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long SLACK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
    private static final int SOON = 5; // frames until the first mark

    private final Figures lateness;
    private long next;
    private long frame = Speech.MARK_EVERY / 2 - SOON;

    Talk(long begin, Figures lateness) {
        this.next = begin;
        this.lateness = lateness;
    }

    boolean isDue(long now) {
        return now >= next - SLACK_NANOS;
    }

    /** The number of the frame that is due; it counts as spoken. */
    long take(long now) {
        lateness.add(Math.max(0, now - next));
        next += FRAME_NANOS;
        return frame++;
    }

    long next() {
        return next;
    }
}
