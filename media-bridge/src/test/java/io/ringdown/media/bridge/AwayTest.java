package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.PressReceipt;
import io.ringdown.media.AwaySound;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.hold.Wav;
import io.ringdown.media.sdp.WebFormat;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the trunk hears while nothing comes from the browser. */
class AwayTest {
    private static final long MILLI = Call.MILLI;
    private static final double MUSIC_HZ = 440;
    private static final double VOICE_HZ = 1_000;
    private static final HoldMusic MUSIC = Wav.music(MUSIC_HZ);
    private static final AwaySound AFTER_A_SECOND = new AwaySound(Optional.of(MUSIC), Duration.ofSeconds(1));
    private static final int GONE = 2_000;
    private static final int BACK = 5_000;
    private static final int END = 6_000;

    private final Call call = new Call();
    private int sequence;

    /** In every pair of codecs, for pages that come back as another stream, and networks that come back with the same one. */
    @ParameterizedTest
    @EnumSource
    void musicFillsTheAbsenceAndTheFirstPacketEndsIt(AudioCodec trunk) {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        for (AudioCodec web : AudioCodec.values()) {
            for (boolean isReload : new boolean[] {false, true}) {
                String which =
                        "-Dseed=" + seed + " " + web + " to " + trunk + (isReload ? ", a reload" : ", a network");
                Call story = absence(web, trunk, isReload, random.nextInt(20));
                Heard.assertWhole(story.toTrunk, 20);
                Heard heard = Heard.of(story.toTrunk);
                int gone = packetsBefore(story, GONE) * 20;
                int back = packetsBefore(story, BACK) * 20;
                assertThat(heard.share(VOICE_HZ, 400, gone - 100)).as(which).isGreaterThan(0.97);
                assertThat(heard.rms(gone + 300, gone + 800))
                        .as("%s: quiet at first", which)
                        .isLessThan(110);
                assertThat(heard.share(MUSIC_HZ, gone + 1_200, back - 60))
                        .as(which)
                        .isGreaterThan(0.97);
                assertThat(heard.share(VOICE_HZ, back + 160, back + 800))
                        .as(which)
                        .isGreaterThan(0.97);
            }
        }
    }

    private static Call absence(AudioCodec web, AudioCodec trunk, boolean isReload, int late) {
        WebFormat format = new WebFormat(web, Call.payloadType(web), OptionalInt.empty(), 0, 20);
        Call story = new Call().open(format, Call.trunk(trunk, 20));
        story.bridge.whileAway(AFTER_A_SECOND);
        Voice voice = new Voice(web, trunk);
        for (int millis = 0; millis < END; millis++) {
            story.runTo(millis * MILLI);
            int frame = millis / 20;
            if (isReload && millis == BACK) {
                story.bridge.onWebKeys(story.now);
            }
            if (millis % 20 == late) {
                byte[] payload = voice.frame(VOICE_HZ, 10_000);
                if (millis < GONE) {
                    story.fromWeb(false, Call.payloadType(web), frame, voice.timestamp(frame), payload);
                } else if (millis >= BACK) {
                    int sent = isReload ? frame + 7_777 : GONE / 20 + frame - BACK / 20;
                    byte[] packet = Call.packet(
                            false,
                            Call.payloadType(web),
                            sent & 0xFFFF,
                            voice.timestamp(frame),
                            isReload ? 0x9999 : Call.WEB_SSRC,
                            payload);
                    story.bridge.onWebRtp(packet, 0, packet.length - RtpStream.HEADROOM, story.now);
                }
            }
        }
        return story;
    }

    private static int packetsBefore(Call story, int millis) {
        return (int) story.toTrunk.stream()
                .filter(sent -> sent.nanos() < millis * MILLI)
                .count();
    }

    @Test
    void byDefaultItIsTheQuietThatWasThere() {
        call.open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        talk(0, 2_000);
        call.runTo(10_000 * MILLI);
        Heard heard = Heard.of(call.toTrunk);
        assertThat(heard.rms(3_000, heard.millis() - 100)).isLessThan(110);
        Heard.assertWhole(call.toTrunk, 20);
    }

    @Test
    void aBrowserThatIsThereAndSendsNoSoundIsNotAwayUntilItsChecksEndToo() {
        opened();
        talk(0, 1_000);
        for (int millis = 1_600; millis < 12_000; millis += 2_500) {
            call.runTo(millis * MILLI);
            call.bridge.onWebSign(call.now);
        }
        call.runTo(12_000 * MILLI);
        assertQuiet(1_500, 12_000);
        call.runTo(18_000 * MILLI);
        assertThat(Heard.of(call.toTrunk).share(MUSIC_HZ, 17_700, 17_900))
                .as("no check for 6 s")
                .isGreaterThan(0.97);
    }

