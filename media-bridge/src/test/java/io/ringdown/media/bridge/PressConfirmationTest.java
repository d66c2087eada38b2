package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.PressReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PressConfirmationTest {
    private final List<PressReceipt> fates = new ArrayList<>();
    private final PressConfirmation confirmation = new PressConfirmation((_, fate) -> fates.add(fate));
    private long sent;

    /** A stream whose last packet so far has this number; the far end has got to {@code behind} packets before it. */
    private void report(int behind, long lost) {
        int last = (int) (sent + 65_000) & 0xFFFF; // wraps soon
        confirmation.onReport((last - behind) & 0xFFFF, last, sent, lost);
    }

    @Test
    void aReportThatHasGotPastThePressConfirmsIt() {
        confirmation.onSent(7, 100, 8, 1, 0);
        sent = 120;
        report(15, 0);
        assertThat(fates).containsExactly(new PressReceipt.Confirmed());
    }

    @Test
    void aReportThatHasNotGotThereSaysNothing() {
        confirmation.onSent(7, 100, 8, 1, 0);
        sent = 120;
        report(20, 0);
        assertThat(fates).isEmpty();
        sent = 600;
        report(0, 0);
        assertThat(fates).containsExactly(new PressReceipt.Confirmed());
    }

    @Test
    void asManyLossesAsThePressHadPacketsLeaveADoubt() {
        sent = 90;
        report(0, 3);
        confirmation.onSent(7, 100, 8, 1, 0);
        sent = 300;
        report(0, 3 + 8);
        assertThat(fates).containsExactly(new PressReceipt.Unconfirmable(PressReceipt.Doubt.LOSS_REPORTED));
    }

    @Test
    void oneLossLessDoesNot() {
        sent = 90;
        report(0, 3);
        confirmation.onSent(7, 100, 8, 1, 0);
        sent = 300;
        report(0, 3 + 7);
        assertThat(fates).containsExactly(new PressReceipt.Confirmed());
    }

    @Test
    void whereAllButThePacketThatIsReportedAreLostThePressIsToo() {
        sent = 100;
        report(0, 0);
        confirmation.onSent(7, 100, 8, 1, 0);
        sent = 111;
        report(0, 10);
        assertThat(fates).containsExactly(new PressReceipt.Failed(PressReceipt.Failure.LOST));
    }

    @Test
    void whatWasReportedBeforeThePressWasOverMayHaveCome() {
        sent = 105;
        report(0, 0);
        confirmation.onSent(7, 100, 8, 1, 0);
        sent = 120;
        report(0, 14);
        assertThat(fates).containsExactly(new PressReceipt.Unconfirmable(PressReceipt.Doubt.LOSS_REPORTED));
    }

    @Test
    void whoReportsNothingConfirmsNothing() {
        confirmation.onSent(7, 100, 8, 1, 0);
        confirmation.onTime(PressConfirmation.PATIENCE_NANOS - 1);
        assertThat(fates).isEmpty();
        confirmation.onTime(confirmation.nextWakeup());
        assertThat(fates).containsExactly(new PressReceipt.Unconfirmable(PressReceipt.Doubt.NO_REPORTS));
    }

    @Test
    void theEndOfTheCallIsTheLastWord() {
        confirmation.onSent(7, 100, 8, 1, 0);
        confirmation.close();
        confirmation.onTime(Long.MAX_VALUE / 2);
        assertThat(fates).containsExactly(new PressReceipt.Unconfirmable(PressReceipt.Doubt.CALL_ENDED));
    }

    @Test
    void ofAPressThatIsReportedUpToOnePacketIsThere() {
        sent = 100;
        report(0, 0);
        confirmation.onSent(7, 100, 8, 1, 0);
        sent = 107;
        report(0, 6);
        assertThat(fates).containsExactly(new PressReceipt.Confirmed());
    }

    /** Reports at any times of a line with any loss: what is confirmed has arrived, what is lost has not, and every press has one fate. */
    @Test
    void nothingIsConfirmedThatDidNotArrive() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        int confirmed = 0;
        int lostWhole = 0;
        for (int round = 0; round < 2_000; round++) {
            List<long[]> presses = new ArrayList<>();
            List<String> told = new ArrayList<>();
            List<Long> arrivedOf = new ArrayList<>();
            List<Long> lostOf = new ArrayList<>();
            PressConfirmation each = new PressConfirmation((press, fate) -> {
                told.add(press + "");
                if (fate instanceof PressReceipt.Confirmed) {
                    arrivedOf.add(press);
                } else if (fate instanceof PressReceipt.Failed) {
                    lostOf.add(press);
                }
            });
            double loss = random.nextDouble() * random.nextDouble();
            int outageFrom = random.nextInt(2_000);
            int outageTo = outageFrom + random.nextInt(400);
            boolean[] arrived = new boolean[2_000];
            long lost = 0;
            int highest = -1;
            long lostAtHighest = 0;
            for (int i = 0; i < arrived.length; i++) {
                arrived[i] = random.nextDouble() >= loss && (i < outageFrom || i >= outageTo);
                if (arrived[i]) {
                    highest = i;
                    lostAtHighest = lost;
                } else {
                    lost++;
                }
                if (random.nextInt(60) == 0 && i > 20) {
                    int count = 1 + random.nextInt(12);
                    presses.add(new long[] {presses.size(), i + 1 - count, count});
                    each.onSent(presses.size() - 1, i + 1 - count, count, 1, 0);
                }
                if (random.nextInt(250) == 0 && highest >= 0) {
                    each.onReport((highest + 500) & 0xFFFF, (i + 500) & 0xFFFF, i + 1, lostAtHighest);
                }
            }
            each.close();
            assertThat(told)
                    .as("seed %d, round %d", seed, round)
                    .hasSize(presses.size())
                    .doesNotHaveDuplicates();
            for (long press : arrivedOf) {
                assertThat(isThere(presses.get((int) press), arrived))
                        .as("seed %d, round %d, press %d", seed, round, press)
                        .isTrue();
            }
            for (long press : lostOf) {
                assertThat(isThere(presses.get((int) press), arrived))
                        .as("seed %d, round %d, press %d", seed, round, press)
                        .isFalse();
            }
            confirmed += arrivedOf.size();
            lostWhole += lostOf.size();
        }
        assertThat(confirmed).as("seed %d", seed).isGreaterThan(3_000);
        assertThat(lostWhole).as("seed %d", seed).isPositive();
    }

    private static boolean isThere(long[] sentAs, boolean[] arrived) {
        boolean isThere = false;
        for (int i = 0; i < sentAs[2]; i++) {
            isThere |= arrived[(int) sentAs[1] + i];
        }
        return isThere;
    }
}
