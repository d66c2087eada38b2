package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class TelephoneEventReceiverTest {
    private static final long MILLI = 1_000_000;

    private final Exchange exchange = new Exchange(48_000);

    @Test
    void aPressIsToldWithItsFirstPacketAndMeasuredByItsEnd() {
        packet(1, 1_000, true, 5, false, 960, 0);
        assertThat(exchange.receiver.pressCount()).isOne();
        assertThat(exchange.told).isEmpty();
        packet(2, 1_000, false, 5, true, 4_800, 80);
        assertThat(exchange.told).containsExactly(new Exchange.Told(5, 100 * MILLI));
    }

    @Test
    void aFirstPacketThatIsAlreadyAnEndIsAWholePress() {
        packet(1, 1_000, true, 11, true, 960, 0);
        packet(2, 1_000, true, 11, true, 960, 0);
        packet(3, 1_000, true, 11, true, 960, 0);
        assertThat(exchange.told).containsExactly(new Exchange.Told(11, 20 * MILLI));
    }

    @Test
    void thePressWhoseEndIsLostIsClosedAfter150MillisAndItsLatePacketsStartNone() {
        packet(1, 1_000, true, 5, false, 960, 0);
        packet(2, 1_000, false, 5, false, 1_920, 20);
        exchange.runTo(169 * MILLI);
        assertThat(exchange.told).isEmpty();
        exchange.runTo(170 * MILLI);
        assertThat(exchange.told).containsExactly(new Exchange.Told(5, 40 * MILLI));
        packet(9, 1_000, false, 5, true, 9_600, 180);
        exchange.runOut();
        assertThat(exchange.told).hasSize(1);
    }

    @Test
    void whatOneReceiverHasToldAnotherDoesNotTellAgainAndDoesNotKnowTheDigit() {
        packet(1, 1_000, true, 5, true, 960, 0);
        packet(9, 9_000, true, 7, false, 960, 160);
        exchange.receiver.close(exchange.now);
        List<RecentEvent> events = exchange.receiver.recentEvents(exchange.now);
        assertThat(events)
                .containsExactlyInAnyOrder(new RecentEvent(1, 1_000, 48_000), new RecentEvent(1, 9_000, 48_000));
        Exchange other = new Exchange(48_000);
        other.receiver.remember(events, 0);
        packet(other, 3, 1_000, false, 10, new Event(5, true, 960));
        packet(other, 12, 9_000, false, 20, new Event(7, false, 3_840));
        packet(other, 13, 9_000, false, 40, new Event(7, true, 4_800));
        assertThat(other.receiver.pressCount()).isZero();
        packet(other, 20, 20_000, true, 200, new Event(7, true, 960));
        assertThat(other.receiver.pressCount()).isOne();
    }

    @Test
    void theEndOfASenderThatTellsSeldomIsWaitedForAsManyUpdatesAsThatOfOthersAndNeverMoreThanHalfASecond() {
        for (int update : new int[] {20, 30, 50, 66, 100, 140}) {
            Exchange seldom = new Exchange(8_000);
            int ticks = update * 8;
            for (int i = 1; i <= 20; i++) {
                packet(seldom, i, 1_000, i == 1, (long) i * update, new Event(5, false, i * ticks));
            }
            long last = 20L * update * MILLI;
            long waited = seldom.receiver.nextWakeup() - last;
            assertThat((double) waited / MILLI)
                    .as("an update every %d ms", update)
                    .isBetween(Math.min(500.0, 7.4 * update), Math.min(500.0, 7.51 * update));
        }
    }

    @Test
    void aBrowserWhoseDurationsAreSixTimesTooLongIsNoSenderThatTellsSeldom() {
        Exchange browser = new Exchange(8_000);
        for (int i = 1; i <= 20; i++) {
            packet(browser, i, 1_000, i == 1, 20L * i, new Event(5, false, i * 960));
        }
        assertThat(browser.receiver.nextWakeup()).isEqualTo((400 + 150) * MILLI);
    }

    @Test
    void eventsOfOnePacketBeginWhereTheOneBeforeEnds() {
        Exchange packed = new Exchange(8_000);
        packet(packed, 1, 1_000, true, 0, new Event(1, true, 400), new Event(2, true, 480), new Event(3, false, 80));
        packet(packed, 2, 1_880, false, 10, new Event(3, true, 640));
        packet(packed, 3, 1_000, true, 20, new Event(1, true, 400), new Event(2, true, 480), new Event(3, false, 80));
        packed.runOut();
        assertThat(packed.told)
                .containsExactly(
                        new Exchange.Told(1, 50 * MILLI),
                        new Exchange.Told(2, 60 * MILLI),
                        new Exchange.Told(3, 80 * MILLI));
    }

    @Test
    void whatFollowsAnEventThatGoesOnOrHasNoLengthIsNoEvent() {
        Exchange packed = new Exchange(8_000);
        packet(packed, 1, 1_000, true, 0, new Event(1, false, 160), new Event(2, true, 480));
        packet(packed, 2, 1_000, true, 20, new Event(1, true, 320), new Event(0, false, 0));
        packed.runOut();
        assertThat(packed.told).containsExactly(new Exchange.Told(1, 40 * MILLI));
    }

    @Test
    void equalDigitsSideBySideStayTwo() {
        packet(1, 1_000, true, 5, true, 960, 0);
        packet(4, 3_880, true, 5, true, 960, 60);
        assertThat(exchange.told).hasSize(2);
    }

    @Test
    void segmentsOfALongToneAreOnePress() {
        packet(68, 1_000, false, 5, false, 65_280, 1_340);
        packet(69, 1_000, false, 5, false, 65_535, 1_360);
        packet(70, 67_240, false, 5, false, 705, 1_361);
        packet(71, 67_240, false, 5, true, 30_465, 1_380);
        assertThat(exchange.told).containsExactly(new Exchange.Told(5, 2_000 * MILLI));
    }

    @Test
    void segmentsAreJoinedThoughThePacketAtTheBoundaryIsLost() {
        packet(67, 1_000, false, 5, false, 64_320, 1_320);
        packet(68, 1_000, false, 5, false, 65_280, 1_340);
        packet(71, 67_240, false, 5, false, 1_665, 1_380);
        packet(72, 67_240, false, 5, true, 2_625, 1_400);
        assertThat(exchange.told).hasSize(1);
    }

    @Test
    void equalDigitsAtADistanceOfASegmentStayTwoThoughEndAndMarkerAreLost() {
        // 1.32 s of tone with its three ends lost, 40 ms of sound, and another press without its first packet.
        packet(64, 1_000, false, 5, false, 61_440, 1_260);
        packet(65, 1_000, false, 5, false, 62_400, 1_280);
        packet(72, 67_000, false, 5, false, 1_920, 1_400);
        exchange.runOut();
        assertThat(exchange.told).hasSize(2);
    }

    @Test
    void aMarkerBeginsANewPressWhateverTheDistance() {
        packet(69, 1_000, false, 5, false, 65_535, 1_360);
        packet(70, 66_535, true, 5, false, 960, 1_380);
        exchange.runOut();
        assertThat(exchange.told).hasSize(2);
    }

    @Test
    void aChangeOfTheSsrcInMidPressDoesNotDoubleIt() {
        packet(1, 1_000, true, 5, false, 960, 0);
        exchange.play(List.of(new Wire.Packet(99, 7_000, 1_000, false, 5, true, 1_920, 20 * MILLI)));
        assertThat(exchange.told).containsExactly(new Exchange.Told(5, 40 * MILLI));
    }

    @Test
    void theBeginningOfTheNextPressEndsTheOneBefore() {
        packet(1, 1_000, true, 5, false, 960, 0);
        packet(6, 5_000, true, 6, false, 960, 80);
        assertThat(exchange.told).isEmpty();
        packet(7, 5_000, false, 6, false, 1_920, 100);
        assertThat(exchange.told).containsExactly(new Exchange.Told(5, 20 * MILLI));
    }

    @Test
    void unknownEventsAndTruncatedPayloadsAreCounted() {
        packet(1, 1_000, true, 17, false, 960, 0);
        packet(1, 1_000, true, 255, false, 960, 0);
        exchange.receiver.onPacket(1, 2, 2_000, true, new byte[3], 0, 3, 0);
        assertThat(exchange.receiver.pressCount()).isZero();
        assertThat(exchange.receiver.unknownCount()).isEqualTo(2);
        assertThat(exchange.receiver.ignoredCount()).isEqualTo(1);
    }

    @Test
    void aFlashIsCountedOnceAndToldOnlyWhereThatIsWanted() {
        packet(1, 1_000, true, 16, false, 960, 0);
        packet(2, 1_000, false, 16, true, 1_920, 20);
        packet(3, 1_000, false, 16, true, 1_920, 20);
        assertThat(exchange.receiver.flashCount()).isOne();
        assertThat(exchange.flashes).isZero();
        TelephoneEventReceiver telling =
                new TelephoneEventReceiver(8_000, TelephoneEventReceiver.FlashPolicy.TELL, exchange);
        byte[] payload = new byte[TelephoneEvent.LENGTH];
        TelephoneEvent.write(payload, 0, 16, true, 640);
        telling.onPacket(1, 1, 1_000, false, payload, 0, payload.length, 0);
        telling.onPacket(1, 2, 1_000, false, payload, 0, payload.length, 0);
        assertThat(exchange.flashes).isOne();
        assertThat(telling.flashCount()).isOne();
        assertThat(telling.pressCount()).isZero();
    }

    @Test
    void segmentsAreJoinedWhereEveryPacketHasAMarker() {
        packet(68, 1_000, true, 5, false, 64_575, 1_340);
        packet(69, 1_000, true, 5, false, 65_535, 1_360);
        packet(70, 66_535, true, 5, false, 960, 1_380);
        exchange.runOut();
        assertThat(exchange.told).hasSize(1);
    }

    @Test
    void equalDigitsUnderTwoSsrcsThatBeginAtTheSameTimestampStayTwo() {
        packet(1, 1_000, false, 5, true, 4_800, 0);
        exchange.play(List.of(new Wire.Packet(99, 7_000, 1_000, false, 5, false, 960, 100 * MILLI)));
        exchange.runOut();
        assertThat(exchange.told).hasSize(2);
    }

    @Test
    void timestampsUsedAgainMuchLaterAreANewPress() {
        packet(1, 1_000, true, 5, true, 960, 0);
        packet(1, 1_000, true, 5, true, 960, 11_000);
        assertThat(exchange.told).hasSize(2);
    }

    private void packet(
            int sequence, int timestamp, boolean marker, int event, boolean end, int duration, long millis) {
        exchange.play(List.of(new Wire.Packet(1, sequence, timestamp, marker, event, end, duration, millis * MILLI)));
    }

    /** One event of a packet. */
    private record Event(int event, boolean end, int duration) {}

    private static void packet(Exchange to, int sequence, int timestamp, boolean marker, long millis, Event... events) {
        ByteBuffer payload = ByteBuffer.allocate(events.length * TelephoneEvent.LENGTH);
        for (Event event : events) {
            payload.put((byte) event.event())
                    .put((byte) (event.end() ? 0x8A : 0x0A))
                    .putShort((short) event.duration());
        }
        to.runTo(millis * MILLI);
        to.receiver.onPacket(1, sequence, timestamp, marker, payload.array(), 0, payload.capacity(), to.now);
    }
}
