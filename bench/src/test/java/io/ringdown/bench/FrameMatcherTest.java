package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In virtual time: frames leave every 20 ms and arrive later under other timestamps. A packet's first byte says whether it is a mark. */
final class FrameMatcherTest {
    private static final long MILLI = 1_000_000;
    private static final int FIRST_TIMESTAMP = Integer.MAX_VALUE - 2_000; // wraps on the way
    private static final int FIRST_SEQUENCE = 65_500;
    private static final int PLACE = 3;

    @TempDir
    private Path directory;

    private final EndFigures figures = new EndFigures();
    private Board board;
    private FrameMatcher matcher;
    private int decoded;

    @BeforeEach
    void open() throws Exception {
        board = Board.open(directory.resolve("board"), PLACE + 1);
        matcher = new FrameMatcher(
                board,
                PLACE,
                Board.Way.TO_TRUNK,
                Format.PCMU,
                new Listener() {
                    @Override
                    public boolean isMark(byte[] packet, int offset, int length) {
                        decoded++;
                        return packet[offset] == 1;
                    }

                    @Override
                    public void close() {
                        // nothing is open
                    }
                },
                figures);
    }

    @AfterEach
    void close() {
        board.close();
    }

    @Test
    void everyPacketFromTheFirstMarkOnCountsWithItsOwnDelay() {
        pass(0, 200, 0);
        assertThat(figures.marks).isEqualTo(4);
        assertThat(figures.recent.count()).isEqualTo(200 - Speech.MARK_EVERY / 2);
        assertThat(figures.recent.percentileMillis(1)).isCloseTo(3, within(0.05));
        assertThat(figures.recent.percentileMillis(100)).isEqualTo(3);
        assertThat(figures.shifts + figures.lost + figures.invented + figures.late)
                .isZero();
    }

    @Test
    void onceAMarkIsHeardOnlyFramesAboutMarksAreDecoded() {
        pass(0, 1_025, 0);
        assertThat(figures.marks).isEqualTo(20);
        assertThat(decoded).isLessThan(26 + 20 * 5 + 1);
    }

    @Test
    void theFirstFrameOfTheOtherEndIsFoundBehindTheGatewaysOwnSilence() {
        for (int i = 0; i < 10; i++) {
            receive(i, false, (i + 1) * 20L * MILLI); // before anything was sent
        }
        pass(20, 40, -10);
        assertThat(matcher.isHeard()).isTrue();
        assertThat(matcher.heardAt()).isEqualTo((20 * 20L + 3) * MILLI);
    }

    @Test
    void aFramePutInByTheGatewayShowsAtTheNextMark() {
        pass(0, 100, 0);
        pass(100, 230, 1);
        assertThat(figures.shifts).isEqualTo(1);
        figures.clear();
        pass(230, 260, 1);
        assertThat(figures.recent.percentileMillis(100)).isEqualTo(3);
    }

    @Test
    void gapsInTheSequenceAreLossUntilTheyAreFilled() {
        pass(0, 60, 0);
        send(60);
        send(61);
        send(62);
        receive(62, false, 1_300 * MILLI);
        assertThat(figures.lost).isEqualTo(2);
        receive(61, false, 1_300 * MILLI);
        assertThat(figures.lost).isEqualTo(1);
        assertThat(figures.reordered).isEqualTo(1);
        receive(61, false, 1_300 * MILLI);
        assertThat(figures.lost).as("a copy repairs nothing").isEqualTo(1);
    }

    @Test
    void framesThatTheLineLostAreReplacedAndThoseNotYetSentInvented() {
        pass(0, 60, 0);
        board.sent(PLACE, Board.Way.TO_TRUNK, 60, Board.LOST);
        receive(60, false, 1_203 * MILLI);
        assertThat(figures.replaced).isEqualTo(1);
        receive(61, false, 1_223 * MILLI);
        assertThat(figures.invented).isEqualTo(1);
        board.sent(PLACE, Board.Way.TO_TRUNK, 62, 0);
        receive(62, false, 1_243 * MILLI);
        assertThat(figures.invented).isEqualTo(2);
    }

    @Test
    void whatIsMoreThanAFrameLateIsCounted() {
        pass(0, 60, 0);
        send(60);
        receive(60, false, (60 * 20L + 21) * MILLI);
        assertThat(figures.late).isEqualTo(1);
    }

    private void pass(int from, int to, int shift) {
        for (int frame = from; frame < to; frame++) {
            send(frame);
            receive(frame + shift, Speech.isMark(frame), (frame * 20L + 3) * MILLI);
        }
    }

    private void send(int frame) {
        board.sent(PLACE, Board.Way.TO_TRUNK, frame, Math.max(1, frame * 20L * MILLI));
    }

    private void receive(int frame, boolean mark, long at) {
        matcher.onPacket(
                (FIRST_SEQUENCE + frame) & 0xffff,
                FIRST_TIMESTAMP + 160 * frame,
                new byte[] {(byte) (mark ? 1 : 0)},
                0,
                1,
                at);
    }
}
