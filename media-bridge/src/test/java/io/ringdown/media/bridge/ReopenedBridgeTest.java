package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ringdown.dtmf.PressReceipt;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.hold.Wav;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bridge that is stopped at any moment, and another that goes on: what the trunk gets is one stream. */
class ReopenedBridgeTest {
    private static final long MILLI = Call.MILLI;
    private static final int MILLIS = 12_000;
    private static final double VOICE_HZ = 1_000;
    private static final double MUSIC_HZ = 440;
    private static final HoldMusic MUSIC = Wav.music(MUSIC_HZ);

    @ParameterizedTest
    @EnumSource
    void atAnyMomentAndAfterAnyGapTheTrunkGetsOneStreamAndEachPressOnce(AudioCodec trunk) {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (AudioCodec web : AudioCodec.values()) {
            for (long each = seed; each < seed + 6; each++) {
                new Story(web, trunk, new Random(each)).tell("-Dseed=" + each + " " + web + " to " + trunk);
            }
        }
    }

    /** One call, cut now and then while both sides talk and press keys. */
    private static final class Story {
        private final AudioCodec web;
        private final AudioCodec trunk;
        private final TrunkFormat format;
        private final int ticks;
        private final Random random;
        private final Call call = new Call();
        private final List<Long> cuts = new ArrayList<>();
        private int pressedByTrunk;
        private int toldNow = -1;
        private long gone;

        Story(AudioCodec web, AudioCodec trunk, Random random) {
            this.web = web;
            this.trunk = trunk;
            this.format = Call.trunk(trunk, 20);
            this.ticks = trunk.clockRate() / 50;
            this.random = random;
        }

        void tell(String which) {
            talk();
            call.bridge.stop(call.now);
            assertOneStream(which);
            assertEachPressHasOneFate(which);
            assertThat(call.events.stream().filter(MediaEvent.DigitFromTrunk.class::isInstance))
                    .as("%s: presses of the trunk", which)
                    .hasSize(pressedByTrunk);
        }

        private void talk() {
            WebFormat offered =
                    new WebFormat(web, Call.payloadType(web), Call.OPUS.eventPayloadType(), web.clockRate(), 20);
            call.open(offered, format);
            Voice fromWeb = new Voice(web, trunk);
            Voice fromTrunk = new Voice(trunk, web);
            int cut = 500 + random.nextInt(1_000);
            int offer = MILLIS;
            int press = 300;
            for (int millis = 0; millis < MILLIS; millis++) {
                call.runTo(millis * MILLI);
                if (millis == cut) {
                    int elapsed = random.nextInt(random.nextBoolean() ? 60 : 900);
                    cuts.add(call.now);
                    call.reopen(format, MUSIC, elapsed * MILLI);
                    gone += elapsed;
                    offer = millis + elapsed + random.nextInt(700);
                    cut = millis + elapsed + 100 + random.nextInt(2_000);
                    millis += elapsed;
                }
                if (millis >= offer) {
                    call.bridge.web(offered, call.now);
                    call.bridge.onWebKeys(call.now);
                    offer = MILLIS;
                }
                if (millis % 20 == 7 && offer == MILLIS) {
                    int frame = millis / 20;
                    call.fromWeb(
                            false,
                            Call.payloadType(web),
                            frame,
                            fromWeb.timestamp(frame),
                            fromWeb.frame(VOICE_HZ, 10_000));
                }
                if (millis % 20 == 0) {
                    fromTrunk(fromTrunk, millis / 20, press);
                    press = millis > press + 160 ? press + 400 : press;
                }
                if (random.nextInt(150) == 0) {
                    call.press('5', 60 * MILLI, 60 * MILLI);
                }
            }
        }

        /** Sound, and from {@code press} ms on a telephone-event of 100 ms. */
        private void fromTrunk(Voice voice, int frame, int press) {
            int packet = frame - press / 20;
            byte[] sound = voice.frame(VOICE_HZ, 10_000);
            if (packet < 0 || packet > 7) {
                call.fromTrunk(false, Call.payloadType(trunk), frame, voice.timestamp(frame), sound);
                return;
            }
            int duration = ticks * Math.min(packet + 1, 5);
            byte end = (byte) (packet >= 5 ? 0x80 : 0);
            if (toldNow != press) {
                toldNow = press;
                pressedByTrunk++;
            }
            call.fromTrunk(
                    packet == 0, 101, frame, voice.timestamp(press / 20), (byte) 5, end, (byte) (duration >> 8), (byte)
                            duration);
        }

