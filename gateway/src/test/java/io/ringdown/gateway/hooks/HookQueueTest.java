package io.ringdown.gateway.hooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Whatever receivers answer, and however often we are started anew. */
final class HookQueueTest {
    private static final Duration DAY = Duration.ofHours(24);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void everythingIsToldInItsOrderWhateverFailsAndWhoeverIsStartedAnew() {
        each(2_000, seed -> new World(seed).live());
    }

    @Test
    void linesThatAreTakenDoNotWaitForThoseThatAreNot() {
        each(200, seed -> {
            World world = new World(seed);
            world.hopeless = Set.of("call 0", "call 1", "call 2");
            world.isGood = true;
            world.live();
            assertThat(world.latest)
                    .as("the longest wait of a line that is taken")
                    .isLessThan(2 * SECOND);
        });
    }

    @Test
    void waitsGrowToAnHourAndEndWithTheTimeThatThereIs() {
        HookQueue queue = new HookQueue(1, DAY, new Random(1));
        List<HookQueue.Action> actions = queue.add(delivery(1, "call"), Duration.ZERO, 0);
        long now = 0;
        List<Long> waits = new ArrayList<>();
        while (actions.getFirst() instanceof HookQueue.Action.Send send) {
            now += SECOND / 10;
            actions = queue.onAnswer(send.what().number(), HookQueue.Outcome.FAILED, now);
            if (actions.isEmpty()) {
                long due = queue.nextWakeup().orElseThrow();
                waits.add(due - now);
                now = due;
                actions = queue.tick(now);
            }
        }
        assertThat(actions)
                .singleElement()
                .isInstanceOfSatisfying(
                        HookQueue.Action.GivenUp.class,
                        lost -> assertThat(lost.attempts()).isEqualTo(waits.size() + 1));
        assertThat(now).isBetween(DAY.toNanos(), DAY.plusHours(2).toNanos());
        assertThat(waits.getFirst()).isBetween(SECOND * 8 / 10, SECOND * 12 / 10);
        assertThat(waits.getLast()).isBetween(3_600 * SECOND * 8 / 10, 3_600 * SECOND * 12 / 10);
        assertThat(queue.size()).isZero();
    }

    @Test
    void whoDoesNotWantOneIsToldTheNext() {
        HookQueue queue = new HookQueue(4, DAY, new Random(1));
        queue.add(delivery(1, "call"), Duration.ZERO, 0);
        assertThat(queue.add(delivery(2, "call"), Duration.ZERO, 0)).isEmpty();
        assertThat(queue.onAnswer(1, HookQueue.Outcome.REFUSED, 5))
                .satisfiesExactly(
                        lost -> assertThat(lost).isInstanceOf(HookQueue.Action.GivenUp.class),
                        next -> assertThat(next).isEqualTo(new HookQueue.Action.Send(delivery(2, "call"), 1)));
    }

    private interface Life {
        void live(long seed);
    }

    private static void each(int lives, Life life) {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (int i = 0; i < lives; i++) {
            try {
                life.live(seed + i);
            } catch (AssertionError | RuntimeException broken) {
                fail("-Dseed=" + (seed + i) + ": " + broken.getMessage(), broken);
            }
        }
    }

    private static Delivery delivery(long number, String line) {
        return new Delivery(number, "id" + number, "crm", line, "call.begun", 0, "{}");
    }

    /** A queue, a receiver in any mood, and a process that may end at any moment. */
    private static final class World {
        private final Random random;
        private final int parallel;
        private final Map<Long, Delivery> onDisk = new LinkedHashMap<>();
        private final PriorityQueue<Answer> underWay = new PriorityQueue<>(Comparator.comparingLong(Answer::at));
        private final Map<Long, Long> addedAt = new HashMap<>();
        private final Map<String, Long> lastTaken = new HashMap<>();
        private final Set<Long> received = new TreeSet<>();
        private Set<String> hopeless = Set.of();
        private HookQueue queue;
        private long latest;
        private long now;
        private long added;
        private boolean isGood;

