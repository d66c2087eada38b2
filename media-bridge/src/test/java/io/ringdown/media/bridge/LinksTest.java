package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.ToneGenerator;
import io.ringdown.media.AwaySound;
import io.ringdown.media.Side;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.sdp.WebFormat;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sides of calls that hear sides of others, in virtual time. Everybody hums a note of his own; who hears whom is read from what leaves. */
class LinksTest {
    private static final long STEP_NANOS = 5 * Call.MILLI;
    private static final int LOUD = 6_000;
    private static final double[] NOTES = {440, 620, 900, 1_240, 1_700, 2_300};
    private static final Side WEB = Side.WEB;
    private static final Side TRUNK = Side.TRUNK;

    private final List<Party> parties = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private long now;

    /** Who hums, and by which packets. */
    private final class Party {
        final Call call;
        final Side side;
        final int type;
        final double hertz = NOTES[parties.size()];
        private final AudioEncoder encoder;
        private final int rate;
        private final int ticks;
        private final byte[] packet = new byte[1_500];
        private final Random random;
        private int number;
        private long nextNanos;
        private byte[] late = {};
        private int lateNumber;
        double lost;
        double reordered;
        long periodNanos = 20 * Call.MILLI;
        boolean isSpeaking = true;

        Party(Call call, Side side, AudioCodec codec, long seed) {
            this.call = call;
            this.side = side;
            this.type = Call.payloadType(codec);
            this.rate = codec == AudioCodec.OPUS ? 16_000 : codec.sampleRate(codec);
            this.ticks = codec.clockRate() / 50;
            this.encoder = Call.codecs().encoder(codec, rate);
            this.random = new Random(seed);
            this.nextNanos = now + random.nextLong(20 * Call.MILLI);
        }

        void speakUntil(long nanos) {
            for (; nextNanos <= nanos; nextNanos += periodNanos, number++) {
                byte[] payload = frame();
                boolean isLate = late.length == 0 && random.nextDouble() < reordered;
                if (!isSpeaking || random.nextDouble() < lost) {
                    continue;
                }
                if (isLate) {
                    late = payload;
                    lateNumber = number;
                    continue;
                }
                send(payload, number);
                if (late.length > 0) {
                    send(late, lateNumber);
                    late = new byte[0];
                }
            }
        }

        private byte[] frame() {
            short[] pcm = new short[rate / 50];
            for (int i = 0; i < pcm.length; i++) {
                pcm[i] = (short)
                        Math.round(LOUD * Math.sin(2 * Math.PI * hertz * ((long) number * pcm.length + i) / rate));
            }
            return Arrays.copyOf(packet, encoder.encode(pcm, pcm.length, packet, 0, packet.length));
        }

        private void send(byte[] payload, int at) {
            if (side == WEB) {
                call.fromWeb(false, type, at & 0xFFFF, at * ticks, payload);
            } else {
                call.fromTrunk(false, type, at & 0xFFFF, at * ticks, payload);
            }
        }
    }

    private Call call(AudioCodec web, AudioCodec trunk, long seed) {
        Call call = new Call();
        call.now = now;
        call.open(
                new WebFormat(web, Call.payloadType(web), OptionalInt.of(110), web.clockRate(), 20),
                Call.trunk(trunk, 20));
        calls.add(call);
        parties.add(new Party(call, WEB, web, seed));
        parties.add(new Party(call, TRUNK, trunk, seed + 1));
        return call;
    }

    private Call alone(AudioCodec web) {
        Call call = new Call();
        call.now = now;
        call.bridge.alone();
        call.bridge.web(new WebFormat(web, Call.payloadType(web), OptionalInt.of(110), web.clockRate(), 20), now);
        calls.add(call);
        parties.add(new Party(call, WEB, web, 99));
        return call;
    }

    private void run(int millis) {
        for (long until = now + millis * Call.MILLI; now < until; ) {
            now += STEP_NANOS;
            for (Party party : parties) {
                party.call.runTo(Math.min(now, Math.max(party.call.now, party.nextNanos)));
                party.speakUntil(now);
            }
            calls.forEach(call -> call.runTo(now));
        }
    }

    private SoundRing link(Call ear, Side side, Call speaker, Side mouth) {
        SoundRing ring = new SoundRing();
        ear.bridge.hear(side, ring, ear.now);
        speaker.bridge.speak(mouth, ring, speaker.now);
        return ring;
    }

