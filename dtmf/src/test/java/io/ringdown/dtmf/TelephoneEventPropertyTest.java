package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Presses of every kind of sender through receiver and sender, and a receiver at the far end, over two links that lose, swap
 * and double: every press of which one packet arrives goes through exactly once. 50 000 presses; a million with the system
 * property {@code ringdown.full}, and as many as {@code ringdown.dtmf.presses} says.
 */
class TelephoneEventPropertyTest {
    private static final int[] LENGTHS = {40, 60, 100, 100, 100, 160, 250, 500, 1000, 1300, 1365, 1400, 2000, 3000, 6000
    };
    private static final int[] LONG_LENGTHS = {40, 100, 8_191, 8_192, 9_000, 17_000};
    private static final int[] GAPS = {30, 50, 70, 100, 250, 500, 865, 1000};
    private static final double[] LOSSES = {0, 0.01, 0.05, 0.2};
    private static final int PRESSES_PER_RUN = 100;
    private static final long MILLI = Wire.MILLI;

    @ParameterizedTest
    @EnumSource(Wire.Form.class)
    void everyPressArrivesOnceAtItsLengthOnAPerfectLink(Wire.Form form) {
        for (int seed = 0; seed < 10; seed++) {
            Score score = new Score();
            run(form, 0, 0, 0, seed, score);
            assertThat(score.toString()).as("%s seed %d", form, seed).contains("lost 0+0, 0+0  doubled 0, 0");
            assertThat(score.percentile(100)).as("%s seed %d", form, seed).isZero();
        }
    }

    @Test
    void noPressIsDoubledNorLostWhileOneOfItsPacketsArrives() {
        long presses = Long.getLong("ringdown.dtmf.presses", Boolean.getBoolean("ringdown.full") ? 1_000_000 : 50_000);
        int runs = (int) (presses / ((long) PRESSES_PER_RUN * Wire.Form.values().length * LOSSES.length)) + 1;
        StringBuilder table = new StringBuilder();
        for (Wire.Form form : Wire.Form.values()) {
            for (double loss : LOSSES) {
                Score score = score(form, loss, runs);
                table.append("%-18s %4.0f %%  %s%n".formatted(form, loss * 100, score));
                // Who lets the timestamp of an event run breaks RFC 4733 §2.3; what is left of those is told in the
                // table.
                long mostDoubled = form.isBroken() ? score.near.presses / 50 : 0;
                assertThat(score.dropped).as("%s", table).isZero();
                assertThat(score.near.lost + score.far.lost).as("%s", table).isZero();
                assertThat(score.near.doubled).as("%s", table).isLessThanOrEqualTo(mostDoubled);
                assertThat(score.far.doubled).as("%s", table).isZero();
                // Also of a sender that tells every 50 ms only; before its interval was learnt 2.5 s were missing here.
                if (!form.isBroken() && loss <= 0.05) {
                    assertThat(score.percentile(99)).as("%s", table).isLessThanOrEqualTo(20);
                }
            }
        }
        System.out.println(table);
    }

    @ParameterizedTest
    @EnumSource(names = {"OPUS_48000", "PCMU_8000", "OPUS_8000"})
    void evenAtSixtyPercentLossNoPressOfABrowserIsDoubledAndHardlyOneMergedWithAnEqualOne(Wire.Form form) {
        Score score = score(form, 0.6, 20);
        assertThat(score.near.doubled).isZero();
        assertThat(score.near.lost).isLessThanOrEqualTo(score.near.presses / 1_000);
    }

    private static Score score(Wire.Form form, double loss, int runs) {
        Score score = new Score();
        for (int run = 0; run < runs; run++) {
            long seed = 7_919L * run + form.name().hashCode() + Math.round(loss * 1_000);
            run(form, loss, 0.1, 0.05, seed, score);
        }
        return score;
    }

    private static void run(Wire.Form form, double loss, double reorder, double duplicate, long seed, Score score) {
        Random random = new Random(seed);
        Wire wire = new Wire(form, random);
        boolean isLong = form.mayBeLong() && random.nextInt(10) == 0;
        int[] lengths = isLong ? LONG_LENGTHS : LENGTHS;
        for (int i = 0; i < PRESSES_PER_RUN; i++) {
            // Of few digits, so that equal ones are often neighbours; now and then time to catch up.
            int gap = i % 10 == 9 ? 3_000 : GAPS[random.nextInt(GAPS.length)];
            wire.press(Digit.ofEvent(random.nextInt(3)).orElseThrow(), lengths[random.nextInt(lengths.length)], gap);
        }
        Trunk trunk = new Trunk(random.nextBoolean() ? 8_000 : 48_000, random);
        Hop near = new Hop(form.clockRate, trunk);
        near.play(Wire.link(wire.packets(), loss, reorder, duplicate, random));
        near.score(wire.packets(), score.near);
        Hop far = new Hop(trunk.clockRate, null);
        far.play(Wire.link(trunk.packets, loss, reorder, duplicate, random));
        far.score(trunk.packets, score.far);
        score.dropped += trunk.dropped;
        far.told.forEach((press, lengthNanos) -> {
            long truth = wire.statedNanos().get(trunk.pressOf.get(press));
            score.errorsMillis.add(Math.round(Math.abs(lengthNanos - truth) / (double) MILLI));
        });
    }

    /** What came of the presses of one hop. */
    private static final class Count {
        long presses;
        long unheard;
        long lost;
        long doubled;
    }

    private static final class Score {
        final Count near = new Count();
        final Count far = new Count();
        final List<Long> errorsMillis = new ArrayList<>();
        long dropped;

