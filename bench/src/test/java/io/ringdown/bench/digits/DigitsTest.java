package io.ringdown.bench.digits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ringdown.dtmf.Digit;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The kit itself: that a seed repeats what is sent, and that the far end and the tally count what they say. */
final class DigitsTest {
    private static final int EVENTS = 101;
    private static final int SSRC = 7;
    private static final long MILLI = 1_000_000;
    private static final List<byte[]> SOUND = List.of(new byte[160]);

    private final FarEnd end = new FarEnd(EVENTS);

    @Test
    void aSeedRepeatsScriptAndLineToTheByteAndAnotherDoesNot() {
        for (Road road : Road.values()) {
            for (Form form : Form.over(road)) {
                for (Condition condition : Condition.values()) {
                    assertThat(arriving(road, form, condition, 5))
                            .as("%s %s %s", road, form, condition)
                            .isEqualTo(arriving(road, form, condition, 5))
                            .isNotEqualTo(arriving(road, form, condition, 6));
                }
            }
        }
    }

    @Test
    void pressesAndGapsAreAsLongAsIsSaidAndOneInThreeRepeatsTheOneBefore() {
        Script script = Script.of(Road.PCMU, Form.CARRIER, SOUND, 2_000, 1);
        int repeated = 0;
        for (int i = 0; i < 2_000; i++) {
            Press press = script.presses().get(i);
            assertThat(press.lengthNanos()).isBetween(40 * MILLI, 2_000 * MILLI);
            if (i > 0) {
                Press before = script.presses().get(i - 1);
                // The next packet, and the ends of a carrier, may take it further.
                assertThat(press.nanos() - before.nanos() - before.lengthNanos())
                        .isBetween(40 * MILLI, 320 * MILLI);
                repeated += press.digit().equals(before.digit()) ? 1 : 0;
            }
        }
        assertThat(repeated).isBetween(600, 900);
    }

    @Test
    void theFarEndHearsEveryScriptThatNothingHappensTo() {
        for (long seed = 0; seed < 20; seed++) {
            for (Form form : Form.values()) {
                Script script = Script.of(Road.PCMU, form, SOUND, 50, seed);
                Tally tally = tally(script, script.packets());
                assertThat(tally.arrived()).as("%s seed %d", form, seed).isEqualTo(50);
                assertThat(tally.doubled() + tally.misplaced() + tally.madeUp())
                        .as("%s seed %d", form, seed)
                        .isZero();
                assertThat(tally.errorMillis(100)).as("%s seed %d", form, seed).isZero();
            }
        }
    }

    @Test
    void whatTheLineDoesIsWhatItSays() {
        Script script = Script.of(Road.PCMU, Form.BROWSER, SOUND, 500, 1);
        int sent = script.packets().size();
        assertThat(Condition.CLEAN.impair(script.packets(), new Random(1))).isEqualTo(script.packets());
        assertThat(Condition.LOSS_20.impair(script.packets(), new Random(1)).size() / (double) sent)
                .isBetween(0.78, 0.82);
        assertThat(Condition.DOUBLED_5.impair(script.packets(), new Random(1)).size() / (double) sent)
                .isBetween(1.04, 1.06);
        List<Packet> late = Condition.REORDERED_10.impair(script.packets(), new Random(1));
        assertThat(late).hasSize(sent).isSortedAccordingTo((a, b) -> Long.compare(a.nanos(), b.nanos()));
        long delayed = late.stream()
                .filter(packet -> !script.packets().contains(packet))
                .count();
        assertThat(delayed / (double) sent).isBetween(0.08, 0.12);
    }

    @Test
    void packetsOfOneTimestampAreOnePressHoweverTheyCome() {
        event(1, 1_000, false, 160, 0);
        event(1, 1_000, true, 480, 20);
        event(2, 3_000, true, 320, 40);
        event(1, 1_000, false, 320, 45);
        event(2, 3_000, true, 320, 50);
        assertThat(end.presses()).containsExactly(press(1, 0, 60), press(2, 40, 40));
    }

    @Test
    void anotherTimestampIsAnotherPressAndSoIsAnotherSsrc() {
        event(1, 1_000, true, 480, 0);
        event(1, 1_320, false, 320, 1);
        end.onPacket(packet(SSRC + 1, 1_000, 1, true, 480), 16, 2 * MILLI);
        assertThat(end.presses()).containsExactly(press(1, 0, 60), press(1, 1, 40), press(1, 2, 60));
    }

    @Test
    void aFullSegmentGoesOnWhereItStoppedAndNowhereElse() {
        event(1, 1_000, false, 0xFFFF, 0);
        event(1, 1_000 + 0xFFFF, true, 8_000, 10);
        assertThat(end.presses()).containsExactly(new Press(digit(1), 0, (0xFFFFL + 8_000) * 125_000));
        event(2, 500_000, false, 60_000, 20);
        event(2, 500_000 + 0xFFFF, true, 800, 30);
        event(2, 700_000, false, 0xFFFF, 40);
        event(2, 700_000 + 66_240, true, 800, 50);
        assertThat(end.presses()).hasSize(5);
    }

    @Test
    void whatIsNoDigitIsPassedOver() {
        end.onPacket(packet(SSRC, 1_000, 16, true, 480), 16, 0);
        end.onPacket(packet(SSRC, 1_000, 1, true, 480), 15, 0);
        byte[] audio = packet(SSRC, 1_000, 1, true, 480);
        audio[1] = 0;
        end.onPacket(audio, 16, 0);
        assertThat(end.presses()).isEmpty();
    }

