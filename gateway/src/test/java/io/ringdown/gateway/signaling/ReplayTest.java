package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What is said again, and what cannot be. */
final class ReplayTest {
    private final ReplayBudget budget = new ReplayBudget(1 << 20);
    private final Replay replay = new Replay(budget);

    @Test
    void whatIsKnownToHaveComeIsNotSaidAgain() {
        List<String> said = say(5);
        replay.acknowledge(2);
        assertThat(replay.since(OptionalLong.of(3))).isEqualTo(new Replay.Missed(said.subList(3, 5), false));
        assertThat(replay.keptMessages()).isEqualTo(2);
    }

    @Test
    void whoDoesNotSayWhatItHasBeginsWithHowThingsAre() {
        say(5);
        assertThat(replay.since(OptionalLong.empty())).isEqualTo(new Replay.Missed(List.of(), false));
        assertThat(replay.keptBytes()).isZero();
    }

    @Test
    void theOldestIsPushedOutAndMissed() {
        say(Replay.MOST_MESSAGES + 1);
        assertThat(replay.keptMessages()).isEqualTo(Replay.MOST_MESSAGES);
        assertThat(replay.since(OptionalLong.of(1)).gap()).isFalse();

        Replay other = new Replay(budget);
        LongStream.rangeClosed(0, Replay.MOST_MESSAGES).forEach(_ -> other.add(Long::toString));
        assertThat(other.since(OptionalLong.of(0)).gap()).isTrue();
    }

    @Test
    void largeMessagesPushOutMore() {
        String large = "x".repeat(Replay.MOST_BYTES / 2);
        for (int i = 0; i < 3; i++) {
            replay.add(_ -> large);
        }
        assertThat(replay.keptBytes()).isEqualTo(Replay.MOST_BYTES);
        assertThat(replay.since(OptionalLong.of(0)).gap()).isTrue();
    }

    @Test
    void allTogetherKeepNoMoreThanTheirBudgetAndGiveItBack() {
        ReplayBudget small = new ReplayBudget(10);
        Replay one = new Replay(small);
        Replay other = new Replay(small);
        one.add(_ -> "123456");
        other.add(_ -> "12345");
        assertThat(other.keptMessages()).isZero();
        assertThat(other.since(OptionalLong.of(0)).gap()).isTrue();
        one.acknowledge(1);
        other.add(_ -> "12345");
        assertThat(other.keptMessages()).isEqualTo(1);
        assertThat(small.left()).isEqualTo(5);
    }

    private List<String> say(int count) {
        LongFunction<String> text = seq -> "message " + seq;
        return LongStream.range(0, count).mapToObj(_ -> replay.add(text)).toList();
    }

    /**
     * Two ends over sockets that are lost with whatever is on its way: each says numbered messages, and says again on the next
     * socket what may not have come. Everything comes once and in order, both ways, or the client is told of the gap.
     */
    @Test
    void everythingComesOnceAndInOrderOverAnyNumberOfSockets() {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (int i = 0; i < 2_000; i++) {
            try {
                new Line(seed + i).live();
            } catch (AssertionError | RuntimeException broken) {
                fail("-Dseed=" + (seed + i) + ": " + broken.getMessage(), broken);
            }
        }
    }

    private static final class Line {
        private final Random random;
        private final ReplayBudget budget;
        private final Replay replay;
        private final Deque<Runnable> toClient = new ArrayDeque<>();
        private final Deque<Runnable> toGateway = new ArrayDeque<>();
        private final List<Long> atClient = new ArrayList<>();
        private final List<Long> atGateway = new ArrayList<>();
        private final Deque<Long> unsure = new ArrayDeque<>();
        private long received;
        private long taken;
        private long said;
        private boolean hadGap;

        Line(long seed) {
            random = new Random(seed);
            budget = new ReplayBudget(random.nextBoolean() ? 1 << 20 : 40);
            replay = new Replay(budget);
        }

        void live() {
            for (int step = 0; step < 200; step++) {
                switch (random.nextInt(12)) {
                    case 0, 1, 2 -> {
                        String text = replay.add(Long::toString);
                        toClient.add(() -> onClient(text));
                    }
                    case 3, 4 -> {
                        unsure.add(++said);
                        say(said);
                    }
                    case 5 -> {
                        long ack = received;
                        toGateway.add(() -> replay.acknowledge(ack));
                    }
                    case 6 -> lose();
                    case 7, 8, 9 -> deliver(toClient);
                    default -> deliver(toGateway);
                }
            }
            lose();
            while (!toClient.isEmpty() || !toGateway.isEmpty()) {
                deliver(toClient);
                deliver(toGateway);
            }
            assertThat(atGateway)
                    .isEqualTo(LongStream.rangeClosed(1, said).boxed().toList());
            assertThat(atClient).isSorted().doesNotHaveDuplicates();
            if (!hadGap) {
                assertThat(atClient)
                        .isEqualTo(
                                LongStream.rangeClosed(1, replay.last()).boxed().toList());
            }
            replay.clear();
            assertThat(replay.keptBytes()).isZero();
        }

        private void say(long seq) {
            toGateway.add(() -> {
                if (seq > taken) {
                    taken = seq;
                    atGateway.add(seq);
                }
            });
        }

        private void onClient(String text) {
            long seq = Long.parseLong(text);
            assertThat(seq > received + 1 && !hadGap).as("a gap is told").isFalse();
            received = seq;
            atClient.add(seq);
        }

        private static void deliver(Deque<Runnable> way) {
            if (!way.isEmpty()) {
                way.remove().run();
            }
        }

        /** Of what is on its way to the client some may still come, that to the gateway too; then the client is back. */
        private void lose() {
            for (int i = random.nextInt(4); i > 0; i--) {
                deliver(random.nextBoolean() ? toClient : toGateway);
            }
            toClient.clear();
            toGateway.clear();
            Replay.Missed missed = replay.since(OptionalLong.of(received));
            hadGap |= missed.gap();
            missed.messages().forEach(text -> toClient.add(() -> onClient(text)));
            unsure.removeIf(seq -> seq <= taken);
            unsure.forEach(this::say);
        }
    }
}
