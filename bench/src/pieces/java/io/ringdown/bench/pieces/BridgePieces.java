package io.ringdown.bench.pieces;

import io.ringdown.media.bridge.Bridge;
import io.ringdown.media.bridge.BridgeIdentity;
import io.ringdown.media.bridge.BridgeOutput;
import io.ringdown.media.bridge.BridgeSettings;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.rtp.RtpPacket;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.OptionalInt;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A packet through the bridge, without SRTP and sockets, in virtual time: with PCMU on both legs what is left is the forwarding
 * law and the new header; with Opus the codecs come on top.
 */
@State(Scope.Thread)
public class BridgePieces {
    private static final long FRAME_NANOS = 20_000_000;
    private static final int BUFFER = 2_048;

    @Param({"OPUS", "PCMU"})
    public AudioCodec web;

    private final byte[] buffer = new byte[BUFFER];
    private byte[][] fromWeb = {};
    private byte[][] fromTrunk = {};
    private Bridge bridge;
    private int frame;
    private long now;
    private int sent;

    @Setup(Level.Trial)
    public void open() {
        fromWeb = Sound.encoded(web);
        fromTrunk = Sound.encoded(AudioCodec.PCMU);
        BridgeOutput output = new BridgeOutput(
                (bytes, offset, length) -> sent++,
                (bytes, offset, length) -> sent++,
                (bytes, offset, length) -> sent++,
                (bytes, offset, length) -> sent++);
        bridge = new Bridge(
                Sound.codecs(),
                BridgeSettings.defaults(),
                new BridgeIdentity(
                        new BridgeIdentity.Stream(1, 1, 1), new BridgeIdentity.Stream(2, 2, 2), "cname", 1),
                output,
                event -> {},
                now);
        InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        bridge.web(
                web == AudioCodec.OPUS
                        ? new WebFormat(web, 111, OptionalInt.of(110), 48_000, 20)
                        : new WebFormat(web, 0, OptionalInt.of(126), 8_000, 20),
                now);
        bridge.trunk(
                new TrunkFormat(AudioCodec.PCMU, 0, OptionalInt.of(101), 20, there, there, true, true), now);
    }

    @TearDown(Level.Trial)
    public void close() {
        if (sent == 0) {
            throw new IllegalStateException("nothing came out of the bridge");
        }
        bridge.close();
    }

    /** 20 ms of a call: a packet each way. */
    @Benchmark
    public int bothWays() {
        frame++;
        now += FRAME_NANOS;
        byte[] payload = fromWeb[frame % fromWeb.length];
        int ticks = web.clockRate() / 50;
        RtpPacket.writeHeader(
                buffer, 0, false, web == AudioCodec.OPUS ? 111 : 0, frame & 0xffff, frame * ticks, 0x1111);
        System.arraycopy(payload, 0, buffer, RtpPacket.HEADER_LENGTH, payload.length);
        bridge.onWebRtp(buffer, 0, RtpPacket.HEADER_LENGTH + payload.length, now);
        payload = fromTrunk[frame % fromTrunk.length];
        RtpPacket.writeHeader(buffer, 0, false, 0, frame & 0xffff, frame * Sound.FRAME, 0x2222);
        System.arraycopy(payload, 0, buffer, RtpPacket.HEADER_LENGTH, payload.length);
        bridge.onTrunkRtp(buffer, 0, RtpPacket.HEADER_LENGTH + payload.length, now);
        if (bridge.nextWakeup() <= now) {
            bridge.onTime(now);
        }
        return sent;
    }
}
