package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Loops with so many packets a second of so many nanoseconds each, in virtual time. */
final class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    /** The rest that a loop settles on. */
    private static long restAt(int packetsPerSecond, long costNanos) {
        long now = 0;
        long carried = 0;
        Pace pace = new Pace(now);
        while (now < SECOND) {
            long cycle = Math.max(pace.restNanos(), SECOND / packetsPerSecond);
            now += cycle;
            carried += cycle * packetsPerSecond;
            long packets = carried / SECOND;
            carried %= SECOND;
            now += packets * costNanos;
            pace.onCycle(packets, packets * costNanos, now);
        }
        return pace.restNanos();
    }

    @Test
    void fewPacketsAreTakenAsTheyCome() {
        assertThat(restAt(100, 40_000)).isZero();
        assertThat(restAt(2_000, 40_000)).isZero();
    }

    @Test
    void manyPacketsAreTakenTogether() {
        assertThat(restAt(10_000, 40_000)).isBetween(200_000L, 300_000L);
    }

    @Test
    void cheapPacketsWaitLess() {
        assertThat(restAt(20_000, 3_000)).isBetween(50_000L, 100_000L);
    }

    @Test
    void silenceAfterMuchEndsTheRest() {
        Pace pace = new Pace(0);
        for (int i = 1; i <= 100; i++) {
            pace.onCycle(20, 400_000, i * 1_000_000L);
        }
        assertThat(pace.restNanos()).isPositive();
        pace.onCycle(0, 0, 111_000_000L);
        pace.onCycle(0, 0, 122_000_000L);
        assertThat(pace.restNanos()).isZero();
    }
}
