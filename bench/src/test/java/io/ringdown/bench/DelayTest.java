package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** In virtual time: frames leave every 20 ms and arrive later under other timestamps. */
final class DelayTest {
    private static final long MILLI = 1_000_000;
    private static final int FIRST_TIMESTAMP = Integer.MAX_VALUE - 2_000; // wraps on the way

    private final Figures figures = new Figures();
    private final Delay delay = new Delay(figures);

    @Test
    void everyPacketAfterTheFirstMarkCountsWithItsOwnDelay() {
        delay.count(true);
        pass(0, 200, 0);
        assertThat(delay.marks()).isEqualTo(4);
        assertThat(figures.count()).isEqualTo(200 - Speech.MARK_EVERY / 2);
        assertThat(figures.percentile(0)).isEqualTo(3);
        assertThat(figures.percentile(100)).isEqualTo(3);
        assertThat(delay.shifts()).isZero();
    }

    @Test
    void nothingCountsUntilItIsAskedFor() {
        pass(0, 200, 0);
        assertThat(figures.count()).isZero();
    }

    @Test
    void aFramePutInByTheGatewayShowsAtTheNextMark() {
        delay.count(true);
        pass(0, 100, 0);
        pass(100, 200, 1);
        assertThat(delay.shifts()).isEqualTo(1);
        delay.onSent(200, 200 * 20L * MILLI);
        figures.clear();
        delay.onReceived(timestamp(201), 160, false, (200 * 20L + 7) * MILLI);
        assertThat(figures.percentile(50)).isEqualTo(7);
    }

    private void pass(int from, int to, int shift) {
        for (int frame = from; frame < to; frame++) {
            long now = frame * 20L * MILLI;
            delay.onSent(frame, now);
            delay.onReceived(timestamp(frame + shift), 160, Speech.isMark(frame), now + 3 * MILLI);
        }
    }

    private static int timestamp(int frame) {
        return FIRST_TIMESTAMP + 160 * frame;
    }
}
