package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Digits of {@code RTCDTMFSender} at the trunk, seen by an RTP sink and by tshark: exactly these presses, of their own
 * length, with three end packets each, in the audio's stream, and no tone of theirs in the sound beside them.
 */
@ExtendWith(Trial.Extension.class)
final class DigitsReachTheTelephoneIT {

    private static final String ALL = "1234567890*#ABCD";

    /** Longer than this without a packet, and a receiver takes the end of a press as lost. */
    private static final long STOOD_STILL_MILLIS = 120;

    private static final double[] ROWS = {697, 770, 852, 941};
    private static final double[] COLUMNS = {1209, 1336, 1477, 1633};
    private static final String PAD = "123A456B789C*0#D";

    /** One run: what is pressed, how long, how far apart, over which wire. */
    record Run(Browser.Kind kind, String digits, int millis, int gap, double loss) {
        @Override
        public String toString() {
            return kind + " " + digits + " " + millis + " ms gap " + gap + " loss " + loss;
        }
    }

    static Stream<Run> runs() {
        List<Run> runs = new ArrayList<>();
        for (Browser.Kind kind : Browser.Kind.values()) {
            for (double loss : new double[] {0, 0.05}) {
                if (Tools.full()) {
                    for (int millis : new int[] {40, 100, 500, 2000, 6000}) {
                        for (int gap : new int[] {30, 70, 200}) {
                            runs.add(new Run(kind, ALL, millis, gap, loss));
                        }
                    }
                } else {
                    runs.add(new Run(kind, ALL, 40, 70, loss));
                    runs.add(new Run(kind, ALL, 100, 30, loss));
                    runs.add(new Run(kind, ALL, 500, 70, loss));
                    runs.add(new Run(kind, "5#", 2000, 200, loss));
                    runs.add(new Run(kind, "A", 6000, 70, loss));
                }
            }
        }
        return runs.stream();
    }

    @ParameterizedTest
    @MethodSource("runs")
    void everyPressArrivesOnceAndAsLongAsItWas(Run run, Trial trial, Exchange exchange) {
        Seen seen = press(run, trial, exchange);
        // A browser that stands still itself sends no press as long as it was asked: that is no measurement of ours.
        for (int more = 0; more < 3 && seen.browserPauseMillis > STOOD_STILL_MILLIS; more++) {
            seen = press(run, trial, exchange);
        }
        judge(run, trial, seen);
    }

    /** What one run has shown. */
    private record Seen(
            List<FarEnd.Packet> packets, List<String> byTshark, long passedLinks, long browserPauseMillis) {}

