package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardingLawTest {
    private static final long MILLI = 1_000_000;
    private static final int TICKS = 160;
    private static final long FRAME_NANOS = 20 * MILLI;
    private static final int CLOCK = 8_000;
    private static final int START = 0xFFFFF000; // soon to wrap

    private final Output output = new Output();
    private final ForwardingLaw law = new ForwardingLaw(CLOCK, TICKS, 40 * MILLI, output, 0);
    private long now;

    @Test
    void whatIsInOrderGoesOnAtOnce() {
        law.fill(60 * MILLI);
        frame(0, 0);
        frame(1, 20);
        frame(2, 40);
        assertThat(output.said).containsExactly("0@0", "1@20", "2@40");
    }

    @Test
    void theFirstFillerComesAtOnceWhereThereWasNeverAFrame() {
        law.fill(0);
        runTo(50);
        assertThat(output.said).containsExactly("silence@0", "silence@20", "silence@40");
        assertThat(law.filled()).isZero();
    }

    @Test
    void whatFollowsAGapWaitsForTheMissingFrame() {
        frame(0, 0);
        frame(2, 40);
        frame(3, 60);
        frame(1, 70);
        assertThat(output.said).containsExactly("0@0", "1@70", "2@70", "3@70");
        assertThat(output.stays).as("since each has come").containsExactly(0L, 0L, 30 * MILLI, 10 * MILLI);
        assertThat(law.filled() + law.late()).isZero();
    }

    @Test
    void aGapIsFilledAfterTheHoldAndTheFrameOfItsPlaceIsDropped() {
        frame(0, 0);
        frame(2, 40);
        runTo(80);
        frame(1, 90);
        frame(3, 95);
        assertThat(output.said).containsExactly("0@0", "conceal@80", "2@80", "3@95");
        assertThat(law.filled()).isOne();
        assertThat(law.late()).isOne();
    }

    @Test
    void aCopyInTheNextFrameEndsTheHoldAtOnce() {
        output.hasCopies = true;
        frame(0, 0);
        frame(2, 40);
        assertThat(output.said).containsExactly("0@0", "repair@40", "2@40");
        assertThat(law.repaired()).isOne();
        assertThat(law.filled()).isZero();
    }

    @Test
    void whereNothingComesFillersBeginAfterThePatienceAndGoOnEveryTwentyMillis() {
        law.fill(60 * MILLI);
        frame(0, 0);
        runTo(110);
        // Frame 1 was due at 20 and is given 40 ms.
        assertThat(output.said).containsExactly("0@0", "conceal@60", "conceal@80", "conceal@100");
    }

    @Test
    void framesWhoseTimeHasGoneOnlyFeedTheDecoder() {
        law.fill(60 * MILLI);
        frame(0, 0);
        runTo(85);
        frame(1, 90);
        frame(2, 90);
        frame(3, 90);
        frame(4, 91);
        assertThat(output.said)
                .containsExactly("0@0", "conceal@60", "conceal@80", "absorb 1@90", "absorb 2@90", "3@90", "4@91");
        assertThat(law.late()).isEqualTo(2);
    }

    @Test
    void aPauseOfTheSenderIsFilledWithSilenceAndIsNoLoss() {
        frame(0, 0);
        law.onPause(1, 20 * MILLI);
        law.onPause(2, 40 * MILLI);
        sendAt(3, 3, 60);
        assertThat(output.said).containsExactly("0@0", "silence@60", "silence@60", "3@60");
        assertThat(law.filled()).isZero();
    }

    @Test
    void aStallLeavesAtMostSixtyMillisBehind() {
        law.fill(0);
        jitter(100, i -> 0, 0);
        int before = output.said.size();
        for (int i = 100; i < 150; i++) {
            sendAt(i, i, 2_990 + i * 0.01);
        }
        List<String> after = output.said.subList(before, output.said.size());
        assertThat(after.stream()
                        .filter(said -> Character.isDigit(said.charAt(0)))
                        .count())
                .isBetween(1L, 3L);
        assertThat(output.said.getLast()).startsWith("149@");
        assertThat(law.late()).isBetween(46L, 49L);
    }

    @Test
    void aStreamThatIsLaterForGoodAfterAStallIsHeardAgainWithinATenthOfASecond() {
        law.fill(0);
        Random random = new Random(1);
        jitter(300, i -> random.nextLong(100 * MILLI), 0); // so that much is waited for
        assertThat(law.patienceNanos()).isEqualTo(120 * MILLI);
        int before = output.played;
        for (int i = 300; i < 400; i++) {
            sendAt(i, i, Math.max(6_250, i * 20.0 + 100));
        }
        assertThat(output.played - before).isGreaterThan(85);
    }

    @Test
    void aJumpOfTheTimestampsForwardDoesNotStopTheSound() {
        law.fill(0);
        jitter(50, i -> 0, 0);
        for (int i = 50; i < 100; i++) {
            sendAt(i, i + 1_000_000, i * 20.0);
        }
        assertThat(output.played).isEqualTo(100);
        assertThat(law.jumps()).isOne();
    }

    @Test
    void aClockThatStoodStillDuringAHoldIsFollowedWithinATenthOfASecond() {
        law.fill(0);
        jitter(50, i -> 0, 0);
        for (int i = 50; i < 100; i++) {
            sendAt(i, i, i * 20.0 + 3_600_000);
        }
        assertThat(output.played).isBetween(94, 100);
        assertThat(law.jumps()).isOne();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void orderedJitterOfFortyMillisIsForwardedWithoutHarm(long seed) {
        law.fill(0);
        Random random = new Random(seed);
        int frames = 50 * 120;
        jitter(100, i -> random.nextLong(40 * MILLI), 0);
        long harmed = law.filled() + law.late();
        long last = 0;
        for (int i = 100; i < frames; i++) {
            last = Math.max(last, i * FRAME_NANOS + random.nextLong(40 * MILLI));
            sendAt(i, i, (double) last / 1e6);
        }
        assertThat(law.filled() + law.late() - harmed).as("seed %d", seed).isLessThan(frames / 2_000);
        output.assertContinuous();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void reorderingOfFivePercentIsPutRight(long seed) {
        law.fill(0);
        Random random = new Random(seed);
        int frames = 50 * 120;
        jitter(frames, i -> random.nextInt(100) < 5 ? random.nextLong(38 * MILLI) : 0, 0);
        assertThat(law.filled() + law.late()).as("seed %d", seed).isLessThan(frames / 1_000);
        output.assertContinuous();
    }

    @ParameterizedTest
    @ValueSource(ints = {-300, -100, 100, 300})
    void clocksThatDriftNeitherAddDelayNorFillers(int partsPerMillion) {
        law.fill(0);
        int frames = 50 * 3_600; // a frame a minute too many, or too few
        jitter(frames, i -> 0, partsPerMillion);
        assertThat(law.filled() + law.late() + law.jumps()).isZero();
        assertThat(output.played).isEqualTo(frames);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 20})
    void lossCostsTheLostFramesAndNoOthers(int percent) {
        law.fill(0);
        Random random = new Random(percent);
        int frames = 50 * 120;
        int sent = 0;
        for (int i = 0; i < frames; i++) {
            if (i == 0 || random.nextInt(100) >= percent) {
                sendAt(i, i, i * 20);
                sent++;
            }
        }
        runTo((frames + 5) * 20);
        assertThat(law.late()).isZero();
        assertThat(output.played).isEqualTo(sent);
        assertThat(output.ticks * 125_000L).isBetween(frames * FRAME_NANOS, (frames + 5) * FRAME_NANOS);
    }

    @Test
    void whateverArrivesNoPlaceIsFilledTwiceAndOutputKeepsPaceWithTime() {
        for (long seed = 0; seed < 40; seed++) {
            anyPattern(seed);
        }
    }

    private static void anyPattern(long seed) {
        Random random = new Random(seed);
        Output output = new Output();
        ForwardingLaw law = new ForwardingLaw(CLOCK, TICKS, random.nextInt(41) * MILLI, output, 0);
        law.fill(0);
        double loss = random.nextDouble() * 0.3;
        long jitter = 1 + random.nextLong(150 * MILLI);
        int stallEvery = 100 + random.nextInt(1_000);
        PriorityQueue<long[]> arrivals = new PriorityQueue<>((a, b) -> Long.compare(a[1], b[1]));
        int frames = 3_000;
        long stall = 0;
        for (int i = 0; i < frames; i++) {
            if (i % stallEvery == stallEvery - 1) {
                stall = i * FRAME_NANOS + random.nextLong(700 * MILLI);
            }
            if (random.nextDouble() >= loss) {
                arrivals.add(new long[] {i, Math.max(stall, i * FRAME_NANOS + random.nextLong(jitter))});
            }
        }
        long end = frames * FRAME_NANOS;
        while (!arrivals.isEmpty()) {
            long[] arrival = arrivals.remove();
            while (law.nextWakeup() <= arrival[1]) {
                output.now = law.nextWakeup();
                law.onTime(output.now);
            }
            output.now = arrival[1];
            output.send(law, (int) arrival[0], (int) arrival[0]);
        }
        while (law.nextWakeup() <= end) {
            output.now = law.nextWakeup();
            law.onTime(output.now);
        }
        output.assertContinuous();
        assertThat(output.ticks * 125_000L)
                .as("output against time, seed %d", seed)
                .isBetween(end - 5_000 * MILLI, end + 400 * MILLI);
    }

    private void jitter(int frames, LongUnaryOperator delay, int partsPerMillion) {
        PriorityQueue<long[]> arrivals = new PriorityQueue<>((a, b) -> Long.compare(a[1], b[1]));
        for (int i = 0; i < frames; i++) {
            long sent = i * FRAME_NANOS;
            arrivals.add(new long[] {i, sent + sent / 1_000_000 * partsPerMillion + delay.applyAsLong(i)});
        }
        boolean isOrdered = frames == 100;
        long last = 0;
        while (!arrivals.isEmpty()) {
            long[] arrival = arrivals.remove();
            last = isOrdered ? Math.max(last, arrival[1]) : arrival[1];
            sendAt((int) arrival[0], (int) arrival[0], (double) last / 1e6);
        }
    }

    private void frame(int number, int millis) {
        sendAt(number, number, millis);
    }

    private void sendAt(int sequence, int slot, double millis) {
        runTo(millis);
        output.send(law, sequence, slot);
    }

    private void runTo(double millis) {
        long time = Math.max(now, Math.round(millis * 1e6));
        while (law.nextWakeup() <= time) {
            now = law.nextWakeup();
            output.now = now;
            law.onTime(now);
        }
        now = time;
        output.now = now;
    }

    /** Hears what the law lets out. */
    private static final class Output implements Frames {
        final List<String> said = new ArrayList<>();
        final List<Integer> order = new ArrayList<>();
        final List<Long> stays = new ArrayList<>();
        long cameAt;
        boolean hasCopies;
        long now;
        int played;
        long ticks;

        void send(ForwardingLaw law, int sequence, int slot) {
            byte[] buffer = new byte[12 + 4 + 64];
            buffer[12] = (byte) (slot >> 24);
            buffer[13] = (byte) (slot >> 16);
            buffer[14] = (byte) (slot >> 8);
            buffer[15] = (byte) slot;
            law.onFrame(sequence, START + slot * TICKS, buffer, 12, 4, now);
        }

        @Override
        public int ticksOf(byte[] buffer, int offset, int length) {
            return TICKS;
        }

        @Override
        public void cameAt(long nanos) {
            cameAt = nanos;
        }

        @Override
        public void play(byte[] buffer, int offset, int length, int frameTicks) {
            int number = number(buffer, offset);
            order.add(number);
            stays.add(now - cameAt);
            played++;
            say(Integer.toString(number), frameTicks);
        }

        @Override
        public void absorb(byte[] buffer, int offset, int length) {
            say("absorb " + number(buffer, offset), 0);
        }

        @Override
        public boolean repair(byte[] buffer, int offset, int length, int frameTicks) {
            if (hasCopies) {
                say("repair", frameTicks);
            }
            return hasCopies;
        }

        @Override
        public void conceal(int frameTicks) {
            say("conceal", frameTicks);
        }

        @Override
        public void silence(int frameTicks) {
            say("silence", frameTicks);
        }

        void assertContinuous() {
            for (int i = 1; i < order.size(); i++) {
                assertThat(order.get(i)).isGreaterThan(order.get(i - 1));
            }
        }

        private void say(String what, int frameTicks) {
            ticks += frameTicks;
            said.add(what + "@" + now / MILLI);
        }

        private static int number(byte[] buffer, int offset) {
            return ((buffer[offset] & 0xFF) << 24)
                    | ((buffer[offset + 1] & 0xFF) << 16)
                    | ((buffer[offset + 2] & 0xFF) << 8)
                    | (buffer[offset + 3] & 0xFF);
        }
    }
}
