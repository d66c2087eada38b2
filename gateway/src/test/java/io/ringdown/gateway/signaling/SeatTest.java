package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who has a session, in virtual time. */
final class SeatTest {
    private static final Optional<String> ANN = Optional.of("ann's page");
    private static final Optional<String> BOB = Optional.of("bob's page");
    private static final Duration WAITS = Duration.ofSeconds(30);

    private final Seat<String> seat = new Seat<>("first", ANN, WAITS);

    @Test
    void anotherPageDoesNotGetItWhileWhoHasItAnswers() {
        assertThat(seat.onKnock("other", BOB, false, 0)).containsExactly(new Seat.Action.Ask<>("first"));
        assertThat(seat.onAnswer("first")).containsExactly(new Seat.Action.InUse<>("other"));
        assertThat(seat.tick(WAITS.toNanos())).isEmpty();
        assertThat(seat.serves("first")).isTrue();
    }

    @Test
    void whoDoesNotAnswerWithinItsTimeLosesIt() {
        seat.onKnock("other", BOB, false, 0);
        assertThat(seat.tick(Seat.PATIENCE.toNanos() - 1)).isEmpty();
        assertThat(seat.tick(Seat.PATIENCE.toNanos()))
                .containsExactly(new Seat.Action.TakenOver<>("first"), new Seat.Action.Serve<>("other"));
        assertThat(seat.onAnswer("first")).isEmpty();
    }

    @Test
    void theSamePageAndOneThatTakesItOverHaveItAtOnce() {
        assertThat(seat.onKnock("again", ANN, false, 0))
                .containsExactly(new Seat.Action.TakenOver<>("first"), new Seat.Action.Serve<>("again"));
        assertThat(seat.onKnock("other", BOB, true, 0))
                .containsExactly(new Seat.Action.TakenOver<>("again"), new Seat.Action.Serve<>("other"));
    }

    @Test
    void whoDoesNotSayWhichPageItIsIsNotTheSame() {
        Seat<String> unnamed = new Seat<>("first", Optional.empty(), WAITS);
        assertThat(unnamed.onKnock("other", Optional.empty(), false, 0))
                .containsExactly(new Seat.Action.Ask<>("first"));
    }

    @Test
    void whoWaitsAtTheDoorHasItWhenTheOtherIsLost() {
        seat.onKnock("other", BOB, false, 0);
        assertThat(seat.onLost("first", 1)).containsExactly(new Seat.Action.Serve<>("other"));
    }

    @Test
    void itIsKeptForItsTimeAndWhoComesThenIsServedEvenTooLate() {
        assertThat(seat.onLost("first", 0)).containsExactly(new Seat.Action.Away<>());
        assertThat(seat.tick(WAITS.toNanos() - 1)).isEmpty();
        assertThat(seat.tick(WAITS.toNanos())).containsExactly(new Seat.Action.Gone<>());
        assertThat(seat.onKnock("late", BOB, false, WAITS.toNanos())).containsExactly(new Seat.Action.Serve<>("late"));
    }

    @Test
    void nobodyIsWaitedForWhereNobodyIsToBe() {
        Seat<String> brief = new Seat<>("first", ANN, Duration.ZERO);
        assertThat(brief.onLost("first", 0)).containsExactly(new Seat.Action.Gone<>());
    }

    @Test
    void whoLeavesIsNotWaitedForButWhoWaitsAtTheDoorIsServed() {
        assertThat(seat.onLeft("first", 0)).containsExactly(new Seat.Action.Gone<>());

        Seat<String> wanted = new Seat<>("first", ANN, WAITS);
        wanted.onKnock("other", BOB, false, 0);
        assertThat(wanted.onLeft("first", 1)).containsExactly(new Seat.Action.Serve<>("other"));
        assertThat(wanted.onLeft("nobody", 1)).isEmpty();
    }

