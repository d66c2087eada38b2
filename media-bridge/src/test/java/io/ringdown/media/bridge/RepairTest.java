package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.rtp.Reception;
import io.ringdown.media.rtp.RedPayload;
import io.ringdown.media.rtp.ReportExchange;
import io.ringdown.media.sdp.WebFormat;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets get lost on the web leg: what the bridge makes of it, in virtual time. */
class RepairTest {
    private static final long FRAME_NANOS = 20 * Call.MILLI;
    private static final int RED = 63;
    private static final WebFormat OPUS_RED = new WebFormat(
            AudioCodec.OPUS, 111, OptionalInt.of(110), 48_000, 20, List.of(), OptionalInt.of(RED), 32_000);

    private final Call call = new Call();

    @ParameterizedTest
    @ValueSource(ints = {5, 20})
    void theCopiesOfTheBrowserRepairEverySingleLoss(int percent) {
        call.open(OPUS_RED, Call.trunk(AudioCodec.PCMU, 20));
        List<byte[]> frames = speech(1_500, 0);
        Random random = new Random(percent);
        boolean wasLost = false;
        int hopeless = 0;
        int lost = 0;
        for (int i = 0; i < frames.size(); i++) {
            call.runTo(i * FRAME_NANOS);
            boolean isLost = i > 0 && i < frames.size() - 1 && random.nextInt(100) < percent;
            lost += isLost ? 1 : 0;
            hopeless += isLost && wasLost ? 1 : 0;
            wasLost = isLost;
            if (!isLost) {
                call.fromWeb(
                        false, RED, i, 960 * i, i == 0 ? red(frames.get(0)) : red(frames.get(i - 1), frames.get(i)));
            }
        }
        MediaLeg web = leg();
        assertThat(web.repairedRed).isEqualTo(lost - hopeless);
        assertThat(web.filled + web.repairedFec).isEqualTo(hopeless);
        assertThat(web.late).isZero();
        assertRisingByTwentyMillis();
    }

