package io.ringdown.bench;

import java.util.Arrays;

/** Durations gathered and asked for percentiles. Thread-safe. */
final class Figures {
    private long[] nanos = new long[1_024];
    private int count;

    synchronized void add(long value) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = value;
    }

    synchronized void clear() {
        count = 0;
    }

    synchronized int count() {
        return count;
    }

    /** In milliseconds; NaN of nothing. */
    synchronized double percentile(double percent) {
        if (count == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.min(count - 1, Math.floor(percent / 100 * count))] / 1e6;
    }
}
