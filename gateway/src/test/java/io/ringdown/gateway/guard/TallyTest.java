package io.ringdown.gateway.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.routing.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** No limit is ever exceeded, and what is over leaves nothing behind. */
final class TallyTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Rate RATE = new Rate(
            Prefix.parse("+"), Money.parse("0.10"), Money.parse("0.05"), Duration.ofSeconds(30), Duration.ofSeconds(6));

    /** Days of dials, talks and ends at random; what was really used is counted beside, and never above any limit. */
    @RepeatedTest(20)
    void whateverCallsDoNoLimitIsExceededAndNothingLeaks() {
        long seed = Long.getLong("seed", System.nanoTime());
        new World(seed).play();
    }

    private static final class World {
        private final long seed;
        private final Random random;
        private final Tally tally = new Tally();
        private final List<Tally.Line> lines = new ArrayList<>();
        private final List<Talk> talks = new ArrayList<>();
        // What was really talked and paid on a day, and begun when, by line.
        private final Map<Tally.Line, Map<Long, long[]>> used = new HashMap<>();
        private final Map<Tally.Line, List<Long>> begun = new HashMap<>();
        private final Map<Tally.Line, Long> carried = new HashMap<>();
        private final long secondsOfDay;
        private long now;
        private long wall;
        private long day;

        private static final class Talk {
            private final Tally.Entry entry;
            private final List<Tally.Line> counted;
            private final Long begunAt;
            private long talked = -1; // not answered
            private long toldMillis;
            private long toldMicros;

            private Talk(Tally.Entry entry, List<Tally.Line> counted, Long begunAt) {
                this.entry = entry;
                this.counted = counted;
                this.begunAt = begunAt;
            }
        }

        World(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            // Many midnights, or none.
            this.secondsOfDay = random.nextBoolean() ? 600 : Integer.MAX_VALUE;
            for (int i = 0; i < 4; i++) {
                Limit limit = new Limit(
                        Optional.of("limit " + i),
                        new Per(Per.What.TOTAL, 0),
                        Limit.Where.defaults(),
                        maybe(1 + random.nextInt(5)),
                        maybe(2 + random.nextInt(4)),
                        maybe(20 + random.nextInt(40)),
                        maybe(50 + random.nextInt(200)),
                        maybe(5 + random.nextInt(60)),
                        random.nextBoolean()
                                ? Optional.of(new Money(1_000_000L * (1 + random.nextInt(9))))
                                : Optional.empty());
                for (int key = 0; key < 2; key++) {
                    lines.add(new Tally.Line(limit, i + " " + key));
                }
            }
        }

        private OptionalInt maybe(int value) {
            return random.nextInt(3) > 0 ? OptionalInt.of(value) : OptionalInt.empty();
        }

        void play() {
            for (int step = 0; step < 4_000; step++) {
                switch (random.nextInt(6)) {
                    case 0, 1 -> dial();
                    case 2 -> answerOrEnd();
                    case 3 -> pass(random.nextInt(90));
                    case 4 -> pass(random.nextInt(4));
                    default -> jump();
                }
                check();
            }
            List.copyOf(talks).forEach(this::end);
            lines.forEach(
                    line -> assertThat(tally.usage(line).map(Usage::atOnce).orElse(0))
                            .as(how())
                            .isZero());
            checkSettled();
        }

        private void dial() {
            List<Tally.Line> counted =
                    lines.stream().filter(_ -> random.nextInt(3) > 0).toList();
            Map<Tally.Line, Integer> before = atOnce();
            switch (tally.take("here", counted, Optional.of(RATE), day, now)) {
                case Tally.Outcome.Taken taken -> {
                    talks.add(new Talk(taken.entry(), counted, now));
                    counted.forEach(line ->
                            begun.computeIfAbsent(line, _ -> new ArrayList<>()).add(now));
                }
                case Tally.Outcome.Full _ -> assertThat(atOnce()).as(how()).isEqualTo(before);
            }
        }

        private Map<Tally.Line, Integer> atOnce() {
            Map<Tally.Line, Integer> all = new HashMap<>();
            lines.forEach(
                    line -> all.put(line, tally.usage(line).map(Usage::atOnce).orElse(0)));
            return all;
        }

        private void answerOrEnd() {
            if (talks.isEmpty()) {
                return;
            }
            Talk talk = talks.get(random.nextInt(talks.size()));
            if (talk.talked < 0 && random.nextInt(3) > 0) {
                talk.talked = 0;
            } else {
                end(talk);
            }
        }

        /** Time passes second by second; who has no talk left hangs up. */
        private void pass(int seconds) {
            for (int i = 0; i < seconds; i++) {
                now += SECOND;
                wall++;
                lookAtTheClock();
                for (Talk talk : List.copyOf(talks)) {
                    if (talk.talked >= 0) {
                        talk.talked++;
                        use(talk);
                        if (Duration.ofSeconds(talk.talked).equals(talk.entry.covered())
                                && !tally.more(talk.entry, day, now)) {
                            end(talk);
                        }
                    }
                }
            }
        }

        private void use(Talk talk) {
            long millis = talk.talked * 1_000;
            long micros = RATE.price(Duration.ofSeconds(talk.talked)).micros();
            for (Tally.Line line : talk.counted) {
                long[] sum = used.computeIfAbsent(line, _ -> new HashMap<>()).computeIfAbsent(day, _ -> new long[2]);
                sum[0] += millis - talk.toldMillis;
                sum[1] += micros - talk.toldMicros;
            }
            talk.toldMillis = millis;
            talk.toldMicros = micros;
        }

        private void end(Talk talk) {
            talks.remove(talk);
            if (talk.talked < 0 && random.nextBoolean()) {
                assertThat(tally.withdraw(talk.entry)).as(how()).isTrue();
                talk.counted.forEach(line -> begun.getOrDefault(line, List.of()).remove(talk.begunAt));
                return;
            }
            Duration talked = Duration.ofSeconds(Math.max(0, talk.talked));
            tally.end(talk.entry, talked);
            tally.end(talk.entry, talked);
        }

        /** The clock on the wall is put back or forth a little; a day that has begun has begun. */
        private void jump() {
            wall = Math.max(0, wall + random.nextInt(200) - 80);
            lookAtTheClock();
        }

        private void lookAtTheClock() {
            long today = wall / secondsOfDay;
            if (today > day) {
                day = today;
                lines.forEach(line -> carried.put(
                        line,
                        talks.stream()
                                .filter(talk -> talk.counted.contains(line))
                                .count()));
            }
        }

        private void check() {
            for (Tally.Line line : lines) {
                Limit limit = line.limit();
                long running = talks.stream()
                        .filter(talk -> talk.counted.contains(line))
                        .count();
                limit.atOnce().ifPresent(most -> assertThat(running).as(how()).isLessThanOrEqualTo(most));
                List<Long> times = begun.getOrDefault(line, List.of());
                limit.perMinute()
                        .ifPresent(
                                most -> assertThat(since(times, 60)).as(how()).isLessThanOrEqualTo(most));
                limit.perHour()
                        .ifPresent(
                                most -> assertThat(since(times, 3600)).as(how()).isLessThanOrEqualTo(most));
                tally.usage(line).ifPresent(usage -> {
                    limit.minutesPerDay()
                            .ifPresent(
                                    most -> assertThat(usage.millis()).as(how()).isLessThanOrEqualTo(most * 60_000L));
                    limit.spendPerDay()
                            .ifPresent(
                                    most -> assertThat(usage.micros()).as(how()).isLessThanOrEqualTo(most.micros()));
                });
                // A piece that was reserved before midnight may be talked after it.
                long pieces = carried.getOrDefault(line, 0L);
                long[] sum = used.getOrDefault(line, Map.of()).getOrDefault(day, new long[2]);
                limit.minutesPerDay()
                        .ifPresent(most -> assertThat(sum[0]).as(how()).isLessThanOrEqualTo((most + pieces) * 60_000L));
                limit.spendPerDay()
                        .ifPresent(most -> assertThat(sum[1])
                                .as(how())
                                .isLessThanOrEqualTo(most.micros()
                                        + pieces
                                                * RATE.price(Duration.ofMinutes(1))
                                                        .micros()));
            }
            talks.forEach(talk ->
                    assertThat(Duration.ofSeconds(talk.talked)).as(how()).isLessThanOrEqualTo(talk.entry.covered()));
        }

        private long since(List<Long> times, int seconds) {
            return times.stream().filter(at -> at > now - seconds * SECOND).count();
        }

        /** With all calls over, what the tally says of today is what was used, but for pieces that midnight has cut. */
        private void checkSettled() {
            for (Tally.Line line : lines) {
                if (line.limit().isMetered() && day == 0) {
                    long[] sum = used.getOrDefault(line, Map.of()).getOrDefault(day, new long[2]);
                    assertThat(tally.usage(line).map(Usage::millis).orElse(0L))
                            .as(how())
                            .isEqualTo(sum[0]);
                    assertThat(tally.usage(line).map(Usage::micros).orElse(0L))
                            .as(how())
                            .isEqualTo(sum[1]);
                }
            }
        }

        private String how() {
            return "-Dseed=" + seed;
        }
    }

    @Test
    void withinADayTalkAndSpendAreExactAndWhatWasNotUsedIsGivenBack() {
        Limit limit = metered(10, "1.00");
        List<Tally.Line> lines = List.of(new Tally.Line(limit, "k"));
        Tally tally = new Tally();
        Tally.Entry call = taken(tally.take("here", lines, Optional.of(RATE), 0, 0));
        Usage usage = tally.usage(lines.getFirst()).orElseThrow();
        // 0.05 + 0.10 for the first minute.
        assertThat(usage.micros()).isEqualTo(150_000);
        assertThat(usage.millis()).isEqualTo(60_000);
        assertThat(tally.more(call, 0, 0)).isTrue();
        assertThat(usage.micros()).isEqualTo(250_000);
        tally.end(call, Duration.ofSeconds(61));
        // The step of 6 s that has begun is owed.
        assertThat(usage.micros()).isEqualTo(160_000);
        assertThat(usage.millis()).isEqualTo(61_000);
        Tally.Entry unanswered = taken(tally.take("here", lines, Optional.of(RATE), 0, 0));
        tally.end(unanswered, Duration.ZERO);
        assertThat(usage.micros()).isEqualTo(160_000);
        assertThat(usage.atOnce()).isZero();
    }

    @Test
    void aCapThatIsHitWhileCallsRunEndsThemBeforeItIsExceeded() {
        Limit limit = metered(100, "0.50");
        List<Tally.Line> lines = List.of(new Tally.Line(limit, "k"));
        Tally tally = new Tally();
        Tally.Entry one = taken(tally.take("here", lines, Optional.of(RATE), 0, 0));
        Tally.Entry two = taken(tally.take("here", lines, Optional.of(RATE), 0, 0));
        assertThat(tally.take("here", lines, Optional.of(RATE), 0, 0)).isInstanceOf(Tally.Outcome.Taken.class);
        assertThat(tally.take("here", lines, Optional.of(RATE), 0, 0)).isEqualTo(new Tally.Outcome.Full("per total"));
        assertThat(tally.more(one, 0, 0)).isFalse();
        assertThat(tally.more(two, 1, 0)).as("tomorrow").isTrue();
    }

    @Test
    void aClockThatIsPutBackBeginsNoDayTwice() {
        Limit limit = metered(1, "100");
        List<Tally.Line> lines = List.of(new Tally.Line(limit, "k"));
        Tally tally = new Tally();
        tally.end(taken(tally.take("here", lines, Optional.empty(), 5, 0)), Duration.ofMinutes(1));
        for (long day : new long[] {5, 4, 5}) {
            assertThat(tally.take("here", lines, Optional.empty(), day, 0)).isInstanceOf(Tally.Outcome.Full.class);
        }
        assertThat(tally.take("here", lines, Optional.empty(), 6, 0)).isInstanceOf(Tally.Outcome.Taken.class);
    }

    @Test
    void nobodyFillsMoreThanAPartSoThatWhoIsNewFindsRoom() {
        Limit limit = Limit.of(new Per(Per.What.DESTINATION, 0)).withPerHour(1);
        Tally tally = new Tally(20);
        int through = 0;
        for (int i = 0; i < 100; i++) {
            Tally.Line line = new Tally.Line(limit, "number " + i);
            through +=
                    tally.take("flood", List.of(line), Optional.empty(), 0, 0) instanceof Tally.Outcome.Taken ? 1 : 0;
        }
        assertThat(through).isEqualTo(2);
        List<Tally.Line> fresh = List.of(new Tally.Line(limit, "fresh"));
        assertThat(tally.take("new", fresh, Optional.empty(), 0, 0)).isInstanceOf(Tally.Outcome.Taken.class);
    }

    @Test
    void whatOnlyTheLastHourKnowsOfMakesRoomForWhoIsNew() {
        Limit limit = Limit.of(new Per(Per.What.DESTINATION, 0)).withPerHour(5);
        Tally tally = new Tally(10);
        for (int i = 0; i < 10; i++) {
            Tally.Line line = new Tally.Line(limit, "number " + i);
            tally.end(taken(tally.take("by " + i, List.of(line), Optional.empty(), 0, 0)), Duration.ZERO);
        }
        List<Tally.Line> fresh = List.of(new Tally.Line(limit, "fresh"));
        assertThat(tally.take("new", fresh, Optional.empty(), 0, SECOND)).isInstanceOf(Tally.Outcome.Taken.class);
        assertThat(tally.size()).isEqualTo(1);
    }

    @Test
    void whatNeverWasIsCountedNowhere() {
        Limit limit = new Limit(
                Optional.empty(),
                new Per(Per.What.TOTAL, 0),
                Limit.Where.defaults(),
                OptionalInt.of(1),
                OptionalInt.of(1),
                OptionalInt.of(1),
                OptionalInt.of(1),
                OptionalInt.of(1),
                Optional.empty());
        List<Tally.Line> lines = List.of(new Tally.Line(limit, "k"));
        Tally tally = new Tally();
        for (int i = 0; i < 3; i++) {
            Tally.Entry call = taken(tally.take("here", lines, Optional.empty(), 0, i));
            assertThat(tally.withdraw(call)).isTrue();
            assertThat(tally.withdraw(call)).isFalse();
        }
        tally.end(taken(tally.take("here", lines, Optional.empty(), 0, 9)), Duration.ZERO);
        assertThat(tally.take("here", lines, Optional.empty(), 0, 9)).isInstanceOf(Tally.Outcome.Full.class);
    }

    @Test
    void whatIsIdleIsForgottenWhereThereIsNoRoomAndNobodyElse() {
        Limit limit = Limit.of(new Per(Per.What.USER, 0)).withAtOnce(1);
        Tally tally = new Tally(10);
        List<Tally.Entry> running = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            running.add(
                    taken(tally.take("by " + i, List.of(new Tally.Line(limit, "busy " + i)), Optional.empty(), 0, 0)));
        }
        List<Tally.Line> eleventh = List.of(new Tally.Line(limit, "eleventh"));
        assertThat(tally.take("here", eleventh, Optional.empty(), 0, 0)).isInstanceOf(Tally.Outcome.Full.class);
        tally.end(running.getFirst(), Duration.ZERO);
        assertThat(tally.take("here", eleventh, Optional.empty(), 0, 20 * SECOND))
                .isInstanceOf(Tally.Outcome.Taken.class);
        assertThat(tally.size()).isEqualTo(10);
        assertThat(tally.take("here", List.of(new Tally.Line(limit, "busy 5")), Optional.empty(), 0, 40 * SECOND))
                .as("is busy still")
                .isEqualTo(new Tally.Outcome.Full("per user"));
    }

    private static Tally.Entry taken(Tally.Outcome outcome) {
        assertThat(outcome).isInstanceOf(Tally.Outcome.Taken.class);
        return ((Tally.Outcome.Taken) outcome).entry();
    }

    private static Limit metered(int minutes, String spend) {
        return new Limit(
                Optional.empty(),
                new Per(Per.What.TOTAL, 0),
                Limit.Where.defaults(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.of(minutes),
                Optional.of(Money.parse(spend)));
    }
}