    @Test
    void whatTheBrowserPutsIntoTheNextFrameRepairsTheOneBefore() {
        call.open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        List<byte[]> frames = speech(1_000, 20);
        int lost = 0;
        for (int i = 0; i < frames.size(); i++) {
            call.runTo(i * FRAME_NANOS);
            if (i % 10 == 5) {
                lost++;
            } else {
                call.fromWeb(false, 111, i, 960 * i, frames.get(i));
            }
        }
        MediaLeg web = leg();
        assertThat(web.repairedFec).isGreaterThan(lost / 2);
        assertThat(web.repairedFec + web.filled).isEqualTo(lost);
        assertRisingByTwentyMillis();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "ef", // a header cut short
                "ef 0f03ff 6f 01", // a copy longer than the packet
                "e0 0f0001 6f 55 08", // a copy of another payload type
                "ef 000001 6f 08 08", // a copy of itself
                "ef fffc01 6f 08 08", // the furthest possible
                "ef 0f0000 6f 08", // an empty copy
                "ef 0f0001 6f 08", // no frame behind the copy
                "60 55", // a primary block of another type
            })
    void noFormOfRedStopsTheCall(String bytes) {
        call.open(OPUS_RED, Call.trunk(AudioCodec.PCMU, 20));
        byte[] odd = HexFormat.of().parseHex(bytes.replace(" ", ""));
        for (int i = 0; i < 100; i++) {
            call.runTo(i * FRAME_NANOS);
            call.fromWeb(false, i % 10 == 5 ? RED : 111, i, 960 * i, i % 10 == 5 ? odd : new byte[] {0x08, 1, 2});
        }
        assertRisingByTwentyMillis();
        assertThat(call.toTrunk.size()).isBetween(96, 102);
    }

    @Test
    void aPressThatOnlyCopiesTellOfIsAPressAndOnlyOne() {
        call.open(OPUS_RED, Call.trunk(AudioCodec.PCMU, 20));
        byte[] frame = {0x08, 1, 2};
        for (int i = 0; i < 20; i++) {
            call.runTo(i * (20 * Call.MILLI));
            if (i >= 5 && i < 9) {
                continue; // the press's own packets are lost
            }
            byte[] payload = red(frame);
            if (i == 9 || i == 10) { // each audio packet repeats the event before it
                payload = new byte[5 + 4 + frame.length];
                RedPayload.writeHeaders(payload, 0, 110, (i - 5) * 960, 4);
                System.arraycopy(new byte[] {5, (byte) 0x80, 0x0F, 0x00}, 0, payload, 5, 4);
                System.arraycopy(frame, 0, payload, 9, frame.length);
                payload[4] = 111;
            }
            call.fromWeb(false, RED, i, 960 * i, payload);
        }
        call.runTo(1_000 * Call.MILLI);
        assertThat(call.receipts())
                .filteredOn(PressReceipt.Sent.class::isInstance)
                .singleElement()
                .isInstanceOfSatisfying(
                        PressReceipt.Sent.class,
                        sent -> assertThat(sent.length().toMillis()).isEqualTo(80));
    }

    @Test
    void aPressInsideRedIsAPress() {
        call.open(OPUS_RED, Call.trunk(AudioCodec.PCMU, 20));
        byte[] frame = speech(1, 0).getFirst();
        call.fromWeb(false, RED, 0, 0, red(frame));
        for (int i = 1; i < 6; i++) {
            call.runTo(i * FRAME_NANOS);
            int duration = 960 * i;
            byte[] event = {110, 5, (byte) (i == 5 ? 0x8A : 0x0A), (byte) (duration >> 8), (byte) duration};
            call.fromWeb(i == 1, RED, i, 960, event);
        }
        call.runTo(20 * FRAME_NANOS);
        assertThat(call.toTrunk.stream().filter(sent -> sent.payloadType() == 101 && sent.payload()[1] < 0))
                .hasSize(3)
                .allMatch(sent -> sent.payload()[0] == 5);
    }

    @Test
    void redBothWaysAllocatesNothing() {
        Bridge bridge = new Bridge(
                Call.codecs(),
                BridgeSettings.defaults(),
                new BridgeIdentity(new BridgeIdentity.Stream(1, 1, 1), new BridgeIdentity.Stream(2, 2, 2), "c", 0),
                new BridgeOutput((b, o, l) -> {}, (b, o, l) -> {}, (b, o, l) -> {}, (b, o, l) -> {}),
                event -> {},
                0);
        bridge.web(OPUS_RED, 0);
        bridge.trunk(Call.trunk(AudioCodec.PCMU, 20), 0);
        byte[] report = report(1, 0.2, 0);
        bridge.onWebRtcp(report, 0, report.length, 0);
        byte[] frame = speech(1, 0).getFirst();
        byte[] up = Call.packet(false, RED, 0, 0, 5, red(frame, frame));
        byte[] down = Call.packet(false, 0, 0, 0, 6, Call.sound(160, 1));
        drive(bridge, up, down, 0, 5_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        drive(bridge, up, down, 5_000, 10_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(bridge.stats().web().repairs().red()).isGreaterThan(900);
        assertThat(allocated / 10_000.0).as("bytes for a packet in").isLessThan(1);
    }

    /** Packets both ways, of the browser's one in ten lost. */
    private static void drive(Bridge bridge, byte[] up, byte[] down, int from, int to) {
        for (int i = from; i < to; i++) {
            long now = i * FRAME_NANOS;
            while (bridge.nextWakeup() <= now) {
                bridge.onTime(bridge.nextWakeup());
            }
            number(down, i, 160 * i);
            bridge.onTrunkRtp(down, 0, down.length - RtpStream.HEADROOM, now);
            if (i % 10 != 5) {
                number(up, i, 960 * i);
                bridge.onWebRtp(up, 0, up.length - RtpStream.HEADROOM, now);
            }
        }
    }

    private static void number(byte[] packet, int sequence, int timestamp) {
        packet[2] = (byte) (sequence >> 8);
        packet[3] = (byte) sequence;
        packet[4] = (byte) (timestamp >> 24);
        packet[5] = (byte) (timestamp >> 16);
        packet[6] = (byte) (timestamp >> 8);
        packet[7] = (byte) timestamp;
    }

    @Test
    void whoLosesThreePercentGetsEachFrameTwice() {
        call.open(OPUS_RED, Call.trunk(AudioCodec.PCMU, 20));
        speak(0, 50);
        assertThat(call.toWeb).allMatch(sent -> sent.payloadType() == 111);
        report(0.05);
        int before = call.toWeb.size();
        speak(50, 100);
        List<Call.Sent> protectedOnes = call.toWeb.subList(before, call.toWeb.size());
        assertThat(protectedOnes).hasSize(50).allMatch(sent -> sent.payloadType() == RED);
        RedPayload red = new RedPayload();
        byte[] last = new byte[0];
        for (Call.Sent sent : protectedOnes) {
            assertThat(red.wrap(sent.payload(), 0, sent.payload().length)).isTrue();
            assertThat(red.primaryType()).isEqualTo(111);
            if (last.length > 0) {
                assertThat(red.copies()).isOne();
                assertThat(red.type(0)).isEqualTo(111);
                assertThat(red.ticksBefore(0)).isEqualTo(960);
                assertThat(Arrays.copyOfRange(sent.payload(), red.offset(0), red.offset(0) + red.length(0)))
                        .isEqualTo(last);
            }
            last = Arrays.copyOfRange(sent.payload(), red.primaryOffset(), sent.payload().length);
        }
        for (int i = 1; i < call.toWeb.size(); i++) {
            assertThat(call.toWeb.get(i).timestamp() - call.toWeb.get(i - 1).timestamp())
                    .isEqualTo(960);
        }
    }

    @Test
    void whoLosesNothingAnyMoreGetsThemOnceAgain() {
        call.open(OPUS_RED, Call.trunk(AudioCodec.PCMU, 20));
        speak(0, 50);
        report(0.05);
        for (int i = 1; i <= 12; i++) {
            speak(50 * i, 50 * i + 50);
            report(0);
        }
        speak(650, 651);
        assertThat(call.toWeb.getLast().payloadType()).isEqualTo(111);
    }

    @Test
    void whoKnowsNoRedGetsFramesThatTellOfTheOneBefore() {
        call.open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        speak(0, 50);
        report(0.10);
        speak(50, 150);
        assertThat(call.toWeb).allMatch(sent -> sent.payloadType() == 111);
        int restored = 0;
        short[] pcm = new short[160];
        try (AudioDecoder decoder = Call.codecs().decoder(AudioCodec.OPUS, 8_000)) {
            for (Call.Sent sent : call.toWeb.subList(60, 150)) {
                restored += decoder.decodeFec(sent.payload(), 0, sent.payload().length, pcm, 160) == 160 ? 1 : 0;
            }
        }
        assertThat(restored).isGreaterThan(45);
    }

    @Test
    void aLossIsToldToTheBrowserWithinASecondAndAsItWas() {
        call.open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        byte[] frame = speech(1, 0).getFirst();
        List<Integer> fractions = new ArrayList<>();
        int told = 0;
        for (int i = 0; i < 1_000; i++) {
            call.runTo(i * FRAME_NANOS);
            if (i < 500 || i % 10 != 5) {
                call.fromWeb(false, 111, i, 960 * i, frame);
            }
            for (; told < call.webReports.size(); told++) {
                fractions.add(fractionLost(call.webReports.get(told).bytes()));
            }
        }
        assertThat(call.webReports.size()).isBetween(10, 16); // every 5 s, then every second
        assertThat(fractions.subList(fractions.size() - 7, fractions.size()))
                .allMatch(part -> part >= 23 && part <= 29);
        assertThat(fractions.getFirst()).isZero();
    }

    @Test
    void theTrunkIsGivenAPacketEveryTwentyMillisByOurClockWhereItNeedsThat() {
        call.bridge.smooth(60 * Call.MILLI);
        call.open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        List<byte[]> frames = speech(500, 0);
        Random random = new Random(9);
        long last = 0;
        for (int i = 0; i < frames.size(); i++) {
            last = Math.max(last, i * FRAME_NANOS + (i == 0 ? 0 : random.nextLong(50 * Call.MILLI)));
            call.runTo(last);
            call.fromWeb(false, 111, i, 960 * i, frames.get(i));
        }
        List<Call.Sent> steady = call.toTrunk.subList(10, call.toTrunk.size());
        for (int i = 1; i < steady.size(); i++) {
            assertThat(steady.get(i).nanos() - steady.get(i - 1).nanos()) // the clock's base is read off some seconds
                    .isCloseTo(FRAME_NANOS, within(2 * Call.MILLI));
        }
        assertThat(leg().filled + leg().late).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {13, 19})
    void whatTheTrunkTellsOfItsQuietIsHeardByTheBrowser(int payloadType) {
        call.open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        for (int i = 0; i < 10; i++) {
            call.runTo(i * FRAME_NANOS);
            call.fromTrunk(false, 0, i, 160 * i, Call.sound(160, 0x55));
        }
        call.runTo(10 * FRAME_NANOS);
        call.fromTrunk(false, payloadType, 10, 1_600, (byte) 60, (byte) 1, (byte) 2);
        int before = call.toWeb.size();
        call.runTo(5_000 * Call.MILLI);
        List<Call.Sent> quiet = call.toWeb.subList(before, call.toWeb.size());
        assertThat(quiet.size()).isBetween(236, 240);
        boolean isComfortNoise = payloadType == 13;
        assertThat(quiet.stream().mapToDouble(Call::levelDbfs).average().orElseThrow())
                .isBetween(isComfortNoise ? -62.0 : -100.0, isComfortNoise ? -58.0 : -45.0);
        assertThat(call.bridge.stats().trunk().filled()).isCloseTo(isComfortNoise ? 0 : 230, within(3L));
        call.fromTrunk(true, 0, 11, 160 * 250, Call.sound(160, 0x55));
        assertThat(call.toWeb.getLast().payload()).isEqualTo(Call.sound(160, 0x55));
        assertThat(call.bridge.stats().trunk().lost()).isZero();
    }

    @Test
    void aBrowserThatStopsSendingBetweenWordsIsQuietAndHasLostNothing() {
        call.open(Call.OPUS, Call.trunk(AudioCodec.PCMU, 20));
        List<byte[]> frames = speech(50, 0);
        int sequence = 0;
        for (int round = 0; round < 5; round++) {
            int first = round * 200;
            for (int i = 0; i < 50; i++) {
                call.runTo((first + i) * FRAME_NANOS);
                call.fromWeb(i == 0, 111, sequence++, 960 * (first + i), frames.get(i));
            }
            for (int i = 50; i < 200; i += 20) { // every 400 ms a frame without content
                call.runTo((first + i) * FRAME_NANOS);
                call.fromWeb(false, 111, sequence++, 960 * (first + i), (byte) 0x08);
            }
        }
        call.runTo(1_000 * FRAME_NANOS);
        assertThat(call.toTrunk.size()).isBetween(996, 1_001);
        assertThat(leg().filled + leg().late).isZero();
        assertRisingByTwentyMillis();
    }

    @Test
    void aBrowserThatStandsStillIsAsQuietAsItsRoom() {
        call.open(Call.WEB_PCMU, Call.trunk(AudioCodec.PCMU, 20));
        byte[] law = new byte[160];
        short[] pcm = new short[160];
        Random random = new Random(2);
        try (AudioEncoder encoder = Call.codecs().encoder(AudioCodec.PCMU, 8_000)) {
            for (int i = 0; i < 300; i++) {
                call.runTo(i * FRAME_NANOS);
                for (int k = 0; k < 160; k++) {
                    pcm[k] = (short)
                            Math.round(random.nextGaussian() * (i % 40 < 30 ? 2_000 : 30)); // words, and −61 dBFS
                }
                encoder.encode(pcm, 160, law, 0, 160);
                call.fromWeb(false, 0, i, 160 * i, law);
            }
        }
        int before = call.toTrunk.size();
        call.runTo(call.now + 3_000 * Call.MILLI);
        List<Call.Sent> quiet = call.toTrunk.subList(before + 10, call.toTrunk.size());
        assertThat(quiet.size()).isBetween(135, 141);
        assertThat(quiet.stream().mapToDouble(Call::levelDbfs).average().orElseThrow())
                .isBetween(-63.0, -58.0);
    }

    /** Of the one block behind a sender's or a receiver's report. */
    private static int fractionLost(byte[] report) {
        assertThat(report[0] & 0x1F).isOne();
        return report[((report[1] & 0xFF) == 200 ? 28 : 8) + 4] & 0xFF;
    }

    /** Speech from the trunk, as one voice of many tones. */
    private void speak(int from, int to) {
        byte[] law = new byte[160];
        short[] pcm = new short[160];
        try (AudioEncoder encoder = Call.codecs().encoder(AudioCodec.PCMU, 8_000)) {
            for (int i = from; i < to; i++) {
                call.runTo(i * FRAME_NANOS);
                voice(pcm, i);
                encoder.encode(pcm, 160, law, 0, 160);
                call.fromTrunk(false, 0, i, 160 * i, law);
            }
        }
    }

    /** The browser reports that it has lost this part of what it should have got since the last time. */
    private void report(double fraction) {
        byte[] report = report(call.toWeb.getLast().ssrc(), fraction, call.now);
        call.bridge.onWebRtcp(report, 0, report.length, call.now);
    }

    /** A browser's report on our stream. */
    static byte[] report(int ssrc, double fraction, long now) {
        Reception reception = new Reception();
        reception.restart(ssrc, 0);
        for (int i = 0; i < 100; i++) {
            if (i == 0 || i == 99 || i % 100 >= fraction * 100) {
                reception.onPacket(i);
            }
        }
        ReportExchange browser = new ReportExchange(5, "browser", 5_000_000_000L, reception, 0, now);
        byte[] report = new byte[200];
        return Arrays.copyOf(report, browser.writeReport(report, 0, 0, 0, 0, now));
    }

    private record MediaLeg(long filled, long late, long repairedRed, long repairedFec) {}

    private MediaLeg leg() {
        var web = call.bridge.stats().web();
        return new MediaLeg(
                web.filled(), web.late(), web.repairs().red(), web.repairs().fec());
    }

    private void assertRisingByTwentyMillis() {
        List<Call.Sent> audio =
                call.toTrunk.stream().filter(sent -> sent.payloadType() == 0).toList();
        for (int i = 1; i < audio.size(); i++) {
            assertThat(audio.get(i).timestamp() - audio.get(i - 1).timestamp()).isEqualTo(160);
        }
    }

    static byte[] red(byte[] frame) {
        byte[] payload = new byte[1 + frame.length];
        RedPayload.writeHeader(payload, 0, 111);
        System.arraycopy(frame, 0, payload, 1, frame.length);
        return payload;
    }

    static byte[] red(byte[] before, byte[] frame) {
        byte[] payload = new byte[RedPayload.HEADER_LENGTH + before.length + frame.length];
        RedPayload.writeHeaders(payload, 0, 111, 960, before.length);
        System.arraycopy(before, 0, payload, RedPayload.HEADER_LENGTH, before.length);
        System.arraycopy(frame, 0, payload, RedPayload.HEADER_LENGTH + before.length, frame.length);
        return payload;
    }

    static List<byte[]> speech(int frames, int expectedLoss) {
        List<byte[]> packets = new ArrayList<>();
        short[] pcm = new short[160];
        byte[] packet = new byte[1_275];
        try (AudioEncoder encoder = Call.codecs().encoder(AudioCodec.OPUS, 8_000)) {
            encoder.expectedLoss(expectedLoss);
            for (int i = 0; i < frames; i++) {
                voice(pcm, i);
                packets.add(Arrays.copyOf(packet, encoder.encode(pcm, 160, packet, 0, packet.length)));
            }
        }
        return packets;
    }

    /** Many overtones whose loudness and pitch go up and down as in speech. */
    private static void voice(short[] pcm, int frame) {
        for (int i = 0; i < pcm.length; i++) {
            double t = (frame * 160.0 + i) / 8_000;
            double sum = 0;
            for (int k = 1; k < 12; k++) {
                sum += Math.sin(2 * Math.PI * k * (130 * t + 3 * Math.sin(2 * t))) / k;
            }
            pcm[i] = (short) (4_000 * sum * (0.6 + 0.4 * Math.sin(2 * Math.PI * 4 * t)));
        }
    }
}
