package io.ringdown.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Brings the kernel's stamps, in the time of the day, onto {@link System#nanoTime}, which all processes share. One thread. */
final class WallClock {
    private static final int TRIES = 5;

    private final MemorySegment scratch = Arena.ofAuto().allocate(16, 8);
    private long offsetNanos;

    /** Compares both clocks anew; they drift apart by some microseconds a second at most. */
    void compare() {
        long tightest = Long.MAX_VALUE;
        for (int i = 0; i < TRIES; i++) {
            long before = System.nanoTime();
            long realtime = Libc.realtimeNanos(scratch);
            long after = System.nanoTime();
            if (after - before < tightest) {
                tightest = after - before;
                offsetNanos = realtime - (before + after) / 2;
            }
        }
    }

    long toNanoTime(long stampNanos) {
        return stampNanos - offsetNanos;
    }
}
