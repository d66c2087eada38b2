package io.ringdown.bench.fidelity;

import io.ringdown.media.bridge.Bridge;
import io.ringdown.media.bridge.BridgeIdentity;
import io.ringdown.media.bridge.BridgeOutput;
import io.ringdown.media.bridge.BridgeSettings;
import io.ringdown.media.codec.AudioCodec;
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
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * One call in virtual time: packets of one end, through a network, the gateway's {@link Bridge} and, to a browser, another
 * network. The CPU time of the thread is taken around each call of the bridge. One thread.
 */
final class BridgedCall {
    /** The least time that a packet is under way on a leg. */
    static final long NETWORK_NANOS = 30_000_000;

    private static final long FRAME_NANOS = 20_000_000;
    private static final long FIRST_REPORT_NANOS = 100_000_000;
    private static final long REPORT_NANOS = 5_000_000_000L;
    private static final long AFTER_NANOS = 300_000_000;
    private static final int HEADROOM = 64; // that bridges may write to, behind a packet
    private static final int OPUS_TYPE = 111;
    private static final int OPUS_TICKS = 960;
    private static final int WEB_SSRC = 0x1111;
    private static final int TRUNK_SSRC = 0x2222;
    private static final int OUR_WEB_SSRC = 0xAAAA;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Setup setup;
    private final int lossPercent;
    private final Pattern.Network incoming;
    private final Pattern.Network outgoing;
    private final List<Packet> arriving = new ArrayList<>(); // looked at when the clock of the CPU stands
    private final PriorityQueue<Packet> underWay = new PriorityQueue<>();
    private final Bridge bridge;
    private long now;
    private long cpuNanos;
    private long nextReportNanos = FIRST_REPORT_NANOS;
    private int sinceReport;
    private int lostSinceReport;
    private int sent;
    private long webOctets;

    /** A packet on its way, and when it arrives. */
    @SuppressWarnings("ArrayRecordComponent") // never compared with its bytes
    private record Packet(long nanos, int number, byte[] bytes) implements Comparable<Packet> {
        @Override
        public int compareTo(Packet other) {
            return nanos != other.nanos ? Long.compare(nanos, other.nanos) : Integer.compare(number, other.number);
        }
    }

    private BridgedCall(Setup setup, Pattern pattern, long seed) {
        Pattern.Network clean = () -> 0;
        boolean isLostBehind = setup.road() == Setup.Road.TRUNK_TO_LOSSY_WEB;
        this.setup = setup;
        this.lossPercent = pattern.loss();
        this.incoming = isLostBehind ? clean : pattern.network(seed);
        this.outgoing = isLostBehind ? pattern.network(seed) : clean;
        boolean isUp = setup.road().isUp();
        BridgeIdentity identity = new BridgeIdentity(
                new BridgeIdentity.Stream(OUR_WEB_SSRC, 1_000, 0),
                new BridgeIdentity.Stream(0xBBBB, 2_000, 0),
                "bench",
                1_700_000_000_000_000_000L);
        BridgeOutput output = new BridgeOutput(
                (buffer, offset, length) -> onSent(!isUp, buffer, offset, length),
                (buffer, offset, length) -> {},
                (buffer, offset, length) -> onSent(isUp, buffer, offset, length),
                (buffer, offset, length) -> {});
        this.bridge = new Bridge(
                new GatewayCodecs(setup.gateway()), BridgeSettings.defaults(), identity, output, event -> {}, 0);
    }

    /** Says a speech on one side and tells what is heard on the other. */
    static Heard run(Setup setup, BrowserMouth mouth, Pattern pattern, long seed) {
        List<byte[]> spoken = switch (setup.road()) {
            case WEB_TO_TRUNK -> mouth.opus(setup.browser(), pattern.loss());
            case G711_TO_TRUNK, TRUNK_TO_WEB, TRUNK_TO_LOSSY_WEB -> mouth.g711();
        };
        return new BridgedCall(setup, pattern, seed).run(spoken);
    }

