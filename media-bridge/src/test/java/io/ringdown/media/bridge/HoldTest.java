package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.PressReceipt;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.hold.Wav;
import io.ringdown.media.sdp.WebFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both ends hear and get while the browser holds the telephone. */
class HoldTest {
    private static final long MILLI = Call.MILLI;
    private static final double MUSIC_HZ = 440;
    private static final double VOICE_HZ = 1_000;
    private static final int MILLIS = 8_000;
    private static final int SETTLES_MILLIS = 160; // the law's patience, the codecs' delay, and a decoder's memory
    private static final HoldMusic MUSIC = Wav.music(MUSIC_HZ);

    /** Random holds of random lengths, by browsers that go on, fall silent, or come late, in every pair of codecs. */
    @ParameterizedTest
    @EnumSource
    void theTelephoneHearsMusicOnHoldAndTheBrowserBeforeAndAfterInOneStreamWithoutAHole(AudioCodec trunk) {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (AudioCodec web : AudioCodec.values()) {
            for (long each = seed; each < seed + 3; each++) {
                new Story(web, trunk, new Random(each)).hold("-Dseed=" + each + " " + web + " to " + trunk);
            }
        }
    }

    /** One call, and what was done when. */
    private static final class Story {
        private final AudioCodec web;
        private final AudioCodec trunk;
        private final Random random;
        private final Call call = new Call();
        private final List<Integer> turns = new ArrayList<>(); // hold, resume, hold, … in ms

        Story(AudioCodec web, AudioCodec trunk, Random random) {
            this.web = web;
            this.trunk = trunk;
            this.random = random;
            for (int at = 600 + random.nextInt(1_000); at < MILLIS - 500; at += 500 + random.nextInt(1_500)) {
                turns.add(at);
            }
        }

        void hold(String which) {
            talk();
            Heard.assertWhole(call.toTrunk, 20);
            List<Call.Sent> packets = call.toTrunk;
            Heard telephone = Heard.of(packets);
            for (int i = 0; i <= turns.size(); i++) {
                int from = (i == 0 ? 0 : turns.get(i - 1)) + SETTLES_MILLIS;
                int to = i == turns.size() ? MILLIS - 40 : turns.get(i);
                int first = firstAt(packets, from);
                int last = firstAt(packets, to);
                boolean isHeld = i % 2 == 1;
                assertThat(telephone.share(isHeld ? MUSIC_HZ : VOICE_HZ, 20 * first, 20 * last))
                        .as("%s: %s from %d to %d ms, turns %s", which, isHeld ? "music" : "voice", from, to, turns)
                        .isGreaterThan(0.97);
                if (isHeld) {
                    for (int p = first + 1; p < last; p++) {
                        assertThat(packets.get(p).nanos() - packets.get(p - 1).nanos())
                                .as("%s: packets keep their pace", which)
                                .isEqualTo(20 * MILLI);
                    }
                }
                assertThat(toBrowser(from - SETTLES_MILLIS + 1, to))
                        .as("%s: packets to the browser from %d to %d ms", which, from, to)
                        .isEqualTo(isHeld ? 0 : toTelephoneByTheClock(from - SETTLES_MILLIS + 1, to));
            }
        }

        private int toBrowser(int from, int to) {
            return (int)
                    call.toWeb.stream().filter(sent -> isWithin(sent, from, to)).count();
        }

        /** The trunk sends at each multiple of 20 ms, and that goes on at once. */
        private static int toTelephoneByTheClock(int from, int to) {
            return (to - 1) / 20 - (from - 1) / 20;
        }

        private static boolean isWithin(Call.Sent sent, int from, int to) {
            return sent.nanos() >= from * MILLI && sent.nanos() < to * MILLI;
        }

        private static int firstAt(List<Call.Sent> packets, int millis) {
            int at = 0;
            while (packets.get(at).nanos() < millis * MILLI) {
                at++;
            }
            return at;
        }

        private void talk() {
            WebFormat format = new WebFormat(web, Call.payloadType(web), OptionalInt.of(110), web.clockRate(), 20);
            call.open(format, Call.trunk(trunk, 20));
            Voice fromWeb = new Voice(web, trunk);
            Voice fromTrunk = new Voice(trunk, web);
            int late = random.nextInt(15);
            boolean fallsSilent = random.nextBoolean();
            for (int millis = 0; millis < MILLIS; millis++) {
                call.runTo(millis * MILLI);
                int turn = turns.indexOf(millis);
                if (turn >= 0 && turn % 2 == 0) {
                    call.bridge.hold(MUSIC, call.now);
                } else if (turn >= 0) {
                    call.bridge.resume(call.now);
                }
                int frame = millis / 20;
                if (millis % 20 == late) {
                    byte[] payload = fromWeb.frame(VOICE_HZ, 10_000);
                    if (!isHeldAt(millis) || !fallsSilent) {
                        call.fromWeb(false, Call.payloadType(web), frame, fromWeb.timestamp(frame), payload);
                    }
                }
                if (millis % 20 == 0) {
                    byte[] payload = fromTrunk.frame(VOICE_HZ, 10_000);
                    call.fromTrunk(false, Call.payloadType(trunk), frame, fromTrunk.timestamp(frame), payload);
                }
            }
        }

