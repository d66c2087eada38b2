package io.ringdown.bench;

import io.ringdown.media.Side;
import io.ringdown.media.bridge.Bridge;
import io.ringdown.media.bridge.BridgeIdentity;
import io.ringdown.media.bridge.BridgeOutput;
import io.ringdown.media.bridge.BridgeSettings;
import io.ringdown.media.bridge.PacketSink;
import io.ringdown.media.bridge.SoundRing;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What it costs that calls hear each other: milliseconds of CPU for a second of two calls, apart, in a conference, and of a call with
 * its supervisor; medians of five rounds of 60 s, in virtual time, without encryption and sockets. On the caller's thread.
 */
final class MixCost {
    private static final int ROUNDS = 5;
    private static final int SECONDS = 60;
    private static final long FRAME_NANOS = 20_000_000L;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Codecs codecs = Codecs.load(OpusSettings.defaults());
    private final CostFrames frames = new CostFrames(codecs);
    private long sink;

    private MixCost() {}

    public static void main(String[] arguments) {
        MixCost cost = new MixCost();
        for (AudioCodec web : new AudioCodec[] {AudioCodec.OPUS, AudioCodec.PCMU}) {
            cost.report(web, "two calls apart", false, false);
            cost.report(web, "the same in a conference", true, false);
            cost.report(web, "the same, and a supervisor of one", true, true);
        }
        System.out.println("(" + cost.sink % 10 + ")");
    }

    private void report(AudioCodec web, String what, boolean isConference, boolean isSupervised) {
        double[] millis = new double[ROUNDS];
        for (int round = -2; round < ROUNDS; round++) {
            double spent = round(web, isConference, isSupervised);
            if (round >= 0) {
                millis[round] = spent;
            }
        }
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%s, %-36s %6.2f ms/s (%.2f to %.2f)%n",
                web,
                what,
                millis[ROUNDS / 2],
                millis[0],
                millis[ROUNDS - 1]);
    }

    private double round(AudioCodec web, boolean isConference, boolean isSupervised) {
        List<Bridge> all = new ArrayList<>();
        Bridge first = call(web, all);
        Bridge second = call(web, all);
        if (isConference) {
            link(first, Side.TRUNK, second, Side.TRUNK);
            link(second, Side.TRUNK, first, Side.TRUNK);
        }
        if (isSupervised) {
            Bridge supervisor = bridge();
            supervisor.alone();
            supervisor.web(format(web), 0);
            all.add(supervisor);
            link(supervisor, Side.WEB, first, Side.WEB);
            link(supervisor, Side.WEB, first, Side.TRUNK);
        }
        long begun = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < SECONDS * 50; i++) {
            long now = i * FRAME_NANOS;
            for (Bridge bridge : all) {
                while (bridge.nextWakeup() <= now) {
                    bridge.onTime(bridge.nextWakeup());
                }
            }
            for (Bridge bridge : List.of(first, second)) {
                bridge.onWebRtp(frames.packet, 0, frames.rtp(web, i), now);
                bridge.onTrunkRtp(frames.packet, 0, frames.rtp(AudioCodec.PCMU, i), now);
            }
        }
        double millis = (THREADS.getCurrentThreadCpuTime() - begun) / 1e6 / SECONDS;
        all.forEach(Bridge::close);
        return millis;
    }

    private static void link(Bridge ear, Side side, Bridge speaker, Side mouth) {
        SoundRing ring = new SoundRing();
        ear.hear(side, ring, 0);
        speaker.speak(mouth, ring, 0);
    }

    private Bridge call(AudioCodec web, List<Bridge> all) {
        InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        Bridge bridge = bridge();
        bridge.web(format(web), 0);
        bridge.trunk(
                new TrunkFormat(
                        AudioCodec.PCMU, CostFrames.LAW_TYPE, OptionalInt.empty(), 20, there, there, true, true),
                0);
        all.add(bridge);
        return bridge;
    }

    private static WebFormat format(AudioCodec web) {
        return new WebFormat(web, CostFrames.type(web), OptionalInt.empty(), web.clockRate(), 20);
    }

    private Bridge bridge() {
        PacketSink nowhere = (bytes, offset, length) -> sink += length;
        BridgeIdentity.Stream stream = new BridgeIdentity.Stream(1, 1, 1);
        return new Bridge(
                codecs,
                BridgeSettings.defaults(),
                new BridgeIdentity(stream, stream, "cost", 0),
                new BridgeOutput(nowhere, nowhere, nowhere, nowhere),
                event -> sink++,
                0);
    }
}
