package io.ringdown.media.bridge;

import io.ringdown.dtmf.PressReceipt;
import io.ringdown.dtmf.Stroke;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.rtp.RtpPacket;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A bridge between two ends in virtual time. */
final class Call {
    static final long MILLI = 1_000_000;
    static final int WEB_SSRC = 0x1111;
    static final int TRUNK_SSRC = 0x2222;
    static final WebFormat OPUS = new WebFormat(AudioCodec.OPUS, 111, OptionalInt.of(110), 48_000, 20);
    static final WebFormat WEB_PCMU = new WebFormat(AudioCodec.PCMU, 0, OptionalInt.of(126), 8_000, 20);
    private static final Codecs CODECS = Codecs.load(OpusSettings.defaults());
    private static final InetSocketAddress THERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

    final List<Sent> toTrunk = new ArrayList<>();
    final List<Sent> toWeb = new ArrayList<>();
    final List<Report> trunkReports = new ArrayList<>();
    final List<Report> webReports = new ArrayList<>();
    final List<MediaEvent> events = new ArrayList<>();
    Bridge bridge;
    long now;
    private final Codecs codecs;
    private final BridgeOutput output;

    /** An RTP packet that has left. */
    @SuppressWarnings("ArrayRecordComponent") // never compared with its bytes
    record Sent(long nanos, boolean marker, int payloadType, int sequence, int timestamp, int ssrc, byte[] payload) {}

    /** A compound RTCP packet that has left. */
    @SuppressWarnings("ArrayRecordComponent") // never compared with its bytes
    record Report(long nanos, byte[] bytes) {}

    Call() {
        this(CODECS);
    }

    Call(Codecs codecs) {
        // Numbers about to wrap.
        BridgeIdentity identity = new BridgeIdentity(
                new BridgeIdentity.Stream(0xAAAA, 65_500, -2_000),
                new BridgeIdentity.Stream(0xBBBB, 65_530, -1_000),
                "cname",
                1_700_000_000_000_000_000L);
        this.codecs = codecs;
        output = new BridgeOutput(
                (buffer, offset, length) -> take(toWeb, buffer, offset, length),
                (buffer, offset, length) -> webReports.add(report(buffer, offset, length)),
                (buffer, offset, length) -> take(toTrunk, buffer, offset, length),
                (buffer, offset, length) -> trunkReports.add(report(buffer, offset, length)));
        bridge = new Bridge(codecs, BridgeSettings.defaults(), identity, output, events::add, 0);
    }

    /** Another bridge goes on with the trunk's leg after so long; its browser has offered nothing yet. */
    void reopen(TrunkFormat trunk, HoldMusic music, long elapsedNanos) {
        BridgeState state = bridge.stop(now);
        now += elapsedNanos;
        BridgeState.Stream stream = state.stream();
        BridgeIdentity identity = new BridgeIdentity(
                new BridgeIdentity.Stream(0xCCCC, 1, 1),
                new BridgeIdentity.Stream(stream.ssrc(), stream.sequence(), stream.timestamp()),
                "cname",
                1_700_000_000_000_000_000L);
        bridge = new Bridge(codecs, BridgeSettings.defaults(), identity, output, events::add, now);
        bridge.resume(state, Optional.of(trunk), music, elapsedNanos, now);
        bridge.trunk(trunk, now);
    }

    static TrunkFormat trunk(AudioCodec codec, int ptimeMillis) {
        return trunk(codec, ptimeMillis, true, true);
    }

    static TrunkFormat trunk(AudioCodec codec, int ptimeMillis, boolean weSend, boolean theySend) {
        return new TrunkFormat(
                codec, payloadType(codec), OptionalInt.of(101), ptimeMillis, THERE, THERE, weSend, theySend);
    }

    static int payloadType(AudioCodec codec) {
        return switch (codec) {
            case PCMU -> 0;
            case PCMA -> 8;
            case G722 -> 9;
            case OPUS -> 111;
        };
    }

