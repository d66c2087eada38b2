package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.sdp.WebFormat;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a network and a sender do, what leaves is one steady stream on each leg; the patterns come from seeds. */
class AnyArrivalTest {
    private static final int RED = 63;
    private static final List<Integer> PACKET_TIMES = List.of(10, 20, 40, 60);

    /** A packet on its way. */
    @SuppressWarnings("ArrayRecordComponent") // never compared with its bytes
    private record Packet(
            boolean fromWeb, long nanos, int ssrc, int payloadType, int sequence, int timestamp, byte[] payload) {}

    @Test
    void bothLegsGetRisingTimestampsAPacketTimeApartAndNoneTwice() {
        for (long seed = 0; seed < 60; seed++) {
            anyCall(seed);
        }
    }

    private static void anyCall(long seed) {
        Random random = new Random(seed);
        boolean isOpus = random.nextInt(3) > 0;
        int webMillis = PACKET_TIMES.get(random.nextInt(4));
        int trunkMillis = List.of(10, 20, 30, 40, 50, 60).get(random.nextInt(6));
        int fromWebMillis = PACKET_TIMES.get(random.nextInt(4));
        WebFormat web = isOpus
                ? new WebFormat(
                        AudioCodec.OPUS,
                        111,
                        OptionalInt.of(110),
                        48_000,
                        webMillis,
                        List.of(),
                        OptionalInt.of(RED),
                        32_000)
                : new WebFormat(AudioCodec.PCMU, 0, OptionalInt.empty(), 0, webMillis);
        AudioCodec trunkCodec = random.nextBoolean() ? AudioCodec.PCMU : AudioCodec.PCMA;
        Call call = new Call();
        call.bridge.smooth(random.nextInt(4) == 0 ? random.nextInt(81) * Call.MILLI : 0);
        call.open(web, Call.trunk(trunkCodec, trunkMillis));
        PriorityQueue<Packet> underWay = new PriorityQueue<>((a, b) -> Long.compare(a.nanos, b.nanos));
        long end = 20_000 * Call.MILLI;
        send(underWay, random, true, web, fromWebMillis, end);
        WebFormat trunk =
                new WebFormat(trunkCodec, trunkCodec == AudioCodec.PCMU ? 0 : 8, OptionalInt.empty(), 0, trunkMillis);
        send(underWay, random, false, trunk, PACKET_TIMES.get(random.nextInt(4)), end);
        while (!underWay.isEmpty()) {
            Packet packet = underWay.remove();
            call.runTo(packet.nanos);
            byte[] bytes = Call.packet(
                    false, packet.payloadType, packet.sequence & 0xFFFF, packet.timestamp, packet.ssrc, packet.payload);
            if (packet.fromWeb) {
                call.bridge.onWebRtp(bytes, 0, bytes.length - RtpStream.HEADROOM, call.now);
            } else {
                call.bridge.onTrunkRtp(bytes, 0, bytes.length - RtpStream.HEADROOM, call.now);
            }
        }
        call.runTo(end);
        assertSteady(call.toTrunk, 8 * trunkMillis, "trunk, seed " + seed);
        assertSteady(call.toWeb, web.codec().clockRate() / 1_000 * webMillis, "web, seed " + seed);
        assertThat(call.toTrunk.size() * trunkMillis).as("seed %d", seed).isBetween(17_000, 22_000);
    }

    private static void send(
            PriorityQueue<Packet> underWay, Random random, boolean fromWeb, WebFormat format, int millis, long end) {
        double loss = random.nextInt(3) * 0.1;
        long jitter = 1 + random.nextLong(random.nextInt(3) * 60L * Call.MILLI + 1);
        boolean sendsRed = format.redPayloadType().isPresent() && random.nextBoolean();
        int step = format.codec().clockRate() / 1_000 * millis;
        byte[] frame = frame(format.codec(), millis);
        int ssrc = random.nextInt();
        int sequence = 65_500;
        int timestamp = -20 * step;
        boolean isFirst = true;
        for (long at = 0; at < end; at += millis * Call.MILLI) {
            switch (random.nextInt(400)) {
                case 0 -> timestamp += random.nextInt();
                case 1 -> at += random.nextLong(2_000) * Call.MILLI; // a stall or a hold
                case 2 -> {
                    ssrc = random.nextInt();
                    sequence = random.nextInt();
                    timestamp = random.nextInt();
                    isFirst = true;
                }
                default -> {
                    // it goes on
                }
            }
            byte[] payload = !sendsRed ? frame : isFirst ? RepairTest.red(frame) : RepairTest.red(frame, frame);
            int type = sendsRed ? RED : format.payloadType();
            int copies = random.nextInt(50) == 0 ? 2 : 1; // some come twice
            for (int copy = 0; copy < copies && random.nextDouble() >= loss; copy++) {
                long arrival = at + random.nextLong(jitter);
                underWay.add(new Packet(fromWeb, arrival, ssrc, type, sequence, timestamp, payload));
            }
            isFirst = false;
            sequence++;
            timestamp += step;
        }
    }

    private static byte[] frame(AudioCodec codec, int millis) {
        byte[] packet = new byte[1_275];
        short[] pcm = new short[8 * millis];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) (5_000 * Math.sin(i / 3.0));
        }
        try (AudioEncoder encoder = Call.codecs().encoder(codec, 8_000)) {
            return Arrays.copyOf(packet, encoder.encode(pcm, pcm.length, packet, 0, packet.length));
        }
    }

    private static void assertSteady(List<Call.Sent> sent, int ticks, String where) {
        for (int i = 1; i < sent.size(); i++) {
            Call.Sent one = sent.get(i);
            Call.Sent before = sent.get(i - 1);
            assertThat(one.timestamp() - before.timestamp()).as(where).isEqualTo(ticks);
            assertThat(one.sequence()).as(where).isEqualTo((before.sequence() + 1) & 0xFFFF);
            assertThat(one.ssrc()).as(where).isEqualTo(before.ssrc());
            assertThat(one.nanos()).as(where).isGreaterThanOrEqualTo(before.nanos());
        }
    }
}