    /** Who is heard in the last 800 ms of what has left, as numbers of parties. */
    private List<Integer> heardBy(Call call, Side side) {
        List<Call.Sent> sent = (side == WEB ? call.toWeb : call.toTrunk)
                .stream().filter(packet -> packet.payloadType() != 101).toList();
        Heard heard = Heard.of(sent.subList(Math.max(0, sent.size() - 100), sent.size()));
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < parties.size(); i++) {
            double level = heard.level(parties.get(i).hertz, heard.millis() - 850, heard.millis() - 50);
            if (level > 20 * Math.log10(LOUD / Math.sqrt(2)) - 6) {
                all.add(i);
            } else {
                assertThat(level).as("party %d at %s", i, side).isLessThan(20 * Math.log10(LOUD) - 30);
            }
        }
        return all;
    }

    static Stream<Arguments> pairs() {
        return Stream.of(AudioCodec.values())
                .flatMap(web -> Stream.of(AudioCodec.values()).map(trunk -> Arguments.of(web, trunk)));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void inAConferenceOfTwoCallsEachHearsTheOthersAndNobodyHimself(AudioCodec web, AudioCodec trunk) {
        Call first = call(web, trunk, 1);
        Call second = call(AudioCodec.OPUS, AudioCodec.PCMA, 3);
        run(1_000);
        SoundRing there = link(second, TRUNK, first, TRUNK);
        SoundRing back = link(first, TRUNK, second, TRUNK);
        run(2_000);
        assertThat(heardBy(first, TRUNK)).containsExactly(0, 3);
        assertThat(heardBy(second, TRUNK)).containsExactly(1, 2);
        assertThat(heardBy(first, WEB)).containsExactly(1);
        assertThat(heardBy(second, WEB)).containsExactly(3);
        there.close();
        back.close();
        run(1_500);
        assertThat(heardBy(first, TRUNK)).containsExactly(0);
        assertThat(heardBy(second, TRUNK)).containsExactly(2);
        Heard.assertWhole(first.toTrunk, 20);
        Heard.assertWhole(second.toTrunk, 20);
    }

    @ParameterizedTest
    @CsvSource({"OPUS", "PCMU", "G722"})
    void aSupervisorHearsBothThenIsHeardByTheAgentThenByBoth(AudioCodec codec) {
        Call call = call(codec, AudioCodec.PCMU, 1);
        Call supervisor = alone(codec);
        run(500);
        link(supervisor, WEB, call, WEB);
        link(supervisor, WEB, call, TRUNK);
        run(1_500);
        assertThat(heardBy(supervisor, WEB)).containsExactly(0, 1);
        assertThat(heardBy(call, WEB)).containsExactly(1);
        assertThat(heardBy(call, TRUNK)).containsExactly(0);
        link(call, WEB, supervisor, WEB);
        run(1_500);
        assertThat(heardBy(call, WEB)).containsExactly(1, 2);
        assertThat(heardBy(call, TRUNK)).containsExactly(0);
        SoundRing barged = link(call, TRUNK, supervisor, WEB);
        run(1_500);
        assertThat(heardBy(call, TRUNK)).containsExactly(0, 2);
        assertThat(heardBy(supervisor, WEB)).containsExactly(0, 1);
        supervisor.bridge.close();
        calls.remove(supervisor);
        parties.remove(2);
        assertThat(barged.isOver()).isTrue();
        run(1_500);
        assertThat(heardBy(call, WEB)).containsExactly(1);
        assertThat(heardBy(call, TRUNK)).containsExactly(0);
        Heard.assertWhole(call.toTrunk, 20);
    }

    @Test
    void whoIsAloneHearsQuietAtASteadyPaceUntilThereIsMore() {
        for (AudioCodec codec : new AudioCodec[] {AudioCodec.OPUS, AudioCodec.PCMU}) {
            Call supervisor = alone(codec);
            int before = supervisor.toWeb.size();
            run(2_000);
            assertThat(supervisor.toWeb.size() - before).isBetween(99, 102);
            assertThat(supervisor.toTrunk).isEmpty();
            Heard.assertWhole(supervisor.toWeb, 20);
            assertThat(Heard.of(supervisor.toWeb).rms(0, 1_900)).isLessThan(20);
        }
    }

    @Test
    void telephonesThatWereJoinedHearEachOtherWithNobodyElseThere() {
        Call first = call(AudioCodec.OPUS, AudioCodec.PCMU, 1);
        Call second = call(AudioCodec.PCMU, AudioCodec.G722, 3);
        run(500);
        first.bridge.closeWeb(first.now);
        second.bridge.closeWeb(second.now);
        parties.get(0).isSpeaking = false;
        parties.get(2).isSpeaking = false;
        int heardByWeb = first.toWeb.size();
        link(first, TRUNK, second, TRUNK);
        link(second, TRUNK, first, TRUNK);
        run(2_000);
        assertThat(heardBy(first, TRUNK)).containsExactly(3);
        assertThat(heardBy(second, TRUNK)).containsExactly(1);
        assertThat(first.toWeb).hasSize(heardByWeb);
        Heard.assertWhole(first.toTrunk, 20);
        Heard.assertWhole(second.toTrunk, 20);
    }

    @Test
    void whoIsMutedIsSilentInLinksTooAndWhoIsHeldHearsTheMusicOnly() {
        Call first = call(AudioCodec.OPUS, AudioCodec.PCMU, 1);
        Call second = call(AudioCodec.PCMU, AudioCodec.PCMU, 3);
        link(first, TRUNK, second, WEB);
        link(second, TRUNK, first, TRUNK);
        run(1_500);
        assertThat(heardBy(first, TRUNK)).containsExactly(0, 2);
        second.bridge.muteWeb(true);
        run(1_500);
        assertThat(heardBy(first, TRUNK)).containsExactly(0);
        assertThat(heardBy(second, TRUNK)).containsExactly(1);
        first.bridge.muteWeb(true);
        second.bridge.muteWeb(false);
        run(1_500);
        assertThat(heardBy(first, TRUNK)).containsExactly(2);
        first.bridge.muteWeb(false);
        first.bridge.hold(HoldMusic.SILENCE, first.now);
        run(1_500);
        assertThat(heardBy(first, TRUNK)).isEmpty();
        first.bridge.resume(first.now);
        run(1_500);
        assertThat(heardBy(first, TRUNK)).containsExactly(0, 2);
        Heard.assertWhole(first.toTrunk, 20);
        Heard.assertWhole(second.toTrunk, 20);
    }

    @ParameterizedTest
    @CsvSource({"OPUS, PCMU", "PCMU, PCMU", "OPUS, OPUS", "OPUS, G722"})
    void whoHoldsATelephoneGoesOnWithTheOthersAndTheTelephoneIsOutOfIt(AudioCodec web, AudioCodec trunk) {
        Call first = call(web, trunk, 1);
        Call second = call(AudioCodec.OPUS, AudioCodec.PCMU, 3);
        link(first, WEB, second, WEB);
        link(second, WEB, first, WEB);
        run(1_500);
        assertThat(heardBy(first, WEB)).containsExactly(1, 2);
        assertThat(heardBy(second, WEB)).containsExactly(0, 3);
        first.bridge.hold(HoldMusic.SILENCE, first.now);
        run(1_500);
        assertThat(heardBy(first, WEB)).containsExactly(2);
        assertThat(heardBy(second, WEB)).containsExactly(0, 3);
        assertThat(heardBy(first, TRUNK)).isEmpty();
        first.bridge.muteWeb(true);
        run(1_500);
        assertThat(heardBy(second, WEB)).containsExactly(3);
        first.bridge.muteWeb(false);
        first.bridge.resume(first.now);
        run(1_500);
        assertThat(heardBy(first, WEB)).containsExactly(1, 2);
        assertThat(heardBy(second, WEB)).containsExactly(0, 3);
        assertThat(heardBy(first, TRUNK)).containsExactly(0);
        Heard.assertWhole(first.toTrunk, 20);
    }

    @ParameterizedTest
    @CsvSource({"RTP", "IN_BAND"})
    void digitsGoThroughAMixAsEverAndNobodyElseHearsThem(DtmfRoad road) {
        Call first = call(AudioCodec.OPUS, AudioCodec.PCMU, 1);
        Call second = call(AudioCodec.OPUS, AudioCodec.PCMU, 3);
        link(first, TRUNK, second, TRUNK);
        link(second, TRUNK, first, WEB);
        first.bridge.digitRoad(Optional.of(road), first.now);
        run(1_000);
        int before = first.toTrunk.size();
        first.press('5', 400 * Call.MILLI, 60 * Call.MILLI);
        run(400);
        List<Call.Sent> during = first.toTrunk.subList(before + 2, first.toTrunk.size());
        assertThat(during).allMatch(sent -> sent.payloadType() == (road == DtmfRoad.RTP ? 101 : 0));
        Heard other = Heard.of(second.toTrunk);
        assertThat(other.level(parties.get(0).hertz, other.millis() - 200, other.millis() - 20))
                .as("the browser, of which nothing is heard beside a digit")
                .isLessThan(20 * Math.log10(LOUD) - 30);
        run(1_500);
        assertThat(heardBy(first, TRUNK)).containsExactly(0, 3);
    }

    @Test
    void manyAreHeardTogether() {
        Call ear = call(AudioCodec.PCMU, AudioCodec.PCMU, 1);
        List<Call> others =
                List.of(call(AudioCodec.PCMU, AudioCodec.PCMU, 3), call(AudioCodec.PCMU, AudioCodec.PCMU, 5));
        others.forEach(other -> {
            link(ear, TRUNK, other, TRUNK);
            link(ear, TRUNK, other, WEB);
        });
        run(2_000);
        assertThat(heardBy(ear, TRUNK)).containsExactly(0, 2, 3, 4, 5);
        assertThat(heardBy(ear, WEB)).containsExactly(1);
    }

    @Test
    void louderThanFullScaleIsFullScaleAndDoesNotTurnRound() {
        Call ear = alone(AudioCodec.PCMU);
        parties.clear();
        short[] loud = new short[SoundRing.WIDE / 50];
        Arrays.fill(loud, (short) 20_000);
        List<SoundRing> voices = List.of(new SoundRing(), new SoundRing(), new SoundRing());
        voices.forEach(voice -> ear.bridge.hear(WEB, voice, ear.now));
        for (int i = 0; i < 50; i++) {
            voices.forEach(voice -> voice.offer(loud, loud.length));
            run(20);
        }
        Call.Sent last = ear.toWeb.getLast();
        assertThat(Call.levelDbfs(last)).isGreaterThan(-0.5);
        assertThat(last.payload()).containsOnly(last.payload()[0]);
    }

    /** As one whose owner has left it talking to another: nobody waits there, and no music is to be heard. */
    @Test
    void whoHearsAnotherCallHearsNoMusicInPlaceOfItsBrowser() {
        Call first = call(AudioCodec.OPUS, AudioCodec.PCMU, 1);
        Call second = call(AudioCodec.OPUS, AudioCodec.PCMU, 3);
        first.bridge.whileAway(new AwaySound(Optional.of(HoldMusic.chime()), Duration.ofMillis(500)));
        run(1_000);
        parties.get(0).isSpeaking = false;
        link(first, TRUNK, second, TRUNK);
        run(4_000);
        assertThat(heardBy(first, TRUNK)).containsExactly(3);
        Heard heard = Heard.of(first.toTrunk.subList(first.toTrunk.size() - 50, first.toTrunk.size()));
        assertThat(heard.share(parties.get(3).hertz, 0, heard.millis())).isGreaterThan(0.95);
    }

    /** A digit that is pressed as a tone is heard by others, unless it is to be kept from them. */
    @ParameterizedTest
    @CsvSource({"false", "true"})
    void withSecureInputNoDigitReachesWhoListens(boolean isSecure) {
        Call call = call(AudioCodec.OPUS, AudioCodec.PCMU, 1);
        Call supervisor = alone(AudioCodec.PCMU);
        parties.forEach(party -> party.isSpeaking = false);
        link(supervisor, WEB, call, TRUNK);
        call.bridge.secureInput(isSecure);
        ToneGenerator tone = new ToneGenerator(8_000);
        tone.begin(Digit.of('7').orElseThrow());
        tone.endAfter(8_000);
        short[] pcm = new short[160];
        byte[] law = new byte[160];
        AudioEncoder encoder = Call.codecs().encoder(AudioCodec.PCMU, 8_000);
        for (int i = 0; i < 100; i++) {
            if (i >= 20) {
                tone.fill(pcm, 0, 160);
            }
            encoder.encode(pcm, 160, law, 0, 160);
            call.fromTrunk(false, 0, i, i * 160, law.clone());
            run(20);
        }
        List<Call.Sent> heard = supervisor.toWeb;
        assertThat(Heard.of(heard).level(852, 700, 1_200) > 40).isEqualTo(!isSecure);
    }

    /**
     * Links that come and go while packets are lost and reordered: one stream, as long as the time that it took, no time twice,
     * nobody heard who should not be.
     */
    @Test
    void whateverComesAndGoesTheStreamsStayWhole() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        AudioCodec[] codecs = AudioCodec.values();
        for (int i = 0; i < 2; i++) {
            call(codecs[random.nextInt(codecs.length)], codecs[random.nextInt(codecs.length)], random.nextLong());
        }
        for (Party party : parties) {
            party.lost = random.nextDouble() * 0.05;
            party.reordered = random.nextDouble() * 0.05;
        }
        List<SoundRing> links = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            Call ear = calls.get(random.nextInt(2));
            Call other = calls.get(ear == calls.get(0) ? 1 : 0);
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    if (links.size() < 4) {
                        links.add(link(ear, side(random), other, side(random)));
                    }
                }
                case 2 -> {
                    if (!links.isEmpty()) {
                        links.remove(random.nextInt(links.size())).close();
                    }
                }
                case 3 -> ear.bridge.muteWeb(random.nextBoolean());
                case 4 -> ear.bridge.hold(HoldMusic.SILENCE, ear.now);
                default -> ear.bridge.resume(ear.now);
            }
            run(random.nextInt(200));
        }
        String as = "-Dseed=" + seed;
        for (Call call : calls) {
            links.forEach(SoundRing::close);
            call.bridge.muteWeb(false);
            call.bridge.resume(call.now);
            assertOneStream(as, call.toTrunk, true);
            assertOneStream(as, call.toWeb, false);
        }
        parties.forEach(party -> party.lost = party.reordered = 0);
        run(3_000);
        int packets = (int) (now / Call.MILLI / 20);
        for (Call call : calls) {
            assertThat(call.toTrunk.size()).as(as).isBetween(packets - 3, packets + 3);
        }
        assertThat(heardBy(calls.get(0), TRUNK)).as(as).containsExactly(0);
        assertThat(heardBy(calls.get(1), TRUNK)).as(as).containsExactly(2);
        assertThat(heardBy(calls.get(0), WEB)).as(as).containsExactly(1);
        assertThat(heardBy(calls.get(1), WEB)).as(as).containsExactly(3);
    }

    /** Its listener has followed the sender's clock: what goes on in its place goes on from there. */
    @ParameterizedTest
    @CsvSource({"-1000, PCMU", "1000, PCMU", "1000, OPUS"})
    void afterHalfAnHourOfASenderWithAnotherClockNothingIsMissingAtAHold(int nanosApart, AudioCodec web) {
        Call call = call(web, AudioCodec.PCMU, 1);
        parties.get(0).periodNanos += nanosApart;
        run(1_500_000);
        int before = call.toTrunk.size();
        call.bridge.hold(HoldMusic.SILENCE, call.now);
        run(500);
        call.bridge.resume(call.now);
        run(500);
        List<Call.Sent> since = call.toTrunk.subList(before - 1, call.toTrunk.size());
        for (int i = 1; i < since.size(); i++) {
            assertThat(since.get(i).nanos() - since.get(i - 1).nanos()).isLessThanOrEqualTo(40 * Call.MILLI);
        }
        assertThat(since.size()).isBetween(48, 53);
    }

    private static Side side(Random random) {
        return random.nextBoolean() ? WEB : TRUNK;
    }

    private static void assertOneStream(String as, List<Call.Sent> sent, boolean isTrunk) {
        for (int i = 1; i < sent.size(); i++) {
            Call.Sent before = sent.get(i - 1);
            Call.Sent packet = sent.get(i);
            assertThat(packet.ssrc()).as(as).isEqualTo(before.ssrc());
            assertThat(packet.sequence()).as(as).isEqualTo((before.sequence() + 1) & 0xFFFF);
            int rise = packet.timestamp() - before.timestamp();
            if (isTrunk) {
                assertThat(rise)
                        .as(as)
                        .isEqualTo(Call.codec(packet.payloadType()).clockRate() / 50);
            } else {
                assertThat(rise).as(as).isPositive();
            }
        }
    }

    /** How much later a voice leaves a mix than it leaves without one. */
    @ParameterizedTest
    @MethodSource("pairs")
    void aMixAddsAtMostSixtyMilliseconds(AudioCodec web, AudioCodec trunk) {
        for (long seed = 1; seed <= 5; seed++) {
            long without = onsetMillis(web, trunk, seed, false);
            long with = onsetMillis(web, trunk, seed, true);
            assertThat(with - without).as("seed %d", seed).isBetween(0L, 60L);
        }
    }

    private long onsetMillis(AudioCodec web, AudioCodec trunk, long seed, boolean isMixed) {
        parties.clear();
        calls.clear();
        Call first = call(web, trunk, seed);
        Call second = call(AudioCodec.PCMU, AudioCodec.PCMU, 3 * seed);
        if (isMixed) {
            link(first, TRUNK, second, TRUNK);
        }
        parties.forEach(party -> party.isSpeaking = false);
        run(1_000);
        long begun = now;
        parties.get(0).isSpeaking = true;
        run(300);
        return onsetMillis(first.toTrunk, begun);
    }

    /** Until the first packet that is heard. */
    private static long onsetMillis(List<Call.Sent> sent, long begun) {
        for (int i = 1; i < sent.size(); i++) {
            if (sent.get(i).nanos() > begun) {
                Heard heard = Heard.of(sent.subList(Math.max(0, i - 5), i + 1));
                if (heard.rms(heard.millis() - 20, heard.millis()) > LOUD / 4.0) {
                    return (sent.get(i).nanos() - begun) / Call.MILLI;
                }
            }
        }
        return Long.MAX_VALUE;
    }

    @Test
    void aMixedPacketAllocatesNothing() {
        Bridge ear = quiet();
        ear.web(Call.WEB_PCMU, 0);
        ear.trunk(Call.trunk(AudioCodec.PCMU, 20), 0);
        Bridge mouth = quiet();
        mouth.web(Call.OPUS, 0);
        mouth.trunk(Call.trunk(AudioCodec.PCMU, 20), 0);
        SoundRing ring = new SoundRing();
        ear.hear(TRUNK, ring, 0);
        mouth.speak(TRUNK, ring, 0);
        byte[] packet = Call.packet(false, 0, 0, 0, 5, Call.sound(160, 1));
        byte[] buffer = packet.clone();
        drive(ear, mouth, packet, buffer, 0, 10_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        drive(ear, mouth, packet, buffer, 10_000, 20_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated / 20_000.0).as("bytes for a packet in").isLessThan(1);
    }

    private static Bridge quiet() {
        return new Bridge(
                Call.codecs(),
                BridgeSettings.defaults(),
                new BridgeIdentity(new BridgeIdentity.Stream(1, 1, 1), new BridgeIdentity.Stream(2, 2, 2), "c", 0),
                new BridgeOutput((b, o, l) -> {}, (b, o, l) -> {}, (b, o, l) -> {}, (b, o, l) -> {}),
                event -> {},
                0);
    }

    private static void drive(Bridge ear, Bridge mouth, byte[] packet, byte[] buffer, int from, int to) {
        for (int i = from; i < to; i++) {
            long at = i * 20L * Call.MILLI;
            for (int which = 0; which < 2; which++) {
                Bridge bridge = which == 0 ? ear : mouth;
                while (bridge.nextWakeup() <= at) {
                    bridge.onTime(bridge.nextWakeup());
                }
                System.arraycopy(packet, 0, buffer, 0, packet.length);
                buffer[2] = (byte) (i >> 8);
                buffer[3] = (byte) i;
                int timestamp = i * 160;
                buffer[4] = (byte) (timestamp >> 24);
                buffer[5] = (byte) (timestamp >> 16);
                buffer[6] = (byte) (timestamp >> 8);
                buffer[7] = (byte) timestamp;
                bridge.onTrunkRtp(buffer, 0, packet.length - RtpStream.HEADROOM, at);
            }
        }
    }
}
