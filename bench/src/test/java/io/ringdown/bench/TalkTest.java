package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In virtual time, but for the stamps of packets that leave. */
final class TalkTest {
    private static final int FRAMES = 5_000;
    private static final long SEED = 7;

    @TempDir
    private Path directory;

    private final List<Integer> sequences = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private Board board;
    private long now;

    @BeforeEach
    void open() throws Exception {
        board = Board.open(directory.resolve("board"), 1);
    }

    @AfterEach
    void close() {
        board.close();
    }

    @Test
    void aCleanLineCarriesEveryFrameEveryTwentyMilliseconds() {
        talk("loss=0", 0);
        assertThat(sequences).hasSize(FRAMES);
        for (int i = 1; i < FRAMES; i++) {
            assertThat(times.get(i) - times.get(i - 1)).isEqualTo(Speech.FRAME_NANOS);
            assertThat(sequences.get(i) - sequences.get(i - 1)).isEqualTo(1);
        }
    }

    @Test
    void asManyFramesVanishAsWereAskedForAndAsManyInARow() {
        talk("loss=10,burst=3", 0);
        assertThat(FRAMES - sequences.size()).as("seed %d", SEED).isBetween(FRAMES / 13, FRAMES / 8);
        int bursts = 0;
        for (int i = 1; i < sequences.size(); i++) {
            bursts += sequences.get(i) - sequences.get(i - 1) > 1 ? 1 : 0;
        }
        assertThat((FRAMES - sequences.size()) / (double) bursts)
                .as("seed %d", SEED)
                .isCloseTo(3, within(0.6));
        assertThat(board.sentAt(0, Board.Way.TO_TRUNK, board.lastSent(0, Board.Way.TO_TRUNK)))
                .isNotZero();
    }

    @Test
    void packetsLetTheirSuccessorsPassAndNoneVanishes() {
        talk("reorder=5", 0);
        int passed = 0;
        for (int i = 1; i < sequences.size(); i++) {
            passed += sequences.get(i) < sequences.get(i - 1) ? 1 : 0;
        }
        assertThat(passed).as("seed %d", SEED).isBetween(FRAMES / 30, FRAMES / 14);
        assertThat(new HashSet<>(sequences)).hasSizeGreaterThanOrEqualTo(FRAMES - 1);
    }

    @Test
    void jitterDelaysByAtMostWhatWasAskedForAndKeepsTheOrder() {
        talk("jitter=30", 0);
        for (int i = 1; i < sequences.size(); i++) {
            assertThat(sequences.get(i) - sequences.get(i - 1)).isEqualTo(1);
            long late = times.get(i) - i * Speech.FRAME_NANOS;
            assertThat(late).as("seed %d", SEED).isBetween(0L, 30_500_000L);
        }
    }

    @Test
    void clocksRunApartEveryOtherLegTheOtherWay() {
        talk("skew=1000", 0);
        assertThat(times.getLast()).isEqualTo(Math.round((FRAMES - 1) * Speech.FRAME_NANOS * 0.999));
        sequences.clear();
        times.clear();
        now = 0;
        talk("skew=1000", 1);
        assertThat(times.getLast()).isEqualTo(Math.round((FRAMES - 1) * Speech.FRAME_NANOS * 1.001));
    }

    private void talk(String line, int leg) {
        Talk talk = new Talk(
                new Talk.Subject(board, 0, Board.Way.TO_TRUNK, Format.PCMU, Speech.of(Format.PCMU)),
                new Line(Line.Spec.parse(line), leg, new Random(SEED)),
                1,
                2,
                0,
                new EndFigures(),
                new Talk.Sink() {
                    @Override
                    public int seal(byte[] packet, int length) {
                        return length;
                    }

                    @Override
                    public boolean send(byte[] packet, int length) {
                        sequences.add(RtpPacket.sequence(packet));
                        times.add(now);
                        return true;
                    }
                });
        double end = (FRAMES - 0.5) * Speech.FRAME_NANOS * 1.001;
        while (now < end && sequences.size() < FRAMES) {
            now = talk.onDue(now);
        }
    }
}
