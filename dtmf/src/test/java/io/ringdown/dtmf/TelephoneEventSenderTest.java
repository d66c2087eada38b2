package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TelephoneEventSenderTest {
    private static final long MILLI = 1_000_000;
    private static final Digit FIVE = Digit.of('5').orElseThrow();

    private final Exchange exchange = new Exchange(8_000);

    @ParameterizedTest
    @ValueSource(ints = {40, 55, 100, 500, 2_000, 6_000})
    void aPressLastsAsLongAsItIsAsked(int millis) {
        exchange.queue.press(FIVE, millis * MILLI, 0);
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
        long press = exchange.queue.begin(FIVE);
        exchange.queue.grow(press, 20 * MILLI);
        exchange.sender.onTime(0);
        exchange.runTo(60 * MILLI);
        assertThat(exchange.sent.stream().map(Exchange.Sent::duration)).containsExactly(160, 320, 320, 320);
        exchange.queue.grow(press, 100 * MILLI);
        exchange.queue.finish(press, 120 * MILLI);
        exchange.runOut();
        assertThat(exchange.sent.getLast().duration()).isEqualTo(960);
        assertThat(exchange.sent.getLast().nanos()).isEqualTo(120 * MILLI);
    }

    @Test
    void aPressThatAnnouncesMoreThanHasPassedPlaysOnToItsLength() {
        long press = exchange.queue.begin(FIVE);
        exchange.queue.finish(press, 2_040 * MILLI);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(exchange.sent.getLast().nanos()).isEqualTo(2_040 * MILLI);
        assertThat(exchange.sentLengths).containsExactly(2_040 * MILLI);
    }

    @Test
    void floorAndCeilingBoundEveryPress() {
        exchange.queue.press(FIVE, MILLI, 0);
        long press = exchange.queue.begin(FIVE);
        exchange.queue.grow(press, 60_000 * MILLI);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(exchange.sentLengths).containsExactly(40 * MILLI, 6_000 * MILLI);
    }

    @Test
    void theSilenceBetweenPressesIsInTheTimestampsEvenWhereNoAudioCame() {
        exchange.isAudioStill = true;
        exchange.queue.press(FIVE, 100 * MILLI, 70 * MILLI);
        exchange.queue.press(FIVE, 100 * MILLI, 0);
        exchange.queue.press(FIVE, 100 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.runOut();
        assertThat(exchange.sent.stream().filter(Exchange.Sent::marker).map(Exchange.Sent::timestamp))
                .containsExactly(160, 160 + 170 * 8, 160 + 310 * 8);
    }

    @ParameterizedTest
    @CsvSource({"8000, 20000", "8000, 8192", "8000, 8191", "48000, 2000", "48000, 1366", "48000, 6000"})
    void aPressBeyondSixteenBitsIsSplitIntoSegments(int clockRate, int millis) {
        PressQueue.Rules rules = new PressQueue.Rules(0, 40 * MILLI, 20_000 * MILLI, 4);
        Exchange wide = new Exchange(48_000, clockRate, rules);
        wide.queue.press(FIVE, millis * MILLI, 0);
        wide.sender.onTime(0);
        wide.runOut();
        int first = wide.sent.getFirst().timestamp();
        long ticks = (long) millis * clockRate / 1_000;
        int segments = 1 + (int) ((ticks - 1) / 65_535);
        for (int segment = 0; segment < segments; segment++) {
            int timestamp = first + segment * 65_535;
            boolean isLast = segment == segments - 1;
            assertThat(wide.sent.stream().filter(sent -> sent.timestamp() == timestamp))
                    .last()
                    .isEqualTo(new Exchange.Sent(
                            isLast
                                    ? millis * MILLI
                                    : wide.sent.stream()
                                            .filter(sent -> sent.timestamp() == timestamp + 65_535)
                                            .findFirst()
                                            .orElseThrow()
                                            .nanos(),
                            false,
                            timestamp,
                            5,
                            isLast,
                            isLast ? (int) (ticks - segment * 65_535L) : 65_535));
        }
        assertThat(wide.sent.stream().map(Exchange.Sent::timestamp).distinct()).hasSize(segments);
        assertThat(wide.sent.stream().filter(Exchange.Sent::marker)).hasSize(1);
        assertThat(wide.sent.stream().filter(Exchange.Sent::end)).hasSize(3);
        assertThat(wide.released).containsExactly(first + (int) ticks);
    }

    @Test
    void aStoppedVoiceEndsTheToneNowAndWhatWaitsIsPlayedByTheNext() {
        exchange.queue.press(FIVE, 1_000 * MILLI, 0);
        exchange.queue.press(FIVE, 300 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.runTo(110 * MILLI);
        exchange.sender.stop(110 * MILLI);
        assertThat(exchange.sent.getLast().end()).isTrue();
        assertThat(exchange.sentLengths).containsExactly(120 * MILLI);
        assertThat(exchange.isSeized).isFalse();
        TelephoneEventSender next = new TelephoneEventSender(exchange.queue, 8_000, 30 * MILLI, exchange);
        exchange.now = next.nextWakeup();
        assertThat(exchange.now).isEqualTo(160 * MILLI);
        next.onTime(160 * MILLI);
        next.onTime(460 * MILLI);
        assertThat(exchange.sentLengths).containsExactly(120 * MILLI, 300 * MILLI);
    }

    @Test
    void aLoopThatSleptSaysOnceHowLongThePressHasLasted() {
        exchange.queue.press(FIVE, 1_000 * MILLI, 0);
        exchange.sender.onTime(0);
        exchange.sender.onTime(505 * MILLI);
        assertThat(exchange.sent).hasSize(2);
        assertThat(exchange.sent.getLast().duration()).isEqualTo(26 * 160);
    }

    @Test
    void impossibleClocksAreRefused() {
        assertThatThrownBy(() -> new TelephoneEventSender(exchange.queue, 0, 20 * MILLI, exchange))
                .hasMessage("clockRate is 0; above 0 is right");
        assertThatThrownBy(() -> new TelephoneEventSender(exchange.queue, 8_000, -1, exchange))
                .hasMessage("updateNanos is -1; above 0 is right");
    }
}