        private record Answer(long at, Delivery what, HookQueue.Outcome outcome) {}

        World(long seed) {
            random = new Random(seed);
            parallel = 4 + random.nextInt(5);
            queue = new HookQueue(parallel, DAY, random);
        }

        void live() {
            int events = 20 + random.nextInt(60);
            while (added < events) {
                pass(random.nextLong(SECOND));
                add();
                if (hopeless.isEmpty() && random.nextInt(15) == 0) {
                    restart();
                }
            }
            isGood = true;
            for (int i = 0; i < 10_000 && !isAllTold(); i++) {
                pass(SECOND);
            }
            assertThat(onDisk.values())
                    .filteredOn(what -> !hopeless.contains(what.line()))
                    .isEmpty();
            for (long number = 1; number <= added; number++) {
                if (onDisk.get(number) == null) {
                    assertThat(received).contains(number);
                }
            }
        }

        private boolean isAllTold() {
            return onDisk.values().stream().allMatch(what -> hopeless.contains(what.line()));
        }

        private void add() {
            Delivery what = delivery(++added, "call " + random.nextInt(8));
            onDisk.put(what.number(), what);
            addedAt.put(what.number(), now);
            perform(queue.add(what, Duration.ZERO, now));
        }

        /** Everything that happens until then, at its time. */
        private void pass(long nanos) {
            long until = now + nanos;
            while (true) {
                long answer =
                        underWay.isEmpty() ? Long.MAX_VALUE : underWay.element().at();
                long due = queue.nextWakeup().orElse(Long.MAX_VALUE);
                if (Math.min(answer, due) > until) {
                    now = until;
                    return;
                }
                now = Math.max(now, Math.min(answer, due));
                if (answer <= due) {
                    onAnswer(underWay.remove());
                } else {
                    perform(queue.tick(now));
                }
            }
        }

        private void onAnswer(Answer answer) {
            perform(queue.onAnswer(answer.what().number(), answer.outcome(), now));
        }

        /** What was under way is forgotten: whether it was taken, nobody knows. */
        private void restart() {
            underWay.clear();
            queue = new HookQueue(parallel, DAY, random);
            List.copyOf(onDisk.values()).forEach(what -> perform(queue.add(what, Duration.ZERO, now)));
        }

        private void perform(List<HookQueue.Action> actions) {
            for (HookQueue.Action action : actions) {
                switch (action) {
                    case HookQueue.Action.Send send -> receive(send.what());
                    case HookQueue.Action.Settled settled ->
                        onDisk.remove(settled.what().number());
                    case HookQueue.Action.GivenUp lost -> fail("given up too soon: " + lost);
                }
            }
            assertThat(underWay).hasSizeLessThanOrEqualTo(parallel);
            assertThat(underWay.stream().map(answer -> answer.what().line())).doesNotHaveDuplicates();
        }

        private void receive(Delivery what) {
            boolean isTaken = !hopeless.contains(what.line()) && (isGood || random.nextBoolean());
            // A receiver may take something and fail to say so.
            if (isTaken || (random.nextInt(4) == 0 && !hopeless.contains(what.line()))) {
                assertThat(what.number())
                        .as("none before one that was told already")
                        .isGreaterThanOrEqualTo(lastTaken.getOrDefault(what.line(), 0L));
                lastTaken.put(what.line(), what.number());
                received.add(what.number());
                latest = Math.max(latest, hopeless.isEmpty() ? 0 : now - addedAt.getOrDefault(what.number(), now));
            }
            long takes = isTaken ? random.nextLong(SECOND / 5) : random.nextLong(5 * SECOND);
            underWay.add(new Answer(now + takes, what, isTaken ? HookQueue.Outcome.TAKEN : HookQueue.Outcome.FAILED));
        }
    }
}
