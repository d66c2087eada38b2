package io.ringdown.bench.digits;

import io.ringdown.media.bridge.Bridge;
import io.ringdown.media.bridge.BridgeIdentity;
import io.ringdown.media.bridge.BridgeOutput;
import io.ringdown.media.bridge.BridgeSettings;
import io.ringdown.media.bridge.PacketSink;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/** The gateway's own {@link Bridge}, one a stream, in virtual time: what comes when is the script's, to the nanosecond. */
final class Ringdown implements Gateway {
    private static final int HEADROOM = 64; // that bridges may write to, behind a packet
    private static final long AFTER_NANOS = 1_000_000_000L;
    private static final PacketSink NOWHERE = (buffer, offset, length) -> {};

    private final Codecs codecs;

    Ringdown(Codecs codecs) {
        this.codecs = codecs;
    }

    @Override
    public String name() {
        return "Ringdown";
    }

    @Override
    public void carry(Road road, List<List<Packet>> streams, List<FarEnd> ends) {
        for (int i = 0; i < streams.size(); i++) {
            new Call(road, ends.get(i)).run(streams.get(i));
        }
    }

    private final class Call {
        private final FarEnd end;
        private final Bridge bridge;
        private long now;

        Call(Road road, FarEnd end) {
            this.end = end;
            BridgeIdentity identity = new BridgeIdentity(
                    new BridgeIdentity.Stream(0xAAAA, 1_000, 0),
                    new BridgeIdentity.Stream(0xBBBB, 2_000, 0),
                    "bench",
                    1_700_000_000_000_000_000L);
            this.bridge = new Bridge(
                    codecs,
                    BridgeSettings.defaults(),
                    identity,
                    new BridgeOutput(NOWHERE, NOWHERE, this::onTrunk, NOWHERE),
                    event -> {},
                    0);
            InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
            AudioCodec codec = road == Road.OPUS ? AudioCodec.OPUS : AudioCodec.PCMU;
            bridge.web(
                    new WebFormat(
                            codec, road.audioType, OptionalInt.of(road.eventType), road.clockRate, Road.FRAME_MILLIS),
                    0);
            bridge.trunk(
                    new TrunkFormat(
                            AudioCodec.PCMU,
                            0,
                            OptionalInt.of(road.farEventType),
                            Road.FRAME_MILLIS,
                            there,
                            there,
                            true,
                            true),
                    0);
        }

        void run(List<Packet> arriving) {
            for (Packet packet : arriving) {
                runTo(packet.nanos());
                byte[] buffer = Arrays.copyOf(packet.bytes(), packet.bytes().length + HEADROOM);
                bridge.onWebRtp(buffer, 0, packet.bytes().length, now);
            }
            runTo(now + AFTER_NANOS);
            bridge.close();
        }

        private void runTo(long nanos) {
            while (bridge.nextWakeup() <= nanos) {
                now = Math.max(now, bridge.nextWakeup());
                bridge.onTime(now);
            }
            now = nanos;
        }

        private void onTrunk(byte[] buffer, int offset, int length) {
            end.onPacket(Arrays.copyOfRange(buffer, offset, offset + length), length, now);
        }
    }
}
