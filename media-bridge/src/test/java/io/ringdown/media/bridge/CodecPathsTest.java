package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.sdp.WebFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every codec of one leg with every codec of the other. */
class CodecPathsTest {
    private static final int SECONDS = 3;
    private static final int FRAMES = 50 * SECONDS;

    static Stream<Arguments> pairs() {
        return Stream.of(AudioCodec.values())
                .flatMap(web -> Stream.of(AudioCodec.values()).map(trunk -> Arguments.of(web, trunk)));
    }

    @ParameterizedTest
    @CsvSource({
        "OPUS, G722, Srtp -> PT111 -> Opus(16k) -> G722 -> Rtp(9) | Rtp(9) -> G722 -> Opus(16k) -> PT111 -> Srtp",
        "G722, G722, Srtp -> PT9 -> Rtp(9) | Rtp(9) -> PT9 -> Srtp",
        "PCMA, G722, Srtp -> PT8 -> Pcma -> 16k -> G722 -> Rtp(9) | Rtp(9) -> G722 -> 8k -> Pcma -> PT8 -> Srtp",
        "OPUS, OPUS, Srtp -> PT111 -> Rtp(111) | Rtp(111) -> PT111 -> Srtp",
        "PCMU, OPUS, Srtp -> PT0 -> Pcmu -> Opus(8k) -> Rtp(111) | Rtp(111) -> Opus(8k) -> Pcmu -> PT0 -> Srtp",
    })
    void theChainsPrintThemselves(AudioCodec web, AudioCodec trunk, String chain) {
        assertThat(open(web, trunk).bridge.toString()).isEqualTo(chain);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void whatComesOutIsAsLoudAsWhatWentIn(AudioCodec web, AudioCodec trunk) {
        for (int amplitude : new int[] {3_000, 10_000}) {
            Call call = talk(web, trunk, amplitude);
            assertThat(gain(Heard.of(call.toTrunk), amplitude))
                    .as("%d to the trunk", amplitude)
                    .isBetween(-0.2, 0.2);
            assertThat(gain(Heard.of(call.toWeb), amplitude))
                    .as("%d to the browser", amplitude)
                    .isBetween(-0.2, 0.2);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aToneAtFullScaleIsNotClippedByUs(AudioCodec web, AudioCodec trunk) {
        Call call = talk(web, trunk, Short.MAX_VALUE);
        for (Heard heard : List.of(Heard.of(call.toTrunk), Heard.of(call.toWeb))) {
            // µ-law ends at 32124, Opus is not exact up there, and clipping has harmonics.
            assertThat(gain(heard, Short.MAX_VALUE)).isBetween(-0.5, 0.5);
            assertThat(heard.share(Heard.TELEPHONE_HZ, 1_000, 1_500)).isGreaterThan(0.995);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void bothStreamsAreWholeAndCountByTheirOwnClock(AudioCodec web, AudioCodec trunk) {
        Call call = talk(web, trunk, 10_000);
        Heard.assertWhole(call.toTrunk, 20);
        Heard.assertWhole(call.toWeb, 20);
        assertThat(call.bridge.stats().web().filled()).isZero();
        assertThat(call.bridge.stats().trunk().filled()).isZero();
        assertThat(call.bridge.stats().web().jitterMillis()).isLessThan(1);
        assertThat(call.bridge.stats().trunk().jitterMillis()).isLessThan(1);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aLostPacketIsConcealedWithoutLosingItsTime(AudioCodec web, AudioCodec trunk) {
        Call call = open(web, trunk);
        Voice fromWeb = new Voice(web, trunk);
        Voice fromTrunk = new Voice(trunk, web);
        for (int i = 0; i < FRAMES; i++) {
            call.runTo(i * (20 * Call.MILLI));
            byte[] up = fromWeb.frame(200, 10_000);
            byte[] down = fromTrunk.frame(200, 10_000);
            if (i != 100) {
                call.fromWeb(false, Call.payloadType(web), i, fromWeb.timestamp(i), up);
                call.fromTrunk(false, Call.payloadType(trunk), i, fromTrunk.timestamp(i), down);
            }
        }
        for (List<Call.Sent> sent : List.of(call.toTrunk, call.toWeb)) {
            Heard.assertWhole(sent, 20);
            Heard heard = Heard.of(sent);
            assertThat(heard.disturbedMillis(200, 10_000, 500, 2_800)).isLessThanOrEqualTo(60);
            assertThat(heard.rms(2_005, 2_020)).as("not a hole").isGreaterThan(1_500);
        }
        assertThat(call.bridge.stats().web().filled()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aMutedBrowserIsQuietForTheTrunk(AudioCodec web, AudioCodec trunk) {
        Call call = open(web, trunk);
        Voice voice = new Voice(web, trunk);
        for (int i = 0; i < FRAMES; i++) {
            call.runTo(i * (20 * Call.MILLI));
            call.bridge.muteWeb(i >= 50);
            call.fromWeb(false, Call.payloadType(web), i, voice.timestamp(i), voice.frame(1_000, 10_000));
        }
        Heard.assertWhole(call.toTrunk, 20);
        assertThat(Heard.of(call.toTrunk).rms(1_200, 2_900))
                .as("no louder than a room")
                .isLessThan(110);
    }

    @ParameterizedTest
    @CsvSource({"G722, 10, 20", "G722, 30, 20", "G722, 20, 30", "OPUS, 20, 20", "OPUS, 60, 60", "PCMU, 20, 40"})
    void packetTimesThatDifferAreCutAnewAtEitherRate(AudioCodec web, int theirs, int ours) {
        WebFormat format = new WebFormat(web, Call.payloadType(web), OptionalInt.empty(), 0, theirs);
        Call call = new Call().open(format, Call.trunk(AudioCodec.G722, ours));
        Voice voice = new Voice(web, AudioCodec.G722, theirs);
        for (int i = 0; i * theirs < 3_000; i++) {
            call.runTo(i * (theirs * Call.MILLI));
            call.fromWeb(false, Call.payloadType(web), i, voice.timestamp(i), voice.frame(1_000, 10_000));
        }
        Heard.assertWhole(call.toTrunk, ours);
        assertThat(gain(Heard.of(call.toTrunk), 10_000)).isBetween(-0.2, 0.2);
    }

    @Test
    void opusStraightThroughIsSilentWithPacketsThatADecoderTakesWhereNothingComes() {
        Call call = new Call();
        call.bridge.trunk(Call.trunk(AudioCodec.OPUS, 20), 0);
        call.bridge.web(Call.OPUS, 0);
        call.runTo(2_000 * Call.MILLI);
        Heard.assertWhole(call.toTrunk, 20);
        assertThat(Heard.of(call.toTrunk).rms(0, 1_900)).isLessThan(10);
    }

    @Test
    void digitsOfAnOpusTrunkCountByItsClock() {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.OPUS, 20));
        call.press('7', 100 * Call.MILLI, 40 * Call.MILLI);
        call.runTo(300 * Call.MILLI);
        Call.Sent end = call.toTrunk.stream()
                .filter(sent -> sent.payloadType() == 101 && sent.payload()[1] < 0)
                .findFirst()
                .orElseThrow();
        assertThat((end.payload()[2] & 0xFF) << 8 | (end.payload()[3] & 0xFF)).isEqualTo(4_800);
    }

    private static double gain(Heard heard, int amplitude) {
        return heard.level(Heard.TELEPHONE_HZ, 1_000, 2_500) - 20 * Math.log10(amplitude / Math.sqrt(2));
    }

    private static Call open(AudioCodec web, AudioCodec trunk) {
        WebFormat format = new WebFormat(web, Call.payloadType(web), OptionalInt.of(110), web.clockRate(), 20);
        return new Call().open(format, Call.trunk(trunk, 20));
    }

    /** Both ends send the tone. */
    private static Call talk(AudioCodec web, AudioCodec trunk, int amplitude) {
        Call call = open(web, trunk);
        Voice fromWeb = new Voice(web, trunk);
        Voice fromTrunk = new Voice(trunk, web);
        for (int i = 0; i < FRAMES; i++) {
            call.runTo(i * (20 * Call.MILLI));
            call.fromWeb(
                    false,
                    Call.payloadType(web),
                    i,
                    fromWeb.timestamp(i),
                    fromWeb.frame(Heard.TELEPHONE_HZ, amplitude));
            call.fromTrunk(
                    false,
                    Call.payloadType(trunk),
                    i,
                    fromTrunk.timestamp(i),
                    fromTrunk.frame(Heard.TELEPHONE_HZ, amplitude));
        }
        return call;
    }
}
