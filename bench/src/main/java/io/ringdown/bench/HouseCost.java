package io.ringdown.bench;

import io.ringdown.media.bridge.Bridge;
import io.ringdown.media.bridge.BridgeIdentity;
import io.ringdown.media.bridge.BridgeOutput;
import io.ringdown.media.bridge.BridgeSettings;
import io.ringdown.media.bridge.PacketSink;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What a call within the house costs: milliseconds of CPU for a second of two browsers that speak Opus, each with a session of its
 * own, where the sessions meet in Opus, and where they would meet in another codec; medians of five rounds of 60 s, in virtual time,
 * without encryption and sockets. On the caller's thread.
 */
final class HouseCost {
    private static final int ROUNDS = 5;
    private static final int SECONDS = 60;
    private static final long FRAME_NANOS = 20_000_000L;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Codecs codecs = Codecs.load(OpusSettings.defaults());
    private final CostFrames frames = new CostFrames(codecs);
    private long heard;

    private HouseCost() {}

    public static void main(String[] arguments) {
        HouseCost cost = new HouseCost();
        for (AudioCodec between : List.of(AudioCodec.OPUS, AudioCodec.PCMU, AudioCodec.G722)) {
            cost.report(between);
        }
    }

    private void report(AudioCodec between) {
        double[] millis = new double[ROUNDS];
        for (int round = -2; round < ROUNDS; round++) {
            heard = 0;
            double spent = round(between);
            if (heard < 2 * 50 * (SECONDS - 1)) {
                throw new IllegalStateException("the browsers have heard " + heard + " packets only");
            }
            if (round >= 0) {
                millis[round] = spent;
            }
        }
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "Opus, %s between the sessions, Opus: %6.2f ms/s (%.2f to %.2f)%n",
                between,
                millis[ROUNDS / 2],
                millis[0],
                millis[ROUNDS - 1]);
    }

    private double round(AudioCodec between) {
        Session caller = new Session();
        Session called = new Session();
        caller.meet(called, between);
        called.meet(caller, between);
        long begun = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < SECONDS * 50; i++) {
            long now = i * FRAME_NANOS;
            for (Session each : List.of(caller, called)) {
                each.now = now;
                while (each.bridge.nextWakeup() <= now) {
                    each.bridge.onTime(each.bridge.nextWakeup());
                }
            }
            for (Session each : List.of(caller, called)) {
                each.bridge.onWebRtp(frames.packet, 0, frames.rtp(AudioCodec.OPUS, i), now);
            }
        }
        double millis = (THREADS.getCurrentThreadCpuTime() - begun) / 1e6 / SECONDS;
        caller.bridge.close();
        called.bridge.close();
        return millis;
    }

    /** One browser's, whose trunk is the other's. */
    private final class Session {
        private final byte[] arriving = new byte[1_500];
        private final Bridge bridge;
        private Bridge other;
        private long now;

        Session() {
            PacketSink nowhere = (bytes, offset, length) -> {};
            PacketSink browser = (bytes, offset, length) -> heard++;
            BridgeIdentity.Stream stream = new BridgeIdentity.Stream(1, 1, 1);
            bridge = new Bridge(
                    codecs,
                    BridgeSettings.defaults(),
                    new BridgeIdentity(stream, stream, "cost", 0),
                    new BridgeOutput(browser, nowhere, this::toOther, nowhere),
                    event -> {},
                    0);
            other = bridge;
        }

        /** As over loopback: the other has its own copy. */
        private void toOther(byte[] bytes, int offset, int length) {
            System.arraycopy(bytes, offset, arriving, 0, length);
            other.onTrunkRtp(arriving, 0, length, now);
        }

        private void meet(Session far, AudioCodec between) {
            other = far.bridge;
            InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
            int type = switch (between) {
                case G722 -> 9;
                default -> CostFrames.type(between);
            };
            bridge.web(new WebFormat(AudioCodec.OPUS, CostFrames.OPUS_TYPE, OptionalInt.empty(), 48_000, 20), 0);
            bridge.trunk(new TrunkFormat(between, type, OptionalInt.empty(), 20, there, there, true, true), 0);
        }
    }
}
