package io.ringdown.bench;

import io.ringdown.media.MediaEvent;
import io.ringdown.media.bridge.Bridge;
import io.ringdown.media.bridge.BridgeIdentity;
import io.ringdown.media.bridge.BridgeOutput;
import io.ringdown.media.bridge.BridgeSettings;
import io.ringdown.media.bridge.PacketSink;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.G711Power;
import io.ringdown.media.codec.OpusSettings;
import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.quality.ClockSkew;
import io.ringdown.media.quality.DurationHistogram;
import io.ringdown.media.quality.OneWayAudio;
import io.ringdown.media.quality.Signalled;
import io.ringdown.media.quality.SoundLevel;
import io.ringdown.media.quality.TrunkPath;
import io.ringdown.media.quality.WebPath;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntConsumer;

/**
 * What measuring a call costs: nanoseconds of CPU for each packet and for each snapshot, medians of nine rounds. On the
 * caller's thread; what it measures runs nowhere else.
 */
final class QualityCost {
    private static final int ROUNDS = 9;
    private static final int TIMES = 200_000;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private long sink;

    private QualityCost() {}

    public static void main(String[] arguments) {
        QualityCost cost = new QualityCost();
        cost.pieces();
        cost.whole();
        System.out.println("(" + cost.sink % 10 + ")");
    }

    private void pieces() {
        byte[] codes = new byte[172];
        short[] pcm = new short[160];
        for (int i = 0; i < 160; i++) {
            codes[12 + i] = (byte) (i * 7);
            pcm[i] = (short) (i * 211);
        }
        SoundLevel level = new SoundLevel();
        ClockSkew skew = new ClockSkew();
        DurationHistogram stay = new DurationHistogram();
        int[] squares = G711Power.squares(AudioCodec.PCMU);
        report("level of a G.711 frame", i -> level.onG711(squares, codes, 12, 160));
        report("level of a decoded frame", i -> level.onPcm(pcm, 160, 8));
        report("clock skew", i -> skew.onPacket(i * 160, 8_000, i * 20_000_000L));
        report("time in the gateway, clock included", i -> stay.record(System.nanoTime() & 0xFFFFFF));
        sink += level.silentMillis() + stay.durations().count() + Double.doubleToRawLongBits(skew.ppm());
    }

    private void whole() {
        PacketSink nowhere = (buffer, offset, length) -> sink += length;
        BridgeIdentity.Stream stream = new BridgeIdentity.Stream(1, 1, 1);
        BridgeIdentity identity = new BridgeIdentity(stream, stream, "cost", 0);
        InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        Codecs codecs = Codecs.load(OpusSettings.defaults());
        BridgeOutput output = new BridgeOutput(nowhere, nowhere, nowhere, nowhere);
        try (Bridge bridge = new Bridge(codecs, BridgeSettings.defaults(), identity, output, this::take, 0)) {
            bridge.web(new WebFormat(AudioCodec.PCMU, 0, OptionalInt.empty(), 8_000, 20), 0);
            bridge.trunk(new TrunkFormat(AudioCodec.PCMU, 0, OptionalInt.empty(), 20, there, there, true, true), 0);
            byte[] packet = new byte[12 + 160 + 64];
            int[] number = new int[1];
            report("a passed-through packet, all in all", i -> {
                int n = number[0]++;
                ByteBuffer.wrap(packet)
                        .put((byte) 0x80)
                        .put((byte) 0)
                        .putShort((short) n)
                        .putInt(n * 160)
                        .putInt(7);
                bridge.onTrunkRtp(packet, 0, 172, n * 20_000_000L);
            });
            long now = number[0] * 20_000_000L;
            DurationHistogram stay = new DurationHistogram();
            Signalled talking = new Signalled(true, Optional.empty());
            report("a snapshot and its verdict", i -> {
                CallQuality quality = new CallQuality(
                        bridge.webQuality(now),
                        bridge.trunkQuality(now),
                        WebPath.NONE,
                        TrunkPath.NONE,
                        stay.durations(),
                        stay.durations());
                sink += OneWayAudio.judge(quality, quality, talking)
                        .about()
                        .code()
                        .length();
            });
        }
    }

    private void take(MediaEvent event) {
        sink++;
    }

    private static void report(String what, IntConsumer work) {
        double[] nanos = new double[ROUNDS];
        for (int round = -3; round < ROUNDS; round++) {
            long begun = THREADS.getCurrentThreadCpuTime();
            for (int i = 0; i < TIMES; i++) {
                work.accept(i);
            }
            if (round >= 0) {
                nanos[round] = (THREADS.getCurrentThreadCpuTime() - begun) / (double) TIMES;
            }
        }
        Arrays.sort(nanos);
        System.out.printf(
                Locale.ROOT, "%-40s %8.1f ns (%.1f to %.1f)%n", what, nanos[ROUNDS / 2], nanos[0], nanos[ROUNDS - 1]);
    }
}
