package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits and when it begins, seen on the packets of a voice. */
class PressQueueTest {
    private static final long MILLI = 1_000_000;
    private static final Digit FIVE = Digit.of('5').orElseThrow();

    private final Exchange exchange = new Exchange(8_000);
    private final PressQueue queue = exchange.queue;

    @Test
    void pressesKeepTheirGapAndNeverLessThanTheRulesSay() {
        exchange.queue.press(FIVE, 100 * MILLI, 70 * MILLI);
        exchange.queue.press(FIVE, 100 * MILLI, 0);
        exchange.queue.press(FIVE, 100 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(exchange.sent.stream().filter(Exchange.Sent::marker).map(Exchange.Sent::nanos))
                .containsExactly(0L, 170 * MILLI, 310 * MILLI);
    }

    @ParameterizedTest
    @ValueSource(longs = {6_000 * MILLI, 6_001 * MILLI, 3_600_000 * MILLI, Long.MAX_VALUE})
    void noGapKeepsTheNextPressWaitingForMoreThanSixSeconds(long gapNanos) {
        exchange.queue.press(FIVE, 100 * MILLI, gapNanos);
        exchange.queue.press(FIVE, 100 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(exchange.sent.stream().filter(Exchange.Sent::marker).map(Exchange.Sent::nanos))
                .containsExactly(0L, 6_100 * MILLI);
    }

    @Test
    void aPauseBeginsWhenTheGapIsOverAndPausesAddUp() {
        queue.press(FIVE, 100 * MILLI, 70 * MILLI);
        queue.pause(2_000 * MILLI);
        queue.pause(2_000 * MILLI);
        queue.press(FIVE, 100 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(starts()).containsExactly(0L, 4_170 * MILLI);
    }

    @Test
    void aPauseBeforeTheFirstPressLastsFromItsMoment() {
        exchange.runTo(500 * MILLI);
        queue.pause(2_000 * MILLI);
        queue.press(FIVE, 100 * MILLI, 0);
        exchange.sender.onTime(500 * MILLI);
        exchange.runOut();
        assertThat(starts()).containsExactly(2_500 * MILLI);
    }

    @Test
    void pausesAreInTheTimestampsEvenWhereNoAudioCame() {
        exchange.isAudioStill = true;
        queue.press(FIVE, 100 * MILLI, 0);
        queue.pause(2_000 * MILLI);
        queue.press(FIVE, 100 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(exchange.sent.stream().filter(Exchange.Sent::marker).map(Exchange.Sent::timestamp))
                .containsExactly(160, 160 + 2_140 * 8);
    }

    @Test
    void aFullQueueDropsWhatIsGivenAndSaysSo() {
        List<Long> given = new ArrayList<>();
        while (queue.room() > 0) {
            given.add(queue.press(FIVE, 100 * MILLI, 0));
        }
        assertThat(given).hasSize(64);
        assertThat(queue.pause(MILLI)).isFalse();
        long tooMuch = queue.begin(FIVE);
        queue.grow(tooMuch, 40 * MILLI);
        queue.finish(tooMuch, 40 * MILLI);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(exchange.fates).hasSize(65).containsEntry(tooMuch, "QUEUE_FULL");
        assertThat(exchange.started).isEqualTo(given);
    }

    @Test
    void onePressIsTakenBackAndTheOthersStay() {
        queue.press(FIVE, 100 * MILLI, 0);
        long second = queue.press(FIVE, 100 * MILLI, 0);
        queue.press(FIVE, 100 * MILLI, 0);
        exchange.sender.onTime(0);
        queue.cancel(second, 0);
        queue.cancel(second, 0);
        exchange.runOut();
        assertThat(starts()).containsExactly(0L, 140 * MILLI);
        assertThat(exchange.fates).containsEntry(second, "CANCELLED");
    }

    @ParameterizedTest
    @CsvSource({"10, 40", "55, 60", "110, 120", "300, 300"})
    void thePressUnderWayEndsWhenItIsTakenBackButNotBelowTheFloor(int cancelledAt, int lasts) {
        long press = queue.press(FIVE, 300 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.runTo(cancelledAt * MILLI);
        queue.cancel(press, cancelledAt * MILLI);
        exchange.sender.onTime(cancelledAt * MILLI);
        exchange.runOut();
        assertThat(exchange.sentLengths).containsExactly(lasts * MILLI);
        assertThat(exchange.fates.get(press)).startsWith("sent");
    }

    @Test
    void whatWaitsIsForgottenAndThePressUnderWayGoesOn() {
        queue.press(FIVE, 300 * MILLI, 0);
        queue.pause(2_000 * MILLI);
        long second = queue.press(FIVE, 300 * MILLI, 0);
        exchange.sender.onTime(0);
        queue.dropWaiting(PressQueue.Reason.LINE_GONE);
        exchange.runOut();
        assertThat(exchange.sentLengths).containsExactly(300 * MILLI);
        assertThat(exchange.fates).containsEntry(second, "LINE_GONE");
        assertThat(queue.isBusy()).isFalse();
    }

    @Test
    void aPauseThatIsForgottenHoldsNothingBack() {
        queue.press(FIVE, 100 * MILLI, 0);
        queue.pause(2_000 * MILLI);
        exchange.sender.onTime(0);
        exchange.runTo(500 * MILLI);
        assertThat(queue.isBusy()).isTrue();
        queue.dropWaiting(PressQueue.Reason.CANCELLED);
        queue.press(FIVE, 100 * MILLI, 0);
        exchange.sender.onTime(500 * MILLI);
        assertThat(starts()).containsExactly(0L, 500 * MILLI);
    }

    @Test
    void aPressWhoseEndIsNeverToldEndsASecondBehindTheCeilingWithWhatIsKnown() {
        long press = queue.begin(FIVE);
        queue.grow(press, 200 * MILLI);
        exchange.sender.onTime(0);
        exchange.runTo(6_999 * MILLI);
        assertThat(exchange.fates).isEmpty();
        exchange.runTo(7_000 * MILLI);
        assertThat(exchange.sentLengths).containsExactly(200 * MILLI);
    }

    @Test
    void boundsAreToldByKeyValueAndWhatIsRight() {
        assertThatThrownBy(() -> new PressQueue.Rules(-1, 1, 1, 1))
                .hasMessage("gapNanos is -1; 0 to 6000000000 is right");
        assertThatThrownBy(() -> new PressQueue.Rules(0, 0, 1, 1))
                .hasMessage("floorNanos is 0; 1 to 600000000000 is right");
        assertThatThrownBy(() -> new PressQueue.Rules(0, 40, 39, 1))
                .hasMessage("ceilingNanos is 39; 40 to 600000000000 is right");
        assertThatThrownBy(() -> new PressQueue.Rules(0, 40, 40, 0)).hasMessage("capacity is 0; 1 to 1024 is right");
    }

    /** Whatever is given, grown, finished, taken back and stopped: the receipts in {@link Exchange} check the rest. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyPressGetsExactlyOneFinalWordAndTheGapsAreKept(long seed) {
        Random random = new Random(seed);
        Exchange line = new Exchange(8_000, 8_000, new PressQueue.Rules(50 * MILLI, 60 * MILLI, 2_000 * MILLI, 8));
        List<Long> given = new ArrayList<>();
        for (int step = 0; step < 5_000; step++) {
            long any = given.isEmpty() ? -1 : given.get(given.size() - 1 - random.nextInt(Math.min(10, given.size())));
            long length = random.nextLong(3_000) * MILLI;
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> given.add(line.queue.press(FIVE, length, random.nextLong(200) * MILLI));
                case 3, 4 -> given.add(line.queue.begin(FIVE));
                case 5, 6 -> line.queue.grow(any, length);
                case 7, 8 -> line.queue.finish(any, length);
                case 9 -> line.queue.cancel(any, line.now);
                case 10 -> line.queue.pause(length);
                default -> {
                    if (random.nextInt(20) == 0) {
                        line.queue.dropWaiting(PressQueue.Reason.CANCELLED);
                    } else if (random.nextInt(20) == 0) {
                        line.sender.stop(line.now);
                    }
                }
            }
            line.sender.onTime(line.now);
            line.runTo(line.now + random.nextLong(400) * MILLI);
        }
        line.runOut();
        assertThat(line.fates.keySet()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(given);
        Exchange.Sent before = null;
        for (Exchange.Sent sent : line.sent) {
            if (sent.marker() && before != null) {
                assertThat(before.end()).isTrue();
                assertThat(sent.nanos() - before.nanos()).as("seed %d", seed).isGreaterThanOrEqualTo(50 * MILLI);
            }
            before = sent;
        }
        assertThat(line.sentLengths)
                .as("seed %d", seed)
                .hasSizeGreaterThan(300)
                .allMatch(length -> length <= 2_000 * MILLI);
    }

    private List<Long> starts() {
        return exchange.sent.stream()
                .filter(Exchange.Sent::marker)
                .map(Exchange.Sent::nanos)
                .toList();
    }
}
