package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What leaves, as runs of samples: of a tone, positive; of silence, negative. */
class InbandSenderTest {
    private static final long MILLI = 1_000_000;
    private static final Digit FIVE = Digit.of('5').orElseThrow();

    private final Ear ear = new Ear(new InbandSender.Rate(8_000, 8_000, 20));

    @ParameterizedTest
    @CsvSource({"40, 2", "100, 5", "101, 6", "119, 6", "250, 13"})
    void aPressIsAsLongAsItIsAskedToTheSample(int millis, int packets) {
        ear.queue.press(FIVE, millis * MILLI, 0);
        ear.runOut();
        assertThat(ear.runs().getFirst()).isEqualTo(millis * 8);
        assertThat(ear.sent).containsExactly("press 0 at 160 for " + millis + " ms in " + packets);
        assertThat(ear.isSeized).isFalse();
    }

    @Test
    void theGapIsSilenceToTheSampleWhileAnotherPressWaits() {
        ear.queue.press(FIVE, 101 * MILLI, 333 * MILLI);
        ear.queue.press(FIVE, 55 * MILLI, 0);
        ear.runOut();
        assertThat(ear.runs()).startsWith(101 * 8, -333 * 8, 55 * 8);
        assertThat(ear.seizedTimes).isOne();
        assertThat(ear.sent)
                .containsExactly("press 0 at 160 for 101 ms in 6", "press 1 at " + (160 + 434 * 8) + " for 55 ms in 4");
    }

    @Test
    void theLineIsGivenBackAtTheFrameAfterTheLeastGap() {
        ear.queue.press(FIVE, 101 * MILLI, 2_000 * MILLI);
        ear.runOut();
        assertThat(ear.runs()).containsExactly(101 * 8, -59 * 8);
        assertThat(ear.releasedAt).isEqualTo(160 + 160 * 8);
    }

    @Test
    void audioGoesOnInAPause() {
        ear.queue.press(FIVE, 100 * MILLI, 0);
        ear.queue.pause(2_000 * MILLI);
        ear.queue.press(FIVE, 100 * MILLI, 0);
        ear.runOut();
        assertThat(ear.seizedTimes).isEqualTo(2);
        assertThat(ear.frameNanos.get(7)).isEqualTo(2_140 * MILLI);
    }

    @Test
    void aPressSoundsUntilItsEndIsToldAndHasNoHoles() {
        long press = ear.queue.begin(FIVE);
        ear.queue.grow(press, 20 * MILLI);
        ear.runTo(150 * MILLI);
        ear.queue.finish(press, 60 * MILLI);
        ear.runOut();
        assertThat(ear.runs()).startsWith(-40 * 8, 120 * 8);
    }

    @Test
    void aPressThatIsNeverFinishedEndsAtTheCeiling() {
        ear.queue.begin(FIVE);
        ear.runOut();
        assertThat(ear.runs()).startsWith(-40 * 8, 6_000 * 8);
    }

    @Test
    void aPressWhoseEndIsToldInTimeSoundsExactlyAsLong() {
        long press = ear.queue.begin(FIVE);
        for (int millis = 20; millis <= 100; millis += 20) {
            ear.runTo(millis * MILLI);
            ear.queue.grow(press, millis * MILLI);
        }
        ear.runTo(125 * MILLI); // a packet that is late
        ear.queue.finish(press, 110 * MILLI);
        ear.runOut();
        assertThat(ear.runs()).startsWith(-40 * 8, 110 * 8);
    }

    @Test
    void aStoppedVoiceGivesTheLineBackNow() {
        ear.queue.press(FIVE, 1_000 * MILLI, 0);
        ear.runTo(110 * MILLI);
        ear.sender.stop(110 * MILLI);
        assertThat(ear.sent).containsExactly("press 0 at 160 for 120 ms in 6");
        assertThat(ear.isSeized).isFalse();
        assertThat(ear.releasedAt).isEqualTo(160 + 960);
    }

    @Test
    void timestampsCountInTheirOwnClock() {
        Ear wide = new Ear(new InbandSender.Rate(16_000, 8_000, 20));
        wide.queue.press(FIVE, 101 * MILLI, 0);
        wide.queue.press(FIVE, 50 * MILLI, 0);
        wide.runOut();
        assertThat(wide.runs()).startsWith(101 * 16, -40 * 16, 50 * 16);
        assertThat(wide.sent.getLast()).startsWith("press 1 at " + (160 + 141 * 8));
    }

