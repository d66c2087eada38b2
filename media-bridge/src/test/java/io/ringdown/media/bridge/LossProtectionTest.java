package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossProtectionTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int RED = 63;

    private final LossProtection loss = new LossProtection();
    private long now;

    @Test
    void withoutLossNothingIsProtected() {
        loss.onFormat(RED, 40_000);
        assertThat(report(0)).isFalse();
        assertThat(loss.protection()).isEqualTo(new Protection(0, Protection.NO_RED, 40_000));
    }

    @Test
    void fromThreePercentOnTheFrameBeforeGoesAlongAndEachHasHalfTheBits() {
        loss.onFormat(RED, 40_000);
        report(2.5);
        assertThat(loss.protection()).isEqualTo(new Protection(2, Protection.NO_RED, 40_000));
        assertThat(report(3.2)).isTrue();
        assertThat(loss.protection()).isEqualTo(new Protection(0, RED, 20_000));
    }

    @Test
    void fromTenPercentOnTheEncoderProtectsItsFramesTooForTwoInARowGetLostOften() {
        loss.onFormat(RED, 40_000);
        report(20);
        assertThat(loss.protection()).isEqualTo(new Protection(20, RED, 20_000));
    }

    @Test
    void whoKnowsNoRedGetsInBandFec() {
        loss.onFormat(Protection.NO_RED, 40_000);
        report(20);
        assertThat(loss.protection()).isEqualTo(new Protection(20, Protection.NO_RED, 40_000));
        report(0);
        assertThat(loss.protection().lossPercent()).isEqualTo(10);
    }

    @Test
    void redEndsWhenLessThanOnePercentHasBeenLostForSomeSeconds() {
        loss.onFormat(RED, 40_000);
        report(4);
        for (int i = 0; i < 3; i++) {
            report(0.8);
            assertThat(loss.protection().redPayloadType()).as("report %d", i).isEqualTo(RED);
        }
        for (int i = 0; i < 4; i++) {
            report(0.4);
            assertThat(loss.protection().redPayloadType()).as("report %d", i).isEqualTo(RED);
        }
        report(0.4);
        report(0.4);
        assertThat(loss.protection().redPayloadType()).isEqualTo(Protection.NO_RED);
        report(2); // not yet again
        assertThat(loss.protection().redPayloadType()).isEqualTo(Protection.NO_RED);
    }

    @Test
    void anotherFormatIsHeededAtOnce() {
        loss.onFormat(RED, 40_000);
        report(5);
        loss.onFormat(Protection.NO_RED, 20_000);
        assertThat(loss.protection()).isEqualTo(new Protection(5, Protection.NO_RED, 20_000));
    }

    /** One a second. */
    private boolean report(double percent) {
        now += SECOND;
        return loss.onReport((int) Math.round(percent * 2.56), now);
    }
}
