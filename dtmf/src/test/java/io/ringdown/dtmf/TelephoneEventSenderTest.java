package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelephoneEventSenderTest {
    private static final long MILLI = 1_000_000;
    private static final Digit FIVE = Digit.of('5').orElseThrow();

    private final Exchange exchange = new Exchange(8_000);

    @ParameterizedTest
    @ValueSource(ints = {40, 55, 100, 500, 2_000, 6_000})
    void aPressLastsAsLongAsItIsAsked(int millis) {
        exchange.sender.press(FIVE, millis * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.runOut();
        List<Exchange.Sent> sent = exchange.sent;
        assertThat(sent).hasSize((millis + 19) / 20 + 3);
        assertThat(sent.getFirst()).isEqualTo(new Exchange.Sent(0, true, 160, 5, false, 160));
        Exchange.Sent end = new Exchange.Sent(millis * MILLI, false, 160, 5, true, millis * 8);
        assertThat(sent.subList(sent.size() - 3, sent.size())).containsExactly(end, end, end);
        assertThat(exchange.released).containsExactly(160 + millis * 8);
        assertThat(exchange.isSeized).isFalse();
    }

    @Test
    void aToneGoesOnWithThePressAndNeverSaysMoreThanIsKnown() {
        exchange.sender.begin(7, FIVE);
        exchange.sender.grow(7, 20 * MILLI);
        exchange.sender.onTime(0);
        exchange.runTo(60 * MILLI);
        assertThat(exchange.sent.stream().map(Exchange.Sent::duration)).containsExactly(160, 320, 320, 320);
        exchange.sender.grow(7, 100 * MILLI);
        exchange.sender.finish(7, 120 * MILLI);
        exchange.runOut();
        assertThat(exchange.sent.getLast().duration()).isEqualTo(960);
        assertThat(exchange.sent.getLast().nanos()).isEqualTo(120 * MILLI);
    }

    @Test
    void aPressThatAnnouncesMoreThanHasPassedPlaysOnToItsLength() {
        exchange.sender.begin(7, FIVE);
        exchange.sender.finish(7, 2_040 * MILLI);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(exchange.sent.getLast().nanos()).isEqualTo(2_040 * MILLI);
        assertThat(exchange.sentLengths).containsExactly(2_040 * MILLI);
    }

    @Test
    void floorAndCeilingBoundEveryPress() {
        exchange.sender.press(FIVE, MILLI, 0);
        exchange.sender.begin(1, FIVE);
        exchange.sender.grow(1, 60_000 * MILLI);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(exchange.sentLengths).containsExactly(40 * MILLI, 6_000 * MILLI);
    }

    @Test
    void pressesKeepTheirGapAndNeverLessThanTheRulesSay() {
        exchange.sender.press(FIVE, 100 * MILLI, 70 * MILLI);
        exchange.sender.press(FIVE, 100 * MILLI, 0);
        exchange.sender.press(FIVE, 100 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(exchange.sent.stream().filter(Exchange.Sent::marker).map(Exchange.Sent::nanos))
                .containsExactly(0L, 170 * MILLI, 310 * MILLI);
    }

    @ParameterizedTest
    @ValueSource(longs = {6_000 * MILLI, 6_001 * MILLI, 3_600_000 * MILLI, Long.MAX_VALUE})
    void noGapKeepsTheNextPressWaitingForMoreThanSixSeconds(long gapNanos) {
        exchange.sender.press(FIVE, 100 * MILLI, gapNanos);
        exchange.sender.press(FIVE, 100 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(exchange.sent.stream().filter(Exchange.Sent::marker).map(Exchange.Sent::nanos))
                .containsExactly(0L, 6_100 * MILLI);
    }

    @Test
    void theSilenceBetweenPressesIsInTheTimestampsEvenWhereNoAudioCame() {
        exchange.isAudioStill = true;
        exchange.sender.press(FIVE, 100 * MILLI, 70 * MILLI);
        exchange.sender.press(FIVE, 100 * MILLI, 0);
        exchange.sender.press(FIVE, 100 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(exchange.sent.stream().filter(Exchange.Sent::marker).map(Exchange.Sent::timestamp))
                .containsExactly(160, 160 + 170 * 8, 160 + 310 * 8);
    }

    @Test
    void aPressBeyondSixteenBitsIsSplitIntoSegments() {
        TelephoneEventSender.Rules rules =
                new TelephoneEventSender.Rules(48_000, 20 * MILLI, 0, 40 * MILLI, 6_000 * MILLI, 4);
        Exchange wide = new Exchange(48_000, rules);
        wide.sender.press(FIVE, 2_000 * MILLI, 0);
        wide.sender.onTime(0);
        wide.runOut();
        int first = wide.sent.getFirst().timestamp();
        List<Exchange.Sent> ofFirst =
                wide.sent.stream().filter(sent -> sent.timestamp() == first).toList();
        assertThat(ofFirst.getLast().duration()).isEqualTo(65_535);
        assertThat(ofFirst).noneMatch(Exchange.Sent::end);
        assertThat(wide.sent.getLast().timestamp()).isEqualTo(first + 65_535);
        assertThat(wide.sent.getLast().duration()).isEqualTo(96_000 - 65_535);
        assertThat(wide.sent.stream().filter(Exchange.Sent::marker)).hasSize(1);
        assertThat(wide.sent.stream().filter(Exchange.Sent::end)).hasSize(3);
    }

    @Test
    void theQueueIsBounded() {
        int taken = 0;
        while (taken < 1_000 && exchange.sender.press(FIVE, 100 * MILLI, 0)) {
            taken++;
        }
        assertThat(taken).isEqualTo(64);
    }

    @Test
    void cancelEndsTheToneNowAndForgetsTheRest() {
        exchange.sender.press(FIVE, 1_000 * MILLI, 0);
        exchange.sender.press(FIVE, 1_000 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.runTo(110 * MILLI);
        exchange.sender.cancel(110 * MILLI);
        assertThat(exchange.sent.getLast().end()).isTrue();
        assertThat(exchange.sentLengths).containsExactly(120 * MILLI);
        int before = exchange.sent.size();
        exchange.runOut();
        assertThat(exchange.sent).hasSize(before);
        assertThat(exchange.sender.isBusy()).isFalse();
    }

    @Test
    void aLoopThatSleptSaysOnceHowLongThePressHasLasted() {
        exchange.sender.press(FIVE, 1_000 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.sender.onTime(505 * MILLI);
        assertThat(exchange.sent).hasSize(2);
        assertThat(exchange.sent.getLast().duration()).isEqualTo(26 * 160);
    }
}