    private static Seen press(Run run, Trial trial, Exchange exchange) {
        try (Capture capture = Capture.start(trial);
                FarEnd far = new FarEnd();
                Link first = new Link(exchange.config().mediaPort(), run.loss, 1);
                Link second = new Link(exchange.config().mediaPort() + 1, run.loss, 2);
                Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
                RawClient phone = exchange.phone(trial, run.kind.browser())) {
            phone.take(exchange.config(), first, second);
            phone.start(Exchange.NUMBER);
            phone.awaitEstablished();
            far.awaitAudio(10);
            // Sixteen presses of 6 s take longer than a trunk may be silent.
            far.speak(G711.PCMU.payloadType(), G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
            Tools.pause(500); // past the browser's own beginning
            first.forgetPauses();
            second.forgetPauses();
            phone.evaluate("client.press(" + JsonSocket.quote(run.digits) + ", " + run.millis + ", " + run.gap + ")");
            int patience = 15 + run.digits.length() * (run.millis + 2 * run.gap + 200) / 1000;
            Tools.await(
                    "the browser has pressed everything",
                    patience,
                    () -> phone.evaluate("client.tones.at(-1) === ''").asBoolean(),
                    () -> phone.evaluate("client.tones").toString());
            Tools.await(
                    "the last press has ended",
                    10,
                    () -> {
                        List<Press> presses = Press.of(far.received());
                        return presses.size() >= run.digits.length()
                                && presses.getLast().ends() == 3;
                    },
                    () -> Press.of(far.received()).toString());
            Tools.pause(300);
            phone.hangUp();
            carrier.awaitSuccess(10);
            return new Seen(
                    FarEnd.inOrder(far.received()),
                    seenByTshark(capture, far.port(), exchange.carrierPort()),
                    first.passed() + second.passed(),
                    Math.max(first.longestPauseMillis(), second.longestPauseMillis()));
        }
    }

    private static void judge(Run run, Trial trial, Seen seen) {
        List<FarEnd.Packet> packets = seen.packets;
        List<Press> presses = Press.of(packets);
        trial.write(
                "presses.txt",
                "the browser's longest pause: " + seen.browserPauseMillis + " ms\n"
                        + presses.stream().map(Press::toString).collect(Collectors.joining("\n")));
        assertThat(seen.passedLinks).as("the media took the wire").isGreaterThan(50);
        assertThat(presses.stream().map(Press::digit).collect(Collectors.joining()))
                .as("exactly these presses")
                .isEqualTo(run.digits);
        assertThat(presses).allSatisfy(press -> {
            assertThat(press.ends()).as("end packets of %s", press).isEqualTo(3);
            assertThat(press.markers()).as("markers of %s", press).isEqualTo(1);
            assertLength(run, press);
        });
        assertApart(presses);
        assertOneStream(packets);
        assertNoAudioInside(packets, presses);
        assertNoToneBeside(trial, packets, run);
        assertThat(seen.byTshark)
                .as("tshark sees the same")
                .isEqualTo(presses.stream()
                        .map(press ->
                                press.event() + " " + press.timestamp() + " " + press.duration() + " " + press.ends())
                        .toList());
    }

    /**
     * ±20 ms. Firefox sends telephone-event/8000 beside Opus, and by a bug of browsers its durations come in steps of
     * 120 ms: there the press is as long as the next step.
     */
    private static void assertLength(Run run, Press press) {
        double steps = run.kind == Browser.Kind.FIREFOX ? Math.ceil(run.millis / 120.0) * 120 : run.millis;
        assertThat(press.millis()).as("length of %s", press).isBetween(Math.min(run.millis, steps) - 20.0, steps + 20);
        assertThat(press.wireNanos() / 1e6)
                .as("the packets of %s take the time that they tell", press)
                .isGreaterThan(press.millis() * 0.6 - 40);
    }

    private static void assertApart(List<Press> presses) {
        for (int i = 1; i < presses.size(); i++) {
            assertThat(presses.get(i).timestamp() - presses.get(i - 1).end())
                    .as("silence between " + presses.get(i - 1) + " and " + presses.get(i))
                    .isGreaterThanOrEqualTo(20 * 8);
        }
    }

    private static void assertOneStream(List<FarEnd.Packet> packets) {
        assertThat(packets.stream().map(FarEnd.Packet::ssrc).distinct())
                .as("SSRCs")
                .hasSize(1);
        for (int i = 1; i < packets.size(); i++) {
            assertThat((short) (packets.get(i).sequence() - packets.get(i - 1).sequence()))
                    .as("sequence numbers are contiguous after "
                            + packets.get(i - 1).sequence())
                    .isEqualTo((short) 1);
            assertThat((int) (packets.get(i).timestamp() - packets.get(i - 1).timestamp()))
                    .as("timestamps never go back after " + packets.get(i - 1).sequence())
                    .isGreaterThanOrEqualTo(0);
        }
    }

    private static void assertNoAudioInside(List<FarEnd.Packet> packets, List<Press> presses) {
        for (Press press : presses) {
            assertThat(packets.stream()
                            .filter(packet -> packet.payloadType() < 96)
                            .filter(packet ->
                                    packet.timestamp() > press.timestamp() && packet.timestamp() < press.end()))
                    .as("no audio while " + press + " lasts")
                    .isEmpty();
        }
    }

    private static void assertNoToneBeside(Trial trial, List<FarEnd.Packet> packets, Run run) {
        Sound sound = Ear.of(trial.directory(), "beside", packets);
        for (char digit : run.digits.toCharArray()) {
            int key = PAD.indexOf(digit);
            // 40 ms at −30 dBm0 in the whole recording would still stand out of this.
            double row = loudest(sound, ROWS[key / 4]);
            double column = loudest(sound, COLUMNS[key % 4]);
            assertThat(Math.min(row, column))
                    .as("no tone of " + digit + " in the sound beside the presses: " + row + " and " + column + " dBFS")
                    .isLessThan(-32);
        }
    }

    private static double loudest(Sound sound, double hz) {
        double loudest = -200;
        for (double at = 0; at + 0.04 <= sound.seconds(); at += 0.02) {
            loudest = Math.max(loudest, sound.between(at, at + 0.04).levelOfDbfs(hz));
        }
        return loudest;
    }

    private static List<String> seenByTshark(Capture capture, int port, int carrierPort) {
        List<List<String>> rows = capture.read(
                carrierPort,
                "rtpevent && udp.dstport == " + port,
                "rtpevent.event_id",
                "rtp.timestamp",
                "rtpevent.duration",
                "rtpevent.end_of_event");
        Set<Long> timestamps = new TreeSet<>();
        rows.forEach(row -> timestamps.add(Long.parseLong(row.get(1))));
        return timestamps.stream()
                .map(timestamp -> {
                    List<List<String>> press = rows.stream()
                            .filter(row -> Long.parseLong(row.get(1)) == timestamp)
                            .toList();
                    int longest = press.stream()
                            .mapToInt(row -> Integer.parseInt(row.get(2)))
                            .max()
                            .orElseThrow();
                    long ends = press.stream()
                            .filter(row -> row.get(3).equals("1") || row.get(3).equals("True"))
                            .count();
                    return press.getFirst().getFirst() + " " + timestamp + " " + longest + " " + ends;
                })
                .toList();
    }
}
