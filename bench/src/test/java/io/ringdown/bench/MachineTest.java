package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** What is read out of texts of others: the collector's log, the kernel's maps, the floor's output. */
final class MachineTest {
    private static final String FLOOR = """
            Opus encode 8 kHz mono VOIP 24 kbit/s complexity 9                    4.800 ms per call-second  (min 4.7 max 4.9)
            Opus encode 8 kHz mono VOIP 24 kbit/s complexity 10                   4.900 ms per call-second  (min 4.7 max 4.9)
            Opus encode 8 kHz mono VOIP 24 kbit/s complexity 5                    2.700 ms per call-second  (min 2.6 max 2.8)
            Opus encode 8 kHz mono VOIP 24 kbit/s complexity 0                    1.200 ms per call-second  (min 1.1 max 1.3)
            FLOOR transcoding, complexity 9: 6.600   complexity 5: 4.450   passthrough (no codec): 0.480 ms per call-second
            """;

    @Test
    void pausesAreThoseOfTheCollectorButNotOurOwnReadings() {
        Histogram pauses = GcLog.pauses(List.of(
                "[1.2s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 24M->5M(256M) 2.500ms",
                "[1.3s][info][gc] GC(1) Concurrent Mark Cycle 12.000ms",
                "[1.4s][info][gc] GC(1) Pause Remark 6M->6M(256M) 1.500ms",
                "[1.5s][info][gc] GC(2) Pause Full (Diagnostic Command) 24M->5M(256M) 40.000ms"));
        assertThat(pauses.count()).isEqualTo(2);
        assertThat(pauses.percentileMillis(100)).isEqualTo(2.5);
    }

    @Test
    void theHeapsShareOfMemoryIsThatOfItsAddresses() {
        List<String> smaps = List.of(
                "680000000-690000000 rw-p 00000000 00:00 0",
                "Rss:               10000 kB",
                "690000000-800000000 ---p 00000000 00:00 0",
                "Rss:                   5 kB",
                "7f0000000000-7f0000001000 r-xp 00000000 08:01 17   /lib/libopus.so.0",
                "Rss:                 300 kB");
        assertThat(ProcFs.resident(smaps, 0x680000000L, 0x800000000L)).isEqualTo(10_005);
    }

    @Test
    void theFloorIsThatOfTheSameWork() {
        assertThat(floor()).hasValue(4.45);
        assertThat(floor("--complexity", "9")).hasValueCloseTo(6.55, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(floor("--complexity", "0")).hasValueCloseTo(2.95, org.assertj.core.api.Assertions.within(1e-9));
        assertThat(floor("--web", "g711")).hasValue(0.48);
        assertThat(floor("--complexity", "7"))
                .as("it does not measure this one")
                .isEmpty();
    }

    @Test
    void aNumberNamesItsPlaceUntilTheNextCallThere() throws Exception {
        java.nio.file.Path file = java.nio.file.Files.createTempFile("board", "");
        try (Board board = Board.open(file, 10)) {
            board.set(7, Board.Fact.SERIAL, 1_000_012);
            String number = Numbers.of(7, 1_000_012);
            assertThat(Numbers.place(number, board)).hasValue(7);
            board.set(7, Board.Fact.SERIAL, 1_000_013);
            assertThat(Numbers.place(number, board)).isEmpty();
            assertThat(Numbers.place("+12025550100", board)).isEmpty();
            assertThat(Numbers.place(Numbers.of(10, 0), board)).isEmpty();
        } finally {
            java.nio.file.Files.delete(file);
        }
    }

    private static OptionalDouble floor(String... words) {
        return Floor.of(FLOOR, Options.parse(List.of(), List.of(words)));
    }
}
