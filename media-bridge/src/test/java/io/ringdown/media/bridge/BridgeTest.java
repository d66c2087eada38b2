package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.sdp.WebFormat;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BridgeTest {
    private static final long MILLI = Call.MILLI;
    private static final byte MU_SILENCE = (byte) 0xFF;

    @Test
    void theChainsPrintThemselves() {
        assertThat(new Call()
                        .open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20))
                        .bridge
                        .toString())
                .isEqualTo("Srtp -> PT111 -> Opus(8k) -> Pcmu -> Rtp(0) | Rtp(0) -> Pcmu -> Opus(8k) -> PT111 -> Srtp");
        assertThat(new Call()
                        .open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20))
                        .bridge
                        .toString())
                .isEqualTo("Srtp -> PT0 -> Rtp(0) | Rtp(0) -> PT0 -> Srtp");
        assertThat(new Call()
                        .open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMA, 20))
                        .bridge
                        .toString())
                .isEqualTo("Srtp -> PT0 -> Pcmu -> Pcma -> Rtp(8) | Rtp(8) -> Pcma -> Pcmu -> PT0 -> Srtp");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 20, 30, 40, 60})
    void theTrunkGetsSilenceAtOnceAndAtItsPacketTimeWhileTheBrowserIsAbsent(int ptimeMillis) {
        Call call = new Call();
        call.bridge.trunk(Call.trunk(AudioCodec.PCMU, ptimeMillis), 0);
        assertThat(call.toTrunk).hasSize(1);
        assertThat(call.toTrunk.getFirst().marker()).isTrue();
        assertThat(call.toTrunk.getFirst().payload()).isEqualTo(Call.sound(8 * ptimeMillis, MU_SILENCE));
        call.runTo(599 * MILLI);
        assertThat(call.toTrunk).hasSize(600 / ptimeMillis);
        assertRising(call.toTrunk, 8 * ptimeMillis);
        assertThat(call.bridge.stats().web().filled()).isZero();
    }

    @Test
    void samePayloadsGoThroughUntouchedUnderOurOwnHeader() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        for (int i = 0; i < 100; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromWeb(false, 0, i, 160 * i, Call.sound(160, i));
            call.fromTrunk(false, 0, 65_530 + i, -800 + 160 * i, Call.sound(160, i));
        }
        List<Call.Sent> sounding = call.toTrunk.subList(1, call.toTrunk.size());
        assertThat(sounding).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(sounding.get(i).payload()).isEqualTo(Call.sound(160, i));
            assertThat(sounding.get(i).nanos()).isEqualTo(i * (20 * MILLI));
            assertThat(call.toWeb.get(i).payload()).isEqualTo(Call.sound(160, i));
            assertThat(call.toWeb.get(i).ssrc()).isEqualTo(0xAAAA);
        }
        assertRising(call.toTrunk, 160);
        assertRising(call.toWeb, 160);
        assertThat(call.toWeb.stream().filter(Call.Sent::marker)).hasSize(1);
        call.bridge.onTime(99 * 20 * MILLI); // counts are shown now and then
        assertThat(call.bridge.stats().web().received()).isEqualTo(100);
        assertThat(call.bridge.stats().trunk().lost()).isZero();
    }

    @Test
    void theLawsAreChangedByTableBothWays() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMA, 20));
        call.fromWeb(false, 0, 1, 0, Call.sound(160, 0x80));
        call.fromTrunk(false, 8, 1, 0, Call.sound(160, 0xAA));
        assertThat(call.toTrunk.getLast().payload()).isEqualTo(Call.sound(160, 0xAA)); // both laws' loudest
        assertThat(call.toTrunk.getLast().payloadType()).isEqualTo(8);
        assertThat(call.toWeb.getLast().payload()).isEqualTo(Call.sound(160, 0x80));
    }

    @Test
    void theOtherLawFromTheTrunkIsUnderstood() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        call.fromTrunk(false, 8, 1, 0, Call.sound(160, 0xAA));
        assertThat(call.toWeb.getLast().payload()).isEqualTo(Call.sound(160, 0x80));
    }

    @ParameterizedTest
    @CsvSource({"10, 20", "20, 10", "30, 20", "20, 30", "60, 20", "20, 60", "40, 30"})
    void packetTimesThatDifferAreCutAnew(int theirs, int ours) {
        Call call = new Call()
                .open(new WebFormat(AudioCodec.PCMU, 0, OptionalInt.empty(), 0, 20), Call.trunk(AudioCodec.PCMU, ours));
        int packets = 6_000 / theirs;
        for (int i = 0; i < packets; i++) {
            call.runTo(i * (theirs * MILLI));
            call.fromWeb(false, 0, i, 8 * theirs * i, Call.sound(8 * theirs, 0x55));
        }
        assertRising(call.toTrunk, 8 * ours);
        long sounding =
                call.toTrunk.stream().filter(sent -> sent.payload()[0] == 0x55).count();
        assertThat(sounding * ours).isBetween(6_000L - 2L * ours - theirs, 6_000L);
        assertThat(call.bridge.stats().web().filled()).isZero();
    }

    @Test
    void opusFromTheBrowserIsHeardByTheTrunkAndBack() {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMA, 20));
        byte[] opus = new byte[1_275];
        byte[] pcma = new byte[160];
        short[] tone = new short[160];
        try (AudioEncoder encoder = Call.codecs().encoder(AudioCodec.OPUS, 8_000);
                AudioEncoder law = Call.codecs().encoder(AudioCodec.PCMA, 8_000)) {
            for (int i = 0; i < 200; i++) {
                call.runTo(i * (20 * MILLI));
                tone(tone, i, 700);
                int length = encoder.encode(tone, 160, opus, 0, opus.length);
                call.fromWeb(false, 111, i, 960 * i, Arrays.copyOf(opus, length));
                tone(tone, i, 1_300);
                law.encode(tone, 160, pcma, 0, 160);
                call.fromTrunk(false, 8, i, 160 * i, pcma);
            }
        }
        assertThat(strongest(call.toTrunk, AudioCodec.PCMA)).isEqualTo(700);
        assertThat(strongest(call.toWeb, AudioCodec.OPUS)).isEqualTo(1_300);
        assertRising(call.toTrunk, 160);
        assertRising(call.toWeb, 960);
        assertThat(call.toWeb.getLast().payloadType()).isEqualTo(111);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 8_000, 32_000})
    void soundIsNeitherLouderNorFainterNorClipped(int amplitude) {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMA, 20));
        byte[] opus = new byte[1_275];
        byte[] pcma = new byte[160];
        short[] tone = new short[160];
        try (AudioEncoder encoder = Call.codecs().encoder(AudioCodec.OPUS, 8_000);
                AudioEncoder law = Call.codecs().encoder(AudioCodec.PCMA, 8_000)) {
            for (int i = 0; i < 100; i++) {
                call.runTo(i * (20 * MILLI));
                for (int k = 0; k < 160; k++) {
                    tone[k] = (short) Math.round(amplitude * Math.sin(2 * Math.PI * 500 * (i * 160.0 + k) / 8_000));
                }
                call.fromWeb(false, 111, i, 960 * i, Arrays.copyOf(opus, encoder.encode(tone, 160, opus, 0, 1_275)));
                law.encode(tone, 160, pcma, 0, 160);
                call.fromTrunk(false, 8, i, 160 * i, pcma);
            }
        }
        double level = amplitude / Math.sqrt(2);
        assertThat(20 * Math.log10(rms(call.toTrunk, AudioCodec.PCMA) / level)).isBetween(-0.5, 0.5);
        assertThat(20 * Math.log10(rms(call.toWeb, AudioCodec.OPUS) / level)).isBetween(-0.5, 0.5);
    }

    /** Of the second half. */
    private static double rms(List<Call.Sent> sent, AudioCodec codec) {
        short[] pcm = new short[960];
        double energy = 0;
        int samples = 0;
        try (AudioDecoder decoder = Call.codecs().decoder(codec, 8_000)) {
            for (int i = 0; i < sent.size(); i++) {
                int count = decoder.decode(sent.get(i).payload(), 0, sent.get(i).payload().length, pcm);
                for (int k = 0; k < count && i > sent.size() / 2; k++) {
                    energy += (double) pcm[k] * pcm[k];
                    samples++;
                }
            }
        }
        return Math.sqrt(energy / samples);
    }

    @Test
    void aMutedBrowserIsQuietForTheTrunk() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        call.bridge.muteWeb(true);
        call.fromWeb(false, 0, 1, 0, Call.sound(160, 0x55));
        assertThat(call.toTrunk.getLast().payload()).isNotEqualTo(Call.sound(160, 0x55));
        assertThat(Call.levelDbfs(call.toTrunk.getLast())).isLessThan(-49);
        call.bridge.muteWeb(false);
        call.runTo(20 * MILLI);
        call.fromWeb(false, 0, 2, 160, Call.sound(160, 0x55));
        assertThat(call.toTrunk.getLast().payload()).isEqualTo(Call.sound(160, 0x55));
    }

    @Test
    void aTrunkThatWeMustNotSendToGetsNothingAndOneThatMustNotSendIsNotHeard() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20, false, false));
        call.fromWeb(false, 0, 1, 0, Call.sound(160, 0x55));
        call.fromTrunk(false, 0, 1, 0, Call.sound(160, 0x55));
        call.runTo(1_000 * MILLI);
        assertThat(call.toTrunk).isEmpty();
        assertThat(call.toWeb).isEmpty();
        call.bridge.trunk(Call.trunk(AudioCodec.PCMU, 20), call.now);
        call.runTo(1_100 * MILLI);
        assertThat(call.toTrunk).isNotEmpty();
        assertThat(call.toTrunk.getFirst().marker()).isTrue();
    }

    @Test
    void theBrowserHearsOneStreamWhateverTheTrunkDoes() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        Random random = new Random(5);
        int ssrc = 7;
        int sequence = 100;
        int timestamp = 0;
        for (int i = 0; i < 3_000; i++) {
            call.runTo(i * (20 * MILLI));
            if (i % 500 == 250) {
                ssrc = random.nextInt();
                sequence = random.nextInt(65_536);
                timestamp = random.nextInt();
            } else if (i % 500 == 0) {
                timestamp += random.nextInt();
            }
            call.fromTrunk(ssrc, false, 0, sequence++ & 0xFFFF, timestamp, Call.sound(160, 0x55));
            timestamp += 160;
        }
        assertRising(call.toWeb, 160);
        assertThat(call.toWeb.size()).isBetween(2_950, 3_010);
        assertThat(call.toWeb.stream().filter(sent -> sent.payload()[0] == 0x55).count())
                .isGreaterThan(2_900);
    }

    @Test
    void aStrangerBesideTheTrunksStreamIsNotHeard() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        for (int i = 0; i < 500; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromTrunk(false, 0, i, 160 * i, Call.sound(160, 0x55));
            for (int k = 0; k < 5; k++) {
                call.fromTrunk(99, false, 0, 5 * i + k, 160 * (5 * i + k), Call.sound(160, 0x11));
            }
        }
        assertThat(call.toWeb).hasSize(500).allMatch(sent -> sent.payload()[0] == 0x55);
    }

    @Test
    void aCodecChangeInMidCallGoesOnInTheSameStream() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        for (int i = 0; i < 10; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromTrunk(false, 0, i, 160 * i, Call.sound(160, 0x55));
        }
        call.bridge.web(Call.OPUS, call.now);
        for (int i = 10; i < 20; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromTrunk(false, 0, i, 160 * i, Call.sound(160, 0x55));
        }
        assertThat(call.toWeb).hasSize(20);
        for (int i = 1; i < 20; i++) {
            assertThat(call.toWeb.get(i).sequence()).isEqualTo((65_500 + i) & 0xFFFF);
            int step = call.toWeb.get(i).timestamp() - call.toWeb.get(i - 1).timestamp();
            assertThat(step).isEqualTo(i <= 10 ? 160 : 960);
        }
    }

    @Test
    void aPressOfTheBrowsersReachesTheTrunkOnceWithoutAudioBesideIt() {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        byte[] opus = opusSilence();
        int sequence = 0;
        for (int i = 0; i < 60; i++) {
            call.runTo(i * (20 * MILLI));
            if (i >= 20 && i < 25) { // 100 ms of digit 5
                boolean end = i == 24;
                for (int copy = 0; copy < (end ? 3 : 1); copy++) {
                    int duration = 960 * (i - 19);
                    call.fromWeb(
                            i == 20,
                            110,
                            sequence++,
                            960 * 20,
                            (byte) 5,
                            (byte) (end ? 0x8A : 0x0A),
                            (byte) (duration >> 8),
                            (byte) duration);
                }
            } else {
                call.fromWeb(false, 111, sequence++, 960 * i, opus);
            }
        }
        List<Call.Sent> events =
                call.toTrunk.stream().filter(sent -> sent.payloadType() == 101).toList();
        assertThat(events).hasSize(5 + 3);
        assertThat(events.getFirst().marker()).isTrue();
        assertThat(events.getFirst().nanos()).isEqualTo(400 * MILLI);
        assertThat(events.getLast().nanos()).isEqualTo(500 * MILLI);
        assertThat(events)
                .allMatch(sent -> sent.timestamp() == events.getFirst().timestamp());
        assertThat(events.getLast().payload()).containsExactly(5, 0x8A, 800 >> 8, 800 & 0xFF);
        int first = call.toTrunk.indexOf(events.getFirst());
        assertThat(call.toTrunk.subList(first, first + 8)).isEqualTo(events);
        Call.Sent before = call.toTrunk.get(first - 1);
        Call.Sent after = call.toTrunk.get(first + 8);
        assertThat(events.getFirst().timestamp()).isEqualTo(before.timestamp() + 160);
        assertThat(after.timestamp()).isEqualTo(events.getFirst().timestamp() + 800);
        assertThat(after.marker()).isTrue();
        for (int i = 1; i < call.toTrunk.size(); i++) {
            assertThat(call.toTrunk.get(i).sequence())
                    .isEqualTo((call.toTrunk.get(i - 1).sequence() + 1) & 0xFFFF);
        }
        assertThat(call.receipts())
                .containsExactly(
                        new PressReceipt.Accepted(),
                        new PressReceipt.Sent(
                                DtmfRoad.RTP,
                                Duration.ofMillis(100),
                                8,
                                events.getFirst().timestamp()));
        assertThat(call.bridge.stats().web().filled()).isZero();
    }

    @Test
    void aPressByMessageIsPlayedIntoTheAudioAtItsLength() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        for (int i = 0; i < 100; i++) {
            call.runTo(i * (20 * MILLI));
            if (i == 10) {
                assertThat(call.press('#', 250 * MILLI, 70 * MILLI)).isTrue();
                assertThat(call.press('#', 40 * MILLI, 70 * MILLI)).isTrue();
            }
            call.fromWeb(false, 0, i, 160 * i, Call.sound(160, 0x55));
        }
        List<Call.Sent> ends = call.toTrunk.stream()
                .filter(sent -> sent.payloadType() == 101 && sent.payload()[1] < 0)
                .toList();
        assertThat(ends).hasSize(6);
        assertThat(ends.get(0).payload()).containsExactly(11, 0x8A, 2_000 >> 8, 2_000 & 0xFF);
        assertThat(ends.get(3).payload()).containsExactly(11, 0x8A, 320 >> 8, 320 & 0xFF);
        assertThat(ends.get(3).nanos() - ends.get(0).nanos()).isEqualTo((70 + 40) * MILLI);
        assertThat(ends.get(0).timestamp()).isNotEqualTo(ends.get(3).timestamp());
    }

    @Test
    void aPressIsRefusedWhereTheTrunkHasNoTelephoneEventOrIsHeld() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20, false, true));
        assertThat(call.press('1', 100 * MILLI, 0)).isFalse();
        call.bridge.forgetTrunk(call.now);
        assertThat(call.press('1', 100 * MILLI, 0)).isFalse();
    }

    @Test
    void aPressOfTheTrunksIsToldOnceEvenUnderAnSsrcOfItsOwn() {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        int sequence = 0;
        for (int i = 0; i < 50; i++) {
            call.runTo(i * (20 * MILLI));
            call.fromTrunk(false, 0, i, 160 * i, Call.sound(160, 0x55));
            if (i >= 10 && i < 15) {
                boolean end = i >= 12;
                int duration = 160 * Math.min(3, i - 9);
                call.fromTrunk(
                        77,
                        i == 10,
                        101,
                        sequence++,
                        24_000,
                        (byte) 9,
                        (byte) (end ? 0x80 : 0),
                        (byte) (duration >> 8),
                        (byte) duration);
            }
        }
        assertThat(call.events)
                .containsExactly(new MediaEvent.DigitFromTrunk(
                        Digit.of('9').orElseThrow(), Duration.ofMillis(60), DtmfRoad.RTP));
        assertThat(call.toWeb).hasSize(50);
    }

    @Test
    void afterCrankBackNothingGoesToTheFirstTrunkAndTheNextOneIsHeard() {
        Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        call.fromTrunk(1, false, 0, 5, 0, Call.sound(160, 0x55));
        call.bridge.forgetTrunk(call.now);
        call.toTrunk.clear();
        call.runTo(500 * MILLI);
        assertThat(call.toTrunk).isEmpty();
        call.bridge.trunk(Call.trunk(AudioCodec.PCMA, 20), call.now);
        assertThat(call.toTrunk).hasSize(1);
        call.fromTrunk(2, false, 8, 5, 0, Call.sound(160, 0xAA));
        assertThat(call.toWeb.getLast().payload()).isEqualTo(Call.sound(160, 0x80));
    }

    @Test
    void tenMinutesWithDriftAndWrapsKeepTheDelayAndTheOrder() {
        for (int partsPerMillion : new int[] {-100, 100}) {
            Call call = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
            long frameNanos = 20 * MILLI + 20L * partsPerMillion;
            int frames = 30_000;
            for (int i = 0; i < frames; i++) {
                call.runTo(i * frameNanos);
                call.fromWeb(false, 0, (i + 60_000) & 0xFFFF, -320_000 + 160 * i, Call.sound(160, i & 0x7F));
                if (i % 1_000 == 999) {
                    assertThat(call.toTrunk.getLast().nanos()).isEqualTo(call.now);
                    assertThat(call.toTrunk.getLast().payload()[0]).isEqualTo((byte) (i & 0x7F));
                }
            }
            assertThat(call.toTrunk).hasSize(frames + 1);
            assertRising(call.toTrunk, 160);
        }
    }

    @Test
    void reportsOfBothLegsTellLossAndRoundTripToEachOther() {
        Call near = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        Call far = new Call().open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        int taken = 0;
        for (int i = 0; i < 1_500; i++) {
            near.runTo(i * (20 * MILLI));
            far.runTo(i * (20 * MILLI));
            near.fromWeb(false, 0, i, 160 * i, Call.sound(160, 0x55));
            for (; taken < near.toTrunk.size(); taken++) {
                Call.Sent sent = near.toTrunk.get(taken);
                if (taken % 10 != 9) { // one in ten is lost
                    far.fromTrunk(sent.ssrc(), sent.marker(), 0, sent.sequence(), sent.timestamp(), sent.payload());
                }
            }
            exchange(near, far, 15 * MILLI);
        }
        assertThat(near.bridge.stats().trunk().roundTripMillis()).isBetween(29.0, 31.0);
        assertThat(near.bridge.stats().trunk().remoteLost()).isBetween(100L, 150L);
        assertThat(far.bridge.stats().trunk().lost()).isBetween(140L, 151L);
        assertThat(far.bridge.stats().trunk().filled()).isBetween(140L, 151L);
    }

    /** Carries reports both ways, each this long under way. */
    private static void exchange(Call near, Call far, long delay) {
        List<Call.Report> there = List.copyOf(near.trunkReports);
        List<Call.Report> back = List.copyOf(far.trunkReports);
        near.trunkReports.clear();
        far.trunkReports.clear();
        there.forEach(sent -> far.bridge.onTrunkRtcp(sent.bytes(), 0, sent.bytes().length, sent.nanos() + delay));
        back.forEach(sent -> near.bridge.onTrunkRtcp(sent.bytes(), 0, sent.bytes().length, sent.nanos() + delay));
    }

    @Test
    void noiseNeverThrowsNorStopsTheCall() {
        Random random = new Random(11);
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        byte[] opus = opusSilence();
        for (int i = 0; i < 50_000; i++) {
            byte[] packet = Call.packet(
                    random.nextBoolean(),
                    List.of(111, 110, 0, 8, 101, 13).get(random.nextInt(6)),
                    i & 0xFFFF,
                    160 * i,
                    i % 3,
                    opus);
            int length = random.nextInt(packet.length - RtpStream.HEADROOM + 1);
            for (int k = random.nextInt(4); k > 0; k--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            call.runTo(i * MILLI / 4);
            switch (i & 3) {
                case 0 -> call.bridge.onWebRtp(packet, 0, length, call.now);
                case 1 -> call.bridge.onTrunkRtp(packet, 0, length, call.now);
                case 2 -> call.bridge.onWebRtcp(packet, 0, length, call.now);
                default -> call.bridge.onTrunkRtcp(packet, 0, length, call.now);
            }
        }
        assertThat(call.toTrunk.size()).isBetween(500, 700); // 12.5 s and no more than time allows
    }

    @Test
    void closingSaysByeOnceAndEndsAllWork() {
        Call call = new Call().open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        call.bridge.close();
        call.bridge.close();
        assertThat(call.trunkReports).hasSize(1);
        assertThat(call.webReports).hasSize(1);
        byte[] report = call.trunkReports.getFirst().bytes();
        assertThat(report[report.length - 7] & 0xFF).isEqualTo(203);
        assertThat(call.bridge.nextWakeup()).isEqualTo(Long.MAX_VALUE);
        call.toTrunk.clear();
        call.fromWeb(false, 111, 1, 0, opusSilence());
        assertThat(call.toTrunk).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"OPUS, PCMU", "PCMU, PCMU", "PCMU, PCMA"})
    void aPacketInSteadyStateAllocatesNothing(AudioCodec web, AudioCodec trunk) {
        byte[] opus = opusSilence();
        Bridge bridge = new Bridge(
                Call.codecs(),
                BridgeSettings.defaults(),
                new BridgeIdentity(new BridgeIdentity.Stream(1, 1, 1), new BridgeIdentity.Stream(2, 2, 2), "c", 0),
                new BridgeOutput((b, o, l) -> {}, (b, o, l) -> {}, (b, o, l) -> {}, (b, o, l) -> {}),
                event -> {},
                0);
        bridge.web(web == AudioCodec.OPUS ? Call.OPUS : Call.WEB_PCMU, 0);
        bridge.trunk(Call.trunk(trunk, 20), 0);
        byte[] up = Call.packet(
                false, web == AudioCodec.OPUS ? 111 : 0, 0, 0, 5, web == AudioCodec.OPUS ? opus : Call.sound(160, 1));
        byte[] down = Call.packet(false, trunk == AudioCodec.PCMU ? 0 : 8, 0, 0, 6, Call.sound(160, 1));
        int clock = web == AudioCodec.OPUS ? 960 : 160;
        drive(bridge, up, down, clock, 0, 10_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        drive(bridge, up, down, clock, 10_000, 20_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated / 20_000.0).as("bytes for a packet in").isLessThan(1);
    }

    /** Packets both ways, one in fifty lost and one in fifty too late for its neighbour. */
    private static void drive(Bridge bridge, byte[] up, byte[] down, int webClock, int from, int to) {
        byte[] upBuffer = up.clone();
        byte[] downBuffer = down.clone();
        for (int i = from; i < to; i++) {
            long now = i * (20 * MILLI);
            while (bridge.nextWakeup() <= now) {
                bridge.onTime(bridge.nextWakeup());
            }
            int number = i % 50 == 20 ? i + 1 : i % 50 == 21 ? i - 1 : i;
            if (i % 50 != 30) {
                send(bridge, true, up, upBuffer, number, webClock, now);
                send(bridge, false, down, downBuffer, number, 160, now);
            }
        }
    }

    private static void send(
            Bridge bridge, boolean isWeb, byte[] packet, byte[] buffer, int number, int clock, long now) {
        System.arraycopy(packet, 0, buffer, 0, packet.length);
        buffer[2] = (byte) (number >> 8);
        buffer[3] = (byte) number;
        int timestamp = number * clock;
        buffer[4] = (byte) (timestamp >> 24);
        buffer[5] = (byte) (timestamp >> 16);
        buffer[6] = (byte) (timestamp >> 8);
        buffer[7] = (byte) timestamp;
        if (isWeb) {
            bridge.onWebRtp(buffer, 0, packet.length - RtpStream.HEADROOM, now);
        } else {
            bridge.onTrunkRtp(buffer, 0, packet.length - RtpStream.HEADROOM, now);
        }
    }

    private static byte[] opusSilence() {
        byte[] opus = new byte[1_275];
        try (AudioEncoder encoder = Call.codecs().encoder(AudioCodec.OPUS, 8_000)) {
            int length = encoder.encode(new short[160], 160, opus, 0, opus.length);
            return Arrays.copyOf(opus, length);
        }
    }

    private static void tone(short[] pcm, int frame, int hertz) {
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) (8_000 * Math.sin(2 * Math.PI * hertz * (frame * 160.0 + i) / 8_000));
        }
    }

    /** Of the multiples of 100 Hz the one that is heard loudest, by the decoded energy at each. */
    private static int strongest(List<Call.Sent> sent, AudioCodec codec) {
        short[] pcm = new short[960];
        double[][] sums = new double[40][2];
        int at = 0;
        try (AudioDecoder decoder = Call.codecs().decoder(codec, 8_000)) {
            for (Call.Sent packet : sent) {
                int samples = decoder.decode(packet.payload(), 0, packet.payload().length, pcm);
                for (int i = 0; i < samples; i++, at++) {
                    for (int k = 1; k < 40; k++) {
                        double angle = 2 * Math.PI * k * 100 * at / 8_000;
                        sums[k][0] += pcm[i] * Math.cos(angle);
                        sums[k][1] += pcm[i] * Math.sin(angle);
                    }
                }
            }
        }
        int best = 1;
        for (int k = 1; k < 40; k++) {
            if (Math.hypot(sums[k][0], sums[k][1]) > Math.hypot(sums[best][0], sums[best][1])) {
                best = k;
            }
        }
        return best * 100;
    }

    private static void assertRising(List<Call.Sent> sent, int ticks) {
        for (int i = 1; i < sent.size(); i++) {
            assertThat(sent.get(i).sequence()).isEqualTo((sent.get(i - 1).sequence() + 1) & 0xFFFF);
            assertThat(sent.get(i).timestamp() - sent.get(i - 1).timestamp()).isEqualTo(ticks);
            assertThat(sent.get(i).ssrc()).isEqualTo(sent.getFirst().ssrc());
        }
    }
}
