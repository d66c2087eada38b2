package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HistogramTest {
    private static final double ERROR = 1.0 / 64;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void percentilesAreThoseOfTheSortedValuesWithinOneClass(long seed) {
        Random random = new Random(seed);
        Histogram histogram = new Histogram();
        long[] values = new long[10_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) Math.exp(random.nextDouble() * 24); // from nanoseconds to 26 s
            histogram.add(values[i]);
        }
        Arrays.sort(values);
        for (double percent : new double[] {0.01, 1, 25, 50, 75, 95, 99, 99.9, 99.99}) {
            double exact = values[(int) Math.ceil(percent / 100 * values.length) - 1] / 1e6;
            assertThat(histogram.percentileMillis(percent))
                    .as("seed %d, p%s", seed, percent)
                    .isCloseTo(exact, within(exact * ERROR + 1e-6));
        }
        assertThat(histogram.percentileMillis(100)).isEqualTo(values[values.length - 1] / 1e6);
    }

    @Test
    void nothingHasNoPercentiles() {
        assertThat(new Histogram().percentileMillis(50)).isNaN();
    }

    @Test
    void whatIsOutOfReachCountsAtTheEnds() {
        Histogram histogram = new Histogram();
        histogram.add(-5);
        histogram.add(Long.MAX_VALUE);
        assertThat(histogram.count()).isEqualTo(2);
        assertThat(histogram.percentileMillis(50)).isZero();
        assertThat(histogram.percentileMillis(100)).isEqualTo(Long.MAX_VALUE / 1e6);
    }

    @Test
    void itCrossesTheWireWhole() throws Exception {
        Histogram histogram = new Histogram();
        for (long i = 1; i < 1L << 40; i *= 3) {
            histogram.add(i);
        }
        Histogram other = Wire.read(Wire.write(histogram), Histogram.class);
        assertThat(other.text()).isEqualTo(histogram.text());
        assertThat(other.count()).isEqualTo(histogram.count());
        other.add(histogram);
        assertThat(other.count()).isEqualTo(2 * histogram.count());
        assertThat(other.percentileMillis(50)).isEqualTo(histogram.percentileMillis(50));
    }
}
