package io.ringdown.media.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClockSkewTest {
    private static final long SECOND = 1_000_000_000L;

    private final ClockSkew skew = new ClockSkew();
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private int timestamp = -5_000; // about to wrap
    private double senderNanos;
    private long pathNanos = 20_000_000;

    @ParameterizedTest
    @CsvSource({"0, 8000", "300, 8000", "-300, 8000", "300, 48000", "-300, 48000", "20, 48000"})
    void anHourWithADriftingClockIsSeenThroughJitter(double ppm, int clockRate) {
        talk(3_600, ppm, clockRate, 8_000_000);
        assertThat(skew.ppm()).as("seed %d", seed).isCloseTo(ppm, within(10.0));
    }

    @Test
    void withoutJitterItIsKnownWithinSecondsAndExact() {
        talk(12, 300, 48_000, 0);
        assertThat(skew.ppm()).isNaN();
        talk(10, 300, 48_000, 0);
        assertThat(skew.ppm()).isCloseTo(300, within(3.0));
    }

    @Test
    void aPathThatBecomesLongerIsNoSkew() {
        talk(60, 50, 8_000, 1_000_000);
        pathNanos += 30_000_000;
        for (int i = 0; i < 30; i++) {
            talk(2, 50, 8_000, 1_000_000);
            assertThat(skew.ppm()).as("seed %d, %d s after", seed, 2 * i).isCloseTo(50, within(40.0));
        }
    }

    @Test
    void aJumpOfTheTimestampsBeginsAnew() {
        talk(60, 100, 8_000, 0);
        timestamp += 8_000 * 3_600;
        talk(10, 100, 8_000, 0);
        assertThat(skew.ppm()).isNaN();
        talk(20, 100, 8_000, 0);
        assertThat(skew.ppm()).isCloseTo(100, within(3.0));
    }

    @Test
    void aPauseInWhichTheTimestampsStoodStillBeginsAnew() {
        talk(60, 100, 8_000, 0);
        senderNanos += 5.0 * SECOND;
        talk(30, 100, 8_000, 0);
        assertThat(skew.ppm()).isCloseTo(100, within(3.0));
    }

    @Test
    void anotherStreamIsAnotherClock() {
        talk(60, 100, 8_000, 0);
        skew.restart();
        timestamp = random.nextInt();
        talk(30, -200, 8_000, 0);
        assertThat(skew.ppm()).isCloseTo(-200, within(3.0));
    }

    /** Packets of 20 ms from a clock that is this much too fast. */
    private void talk(int seconds, double ppm, int clockRate, int jitterNanos) {
        for (int i = 0; i < seconds * 50; i++) {
            long queued = jitterNanos == 0 ? 0 : (long) Math.abs(random.nextGaussian() * jitterNanos);
            skew.onPacket(timestamp, clockRate, (long) senderNanos + pathNanos + queued);
            timestamp += clockRate / 50;
            senderNanos += 0.02 * SECOND / (1 + ppm / 1e6);
        }
    }
}