    /** Frames follow each other without a hole; tones have their lengths and at least the least gap between them. */
    @Test
    void whateverIsPressedComesOutInOrderAndApart() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int frame = List.of(10, 20, 30, 60).get(random.nextInt(4));
            Ear any = new Ear(new InbandSender.Rate(8_000, 8_000, frame));
            List<Integer> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int millis = 40 + random.nextInt(400);
                any.queue.press(FIVE, millis * MILLI, random.nextInt(200) * MILLI);
                expected.add(millis * 8);
            }
            any.runOut();
            List<Integer> runs = any.runs();
            assertThat(runs.stream().filter(run -> run > 0)).as("seed %d", seed).isEqualTo(expected);
            assertThat(runs.stream().filter(run -> run < 0)).as("seed %d", seed).allMatch(run -> run <= -40 * 8);
            assertThat(any.sent).as("seed %d", seed).hasSize(20);
        }
    }

    @Test
    void impossibleRatesAreRefused() {
        assertThatThrownBy(() -> new InbandSender.Rate(11_025, 8_000, 20))
                .hasMessage("sampleRate is 11025; a multiple of 1000 is right");
        assertThatThrownBy(() -> new InbandSender.Rate(8_000, 0, 20))
                .hasMessage("clockRate is 0; a multiple of 1000 is right");
        assertThatThrownBy(() -> new InbandSender.Rate(8_000, 8_000, 0))
                .hasMessage("frameMillis is 0; 1 to 200 is right");
    }

    /** A line in virtual time, and a tone whose samples are all 1. */
    private static final class Ear implements InbandSender.Line, PressQueue.Receipts {
        final PressQueue queue = new PressQueue(PressQueue.Rules.defaults(), this);
        final InbandSender sender;
        final InbandSender.Rate rate;
        final List<Short> samples = new ArrayList<>();
        final List<Long> frameNanos = new ArrayList<>();
        final List<String> sent = new ArrayList<>();
        int seizedTimes;
        boolean isSeized;
        int releasedAt;
        private long now;
        private int nextTimestamp;

        Ear(InbandSender.Rate rate) {
            this.rate = rate;
            this.sender = new InbandSender(queue, rate, new Ones(), this);
        }

        void runTo(long time) {
            sender.onTime(now);
            while (sender.nextWakeup() <= time) {
                now = Math.max(now, sender.nextWakeup());
                sender.onTime(now);
            }
            now = time;
        }

        void runOut() {
            runTo(now + 60_000 * MILLI);
        }

        List<Integer> runs() {
            List<Integer> runs = new ArrayList<>();
            for (short sample : samples) {
                int step = sample == 0 ? -1 : 1;
                if (!runs.isEmpty() && Integer.signum(runs.getLast()) == step) {
                    runs.set(runs.size() - 1, runs.getLast() + step);
                } else {
                    runs.add(step);
                }
            }
            return runs;
        }

        @Override
        public int seize() {
            isSeized = true;
            seizedTimes++;
            int ticks = rate.clockRate() / 1_000;
            nextTimestamp = 160 + (int) (now / MILLI) * ticks;
            return nextTimestamp;
        }

        @Override
        public void onToneFrame(boolean marker, int timestamp, short[] pcm, int count) {
            assertThat(timestamp).isEqualTo(nextTimestamp);
            nextTimestamp += count * rate.clockRate() / rate.sampleRate();
            frameNanos.add(now);
            for (int i = 0; i < count; i++) {
                samples.add(pcm[i]);
            }
        }

        @Override
        public void release(int timestamp) {
            assertThat(timestamp).isEqualTo(nextTimestamp);
            isSeized = false;
            releasedAt = timestamp;
        }

        @Override
        public void onPressStarted(long press) {
            assertThat(isSeized).isTrue();
        }

        @Override
        public void onPressSent(long press, int timestamp, long lengthNanos, int packets) {
            sent.add("press %d at %d for %d ms in %d".formatted(press, timestamp, lengthNanos / MILLI, packets));
        }

        @Override
        public void onPressDropped(long press, PressQueue.Reason reason) {
            throw new AssertionError("press " + press + " was dropped");
        }
    }

    private static final class Ones implements InbandSender.Tone {
        private int position;
        private int end;

        @Override
        public void begin(Digit digit) {
            assertThat(position).isGreaterThanOrEqualTo(end);
            position = 0;
            end = Integer.MAX_VALUE;
        }

        @Override
        public int endAfter(int samples) {
            if (position < end) {
                end = Math.max(samples, position);
            }
            return end;
        }

        @Override
        public void fill(short[] pcm, int offset, int samples) {
            for (int i = offset; i < offset + samples; i++) {
                pcm[i] = (short) (position++ < end ? 1 : 0);
            }
        }
    }
}