        private void assertOneStream(String which) {
            Call.Sent first = call.toTrunk.getFirst();
            Call.Sent before = first;
            Call.Sent sound = first;
            for (Call.Sent sent : call.toTrunk.subList(1, call.toTrunk.size())) {
                assertThat(sent.ssrc()).as(which).isEqualTo(first.ssrc());
                assertThat(sent.sequence()).as(which).isEqualTo((before.sequence() + 1) & 0xFFFF);
                before = sent;
                if (sent.payloadType() == 101) {
                    continue;
                }
                int step = sent.timestamp() - sound.timestamp();
                assertThat(step).as("%s: at %d ms", which, sent.nanos() / MILLI).isPositive();
                assertThat(step % ticks)
                        .as("%s: at %d ms", which, sent.nanos() / MILLI)
                        .isZero();
                Call.Sent last = sound;
                sound = sent;
                if (isFirstAfterACut(last, sent)) {
                    assertThat(step / (ticks / 20))
                            .as("%s: the stream's time at %d ms", which, sent.nanos() / MILLI)
                            .isCloseTo((int) ((sent.nanos() - last.nanos()) / MILLI), within(20));
                }
            }
            long packets = call.toTrunk.stream()
                    .filter(sent -> sent.payloadType() != 101)
                    .count();
            long pressed = call.events.stream().filter(Story::isSent).count();
            assertThat(packets).as(which).isGreaterThan((MILLIS - gone) / 20 - 10 - 12 * pressed);
        }

        private boolean isFirstAfterACut(Call.Sent before, Call.Sent sent) {
            return cuts.stream().anyMatch(cut -> before.nanos() <= cut && sent.nanos() > cut);
        }

        private static boolean isSent(MediaEvent event) {
            return event instanceof MediaEvent.Press press && press.receipt() instanceof PressReceipt.Sent;
        }

        private void assertEachPressHasOneFate(String which) {
            Map<Long, Integer> fates = new HashMap<>();
            long last = -1;
            for (MediaEvent event : call.events) {
                if (event instanceof MediaEvent.Press press) {
                    last = Math.max(last, press.press());
                    boolean isFate = isSent(event) || press.receipt() instanceof PressReceipt.Failed;
                    fates.merge(press.press(), isFate ? 1 : 0, Integer::sum);
                }
            }
            assertThat(fates.values()).as(which).allMatch(count -> count == 1);
            assertThat(fates).as("%s: numbers without a hole", which).hasSize((int) last + 1);
            long events = call.toTrunk.stream()
                    .filter(sent -> sent.payloadType() == 101)
                    .map(Call.Sent::timestamp)
                    .distinct()
                    .count();
            assertThat(call.events.stream().filter(Story::isSent).count())
                    .as(which)
                    .isEqualTo(events);
        }
    }

    @Test
    void muteHoldAndTheirMusicGoOn() {
        TrunkFormat format = Call.trunk(AudioCodec.PCMU, 20);
        Call call = new Call().open(Call.WEB_PCMU, format);
        call.bridge.muteWeb(true);
        call.bridge.hold(MUSIC, call.now);
        call.runTo(1_000 * MILLI);
        call.reopen(format, MUSIC, 100 * MILLI);
        call.toTrunk.clear();
        call.runTo(2_000 * MILLI);
        assertThat(Heard.of(call.toTrunk).share(MUSIC_HZ, 0, 800)).isGreaterThan(0.97);
        call.bridge.web(Call.WEB_PCMU, call.now);
        call.bridge.resume(call.now);
        call.toTrunk.clear();
        Voice voice = new Voice(AudioCodec.PCMU, AudioCodec.PCMU);
        for (int i = 100; i < 150; i++) {
            call.runTo(i * 20L * MILLI);
            call.fromWeb(false, 0, i, voice.timestamp(i), voice.frame(VOICE_HZ, 10_000));
        }
        assertThat(Heard.of(call.toTrunk).rms(200, 900)).as("still muted").isLessThan(110);
    }

    @Test
    void nothingLeavesAndNothingIsHeardOnceItIsStopped() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        call.runTo(1_000 * MILLI);
        BridgeState state = call.bridge.stop(call.now);
        int sent = call.toTrunk.size();
        call.fromWeb(false, 0, 1, 160, Call.sound(160, 0x30));
        call.runTo(2_000 * MILLI);
        call.bridge.close();
        assertThat(call.toTrunk).hasSize(sent);
        assertThat(call.trunkReports).as("no BYE").noneMatch(report -> report.nanos() >= 1_000 * MILLI);
        assertThat(call.bridge.stop(call.now).stream().sequence())
                .isEqualTo(state.stream().sequence());
    }

    @Test
    void theReportsGoOnFromWhatTheOtherHasHeardAndSent() {
        TrunkFormat format = Call.trunk(AudioCodec.PCMU, 20);
        Call call = new Call().open(Call.WEB_PCMU, format);
        Voice voice = new Voice(AudioCodec.PCMU, AudioCodec.PCMU);
        for (int i = 0; i < 1_000; i++) {
            call.runTo(i * 20L * MILLI);
            if (i == 500) {
                call.reopen(format, MUSIC, 10 * MILLI);
            }
            if (i % 10 != 3) {
                call.fromTrunk(false, 0, i, voice.timestamp(i), voice.frame(VOICE_HZ, 10_000));
            }
        }
        Call.Report last = call.trunkReports.getLast();
        int packets = ByteBuffer.wrap(last.bytes()).getInt(20);
        int highest = ByteBuffer.wrap(last.bytes()).getInt(36);
        int lost = ByteBuffer.wrap(last.bytes()).getInt(32) & 0xFFFFFF;
        int at = (int) (last.nanos() / (20 * MILLI));
        assertThat(packets).isBetween(at - 5, at + 5);
        assertThat(highest).isBetween(at - 2, at + 2);
        assertThat(lost).isBetween(at / 10 - 2, at / 10 + 2);
    }
}
