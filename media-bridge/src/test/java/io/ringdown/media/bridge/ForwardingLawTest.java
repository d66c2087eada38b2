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
        assertThat(law.repairedFec()).isOne();
        assertThat(law.filled()).isZero();
    }

    @Test
    void aCopyOfAMissingFrameTakesItsPlaceAtOnceAndItsOriginalIsNotLate() {
        frame(0, 0);
        copy(2, 1, 40);
        frame(2, 40);
        frame(1, 45);
        frame(3, 60);
        assertThat(output.said).containsExactly("0@0", "1@40", "2@40", "3@60");
        assertThat(law.repairedRed()).isOne();
        assertThat(law.late() + law.filled()).isZero();
    }

    @Test
    void twoMissingFramesAreBothMadeOfTheCopiesInTheNext() {
        frame(0, 0);
        copy(3, 1, 60);
        copy(3, 2, 60);
        frame(3, 60);
        assertThat(output.said).containsExactly("0@0", "1@60", "2@60", "3@60");
        assertThat(law.repairedRed()).isEqualTo(2);
    }

    @Test
    void aCopyBehindAGapWaitsLikeAnyFrameAndHelpsToFillIt() {
        output.hasCopies = true;
        frame(0, 0);
        copy(3, 2, 60);
        frame(3, 60);
        runTo(120);
        assertThat(output.said).containsExactly("0@0", "repair@100", "2@100", "3@100");
        assertThat(law.repairedRed()).isOne();
        assertThat(law.repairedFec()).isOne();
    }

    @Test
    void anOriginalThatComesInTimeIsPlayedInPlaceOfItsCopy() {
        frame(0, 0);
        copy(3, 2, 60);
        frame(3, 60);
        frame(2, 65);
        frame(1, 70);
        assertThat(output.said).containsExactly("0@0", "1@70", "2@70", "3@70");
        assertThat(law.repairedRed() + law.late() + law.filled()).isZero();
    }

    @Test
    void aCopyOfWhatWasPlayedOrWhoseTimeHasGoneIsNotUsed() {
        law.fill(60 * MILLI);
        frame(0, 0);
        frame(1, 20);
        copy(2, 1, 40);
        frame(2, 40);
        runTo(105); // frame 3 is made up
        copy(5, 3, 105);
        copy(5, 4, 105);
        frame(5, 105);
        assertThat(output.said).containsExactly("0@0", "1@20", "2@40", "conceal@100", "4@105", "5@105");
        assertThat(law.repairedRed()).isOne();
    }

    @Test
    void aCopyOfAnotherTimelineChangesNothing() {
        copy(1, 0, 0); // before any frame
        frame(0, 0);
        for (int slot : new int[] {50, 3_000_000, -3_000_000}) {
            copy(1, slot, 20);
        }
        frame(1, 20);
        assertThat(output.said).containsExactly("0@0", "1@20");
    }

    @Test
    void whereNothingHasBeenOutOfOrderAGapIsClosedSooner() {
        law.fill(0);
        jitter(50 * 25, i -> 0, 0);
        assertThat(law.holdNanos()).isEqualTo(10 * MILLI);
        int last = 50 * 25;
        frame(last + 1, 20 * (last + 1));
        runTo(20 * (last + 1) + 10);
        assertThat(output.said.getLast()).isEqualTo(last + 1 + "@" + (20 * (last + 1) + 10));
        assertThat(output.said.get(output.said.size() - 2)).startsWith("conceal@");
    }

    @Test
    void aFrameOutOfOrderTellsHowLongToWaitForTheNextOne() {
        law.fill(0);
        jitter(50 * 25, i -> 0, 0);
        int at = 50 * 25;
        frame(at + 1, 20 * (at + 1));
        frame(at, 20 * (at + 1) + 15); // 5 ms too late, but seen
        assertThat(law.late()).isOne();
        assertThat(law.holdNanos()).isEqualTo(20 * MILLI);
        frame(at + 3, 20 * (at + 3));
        frame(at + 2, 20 * (at + 3) + 18);
        assertThat(law.late()).isOne();
        assertThat(output.said.getLast()).startsWith(at + 3 + "@");
    }

    @Test
    void whereFramesComeOutOfOrderTheOriginalIsWaitedForBeforeItIsMadeOutOfTheNext() {
        output.hasCopies = true;
        frame(0, 0);
        frame(2, 40);
        assertThat(output.said).endsWith("repair@40", "2@40");
        frame(4, 80);
        frame(3, 80); // not a hole: a swap
        frame(6, 120);
        assertThat(law.repairedFec()).isEqualTo(2);
        frame(5, 125);
        frame(8, 160);
        frame(7, 165);
        assertThat(law.repairedFec()).isEqualTo(2);
        assertThat(output.said).endsWith("5@125", "6@125", "7@165", "8@165");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void copiesRepairWhatIsLostAndNothingIsPlayedTwice(long seed) {
        law.fill(0);
        Random random = new Random(seed);
        int frames = 50 * 120;
        boolean[] lost = new boolean[frames];
        for (int i = 1; i < frames - 2; i++) {
            lost[i] = random.nextInt(100) < 10;
        }
        int hopeless = 0;
        for (int i = 0; i < frames; i++) {
            if (lost[i]) {
                hopeless += lost[i + 1] ? 1 : 0;
                continue;
            }
            runTo(i * 20.0 + random.nextInt(15));
            if (i > 0) {
                copy(i, i - 1, (double) now / 1e6);
            }
            output.send(law, i, i);
        }
        output.assertContinuous();
        assertThat(law.repairedRed()).as("seed %d", seed).isGreaterThan(frames / 12);
        assertThat(law.filled()).as("seed %d", seed).isEqualTo(hopeless);
        assertThat(output.played).isEqualTo(frames - hopeless);
    }

    @Test
    void whereThereIsASteadyHoldFramesLeaveAtTheSendersPace() {
        law.smooth(40 * MILLI);
        law.fill(0);
        Random random = new Random(3);
        jitter(500, i -> i == 0 ? 0 : random.nextLong(40 * MILLI), 0);
        runTo(500 * 20 + 30);
        List<String> played =
                output.said.stream().filter(said -> !said.startsWith("silence")).toList();
        for (int i = 5; i < 500; i++) {
            assertThat(played.get(i)).isEqualTo(i + "@" + (20 * i + 40));
        }
        assertThat(law.filled() + law.late()).isZero();
    }

    @Test
    void aHoleIsFilledInItsOwnTimeWhereThereIsASteadyHold() {
        law.smooth(60 * MILLI);
        frame(0, 0);
        frame(1, 20);
        frame(4, 80);
        frame(5, 100);
        runTo(200);
        assertThat(output.said).containsExactly("0@60", "1@80", "conceal@100", "conceal@120", "4@140", "5@160");
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
    @ValueSource(ints = {1, 5, 10, 20})
    void lossesThatGoOnForMinutesCostTheirOwnFramesAndNoOthers(int percent) {
        law.fill(0);
        Random random = new Random(percent);
        int frames = 50 * 180;
        int lost = 0;
        for (int i = 0; i < frames; i++) {
            if (i < frames - 10 && random.nextInt(100) < percent) {
                lost++;
            } else {
                sendAt(i, i, i * 20.0);
            }
        }
        assertThat(law.filled()).isEqualTo(lost);
        assertThat(law.late()).isZero();
        assertThat(output.played).isEqualTo(frames - lost);
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
                .isBetween(end - 5_000 * MILLI, end + 500 * MILLI);
    }

    @ParameterizedTest
    @ValueSource(ints = {-300, 300})
    void whereThereIsASteadyHoldAnHourKeepsToOurClockBySlipsWhereItIsSilent(int partsPerMillion) {
        law.smooth(40 * MILLI);
        law.fill(0);
        int frames = 50 * 3_600;
        for (int i = 0; i < frames; i++) {
            sendAt(i, i, i * 20.0 + i * 20.0 / 1e6 * partsPerMillion);
            double ahead = output.ticks / 8.0 - (double) now / 1e6;
            assertThat(ahead).as("at %d", i).isBetween(-70.0, 70.0);
        }
        assertThat(law.slips()).isBetween(50L, 57L); // 1.08 s
        assertThat(law.filled() + law.late()).isZero();
        output.assertContinuous();
    }

    @ParameterizedTest
    @ValueSource(ints = {-300, 300})
    void anHourOfDriftingClocksWithJitterAndLossAddsNoDelayAndLeavesNothingOut(int partsPerMillion) {
        law.fill(0);
        Random random = new Random(partsPerMillion);
        int frames = 50 * 3_600;
        long last = 0;
        long lost = 0;
        long late = 0;
        for (int i = 0; i < frames; i++) {
            long sent = i * FRAME_NANOS + i * FRAME_NANOS / 1_000_000 * partsPerMillion;
            last = Math.max(last, sent + random.nextLong(15 * MILLI));
            if (i % 100 == 50) {
                lost++;
                continue;
            }
            int before = output.played;
            sendAt(i, i, (double) last / 1e6);
            late += output.played == before ? 1 : 0; // held: only behind a loss
        }
        assertThat(output.played).isEqualTo(frames - lost);
        assertThat(late).isBetween(lost, 2 * lost);
        assertThat(law.filled()).isEqualTo(lost);
        assertThat(law.late() + law.slips() + law.jumps()).isZero();
    }

    @Test
    void aHoldOfAnHourIsFollowedBySoundAtOnce() {
        for (boolean clockStoodStill : new boolean[] {true, false}) {
            Output heard = new Output();
            ForwardingLaw held = new ForwardingLaw(CLOCK, TICKS, 40 * MILLI, heard, 0);
            held.fill(0);
            long time = 0;
            for (int i = 0; i < 200; i++) {
                time = i * FRAME_NANOS + (i < 100 ? 0 : 3_600_000 * MILLI);
                while (held.nextWakeup() <= time) {
                    heard.now = held.nextWakeup();
                    held.onTime(heard.now);
                }
                heard.now = time;
                heard.send(held, i, i < 100 || clockStoodStill ? i : i + 180_000);
            }
            assertThat(heard.played)
                    .as("clock stood still: %s", clockStoodStill)
                    .isBetween(195, 200);
            assertThat(heard.ticks / 8.0).isBetween(3_603_000.0, 3_605_000.0);
            heard.assertContinuous();
        }
    }

    @Test
    void noBufferGrowsWithoutEndAndABoundThatIsHitIsCounted() {
        output.length = TICKS / 4; // 5 ms
        law.smooth(80 * MILLI);
        law.fill(0);
        frame(0, 0);
        for (int i = 2; i < 30; i++) {
            sendAt(i, i, 1); // all at once, behind a hole
        }
        assertThat(law.overruns()).isPositive();
        runTo(2_000);
        output.assertContinuous();
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

    /** A copy of a slot's frame in the packet with this number. */
    private void copy(int carrier, int slot, double millis) {
        runTo(millis);
        byte[] buffer = Output.payload(slot);
        law.onCopy(carrier, START + carrier * TICKS, (carrier - slot) * TICKS, buffer, 12, 4, now);
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
        int length = TICKS;
        long now;
        int played;
        long ticks;

        void send(ForwardingLaw law, int sequence, int slot) {
            law.onFrame(sequence, START + slot * length, payload(slot), 12, 4, now);
        }

        static byte[] payload(int slot) {
            byte[] buffer = new byte[12 + 4 + 64];
            buffer[12] = (byte) (slot >> 24);
            buffer[13] = (byte) (slot >> 16);
            buffer[14] = (byte) (slot >> 8);
            buffer[15] = (byte) slot;
            return buffer;
        }

        @Override
        public int ticksOf(byte[] buffer, int offset, int bytes) {
            return length;
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
        public boolean playUnlessSilent(byte[] buffer, int offset, int length, int frameTicks) {
            int number = number(buffer, offset);
            if (number % 25 == 0) { // a pause between two words
                order.add(number);

                return false;
            }
            play(buffer, offset, length, frameTicks);
            return true;
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

        @Override
        public boolean isQuiet() {
            return false;
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
