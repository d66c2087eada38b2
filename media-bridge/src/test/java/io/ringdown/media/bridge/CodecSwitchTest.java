package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.PressReceipt;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.sdp.WebFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A browser's leg that changes its codec in mid-call, each direction for itself, in virtual time. */
class CodecSwitchTest {
    private static final long MILLI = Call.MILLI;
    private static final int HERTZ = 1_000;
    private static final int AMPLITUDE = 10_000;

    private static final WebFormat ALTERNATIVE_PCMU = new WebFormat(AudioCodec.PCMU, 0, OptionalInt.of(126), 8_000, 20);
    private static final WebFormat ALTERNATIVE_G722 = new WebFormat(AudioCodec.G722, 9, OptionalInt.of(126), 8_000, 20);
    private static final WebFormat AUTO = new WebFormat(
            AudioCodec.OPUS,
            111,
            OptionalInt.of(110),
            48_000,
            20,
            List.of(ALTERNATIVE_G722, ALTERNATIVE_PCMU),
            OptionalInt.empty(),
            WebFormat.ANY_BITRATE);

    @ParameterizedTest
    @CsvSource({"PCMU, 0", "PCMA, 0", "G722, 9"})
    void aCleanPathIsHeardStraightThroughAndALossyOneInOpus(AudioCodec trunk, int straight) {
        Call call = new Call().open(AUTO, Call.trunk(trunk, 20));
        Voice voice = new Voice(trunk, AudioCodec.G722);
        for (int i = 0; i < 50 * 80; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromTrunk(false, Call.payloadType(trunk), i, voice.timestamp(i), voice.frame(HERTZ, AMPLITUDE));
            if (i % 250 == 249) {
                report(call, i > 2_000 && i < 3_000 ? 20 : 0);
            }
        }
        List<Integer> types = changes(call.toWeb);
        assertThat(types).containsExactly(111, straight, 111, straight);
        int first = firstOf(call.toWeb, straight, 0);
        int second = firstOf(call.toWeb, 111, first);
        int third = firstOf(call.toWeb, straight, second);
        assertThat(second - first).as("packets between two changes").isGreaterThanOrEqualTo(50 * 30);
        assertThat(third - second).isGreaterThanOrEqualTo(50 * 30);
        assertOneStream(call.toWeb);
        Heard heard = Heard.of(call.toWeb);
        assertThat(heard.millis()).isBetween(79_900, 80_000);
        for (int change : new int[] {first, second, third}) {
            assertThat(heard.disturbedMillis(HERTZ, AMPLITUDE, change * 20 - 500, change * 20 + 500))
                    .as("at packet " + change)
                    .isLessThanOrEqualTo(40);
        }
    }

    @ParameterizedTest
    @CsvSource({"PCMU, 0, PCMU", "PCMU, 0, PCMA", "PCMU, 0, G722", "G722, 9, G722", "G722, 9, PCMU"})
    void whateverTheBrowserGoesOverToIsHeardFromThatPacketOn(AudioCodec other, int payloadType, AudioCodec trunk) {
        Call call = new Call().open(AUTO, Call.trunk(trunk, 20));
        Voice voice = new Voice(AudioCodec.OPUS, AudioCodec.G722);
        int timestamp = -50_000;
        for (int i = 0; i < 450; i++) {
            call.runTo(i * (20 * MILLI));
            if (i == 150 || i == 300) { // a browser begins with an encoder of its own
                voice = voice.goneOverTo(i == 150 ? other : AudioCodec.OPUS);
            }
            boolean isOpus = i < 150 || i >= 300;
            int number = (65_400 + i) & 0xFFFF;
            call.fromWeb(false, isOpus ? 111 : payloadType, number, timestamp, voice.frame(HERTZ, AMPLITUDE));
            timestamp += isOpus ? 960 : 160;
        }
        Heard.assertWhole(call.toTrunk, 20);
        assertThat(call.toTrunk).hasSizeBetween(449, 452);
        assertThat(call.bridge.stats().web().filled()).isZero();
        assertThat(call.bridge.stats().web().late()).isZero();
        assertThat(call.bridge.stats().web().lost()).isZero();
        assertThat(call.bridge.stats().web().jitterMillis()).isLessThan(1);
        Heard heard = Heard.of(call.toTrunk);
        assertThat(heard.disturbedMillis(HERTZ, AMPLITUDE, 2_500, 3_500)).isLessThanOrEqualTo(40);
        assertThat(heard.disturbedMillis(HERTZ, AMPLITUDE, 5_500, 6_500)).isLessThanOrEqualTo(40);
    }

