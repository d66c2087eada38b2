package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.sdp.TrunkFormat;
import io.ringdown.media.sdp.WebFormat;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The law of sender reports (RFC 3550 §6.4.1): the two clocks of all reports of a stream lie on one line, whatever the packet
 * times, and whatever else happens beside the sound.
 */
class SenderReportTest {
    private static final long MILLI = Call.MILLI;
    private static final int RUNS = 10;
    private static final int SECONDS = 50;
    private static final int SENDER_REPORT = 200;
    private static final List<Integer> PACKET_TIMES = List.of(10, 20, 30, 40, 60);
    private static final long WARM_UP_NANOS = 10_000 * MILLI; // until nothing is left of the time without a browser

    @ParameterizedTest
    @CsvSource({"0, 0, 1", "0, 10, 1", "30, 0, 8", "30, 5, 8"})
    void theClocksOfAllReportsLieOnOneLine(int jitterMillis, int lossPercent, int mostMillis) {
        for (int seed = 0; seed < RUNS; seed++) {
            Run run = new Run(seed, jitterMillis, lossPercent);
            Call call = run.talk();
            String what = "seed " + seed + ": " + run;
            assertThat(bent(what, call.trunkReports, 8_000))
                    .as(what + ", to the trunk")
                    .isLessThan(mostMillis);
            assertThat(bent(what, call.webReports, run.web.codec().clockRate()))
                    .as(what + ", to the browser")
                    .isLessThan(mostMillis);
        }
    }

    /** How far, in milliseconds, the report furthest from the line is off it. */
    private static double bent(String what, List<Call.Report> reports, int clockRate) {
        double most = 0;
        ByteBuffer first = null;
        int judged = 0;
        for (Call.Report report : reports) {
            ByteBuffer bytes = ByteBuffer.wrap(report.bytes());
            if ((bytes.get(1) & 0xff) != SENDER_REPORT || report.nanos() < WARM_UP_NANOS) {
                continue;
            }
            judged++;
            if (first == null) {
                first = bytes;
            }
            double ntpMillis = (bytes.getLong(8) - first.getLong(8)) / 4_294_967_296.0 * 1_000;
            double rtpMillis = (bytes.getInt(16) - first.getInt(16)) * 1_000.0 / clockRate;
            most = Math.max(most, Math.abs(rtpMillis - ntpMillis));
        }
        assertThat(judged).as(what + ", reports of " + reports.size()).isGreaterThan(5);
        return most;
    }

    /** One call of a minute, drawn by a seed. */
    private static final class Run {
        private final Random random;
        private final int jitterMillis;
        private final int lossPercent;
        private final WebFormat web;
        private final TrunkFormat trunk;
        private final int webTime;
        private final int trunkTime;

        private Run(int seed, int jitterMillis, int lossPercent) {
            this.random = new Random(seed);
            this.jitterMillis = jitterMillis;
            this.lossPercent = lossPercent;
            boolean opus = random.nextBoolean();
            this.web = opus
                    ? new WebFormat(AudioCodec.OPUS, 111, OptionalInt.of(110), 48_000, random.nextBoolean() ? 20 : 60)
                    : new WebFormat(AudioCodec.PCMU, 0, OptionalInt.of(126), 8_000, anyTime());
            this.trunk = Call.trunk(random.nextBoolean() ? AudioCodec.PCMU : AudioCodec.PCMA, anyTime());
            this.webTime = opus ? 20 : anyTime();
            this.trunkTime = anyTime();
        }

        private int anyTime() {
            return PACKET_TIMES.get(random.nextInt(PACKET_TIMES.size()));
        }

        private Call talk() {
            Call call = new Call().open(web, trunk);
            PriorityQueue<Packet> packets = new PriorityQueue<>();
            add(packets, true, webTime);
            add(packets, false, trunkTime);
            for (Packet packet = packets.poll(); packet != null; packet = packets.poll()) {
                call.runTo(packet.nanos);
                packet.arrive(call, web, trunk);
                if (random.nextInt(500) == 0) {
                    long lengthNanos = (40 + random.nextInt(3_000)) * MILLI;
                    call.press('7', lengthNanos, 0);
                }
            }
            return call;
        }

        private void add(PriorityQueue<Packet> packets, boolean fromWeb, int millis) {
            long phase = random.nextInt(millis * 1_000) * 1_000L;
            for (int i = 0; i * millis < SECONDS * 1_000; i++) {
                long late = jitterMillis == 0 ? 0 : random.nextInt(jitterMillis * 1_000) * 1_000L;
                if (random.nextInt(100) >= lossPercent) {
                    packets.add(new Packet(phase + i * (millis * MILLI) + late, fromWeb, i, millis));
                }
            }
        }

        @Override
        public String toString() {
            return web.codec() + " of " + webTime + " ms, " + trunk.codec() + " of " + trunkTime + " ms; we send "
                    + web.ptimeMillis() + " and " + trunk.ptimeMillis() + " ms";
        }
    }

    /** A packet on its way. */
    private record Packet(long nanos, boolean fromWeb, int number, int millis) implements Comparable<Packet> {
        private static final byte[] OPUS_SILENCE = {(byte) 0x08, (byte) 0xff, (byte) 0xfe}; // 20 ms, SILK

        @Override
        public int compareTo(Packet other) {
            return Long.compare(nanos, other.nanos);
        }

        void arrive(Call call, WebFormat web, TrunkFormat trunk) {
            if (!fromWeb) {
                call.fromTrunk(false, trunk.payloadType(), number, number * millis * 8, Call.sound(8 * millis, 0x55));
            } else if (web.codec() == AudioCodec.OPUS) {
                call.fromWeb(false, web.payloadType(), number, number * millis * 48, OPUS_SILENCE);
            } else {
                call.fromWeb(false, web.payloadType(), number, number * millis * 8, Call.sound(8 * millis, 0x55));
            }
        }
    }
}