    static AudioCodec codec(int payloadType) {
        return Arrays.stream(AudioCodec.values())
                .filter(codec -> payloadType(codec) == payloadType)
                .findFirst()
                .orElseThrow();
    }

    static Codecs codecs() {
        return CODECS;
    }

    /** Presses one key by message; answers whether it was taken. */
    boolean press(char key, long lengthNanos, long gapNanos) {
        return bridge.press(Stroke.parse(String.valueOf(key)).orElseThrow(), lengthNanos, gapNanos, now)
                .isPresent();
    }

    /** What was told of presses towards the trunk, in order. */
    List<PressReceipt> receipts() {
        return events.stream()
                .filter(MediaEvent.Press.class::isInstance)
                .map(event -> ((MediaEvent.Press) event).receipt())
                .toList();
    }

    /** Opens both legs. */
    Call open(WebFormat web, TrunkFormat trunk) {
        bridge.web(web, now);
        bridge.trunk(trunk, now);
        return this;
    }

    void runTo(long nanos) {
        while (bridge.nextWakeup() <= nanos) {
            now = Math.max(now, bridge.nextWakeup());
            bridge.onTime(now);
        }
        now = Math.max(now, nanos);
    }

    void fromWeb(boolean marker, int payloadType, int sequence, int timestamp, byte... payload) {
        byte[] packet = packet(marker, payloadType, sequence, timestamp, WEB_SSRC, payload);
        bridge.onWebRtp(packet, 0, packet.length - RtpStream.HEADROOM, now);
    }

    void fromTrunk(boolean marker, int payloadType, int sequence, int timestamp, byte... payload) {
        fromTrunk(TRUNK_SSRC, marker, payloadType, sequence, timestamp, payload);
    }

    void fromTrunk(int ssrc, boolean marker, int payloadType, int sequence, int timestamp, byte... payload) {
        byte[] packet = packet(marker, payloadType, sequence, timestamp, ssrc, payload);
        bridge.onTrunkRtp(packet, 0, packet.length - RtpStream.HEADROOM, now);
    }

    static byte[] packet(boolean marker, int payloadType, int sequence, int timestamp, int ssrc, byte... payload) {
        byte[] packet = new byte[RtpPacket.HEADER_LENGTH + payload.length + RtpStream.HEADROOM];
        RtpPacket.writeHeader(packet, 0, marker, payloadType, sequence, timestamp, ssrc);
        System.arraycopy(payload, 0, packet, RtpPacket.HEADER_LENGTH, payload.length);
        return packet;
    }

    /** A G.711 payload of one byte over and over. */
    static byte[] sound(int length, int value) {
        byte[] payload = new byte[length];
        Arrays.fill(payload, (byte) value);
        return payload;
    }

    /** Root mean square of a G.711 packet's sound, relative to full scale. */
    static double levelDbfs(Sent sent) {
        short[] pcm = new short[sent.payload().length];
        AudioCodec codec = sent.payloadType() == 0 ? AudioCodec.PCMU : AudioCodec.PCMA;
        try (AudioDecoder decoder = CODECS.decoder(codec, 8_000)) {
            decoder.decode(sent.payload(), 0, pcm.length, pcm);
        }
        double energy = 0;
        for (short sample : pcm) {
            energy += (double) sample * sample;
        }
        return 10 * Math.log10(Math.max(energy / pcm.length / 32_768.0 / 32_768.0, 1e-12));
    }

    private Report report(byte[] buffer, int offset, int length) {
        return new Report(now, Arrays.copyOfRange(buffer, offset, offset + length));
    }

    private void take(List<Sent> sent, byte[] buffer, int offset, int length) {
        RtpPacket packet = new RtpPacket();
        if (!packet.wrap(buffer, offset, length) || buffer.length - offset - length < RtpStream.HEADROOM) {
            throw new AssertionError("a packet that cannot be sent");
        }
        sent.add(new Sent(
                now,
                packet.marker(),
                packet.payloadType(),
                packet.sequence(),
                packet.timestamp(),
                packet.ssrc(),
                Arrays.copyOfRange(buffer, packet.payloadOffset(), offset + length)));
    }
}