    @Test
    void aPacketOfTheOldCodecThatComesLateChangesNothingBack() {
        Call call = new Call().open(AUTO, Call.trunk(AudioCodec.PCMU, 20));
        Voice opus = new Voice(AudioCodec.OPUS, AudioCodec.PCMU);
        for (int i = 0; i < 50; i++) {
            call.runTo(i * (20 * MILLI));
            if (i != 49) {
                call.fromWeb(false, 111, i, opus.timestamp(i), opus.frame(HERTZ, AMPLITUDE));
            }
        }
        for (int i = 50; i < 60; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromWeb(false, 0, i, 160 * i, Call.sound(160, 0x55));
            if (i == 57) { // beyond the time in which no change at all is followed
                call.fromWeb(false, 111, 49, opus.timestamp(49), opus.frame(HERTZ, AMPLITUDE));
            }
        }
        assertThat(call.bridge.toString()).startsWith("Srtp -> PT0 -> Rtp(0)");
        Heard.assertWhole(call.toTrunk, 20);
        assertThat(call.toTrunk.subList(call.toTrunk.size() - 10, call.toTrunk.size()))
                .allMatch(sent -> sent.payload()[0] == 0x55);
    }

    @Test
    void aBrowserThatChangesWithEveryPacketIsNotFollowedEachTime() {
        Call call = new Call().open(AUTO, Call.trunk(AudioCodec.PCMU, 20));
        Voice opus = new Voice(AudioCodec.OPUS, AudioCodec.PCMU);
        int changes = 0;
        String before = call.bridge.toString();
        for (int i = 0; i < 500; i++) {
            call.runTo(i * (20 * MILLI));
            boolean isOpus = i % 2 == 0;
            call.fromWeb(
                    false, isOpus ? 111 : 0, i, 960 * i, isOpus ? opus.frame(HERTZ, AMPLITUDE) : Call.sound(160, 0x55));
            changes += call.bridge.toString().equals(before) ? 0 : 1;
            before = call.bridge.toString();
        }
        assertThat(changes).isLessThanOrEqualTo(100);
        Heard.assertWhole(call.toTrunk, 20);
    }

    @Test
    void strangersDoNotChangeTheCodec() {
        Call call = new Call().open(AUTO, Call.trunk(AudioCodec.PCMU, 20));
        Voice opus = new Voice(AudioCodec.OPUS, AudioCodec.PCMU);
        for (int i = 0; i < 50; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromWeb(false, 111, i, opus.timestamp(i), opus.frame(HERTZ, AMPLITUDE));
            byte[] packet = Call.packet(false, 0, 9_000 + i, 160 * i, 77, Call.sound(160, 0x55));
            call.bridge.onWebRtp(packet, 0, packet.length - RtpStream.HEADROOM, call.now);
        }
        assertThat(call.bridge.toString()).startsWith("Srtp -> PT111");
    }

    @Test
    void theBrowserIsAskedForACodecOnceAndOnlyForOneThatFitsTheTrunk() {
        Call call = new Call().open(AUTO, Call.trunk(AudioCodec.PCMA, 20));
        Voice opus = new Voice(AudioCodec.OPUS, AudioCodec.PCMA);
        int lost = 0;
        for (int i = 0; i < 50 * 80; i++) {
            call.runTo(i * (20 * MILLI));
            byte[] frame = opus.frame(HERTZ, AMPLITUDE);
            if (i > 2_000 && i < 3_000 && i % 10 == 0) {
                lost++;
            } else {
                call.fromWeb(
                        false, 111, i, opus.timestamp(i), frame); // it does nothing, and that is heard all the same
            }
        }
        assertThat(call.events)
                .containsExactly(
                        new MediaEvent.WebCodecWanted(AudioCodec.PCMU),
                        new MediaEvent.WebCodecWanted(AudioCodec.OPUS),
                        new MediaEvent.WebCodecWanted(AudioCodec.PCMU));
        assertThat(call.bridge.stats().web().lost()).isEqualTo(lost);
    }