    @Test
    void aPageThatComesBackEndsTheMusicWithItsFirstCheck() {
        opened();
        talk(0, 1_000);
        call.bridge.onWebGone();
        call.runTo(2_500 * MILLI);
        assertThat(Heard.of(call.toTrunk).share(MUSIC_HZ, 2_100, 2_400)).isGreaterThan(0.97);
        call.bridge.onWebSign(call.now);
        call.runTo(3_500 * MILLI);
        assertQuiet(2_600, 3_400);
    }

    @Test
    void whoSaysGoodByeIsAwayWhateverItsLastCheck() {
        opened();
        talk(0, 1_000);
        call.runTo(2_100 * MILLI);
        call.bridge.onWebSign(call.now);
        call.bridge.onWebGone();
        call.runTo(3_500 * MILLI);
        assertThat(Heard.of(call.toTrunk).share(MUSIC_HZ, 2_200, 3_400)).isGreaterThan(0.97);
    }

    @Test
    void aMutedBrowserAndOneThatSaidItWouldNotSendAreQuiet() {
        opened();
        talk(0, 1_000);
        call.bridge.muteWeb(true);
        call.runTo(3_000 * MILLI);
        assertQuiet(1_500, 2_900);
        call.bridge.muteWeb(false);
        call.bridge.hearWeb(false);
        call.runTo(5_000 * MILLI);
        assertQuiet(1_500, 4_900);
    }

    @Test
    void whoWasNeverHeardIsNotAway() {
        opened();
        call.runTo(5_000 * MILLI);
        assertQuiet(0, 4_900);
    }

    @Test
    void whoWasHeardBeforeTheCallWasReadBackIsAway() {
        opened();
        talk(0, 1_000);
        reopened();
        reopened();
        call.runTo(5_000 * MILLI);
        assertThat(Heard.of(call.toTrunk).share(MUSIC_HZ, 2_400, 4_900)).isGreaterThan(0.97);
        call.bridge.web(Call.WEB_PCMU, call.now);
        call.bridge.onWebKeys(call.now);
        talk(5_000, 6_000);
        assertThat(Heard.of(call.toTrunk).share(VOICE_HZ, 5_200, 5_900))
                .as("its first packet ends it")
                .isGreaterThan(0.97);
    }

    @Test
    void whoWasNotHeardBeforeTheCallWasReadBackIsNotAway() {
        opened();
        call.runTo(1_000 * MILLI);
        reopened();
        call.runTo(5_000 * MILLI);
        assertQuiet(0, 4_900);
    }

    private void reopened() {
        call.reopen(Call.trunk(AudioCodec.PCMU, 20), MUSIC, 0);
        call.bridge.whileAway(AFTER_A_SECOND);
    }

    @Test
    void aHeldTrunkHearsTheMusicOfHoldAndDigitsStillGo() {
        opened();
        talk(0, 1_000);
        call.bridge.hold(HoldMusic.SILENCE, call.now);
        call.runTo(4_000 * MILLI);
        assertQuiet(1_500, 3_900);
        call.bridge.resume(call.now);
        assertThat(call.press('5', 100 * MILLI, 40 * MILLI)).isTrue();
        call.runTo(5_000 * MILLI);
        assertThat(call.receipts()).hasAtLeastOneElementOfType(PressReceipt.Sent.class);
        assertThat(call.toTrunk.stream().filter(sent -> sent.payloadType() == 101))
                .hasSizeGreaterThan(4);
    }

    private void opened() {
        call.open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        call.bridge.whileAway(AFTER_A_SECOND);
    }

    private void talk(int from, int to) {
        Voice voice = new Voice(AudioCodec.PCMU, AudioCodec.PCMU);
        for (int millis = from; millis < to; millis += 20) {
            call.runTo(millis * MILLI);
            call.fromWeb(false, 0, sequence, voice.timestamp(sequence), voice.frame(VOICE_HZ, 10_000));
            sequence++;
        }
    }

    private void assertQuiet(int fromMillis, int toMillis) {
        int first = packetsBefore(call, fromMillis) * 20;
        int last = packetsBefore(call, toMillis) * 20;
        assertThat(Heard.of(call.toTrunk).rms(first, last)).isLessThan(110);
    }
}