    private Heard run(List<byte[]> spoken) {
        InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
        boolean isOpus = setup.road() != Setup.Road.G711_TO_TRUNK;
        WebFormat web = new WebFormat(
                isOpus ? AudioCodec.OPUS : AudioCodec.PCMU,
                isOpus ? OPUS_TYPE : 0,
                OptionalInt.empty(),
                48_000,
                20,
                List.of(),
                isOpus && setup.browser().red() ? OptionalInt.of(Red.PAYLOAD_TYPE) : OptionalInt.empty(),
                WebFormat.ANY_BITRATE);
        TrunkFormat trunk = new TrunkFormat(AudioCodec.PCMU, 0, OptionalInt.empty(), 20, there, there, true, true);
        bridge.web(web, 0);
        bridge.trunk(trunk, 0);
        boolean isOpusUp = setup.road() == Setup.Road.WEB_TO_TRUNK;
        for (int i = 0; i < spoken.size(); i++) {
            send(i, isOpusUp && setup.browser().red() ? red(spoken, i) : spoken.get(i));
        }
        while (!underWay.isEmpty()) {
            Packet packet = underWay.remove();
            runTo(packet.nanos);
            deliver(packet.bytes);
        }
        long callNanos = now + AFTER_NANOS;
        runTo(callNanos);
        bridge.close();
        boolean isUp = setup.road().isUp();
        Arrivals heard = new Arrivals(isUp ? Speech.TELEPHONE_RATE : Speech.BROWSER_RATE);
        arriving.forEach(packet -> heard.add(packet.bytes, packet.nanos));
        double[] samples = isUp
                ? Heard.byTelephone(heard)
                : Heard.byBrowser(heard, setup.browser().fec());
        return new Heard(samples, heard.firstNanos() / 1e6, heard, cpuNanos, callNanos, webOctets);
    }

    private static byte[] red(List<byte[]> spoken, int number) {
        byte[] before = number == 0 ? new byte[0] : spoken.get(number - 1);
        return Red.wrap(OPUS_TYPE, before, OPUS_TICKS, spoken.get(number));
    }

    /** A frame is sent when its last sample has been spoken. */
    private void send(int number, byte[] payload) {
        boolean isOpus = setup.road() == Setup.Road.WEB_TO_TRUNK;
        int opusType = setup.browser().red() ? Red.PAYLOAD_TYPE : OPUS_TYPE;
        int payloadType = isOpus ? opusType : 0;
        int ticks = isOpus ? OPUS_TICKS : 160;
        long late = incoming.next();
        if (setup.road().isUp()) {
            webOctets += payload.length;
        }
        if (late != Pattern.LOST) {
            byte[] bytes = ByteBuffer.allocate(12 + payload.length + HEADROOM)
                    .put((byte) 0x80)
                    .put((byte) payloadType)
                    .putShort((short) number)
                    .putInt(number * ticks)
                    .putInt(setup.road().isUp() ? WEB_SSRC : TRUNK_SSRC)
                    .put(payload)
                    .array();
            underWay.add(new Packet((number + 1) * FRAME_NANOS + NETWORK_NANOS + late, number, bytes));
        }
    }

    private void deliver(byte[] bytes) {
        long before = THREADS.getCurrentThreadCpuTime();
        if (setup.road().isUp()) {
            bridge.onWebRtp(bytes, 0, bytes.length - HEADROOM, now);
        } else {
            bridge.onTrunkRtp(bytes, 0, bytes.length - HEADROOM, now);
        }
        cpuNanos += THREADS.getCurrentThreadCpuTime() - before;
    }

    private void runTo(long nanos) {
        while (Math.min(bridge.nextWakeup(), nextReportNanos) <= nanos) {
            if (nextReportNanos <= bridge.nextWakeup()) {
                now = Math.max(now, nextReportNanos);
                report();
            } else {
                now = Math.max(now, bridge.nextWakeup());
                long before = THREADS.getCurrentThreadCpuTime();
                bridge.onTime(now);
                cpuNanos += THREADS.getCurrentThreadCpuTime() - before;
            }
        }
        now = Math.max(now, nanos);
    }

    /** The browser's receiver report (RFC 3550 §6.4.2); the first says what is lost in the long run, as in mid-call. */
    private void report() {
        boolean isFirst = nextReportNanos == FIRST_REPORT_NANOS;
        nextReportNanos += REPORT_NANOS;
        if (!setup.gateway().hearsReports() || setup.road() != Setup.Road.TRUNK_TO_LOSSY_WEB) {
            return;
        }
        int lost256 = isFirst ? lossPercent * 256 / 100 : lostSinceReport * 256 / Math.max(1, sinceReport);
        byte[] bytes = ByteBuffer.allocate(32 + HEADROOM)
                .putInt(0x81C9_0007)
                .putInt(WEB_SSRC)
                .putInt(OUR_WEB_SSRC)
                .putInt(Math.min(255, lost256) << 24)
                .putInt(1_000 + sent)
                .array();
        sinceReport = 0;
        lostSinceReport = 0;
        bridge.onWebRtcp(bytes, 0, 32, now);
    }

    private void onSent(boolean isHeardWay, byte[] buffer, int offset, int length) {
        if (!isHeardWay) {
            return;
        }
        long late = outgoing.next();
        sent++;
        sinceReport++;
        if (!setup.road().isUp()) {
            webOctets += length - 12;
        }
        if (late == Pattern.LOST) {
            lostSinceReport++;
        } else {
            arriving.add(
                    new Packet(now + NETWORK_NANOS + late, sent, Arrays.copyOfRange(buffer, offset, offset + length)));
        }
    }
}
