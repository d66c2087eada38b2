package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every press of which one packet arrives goes through exactly once, at its own length, whatever the link does. */
class TelephoneEventPropertyTest {
    private static final int[] LENGTHS = {40, 60, 100, 160, 250, 500, 1000, 1300, 1365, 1400, 2000, 3000, 6000};
    private static final int[] GAPS = {30, 50, 70, 100, 250, 500, 865, 1000};
    private static final int PRESSES_PER_RUN = 200;

    @ParameterizedTest
    @EnumSource(Wire.Form.class)
    void everyPressArrivesOnceAtItsLengthOnAPerfectLink(Wire.Form form) {
        check(form, 0, 0, 0, 10);
    }

    @ParameterizedTest
    @CsvSource({
        "OPUS_48000, 0.01", "OPUS_48000, 0.05", "OPUS_48000, 0.2", "OPUS_48000, 0.6",
        "PCMU_8000, 0.01", "PCMU_8000, 0.05", "PCMU_8000, 0.2", "PCMU_8000, 0.6",
        "OPUS_8000, 0.01", "OPUS_8000, 0.05", "OPUS_8000, 0.2", "OPUS_8000, 0.6",
    })
    void noPressIsDoubledNorLostWhileOneOfItsPacketsArrives(Wire.Form form, double loss) {
        check(form, loss, 0.1, 0.05, Integer.getInteger("ringdown.dtmf.runs", 25));
    }

    private static void check(Wire.Form form, double loss, double reorder, double duplicate, int runs) {
        for (int run = 0; run < runs; run++) {
            long seed = 7_919L * run + form.name().length() + Math.round(loss * 1_000);
            check(form, loss, reorder, duplicate, seed, "%s loss %s seed %d".formatted(form, loss, seed));
        }
    }

    private static void check(Wire.Form form, double loss, double reorder, double duplicate, long seed, String what) {
        Random random = new Random(seed);
        Wire wire = new Wire(form, random);
        for (int i = 0; i < PRESSES_PER_RUN; i++) {
            wire.press(
                    Digit.ofEvent(random.nextInt(16)).orElseThrow(),
                    LENGTHS[random.nextInt(LENGTHS.length)],
                    GAPS[random.nextInt(GAPS.length)]);
        }
        List<Wire.Packet> arrived = Wire.link(wire.packets(), loss, reorder, duplicate, random);
        Exchange exchange = new Exchange(form.clockRate);
        exchange.play(arrived);
        exchange.runOut();

        List<Integer> expected = Wire.pressesIn(arrived);
        Map<Integer, Integer> digitOf = new HashMap<>();
        wire.packets().forEach(packet -> digitOf.put(packet.press(), packet.event()));
        assertThat(digits(exchange.told.stream().map(Exchange.Told::event).toList()))
                .as(what)
                .isEqualTo(digits(expected.stream().map(digitOf::get).toList()));
        List<Exchange.Sent> ends =
                exchange.sent.stream().filter(Exchange.Sent::end).toList();
        assertThat(ends).as(what).hasSize(3 * expected.size());
        for (int i = 0; i < expected.size(); i++) {
            long known = knownNanos(form, arrived, expected.get(i));
            assertThat(exchange.told.get(i).lengthNanos())
                    .as("%s, press %d", what, i)
                    .isEqualTo(known);
            assertThat(exchange.sentLengths.get(i))
                    .as("%s, press %d", what, i)
                    .isCloseTo(Math.max(known, 40_000_000L), Offset.offset(200_000L));
        }
    }

    private static String digits(List<Integer> events) {
        StringBuilder digits = new StringBuilder();
        events.forEach(event -> digits.append(Digit.ofEvent(event).orElseThrow().character()));
        return digits.toString();
    }

    /** The greatest length that the packets told before the press fell silent, or ended. */
    private static long knownNanos(Wire.Form form, List<Wire.Packet> arrived, int press) {
        long ticks = 0;
        long last = Long.MIN_VALUE;
        for (Wire.Packet packet : arrived) {
            if (packet.press() != press) {
                continue;
            }
            if (last != Long.MIN_VALUE && packet.nanos() - last >= TelephoneEventReceiver.SILENCE_NANOS) {
                break;
            }
            last = packet.nanos();
            ticks = Math.max(ticks, packet.totalTicks());
            if (packet.end()) {
                break;
            }
        }
        return ticks * 1_000_000_000L / form.clockRate;
    }
}