    @Test
    void withoutAlternativesNothingChangesAndNobodyIsAsked() {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        Voice opus = new Voice(AudioCodec.OPUS, AudioCodec.PCMU);
        for (int i = 0; i < 50 * 40; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromWeb(false, 111, i, opus.timestamp(i), opus.frame(HERTZ, AMPLITUDE));
            call.fromTrunk(false, 0, i, 160 * i, Call.sound(160, 0x55));
            if (i % 250 == 249) {
                report(call, 0);
            }
        }
        assertThat(changes(call.toWeb)).containsExactly(111);
        assertThat(call.events).isEmpty();
    }

    @Test
    void digitsAreHeardUnderTheTelephoneEventOfEitherCodec() {
        Call call = new Call().open(AUTO, Call.trunk(AudioCodec.PCMU, 20));
        Voice opus = new Voice(AudioCodec.OPUS, AudioCodec.PCMU);
        for (int i = 0; i < 50; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromWeb(false, 111, i, opus.timestamp(i), opus.frame(HERTZ, AMPLITUDE));
        }
        press(call, 110, 50, 48_000, 960, 5);
        for (int i = 60; i < 100; i++) {
            call.runTo((i + 50) * (20 * MILLI));
            call.fromWeb(false, 0, i, 160 * i, Call.sound(160, 0x55));
        }
        press(call, 126, 100, 16_000, 160, 7);
        call.runTo(call.now + 1_000 * MILLI);
        List<Integer> digits = call.toTrunk.stream()
                .filter(sent -> sent.payloadType() == 101)
                .map(sent -> (int) sent.payload()[0])
                .distinct()
                .toList();
        assertThat(digits).containsExactly(5, 7);
        assertThat(call.receipts().stream().filter(PressReceipt.Sent.class::isInstance))
                .hasSize(2)
                .allSatisfy(receipt -> assertThat(
                                ((PressReceipt.Sent) receipt).length().toMillis())
                        .isBetween(60L, 80L));
    }

    /** A press of 60 ms, its end three times. */
    private static void press(Call call, int type, int sequence, int timestamp, int step, int event) {
        for (int i = 0; i < 5; i++) {
            call.runTo(call.now + 20 * MILLI);
            int duration = step * Math.min(3, i + 1);
            byte end = (byte) (i >= 2 ? 0x80 : 0);
            call.fromWeb(
                    i == 0, type, sequence + i, timestamp, (byte) event, end, (byte) (duration >> 8), (byte) duration);
        }
    }

    /** The browser's receiver report about our stream (RFC 3550 §6.4.2). */
    private static void report(Call call, int fractionLost) {
        byte[] packet = ByteBuffer.allocate(32)
                .putInt(0x81C90007)
                .putInt(Call.WEB_SSRC)
                .putInt(0xAAAA)
                .putInt(fractionLost << 24)
                .putInt(call.toWeb.getLast().sequence())
                .putInt(30)
                .putInt(0)
                .putInt(0)
                .array();
        call.bridge.onWebRtcp(packet, 0, packet.length, call.now);
    }

    private static List<Integer> changes(List<Call.Sent> sent) {
        List<Integer> types = new java.util.ArrayList<>();
        for (Call.Sent packet : sent) {
            if (types.isEmpty() || types.getLast() != packet.payloadType()) {
                types.add(packet.payloadType());
            }
        }
        return types;
    }

    private static int firstOf(List<Call.Sent> sent, int payloadType, int from) {
        int at = from;
        while (sent.get(at).payloadType() != payloadType) {
            at++;
        }
        return at;
    }

    private static void assertOneStream(List<Call.Sent> sent) {
        Heard.assertWhole(sent, 20);
    }
}