    /** Whatever comes in whatever order: one at most is served, all who knock are answered, and an empty seat is left in time. */
    @Test
    void oneAtMostIsServedAndEverybodyIsAnswered() {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (int i = 0; i < 5_000; i++) {
            try {
                new World(seed + i).live();
            } catch (AssertionError | RuntimeException broken) {
                fail("-Dseed=" + (seed + i) + ": " + broken.getMessage(), broken);
            }
        }
    }

    private static final class World {
        private final Random random;
        private final Seat<Integer> seat;
        private final Set<Integer> served = new HashSet<>(Set.of(0));
        private final Set<Integer> waiting = new HashSet<>();
        private final Map<Integer, Optional<String>> open = new HashMap<>();
        private final List<String> story = new ArrayList<>();
        private int last;
        private long now;

        World(long seed) {
            random = new Random(seed);
            now = random.nextLong();
            open.put(0, page());
            seat = new Seat<>(0, open.getOrDefault(0, Optional.empty()), WAITS);
        }

        private Optional<String> page() {
            return random.nextInt(4) == 0 ? Optional.empty() : Optional.of("page " + random.nextInt(3));
        }

        void live() {
            for (int step = 0; step < 40; step++) {
                now += random.nextLong(Duration.ofSeconds(4).toNanos());
                step();
                assertThat(served).as("one at most: %s", story).hasSizeLessThan(2);
                assertThat(waiting).as("one at most waits: %s", story).hasSizeLessThan(2);
                for (int one : open.keySet()) {
                    assertThat(seat.serves(one)).as("%s", story).isEqualTo(served.contains(one));
                }
            }
            while (seat.nextWakeup().isPresent()) {
                now = seat.nextWakeup().getAsLong();
                perform(seat.tick(now));
            }
            assertThat(waiting).as("everybody is answered: %s", story).isEmpty();
        }

        private void step() {
            List<Integer> sockets = List.copyOf(open.keySet());
            int one = sockets.isEmpty() ? 0 : sockets.get(random.nextInt(sockets.size()));
            switch (random.nextInt(5)) {
                case 0 -> {
                    int newcomer = ++last;
                    open.put(newcomer, page());
                    waiting.add(newcomer);
                    note("knock " + newcomer);
                    perform(seat.onKnock(
                            newcomer, open.getOrDefault(newcomer, Optional.empty()), random.nextInt(4) == 0, now));
                }
                case 1 -> {
                    note("lost " + one);
                    open.remove(one);
                    served.remove(one);
                    waiting.remove(one);
                    perform(random.nextInt(4) == 0 ? seat.onLeft(one, now) : seat.onLost(one, now));
                }
                case 2 -> {
                    note("answer " + one);
                    List<Seat.Action<Integer>> actions = seat.onAnswer(one);
                    if (!served.contains(one)) {
                        assertThat(actions)
                                .as("only who is served keeps it: %s", story)
                                .isEmpty();
                    }
                    perform(actions);
                }
                default -> perform(seat.tick(now));
            }
        }

        private void perform(List<Seat.Action<Integer>> actions) {
            for (Seat.Action<Integer> action : actions) {
                note("  " + action);
                switch (action) {
                    case Seat.Action.Ask<Integer> ask -> assertThat(served).contains(ask.who());
                    case Seat.Action.Serve<Integer> serve -> {
                        assertThat(served)
                                .as("nobody else is served: %s", story)
                                .isEmpty();
                        assertThat(waiting.remove(serve.who())).isTrue();
                        served.add(serve.who());
                    }
                    case Seat.Action.InUse<Integer> inUse ->
                        assertThat(waiting.remove(inUse.who())).isTrue();
                    case Seat.Action.TakenOver<Integer> over ->
                        assertThat(served.remove(over.who()))
                                .as("it was served: %s", story)
                                .isTrue();
                    case Seat.Action.Away<Integer> _, Seat.Action.Gone<Integer> _ ->
                        assertThat(served).as("nobody sits there: %s", story).isEmpty();
                }
            }
        }

        private void note(String what) {
            story.add(what);
        }
    }
}
