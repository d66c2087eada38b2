package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What changes, and what strangers try, while media flow. */
class MidCallTest {
    private static final long MILLI = Call.MILLI;
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 19);
    private static final byte SOUND = 0x55;
    private static final byte FORGED = 0x11;
    private static final int OTHER_SSRC = 77;

    @ParameterizedTest
    @CsvSource({"10, 20", "30, 20", "40, 20", "60, 20", "20, 10", "20, 40", "20, 60", "30, 60"})
    void theBrowserGetsItsOwnPacketTimeWhateverTheTrunksIs(int theirs, int browsers) {
        for (WebFormat web : List.of(opus(browsers), pcmu(browsers))) {
            Call call = new Call().open(web, Call.trunk(AudioCodec.PCMU, 20));
            for (int i = 0; i < 6_000 / theirs; i++) {
                call.runTo(i * (theirs * MILLI));
                call.fromTrunk(false, 0, i, 8 * theirs * i, Call.sound(8 * theirs, SOUND));
            }
            assertThat(call.toWeb.size() * browsers).isBetween(6_000 - 2 * browsers, 6_000);
            assertContinuous(call.toWeb);
            assertThat(call.toWeb.getLast().timestamp()
                            - call.toWeb.get(call.toWeb.size() - 2).timestamp())
                    .isEqualTo(web.codec().clockRate() / 1_000 * browsers);
            assertThat(call.bridge.stats().trunk().filled()).isZero();
        }
    }

    @Test
    void anAnswerThatMovesTheTrunkAndItsCodecIsFollowedAtOnceInTheSameStream() {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        talk(call, 0, 50, Call.TRUNK_SSRC, 0);
        call.bridge.trunk(moved(AudioCodec.PCMA, 101, true), call.now);
        int before = call.toWeb.size();
        call.runTo(50 * 20 * MILLI);
        call.fromTrunk(OTHER_SSRC, true, 8, 40_000, 12_345, Call.sound(160, SOUND));
        assertThat(call.toWeb).hasSize(before + 1);
        assertContinuous(call.toWeb);
        assertContinuous(call.toTrunk);
        assertThat(call.toTrunk.getLast().payloadType()).isEqualTo(8);
    }

    @Test
    void aHoldThatChangesTheCodecTooLeavesTheBrowserItsStream() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        talk(call, 0, 50, Call.TRUNK_SSRC, 0);
        call.bridge.trunk(moved(AudioCodec.PCMA, 101, false), call.now);
        int before = call.toWeb.size();
        call.runTo(call.now + 1_000 * MILLI);
        assertThat(call.toWeb.size() - before).isBetween(48, 51);
        assertContinuous(call.toWeb);
    }

    @Test
    void oldPacketsAgainUnderTheRightSsrcAreNotHeard() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        for (int i = 0; i < 600; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromTrunk(false, 0, i, 160 * i, Call.sound(160, SOUND));
            for (int k = 0; i >= 300 && k < 10; k++) {
                int old = i - 280 + k;
                call.fromTrunk(false, 0, old, 160 * old, Call.sound(160, FORGED));
            }
        }
        assertThat(call.toWeb).hasSize(600).allMatch(sent -> sent.payload()[0] == SOUND);
    }

    @Test
    void aSourceThatBeginsItsNumbersAnewIsHeardAgain() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        talk(call, 0, 50, Call.TRUNK_SSRC, 0);
        talk(call, 50, 100, Call.TRUNK_SSRC, 30_000);
        long sounding =
                call.toWeb.stream().filter(sent -> sent.payload()[0] == SOUND).count();
        assertThat(sounding).isGreaterThanOrEqualTo(95);
        assertContinuous(call.toWeb);
    }

    @Test
    void whereTheTrunksDigitsComeWithinItsAudioNobodyElsesAreTaken() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        talk(call, 0, 10, Call.TRUNK_SSRC, 0);
        press(call, Call.TRUNK_SSRC, 10, 1_600, 5);
        talk(call, 20, 30, Call.TRUNK_SSRC, 0);
        press(call, OTHER_SSRC, 500, 9_999, 7);
        assertThat(call.events).containsExactly(digit('5'));
    }

    @Test
    void digitsBesideTheAudioComeOneAtATimeEachUnderWhicheverSsrc() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        talk(call, 0, 10, Call.TRUNK_SSRC, 0);
        call.fromTrunk(OTHER_SSRC, true, 101, 1, 1_600, (byte) 5, (byte) 0, (byte) 0, (byte) 160);
        call.fromTrunk(4_711, true, 101, 500, 9_999, (byte) 7, (byte) 0x80, (byte) 0, (byte) 160);
        press(call, OTHER_SSRC, 2, 1_600, 5);
        press(call, 815, 9, 70_000, 9);
        call.runTo(call.now + 1_000 * MILLI);
        assertThat(call.events).containsExactly(digit('5'), digit('9'));
    }

    @Test
    void aPressThatMayNotLeaveIsToldAsSuch() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20, false, true));
        for (int i = 0; i < 5; i++) {
            int duration = 160 * Math.min(3, i + 1);
            byte end = (byte) (i >= 2 ? 0x80 : 0);
            call.fromWeb(i == 0, 126, i, 1_600, (byte) 5, end, (byte) (duration >> 8), (byte) duration);
            call.runTo(call.now + 20 * MILLI);
        }
        call.runTo(call.now + 1_000 * MILLI);
        assertThat(call.toTrunk).isEmpty();
        assertThat(call.receipts())
                .containsExactly(new PressReceipt.Accepted(), new PressReceipt.Failed(PressReceipt.Failure.ON_HOLD));
    }

    @Test
    void aBrowserThatDoesNotListenGetsNothingUntilItDoesAgain() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        talk(call, 0, 10, Call.TRUNK_SSRC, 0);
        call.bridge.sendToWeb(false);
        call.bridge.web(Call.OPUS, call.now);
        talk(call, 10, 60, Call.TRUNK_SSRC, 0);
        assertThat(call.toWeb).hasSize(10);
        call.bridge.sendToWeb(true);
        talk(call, 60, 70, Call.TRUNK_SSRC, 0);
        assertThat(call.toWeb).hasSize(20);
        assertThat(call.toWeb.get(10).marker()).isTrue();
        assertThat(call.toWeb.get(10).timestamp() - call.toWeb.get(9).timestamp())
                .isEqualTo(160 + 50 * 960);
        assertContinuous(call.toWeb);
    }

    @Test
    void aTrunkThatAnswersWithItsOwnNumberForDigitsMaySendThemUnderOurs() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        TrunkFormat format = Call.trunk(AudioCodec.PCMU, 20);
        call.bridge.trunk(
                new TrunkFormat(
                        AudioCodec.PCMU,
                        0,
                        OptionalInt.of(96),
                        OptionalInt.of(101),
                        20,
                        format.rtp(),
                        format.rtcp(),
                        true,
                        true),
                call.now);
        press(call, Call.TRUNK_SSRC, 1, 1_600, 5);
        assertThat(call.events).containsExactly(digit('5'));
        assertThat(call.press('1', 100 * MILLI, 0)).isTrue();
        assertThat(call.toTrunk.getLast().payloadType()).isEqualTo(96);
    }

    @Test
    void pressesThatWaitOutliveAnAnswerThatRenumbersThem() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        for (char key : "123".toCharArray()) {
            call.press(key, 100 * MILLI, 40 * MILLI);
        }
        call.runTo(50 * MILLI);
        call.bridge.trunk(moved(AudioCodec.PCMU, 96, true), call.now);
        call.runTo(1_000 * MILLI);
        assertThat(call.receipts().stream().filter(PressReceipt.Sent.class::isInstance))
                .hasSize(3);
        assertThat(call.toTrunk.stream()
                        .filter(sent -> sent.payloadType() == 96 && sent.payload()[1] < 0)
                        .map(sent -> sent.payload()[0])
                        .distinct())
                .containsExactly((byte) 1, (byte) 2, (byte) 3);
    }

    @Test
    void aPacketOfOneSampleDoesNotSetThePaceOfWhatWeMakeUp() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        call.fromWeb(false, 0, 1, 0, SOUND);
        int wakes = 0;
        for (; call.bridge.nextWakeup() <= 1_000 * MILLI; wakes++) {
            call.now = Math.max(call.now, call.bridge.nextWakeup());
            call.bridge.onTime(call.now);
        }
        assertThat(wakes).isLessThan(120);
        assertThat(call.toTrunk.size()).isBetween(45, 51);
    }

    @Test
    void aBrowserThatGoesOnUnderAnotherSsrcIsHeardAndASecondStreamBesideItIsNot() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        for (int i = 0; i < 100; i++) {
            call.runTo(i * (20 * MILLI));
            int ssrc = i < 50 ? 1 : 2;
            web(call, ssrc, i, SOUND);
            web(call, 3, 7_000 + i, FORGED);
        }
        assertThat(call.toTrunk.subList(0, 50)).noneMatch(sent -> sent.payload()[0] == FORGED);
        assertThat(call.toTrunk.getLast().payload()[0]).isIn(SOUND, FORGED); // whichever of the two was first
        assertContinuous(call.toTrunk);
    }

    @Test
    void theDebugStateIsNestedMaps() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        talk(call, 0, 3, Call.TRUNK_SSRC, 0);
        call.bridge.onTime(2 * 20 * MILLI); // counts are shown now and then
        assertThat(call.bridge.debugState())
                .containsOnlyKeys("chain", "web", "trunk")
                .extractingByKey("trunk")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("received", 3L);
    }

    private static WebFormat opus(int ptimeMillis) {
        return new WebFormat(AudioCodec.OPUS, 111, OptionalInt.of(110), 48_000, ptimeMillis);
    }

    private static WebFormat pcmu(int ptimeMillis) {
        return new WebFormat(AudioCodec.PCMU, 0, OptionalInt.of(126), 8_000, ptimeMillis);
    }

    private static TrunkFormat moved(AudioCodec codec, int eventPayloadType, boolean theySend) {
        int payloadType = codec == AudioCodec.PCMU ? 0 : 8;
        return new TrunkFormat(
                codec, payloadType, OptionalInt.of(eventPayloadType), 20, ELSEWHERE, ELSEWHERE, true, theySend);
    }

    private static MediaEvent digit(char key) {
        return new MediaEvent.DigitFromTrunk(Digit.of(key).orElseThrow(), Duration.ofMillis(60), DtmfRoad.RTP);
    }

    /** The trunk's frames of these numbers, each in its time; sequence numbers begin at {@code base}. */
    private static void talk(Call call, int from, int to, int ssrc, int base) {
        for (int i = from; i < to; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromTrunk(ssrc, false, 0, base + i, 160 * (base + i), Call.sound(160, SOUND));
        }
    }

    /** A press of 60 ms, its end three times, from now on. */
    private static void press(Call call, int ssrc, int sequence, int timestamp, int event) {
        for (int i = 0; i < 5; i++) {
            call.runTo(call.now + 20 * MILLI);
            int duration = 160 * Math.min(3, i + 1);
            byte end = (byte) (i >= 2 ? 0x80 : 0);
            byte[] payload = {(byte) event, end, (byte) (duration >> 8), (byte) duration};
            call.fromTrunk(ssrc, i == 0, 101, sequence + i, timestamp, payload);
        }
    }

    private static void web(Call call, int ssrc, int number, byte value) {
        byte[] packet = Call.packet(false, 0, number, 160 * number, ssrc, Call.sound(160, value));
        call.bridge.onWebRtp(packet, 0, packet.length - RtpStream.HEADROOM, call.now);
    }

    private static void assertContinuous(List<Call.Sent> sent) {
        for (int i = 1; i < sent.size(); i++) {
            assertThat(sent.get(i).sequence()).isEqualTo((sent.get(i - 1).sequence() + 1) & 0xFFFF);
            assertThat(sent.get(i).ssrc()).isEqualTo(sent.getFirst().ssrc());
            if (sent.get(i).payloadType() < 96 && sent.get(i - 1).payloadType() < 96) {
                assertThat(sent.get(i).timestamp() - sent.get(i - 1).timestamp())
                        .isPositive();
            }
        }
    }
}
