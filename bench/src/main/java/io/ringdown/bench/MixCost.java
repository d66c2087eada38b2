package io.ringdown.bench;

import io.ringdown.media.Side;
import io.ringdown.media.bridge.Bridge;
import io.ringdown.media.bridge.BridgeIdentity;
import io.ringdown.media.bridge.BridgeOutput;
import io.ringdown.media.bridge.BridgeSettings;
import io.ringdown.media.bridge.PacketSink;
import io.ringdown.media.bridge.SoundRing;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
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
    private static final int TRUNK_TYPE = 0;
    private static final int WEB_TYPE = 111;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Codecs codecs = Codecs.load(OpusSettings.defaults());
    private final byte[] buffer = new byte[1_500];
    private final byte[][] voice = new byte[50][];
    private final byte[] law = new byte[160];
    private long sink;

    private MixCost() {
        try (AudioEncoder opus = codecs.encoder(AudioCodec.OPUS, 16_000)) {
            for (int i = 0; i < voice.length; i++) {
                short[] pcm = new short[320];
                for (int k = 0; k < pcm.length; k++) {
                    pcm[k] = (short) (6_000 * Math.sin(0.06 * (i * 320 + k)) * Math.sin(0.0007 * (i * 320 + k)));
                }
                voice[i] = Arrays.copyOf(buffer, opus.encode(pcm, pcm.length, buffer, 0, buffer.length));
            }
        }
        for (int i = 0; i < law.length; i++) {
            law[i] = (byte) (i * 7);
        }
    }

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
                byte[] frame = web == AudioCodec.OPUS ? voice[i % 50] : law;
                int type = web == AudioCodec.OPUS ? WEB_TYPE : TRUNK_TYPE;
                bridge.onWebRtp(buffer, 0, rtp(type, i, web.clockRate() / 50, frame), now);
                bridge.onTrunkRtp(buffer, 0, rtp(TRUNK_TYPE, i, 160, law), now);
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
                new TrunkFormat(AudioCodec.PCMU, TRUNK_TYPE, OptionalInt.empty(), 20, there, there, true, true), 0);
        all.add(bridge);
        return bridge;
    }

    private static WebFormat format(AudioCodec web) {
        int type = web == AudioCodec.OPUS ? WEB_TYPE : TRUNK_TYPE;
        return new WebFormat(web, type, OptionalInt.empty(), web.clockRate(), 20);
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

    private int rtp(int type, int number, int ticks, byte[] payload) {
        ByteBuffer.wrap(buffer)
                .put((byte) 0x80)
                .put((byte) type)
                .putShort((short) number)
                .putInt(number * ticks)
                .putInt(7)
                .put(payload);
        return 12 + payload.length;
    }
}
