package io.ringdown.bench;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Durations in nanoseconds, kept by their number in classes of 1/64 of their size: no more than 1.6 % off, fixed memory, no
 * garbage. One thread writes; what another reads meanwhile may lack the last ones.
 */
final class Histogram {
    private static final int BITS = 6;
    private static final int HALF = 1 << BITS;
    private static final int CLASSES = (42 - BITS + 1) << BITS; // up to an hour

    private final int[] counts = new int[CLASSES];
    private long count;
    private long max;

    void add(long nanos) {
        long value = Math.max(0, nanos);
        counts[Math.min(CLASSES - 1, classOf(value))]++;
        count++;
        max = Math.max(max, value);
    }

    void add(Histogram other) {
        for (int i = 0; i < CLASSES; i++) {
            counts[i] += other.counts[i];
        }
        count += other.count;
        max = Math.max(max, other.max);
    }

    Histogram copy() {
        Histogram copy = new Histogram();
        copy.add(this);
        return copy;
    }

    void clear() {
        java.util.Arrays.fill(counts, 0);
        count = 0;
        max = 0;
    }

    long count() {
        return count;
    }

    /** In milliseconds: the least duration that so many percent do not exceed; NaN of nothing. */
    double percentileMillis(double percent) {
        if (count == 0) {
            return Double.NaN;
        }
        long rank = Math.max(1, (long) Math.ceil(percent / 100 * count));
        if (rank >= count) {
            return max / 1e6;
        }
        long seen = 0;
        for (int i = 0; i < CLASSES; i++) {
            seen += counts[i];
            if (seen >= rank) {
                return Math.min(max, middle(i)) / 1e6;
            }
        }
        return max / 1e6;
    }

    /** As text: the maximum, then class and count of what there is. */
    @JsonValue
    String text() {
        StringBuilder text = new StringBuilder().append(max);
        for (int i = 0; i < CLASSES; i++) {
            if (counts[i] > 0) {
                text.append(' ').append(i).append(' ').append(counts[i]);
            }
        }
        return text.toString();
    }

    @JsonCreator
    static Histogram of(String text) {
        String[] words = text.split(" ", -1);
        Histogram histogram = new Histogram();
        histogram.max = Long.parseLong(words[0]);
        for (int i = 1; i + 1 < words.length; i += 2) {
            int number = Integer.parseInt(words[i + 1]);
            histogram.counts[Integer.parseInt(words[i])] += number;
            histogram.count += number;
        }
        return histogram;
    }

    private static int classOf(long value) {
        if (value < HALF) {
            return (int) value;
        }
        int shift = 63 - Long.numberOfLeadingZeros(value) - BITS;
        return (shift << BITS) + (int) (value >>> shift);
    }

    private static long middle(int index) {
        if (index < 2 * HALF) {
            return index;
        }
        int shift = (index >> BITS) - 1;
        long from = (long) (index - (shift << BITS)) << shift;
        return from + (1L << shift) / 2;
    }
}