        long percentile(double percent) {
            long[] sorted =
                    errorsMillis.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted[(int) Math.min(sorted.length - 1L, Math.round(sorted.length * percent / 100))];
        }

        @Override
        public String toString() {
            return "presses %d  lost %d+%d, %d+%d  doubled %d, %d  length off by %d / %d / %d ms"
                    .formatted(
                            near.presses,
                            near.unheard,
                            near.lost,
                            far.unheard,
                            far.lost,
                            near.doubled,
                            far.doubled,
                            percentile(50),
                            percentile(99),
                            percentile(100));
        }
    }

    /** A receiver, and which of the presses sent it began when. */
    private static final class Hop implements Presses {
        private final TelephoneEventReceiver receiver;
        private final @Nullable Trunk trunk;
        private final List<Integer> truth = new ArrayList<>();
        private final Map<Integer, Integer> begun = new HashMap<>();
        private final Set<Integer> arrived = new HashSet<>();
        final Map<Integer, Long> told = new HashMap<>();
        private int arriving;

        Hop(int clockRate, @Nullable Trunk trunk) {
            this.receiver = new TelephoneEventReceiver(clockRate, this);
            this.trunk = trunk;
        }

        void play(List<Wire.Packet> packets) {
            long now = 0;
            for (Wire.Packet packet : packets) {
                runTo(packet.nanos());
                now = packet.nanos();
                for (Wire.Packet copy : packet.copies()) {
                    take(copy, now);
                }
                take(packet, now);
                if (trunk != null) {
                    trunk.onTime(now);
                }
            }
            runTo(now + 600_000 * MILLI);
        }

        private void take(Wire.Packet packet, long now) {
            arriving = packet.press();
            arrived.add(arriving);
            packet.to(receiver, now);
        }

        private void runTo(long time) {
            while (true) {
                long next = receiver.nextWakeup();
                if (trunk != null) {
                    next = Math.min(next, trunk.nextWakeup());
                }
                if (next > time) {
                    return;
                }
                receiver.onTime(next);
                if (trunk != null) {
                    trunk.onTime(next);
                }
            }
        }

        void score(List<Wire.Packet> sent, Count count) {
            Set<Integer> all = new HashSet<>();
            sent.forEach(packet -> all.add(packet.press()));
            count.presses += all.size();
            for (int press : all) {
                int times = begun.getOrDefault(press, 0);
                count.doubled += Math.max(0, times - 1);
                if (times == 0) {
                    count.lost += arrived.contains(press) ? 1 : 0;
                    count.unheard += arrived.contains(press) ? 0 : 1;
                }
            }
        }

        @Override
        public void onPressStarted(long press, Digit digit, long now) {
            truth.add(arriving);
            begun.merge(arriving, 1, Integer::sum);
            if (trunk != null) {
                trunk.begin(arriving, digit);
            }
        }

        @Override
        public void onPressGrown(long press, long lengthNanos, long now) {
            if (trunk != null) {
                trunk.queue.grow(trunk.numbers.get((int) press), lengthNanos);
            }
        }

        @Override
        public void onPressEnded(long press, Digit digit, long lengthNanos, long now) {
            told.put(truth.get((int) press), lengthNanos);
            if (trunk != null) {
                trunk.queue.finish(trunk.numbers.get((int) press), lengthNanos);
            }
        }
    }

    /** The trunk's stream: audio every 20 ms, and the presses in its place. */
    private static final class Trunk implements TelephoneEventSender.Line, PressQueue.Receipts {
        final int clockRate;
        final PressQueue queue;
        final List<Wire.Packet> packets = new ArrayList<>();
        final List<Integer> pressOf = new ArrayList<>();
        final List<Long> numbers = new ArrayList<>();
        private final TelephoneEventSender sender;
        private final int firstTimestamp;
        private final int ssrc;
        private int sequence;
        private long releasedNanos;
        private long now;
        private int leaving;
        int dropped;

        Trunk(int clockRate, Random random) {
            this.clockRate = clockRate;
            this.firstTimestamp = random.nextInt();
            this.ssrc = random.nextInt();
            this.sequence = random.nextInt(65_536);
            this.queue = new PressQueue(new PressQueue.Rules(40 * MILLI, 40 * MILLI, 20_000 * MILLI, 64), this);
            this.sender = new TelephoneEventSender(queue, clockRate, 20 * MILLI, this);
        }

        void begin(int truth, Digit digit) {
            numbers.add(queue.begin(digit));
            pressOf.add(truth);
        }

        void onTime(long time) {
            now = time;
            sender.onTime(time);
        }

        long nextWakeup() {
            return Math.max(now, sender.nextWakeup());
        }

        @Override
        public int seize() {
            sequence += (int) ((now - releasedNanos) / (20 * MILLI));
            return firstTimestamp + (int) ((now / (20 * MILLI) + 1) * (clockRate / 50));
        }

        @Override
        public void onPressStarted(long press) {
            leaving = (int) press;
        }

        @Override
        public void onEventPacket(boolean marker, int timestamp, byte[] payload) {
            packets.add(new Wire.Packet(
                    leaving,
                    ssrc,
                    sequence++ & 0xFFFF,
                    timestamp,
                    marker,
                    TelephoneEvent.event(payload, 0),
                    TelephoneEvent.isEnd(payload, 0),
                    TelephoneEvent.duration(payload, 0),
                    clockRate,
                    0,
                    now,
                    List.of()));
        }

        @Override
        public void release(int timestamp) {
            releasedNanos = now;
        }

        @Override
        public void onPressSent(long press, int timestamp, long lengthNanos, int count) {}

        @Override
        public void onPressDropped(long press, PressQueue.Reason reason) {
            dropped++;
        }
    }
}