        private boolean isHeldAt(int millis) {
            return turns.stream().filter(turn -> turn <= millis).count() % 2 == 1;
        }
    }

    @ParameterizedTest
    @EnumSource
    void musicGoesOnWhenTheTrunkChangesItsCodecOrItsPacketTime(AudioCodec trunk) {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        call.bridge.hold(MUSIC, call.now);
        call.runTo(1_000 * MILLI);
        call.bridge.trunk(Call.trunk(trunk, trunk == AudioCodec.OPUS ? 60 : 30), call.now);
        call.toTrunk.clear();
        call.runTo(3_000 * MILLI);
        assertThat(Heard.of(call.toTrunk).share(MUSIC_HZ, 200, 1_800)).isGreaterThan(0.97);
    }

    @Test
    void musicGoesOnWhenTheBrowserChangesItsCodec() {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        call.bridge.hold(MUSIC, call.now);
        call.runTo(1_000 * MILLI);
        call.bridge.web(Call.WEB_PCMU, call.now);
        call.runTo(3_000 * MILLI);
        Heard.assertWhole(call.toTrunk, 20);
        assertThat(Heard.of(call.toTrunk).share(MUSIC_HZ, 200, 2_800)).isGreaterThan(0.97);
        assertThat(call.toWeb).isEmpty();
    }

    @Test
    void nothingIsSentToATrunkThatDoesNotWantToHear() {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        call.runTo(100 * MILLI);
        call.bridge.hold(MUSIC, call.now);
        call.bridge.trunk(Call.trunk(AudioCodec.PCMU, 20, false, false), call.now);
        int before = call.toTrunk.size();
        call.runTo(2_000 * MILLI);
        assertThat(call.toTrunk).hasSize(before);
        call.bridge.trunk(Call.trunk(AudioCodec.PCMU, 20, true, false), call.now);
        call.runTo(3_000 * MILLI);
        List<Call.Sent> after = call.toTrunk.subList(before, call.toTrunk.size());
        assertThat(after).hasSizeBetween(49, 51);
        Call.Sent last = call.toTrunk.get(before - 1);
        assertThat(after.getFirst().sequence()).isEqualTo((last.sequence() + 1) & 0xFFFF);
        assertThat(after.getFirst().timestamp() - last.timestamp())
                .as("time has gone on meanwhile")
                .isBetween(8 * 1_860, 8 * 1_940);
    }

    @Test
    void silenceOnHoldIsQuietButNeverNothing() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        Voice loud = new Voice(AudioCodec.PCMU, AudioCodec.PCMU);
        call.bridge.hold(HoldMusic.SILENCE, call.now);
        for (int i = 0; i < 100; i++) {
            call.runTo(i * 20L * MILLI);
            call.fromWeb(false, 0, i, loud.timestamp(i), loud.frame(VOICE_HZ, 10_000));
        }
        assertThat(call.toTrunk).hasSizeBetween(98, 100);
        assertThat(Heard.of(call.toTrunk).rms(0, 1_900)).isLessThan(110);
    }

    @Test
    void digitsStillGoThroughAndTheMusicGivesWay() {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        call.bridge.hold(MUSIC, call.now);
        call.runTo(500 * MILLI);
        assertThat(call.press('5', 100 * MILLI, 40 * MILLI)).isTrue();
        call.runTo(1_500 * MILLI);
        assertThat(call.receipts()).hasAtLeastOneElementOfType(PressReceipt.Sent.class);
        assertThat(call.toTrunk.stream().filter(sent -> sent.payloadType() == 101))
                .hasSizeGreaterThan(4);
        Call.Sent last = call.toTrunk.getLast();
        assertThat(last.payloadType()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aBrowserThatWasMutedIsStillMutedAfterwards(AudioCodec trunk) {
        for (AudioCodec web : AudioCodec.values()) {
            WebFormat format = new WebFormat(web, Call.payloadType(web), OptionalInt.empty(), 0, 20);
            Call call = new Call().open(format, Call.trunk(trunk, 20));
            Voice voice = new Voice(web, trunk);
            call.bridge.muteWeb(true);
            call.bridge.hold(HoldMusic.SILENCE, call.now);
            call.bridge.resume(call.now);
            for (int i = 0; i < 100; i++) {
                call.runTo(i * 20L * MILLI);
                call.fromWeb(false, Call.payloadType(web), i, voice.timestamp(i), voice.frame(VOICE_HZ, 10_000));
            }
            assertThat(Heard.of(call.toTrunk).rms(200, 1_800)).as("%s", web).isLessThan(110);
        }
    }
}
