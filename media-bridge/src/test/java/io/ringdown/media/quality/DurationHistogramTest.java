package io.ringdown.media.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DurationHistogramTest {
    private final DurationHistogram histogram = new DurationHistogram();

    @Test
    void nothingIsToldOfNothing() {
        assertThat(histogram.durations()).isEqualTo(Durations.NONE);
    }

    @Test
    void percentilesAreNeverTooShortAndAtMostAnEighthTooLong() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        long[] nanos = new long[10_000];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = (long) Math.exp(random.nextDouble() * Math.log(8e9)); // from a nanosecond to eight seconds
            histogram.record(nanos[i]);
        }
        Arrays.sort(nanos);
        Durations told = histogram.durations();
        assertThat(told.count()).isEqualTo(nanos.length);
        assertThat(told.maxMillis()).as("seed %d", seed).isEqualTo(nanos[nanos.length - 1] / 1e6);
        within(told.p50Millis(), nanos[nanos.length / 2 - 1], seed);
        within(told.p95Millis(), nanos[nanos.length * 95 / 100 - 1], seed);
        within(told.p99Millis(), nanos[nanos.length * 99 / 100 - 1], seed);
    }

    private static void within(double toldMillis, long nanos, long seed) {
        assertThat(toldMillis).as("seed %d", seed).isBetween(nanos / 1e6, nanos / 1e6 * 1.125 + 0.002);
    }

    @Test
    void whatNoBinIsForIsStillCounted() {
        histogram.record(-5);
        histogram.record(0);
        histogram.record(Long.MAX_VALUE);
        Durations told = histogram.durations();
        assertThat(told.count()).isEqualTo(3);
        assertThat(told.p50Millis()).isLessThan(0.002);
        assertThat(told.maxMillis()).isEqualTo(Long.MAX_VALUE / 1e6);
    }
}