    @Test
    void lostUnheardDoubledAndMadeUpAreToldApart() {
        List<Press> sent = List.of(press(1, 0, 100), press(1, 200, 100), press(2, 400, 100), press(3, 600, 100));
        List<Packet> arrived = List.of(
                new Packet(0, 0, new byte[0]),
                new Packet(200 * MILLI, 1, new byte[0]),
                new Packet(600 * MILLI, 3, new byte[0]));
        event(1, 1_000, true, 800, 5);
        event(1, 2_600, true, 960, 205);
        event(1, 9_000, true, 800, 230);
        event(4, 20_000, true, 800, 700);
        Tally tally = new Tally();
        tally.add(new Script(sent, List.of()), arrived, end);
        assertThat(tally.presses()).isEqualTo(4);
        assertThat(tally.arrived()).isEqualTo(2);
        assertThat(tally.unheard()).isOne();
        assertThat(tally.lost()).isOne();
        assertThat(tally.doubled()).isOne();
        assertThat(tally.split()).isZero();
        assertThat(tally.madeUp()).isOne();
        assertThat(tally.errorMillis(99)).isEqualTo(20);
        assertThat(tally.errorMillis(0)).isZero();
    }

    @Test
    void whatBeginsAnewWhileItIsHeldIsSplit() {
        List<Packet> arrived = List.of(new Packet(0, 0, new byte[0]), new Packet(1_500 * MILLI, 0, new byte[0]));
        event(1, 1_000, false, 10_000, 0);
        event(1, 11_600, true, 2_000, 1_300);
        Tally tally = new Tally();
        tally.add(new Script(List.of(press(1, 0, 1_500)), List.of()), arrived, end);
        assertThat(tally.arrived()).isOne();
        assertThat(tally.doubled()).isOne();
        assertThat(tally.split()).isOne();
    }

    @Test
    void whatComesBehindALaterOneIsMisplacedAndNeitherLostNorDoubled() {
        List<Packet> arrived = List.of(new Packet(0, 0, new byte[0]), new Packet(200 * MILLI, 1, new byte[0]));
        event(2, 2_600, true, 800, 200);
        event(1, 1_000, true, 800, 990);
        Tally tally = new Tally();
        tally.add(new Script(List.of(press(1, 0, 100), press(2, 200, 100)), List.of()), arrived, end);
        assertThat(tally.arrived()).isEqualTo(2);
        assertThat(tally.misplaced()).isOne();
        assertThat(tally.lost() + tally.doubled()).isZero();
        assertThat(tally.delayMillis(99)).isEqualTo(990);
    }

    @Test
    void throughABridgeEveryPressOfWhichAPacketComesArrivesOnce() throws Exception {
        Codecs codecs = Codecs.load(OpusSettings.defaults());
        long seed = 0;
        for (Road road : Road.values()) {
            List<byte[]> sound = Sound.of(road, codecs);
            for (Form form : Form.over(road)) {
                for (Condition condition : Condition.values()) {
                    seed++;
                    Script script = Script.of(road, form, sound, 25, seed);
                    List<Packet> arriving = condition.impair(script.packets(), new Random(seed));
                    FarEnd far = new FarEnd(road.farEventType);
                    new Ringdown(codecs).carry(road, List.of(arriving), List.of(far));
                    Tally tally = new Tally();
                    tally.add(script, arriving, far);
                    assertThat(List.of(tally.lost(), tally.doubled(), tally.misplaced(), tally.madeUp()))
                            .as("%s %s %s, seed %d", road, form, condition, seed)
                            .containsOnly(0);
                }
            }
        }
    }

    @Test
    void commandsAreWrittenInBencode() {
        assertThat(Ng.bencode(Map.of("sdp", "v=0\r\n", "flags", List.of("a", "bc"))))
                .isEqualTo("d5:flagsl1:a2:bce3:sdp5:v=0\r\ne");
    }

    @Test
    void optionsAreReadAndWhatIsNoneIsSaid() {
        assertThat(DigitsOptions.parse(List.of("--presses", "50", "--seed", "9")))
                .isEqualTo(new DigitsOptions(50, 9, java.util.Optional.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DigitsOptions.parse(List.of("--presses", "0")))
                .withMessage("--presses: 0 is no number from 1 to 100000");
    }

    private static List<String> arriving(Road road, Form form, Condition condition, long seed) {
        Script script = Script.of(road, form, SOUND, 20, seed);
        List<String> seen = new ArrayList<>();
        for (Packet packet : condition.impair(script.packets(), new Random(seed))) {
            seen.add(packet.nanos() + " " + packet.press() + " " + Arrays.toString(packet.bytes()));
        }
        return seen;
    }

    private static Tally tally(Script script, List<Packet> arrived) {
        FarEnd far = new FarEnd(EVENTS);
        arrived.forEach(packet -> far.onPacket(packet.bytes(), packet.bytes().length, packet.nanos()));
        Tally tally = new Tally();
        tally.add(script, arrived, far);
        return tally;
    }

    private void event(int event, int timestamp, boolean isEnd, int ticks, long millis) {
        end.onPacket(packet(SSRC, timestamp, event, isEnd, ticks), 16, millis * MILLI);
    }

    private static byte[] packet(int ssrc, int timestamp, int event, boolean isEnd, int ticks) {
        return ByteBuffer.allocate(16)
                .put((byte) 0x80)
                .put((byte) EVENTS)
                .putShort((short) 0)
                .putInt(timestamp)
                .putInt(ssrc)
                .put((byte) event)
                .put((byte) (isEnd ? 0x8A : 0x0A))
                .putShort((short) ticks)
                .array();
    }

    private static Press press(int event, long millis, long lengthMillis) {
        return new Press(digit(event), millis * MILLI, lengthMillis * MILLI);
    }

    private static Digit digit(int event) {
        return Digit.ofEvent(event).orElseThrow();
    }
}
