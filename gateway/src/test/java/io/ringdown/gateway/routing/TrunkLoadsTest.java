package io.ringdown.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class TrunkLoadsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String T = "trunk";

    @Test
    void noLimitIsEverPassedAndEveryChannelComesBackOnce() {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (int world = 0; world < 200; world++) {
            Random random = new Random(seed + world);
            int channels = 1 + random.nextInt(6);
            int channelsOut = 1 + random.nextInt(6);
            int rate = 1 + random.nextInt(5);
            long now = random.nextLong();
            TrunkLoads loads = loads(limits(channels, channelsOut, rate), now);
            Deque<TrunkLoads.Channel> ins = new ArrayDeque<>();
            Deque<TrunkLoads.Channel> outs = new ArrayDeque<>();
            List<Long> begun = new ArrayList<>();
            for (int step = 0; step < 300; step++) {
                now += random.nextLong(SECOND / 2);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        Optional<TrunkLoads.Channel> taken = loads.takeOut(T, now);
                        if (taken.isPresent()) {
                            outs.add(taken.get());
                            begun.add(now);
                        }
                    }
                    case 1 -> loads.takeIn(T).ifPresent(ins::add);
                    case 2 -> giveBack(outs);
                    default -> giveBack(ins);
                }
                TrunkLoads.Seen seen = seen(loads, now);
                String story = "-Dseed=" + (seed + world) + " " + seen;
                assertThat(seen.in()).as(story).isEqualTo(ins.size());
                assertThat(seen.out()).as(story).isEqualTo(outs.size()).isLessThanOrEqualTo(channelsOut);
                assertThat(seen.in() + seen.out()).as(story).isLessThanOrEqualTo(channels);
                long last = now;
                assertThat(begun.stream().filter(at -> last - at < SECOND).count())
                        .as("%s: in any second no more than twice the rate, its burst among them", story)
                        .isLessThanOrEqualTo(2L * rate);
            }
        }
    }

    private static void giveBack(Deque<TrunkLoads.Channel> held) {
        TrunkLoads.Channel channel = held.poll();
        if (channel != null) {
            channel.give();
            channel.give(); // whoever does it a second time
        }
    }

    @Test
    void callsComeAtTheRateThatIsSet() {
        TrunkLoads loads = loads(limits(1000, 1000, 5), 0);
        int taken = 0;
        for (long now = 0; now < 20 * SECOND; now += SECOND / 100) {
            taken += loads.takeOut(T, now).isPresent() ? 1 : 0;
        }
        assertThat(taken).isBetween(5 * 20, 5 * 20 + 5);
    }

    @Test
    void trunkThatAskedForItIsLeftAloneAsLongAsItMayAsk() {
        TrunkLoads loads = loads(TrunkLimits.defaults(), 0);
        loads.rest(T, Duration.ofSeconds(5), 0);
        loads.rest(T, Duration.ofSeconds(1), 0); // shorter than what is under way
        assertThat(loads.takeOut(T, 5 * SECOND - 1)).isEmpty();
        assertThat(seen(loads, 5 * SECOND - 1).resting()).isTrue();
        assertThat(loads.takeOut(T, 5 * SECOND)).isPresent();
        loads.rest(T, Duration.ofDays(9), 10 * SECOND);
        assertThat(loads.takeOut(T, 70 * SECOND - 1)).isEmpty();
        assertThat(loads.takeIn(T)).as("calls in are the trunk's own affair").isPresent();
        assertThat(loads.takeOut(T, 70 * SECOND)).isPresent();
    }

    @Test
    void emergencyCallsAskNobody() {
        TrunkLoads loads = loads(limits(1, 1, 1), 0);
        assertThat(loads.takeOut(T, 0)).isPresent();
        loads.rest(T, Duration.ofSeconds(60), 0);
        assertThat(loads.takeOut(T, 0)).isEmpty();
        TrunkLoads.Channel help = loads.takeOutAnyway(T, 0);
        assertThat(seen(loads, 0).out()).isEqualTo(2);
        help.give();
        assertThat(seen(loads, 0).out()).isEqualTo(1);
    }

    @Test
    void manyThreadsAtOnceGetExactlyTheChannelsThereAre() throws InterruptedException {
        TrunkLoads loads = loads(limits(50, 50, 10_000), 0);
        AtomicInteger got = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                loads.takeOut(T, 0).ifPresent(_ -> got.incrementAndGet());
            }));
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(got).hasValue(50);
        assertThat(seen(loads, 0).refused()).isEqualTo(150);
    }

    @Test
    void stateSaysWhatIsInUseBesideTheLimits() {
        TrunkLoads loads = loads(
                new TrunkLimits(OptionalInt.of(9), OptionalInt.empty(), OptionalDouble.of(4), Duration.ofSeconds(60)),
                0);
        loads.takeIn(T);
        for (int i = 0; i < 5; i++) {
            loads.takeOut(T, 0); // the fifth comes too fast
        }
        loads.takeOutAnyway(T, SECOND - 1);
        loads.rest(T, Duration.ofSeconds(10), SECOND - 1);
        assertThat(loads.debugState(SECOND).get(T))
                .isEqualTo(Map.of(
                        "channels", 6,
                        "channelsIn", 1,
                        "channelsOut", 5,
                        "callsPerSecond", 5,
                        "refused", 1L,
                        "restMillis", 9_999L,
                        "limits", Map.of("channels", 9, "callsPerSecond", 4.0)));
    }

    @Test
    void callsOfASecondAreThoseOfTheLastWholeOne() {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        long start = random.nextLong();
        TrunkLoads loads = new TrunkLoads(Map.of(T, TrunkLimits.defaults()), start);
        List<Long> begun = new ArrayList<>();
        for (long now = start; now - start < 60 * SECOND; now += random.nextLong(2 * SECOND)) {
            if (random.nextInt(3) > 0) {
                loads.takeOut(T, now);
                begun.add(now);
            }
            long second = (now - start) / SECOND;
            long expected = begun.stream()
                    .filter(at -> (at - start) / SECOND == second - 1)
                    .count();
            assertThat(loads.debugState(now).get(T))
                    .as("-Dseed=%d", seed)
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry("callsPerSecond", (int) expected);
        }
    }

    private static TrunkLimits limits(int channels, int channelsOut, double rate) {
        return new TrunkLimits(
                OptionalInt.of(channels), OptionalInt.of(channelsOut), OptionalDouble.of(rate), Duration.ofSeconds(60));
    }

    private static TrunkLoads loads(TrunkLimits limits, long now) {
        return new TrunkLoads(Map.of(T, limits), now);
    }

    private static TrunkLoads.Seen seen(TrunkLoads loads, long now) {
        return loads.seen(now).getOrDefault(T, new TrunkLoads.Seen(-1, -1, false, -1));
    }
}
