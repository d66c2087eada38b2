package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A loop of a given load, cycle by cycle of a millisecond, in virtual time. */
final class LoopLoadTest {
    private static final long MILLI = 1_000_000;
    private static final int STEPS = 2;

    private long now;
    private final LoopLoad load = new LoopLoad(STEPS, now);

    private void run(double share, long millis) {
        for (long i = 0; i < millis; i++) {
            now += MILLI;
            load.onCycle((long) (share * MILLI), now);
        }
    }

    @Test
    void anIdleLoopTakesCallsAtFullQuality() {
        run(0.3, 60_000);
        assertThat(load.step()).isZero();
        assertThat(load.isFull()).isFalse();
        assertThat(load.busy()).isBetween(0.29, 0.31);
    }

    @Test
    void encodersWorkLessBeforeCallsAreRefused() {
        double[] costOfStep = {1, 0.8, 0.62};
        for (int calls = 50; load.step() < STEPS; calls++) {
            for (int i = 0; i < 1_000; i++) {
                now += MILLI;
                load.onCycle((long) (calls / 100.0 * costOfStep[load.step()] * MILLI), now);
                assertThat(load.isFull()).as("at %d calls", calls).isFalse();
            }
        }
        assertThat(load.stepsDown()).isEqualTo(STEPS);
    }

    @Test
    void whereNoCheaperStepIsLeftCallsAreRefusedEarlier() {
        LoopLoad cheapest = new LoopLoad(0, now);
        for (int i = 0; i < 6_000; i++) {
            now += MILLI;
            cheapest.onCycle((long) ((i < 3_000 ? 0.72 : 0.78) * MILLI), now);
            if (i == 2_999) {
                assertThat(cheapest.isFull()).isFalse();
            }
        }
        assertThat(cheapest.isFull()).isTrue();
    }

    @Test
    void aFullLoopRefusesUntilThereIsRoomAgain() {
        run(0.97, 2_000);
        assertThat(load.isFull()).isTrue();
        run(0.70, 2_000);
        assertThat(load.isFull()).as("just below where it began: no flapping").isTrue();
        run(0.6, 2_000);
        assertThat(load.isFull()).isFalse();
    }

    @Test
    void qualityComesBackStepByStepAndLate() {
        run(0.88, 2_500);
        run(0.3, 3_000);
        assertThat(load.step()).isEqualTo(STEPS);
        run(0.3, 3_000);
        assertThat(load.step()).isEqualTo(STEPS - 1);
        run(0.3, 6_000);
        assertThat(load.step()).isZero();
    }

    /** What a step saves must not be what makes it come back: that would be heard as a change every few seconds. */
    @Test
    void aLoadThatEachStepLessensDoesNotSwing() {
        int changes = 0;
        double full = 0.92;
        double[] costOfStep = {1, 0.8, 0.62};
        for (int i = 0; i < 120_000; i++) {
            now += MILLI;
            changes += load.onCycle((long) (full * costOfStep[load.step()] * MILLI), now) ? 1 : 0;
        }
        assertThat(changes).isEqualTo(1);
        assertThat(load.step()).isEqualTo(1);
    }

    @Test
    void aShortBurstChangesNothing() {
        run(0.3, 5_000);
        run(1, 150);
        run(0.3, 5_000);
        assertThat(load.step()).isZero();
        assertThat(load.isFull()).isFalse();
    }

    /** Nothing to do means that the loop sleeps for as long as a second. */
    @Test
    void aLoopThatSleepsForgetsItsLoad() {
        run(0.95, 3_000);
        for (int i = 0; i < 3; i++) {
            now += 1_000 * MILLI;
            load.onCycle(0, now);
        }
        assertThat(load.isFull()).isFalse();
        assertThat(load.busy()).isLessThan(0.01);
    }
}
