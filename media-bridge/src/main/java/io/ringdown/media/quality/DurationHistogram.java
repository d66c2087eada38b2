package io.ringdown.media.quality;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts durations in log-linear bins: eight to an octave, so that what it tells is at most an eighth too long, and never too
 * short. One thread records, any thread may look; nothing is allocated and nobody waits.
 */
public final class DurationHistogram {
    private static final int UNIT_BITS = 10; // 1.024 µs
    private static final int SUB_BITS = 3;
    private static final int SUB_BINS = 1 << SUB_BITS;
    private static final int HIGHEST_BIT = 22; // of the unit: 8.6 s and more are one bin
    private static final int BINS = (HIGHEST_BIT - SUB_BITS + 2) << SUB_BITS;
    private static final double NANOS_PER_MILLI = 1e6;

    private final AtomicLongArray bins = new AtomicLongArray(BINS);
    private final AtomicLong longestNanos = new AtomicLong();

    /** Counts one; what is negative counts as nothing. */
    public void record(long nanos) {
        int bin = bin(nanos);
        bins.setOpaque(bin, bins.getPlain(bin) + 1);
        if (nanos > longestNanos.getPlain()) {
            longestNanos.setOpaque(nanos);
        }
    }

    /** What has been counted so far. */
    public Durations durations() {
        long[] counts = new long[BINS];
        long total = 0;
        for (int i = 0; i < BINS; i++) {
            counts[i] = bins.getOpaque(i);
            total += counts[i];
        }
        long longest = longestNanos.getOpaque();
        return new Durations(
                total,
                millis(percentile(counts, total, 50), longest),
                millis(percentile(counts, total, 95), longest),
                millis(percentile(counts, total, 99), longest),
                longest / NANOS_PER_MILLI);
    }

    private static double millis(long nanos, long longest) {
        return Math.min(nanos, longest) / NANOS_PER_MILLI;
    }

    /** The upper edge of the bin in which the one stands that {@code percent} of all do not exceed. */
    private static long percentile(long[] counts, long total, int percent) {
        long rank = (total * percent + 99) / 100;
        long seen = 0;
        for (int i = 0; i < BINS; i++) {
            seen += counts[i];
            if (seen >= rank && seen > 0) {
                return upperNanos(i);
            }
        }
        return 0;
    }

    private static int bin(long nanos) {
        long units = Math.max(0, nanos) >>> UNIT_BITS;
        if (units < SUB_BINS) {
            return (int) units;
        }
        int highest = 63 - Long.numberOfLeadingZeros(units);
        if (highest > HIGHEST_BIT) {
            return BINS - 1;
        }
        int octave = highest - SUB_BITS;
        int within = (int) (units >>> octave) & (SUB_BINS - 1);
        return ((octave + 1) << SUB_BITS) + within;
    }

    private static long upperNanos(int bin) {
        if (bin < SUB_BINS) {
            return (bin + 1L) << UNIT_BITS;
        }
        int octave = (bin >>> SUB_BITS) - 1;
        long units = (long) (SUB_BINS + (bin & (SUB_BINS - 1)) + 1) << octave;
        return units << UNIT_BITS;
    }
}
