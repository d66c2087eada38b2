package io.ringdown.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RtcpTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<String> heard = new ArrayList<>();
    private final Reception reception = new Reception();
    private final byte[] buffer = new byte[Rtcp.MAX_LENGTH];

    @Test
    void aReportTellsWhatWeSendWhatWeReceiveAndWhoWeAre() {
        reception.restart(0x77, 5);
        reception.onPacket(5);
        reception.onPacket(7);
        ReportExchange exchange = new ReportExchange(0x11, "name", 5 * SECOND, reception, 0, 0);
        int length = exchange.writeReport(buffer, 0, 12_345, 3, 480, SECOND / 2);
        assertThat(length % 4).isZero();
        assertThat(Rtcp.read(buffer, 0, length, new Hearing())).isTrue();
        assertThat(heard)
                .containsExactly(
                        "sr 11 ntp %x ts 12345".formatted((int) ((2_208_988_800L << 16) | 0x8000)),
                        "block 11 about 77 fraction 85 lost 1 highest 7");
        assertThat(new String(buffer, 0, length, StandardCharsets.ISO_8859_1)).contains("\1\4name\0");
    }

    @Test
    void whoHasSentNothingReportsAsAReceiver() {
        ReportExchange exchange = new ReportExchange(0x11, "name", 5 * SECOND, reception, 0, 0);
        exchange.writeReport(buffer, 0, 0, 0, 0, SECOND);
        assertThat(buffer[1] & 0xFF).isEqualTo(201);
        exchange.writeReport(buffer, 0, 0, 1, 160, 2 * SECOND);
        assertThat(buffer[1] & 0xFF).isEqualTo(200);
        exchange.writeReport(buffer, 0, 0, 1, 160, 3 * SECOND);
        assertThat(buffer[1] & 0xFF).isEqualTo(201);
    }

    @Test
    void theRoundTripIsWhatLiesBetweenOurReportAndItsEchoLessTheDelayThere() {
        Reception there = new Reception();
        there.restart(0x11, 1);
        ReportExchange here = new ReportExchange(0x11, "a", 5 * SECOND, reception, 1_700_000_000L * SECOND, 0);
        ReportExchange far = new ReportExchange(0x22, "b", 5 * SECOND, there, 1_600_000_000L * SECOND, 0);
        int length = here.writeReport(buffer, 0, 0, 5, 5, 10 * SECOND);
        far.read(buffer, 0, length, 10 * SECOND + 30_000_000);
        length = far.writeReport(buffer, 0, 0, 5, 5, 13 * SECOND);
        here.read(buffer, 0, length, 13 * SECOND + 20_000_000);
        assertThat(here.roundTripNanos()).isBetween(49_900_000L, 50_100_000L);
    }

    @Test
    void reportsComeAtTheirIntervalAndNotInStep() {
        ReportExchange exchange = new ReportExchange(0x1234, "a", 5 * SECOND, reception, 0, 0);
        long before = 0;
        List<Long> spans = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            long now = exchange.nextReportNanos();
            exchange.writeReport(buffer, 0, 0, i, i, now);
            spans.add(now - before);
            before = now;
        }
        List<Long> later = spans.subList(1, spans.size());
        assertThat(later).allMatch(span -> span >= 5 * SECOND / 2 && span < 15 * SECOND / 2);
        assertThat(later.stream().mapToLong(span -> span).average().orElseThrow())
                .isBetween(4.7e9, 5.3e9);
        assertThat(later.stream().distinct().count()).isGreaterThan(900);
    }

    @Test
    void everyTruncationAndAnyBytesAreReadWithoutHarm() {
        reception.restart(0x77, 5);
        ReportExchange exchange = new ReportExchange(0x11, "some name", 5 * SECOND, reception, 0, 0);
        int length = exchange.writeBye(buffer, 0, 1, 2, 3, SECOND);
        for (int cut = 0; cut < length; cut++) {
            Rtcp.read(buffer.clone(), 0, cut, new Hearing());
        }
        assertThat(Rtcp.read(buffer, 0, length - 1, new Hearing())).isFalse();
        Random random = new Random(4);
        for (int i = 0; i < 200_000; i++) {
            byte[] mutant = Arrays.copyOf(buffer, random.nextInt(length + 1));
            for (int k = random.nextInt(6); k > 0 && mutant.length > 0; k--) {
                mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
            }
            Rtcp.read(mutant, 0, mutant.length, new Hearing());
        }
        assertThat(heard).anyMatch(line -> line.startsWith("bye 11"));
    }

    /** Writes down what is read. */
    private final class Hearing implements Rtcp.Listener {
        @Override
        public void onSenderReport(int ssrc, int middleNtp, int rtpTimestamp) {
            heard.add("sr %x ntp %x ts %d".formatted(ssrc, middleNtp, rtpTimestamp));
        }

        @Override
        public void onReceiverReport(int ssrc) {
            heard.add("rr %x".formatted(ssrc));
        }

        @Override
        public void onReportBlock(
                int from,
                int about,
                int fractionLost,
                int cumulativeLost,
                int extendedHighest,
                int jitter,
                int lastSenderReport,
                int delaySinceLastSenderReport) {
            heard.add("block %x about %x fraction %d lost %d highest %d"
                    .formatted(from, about, fractionLost, cumulativeLost, extendedHighest));
        }

        @Override
        public void onBye(int ssrc) {
            heard.add("bye %x".formatted(ssrc));
        }
    }
}
