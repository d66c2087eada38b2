package io.ringdown.gateway.hooks;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * What waits to be told one receiver. In one line, the next is told when the one before was taken or given up; lines are told beside each
 * other, those first that have waited for longest. What was not taken is told again, after 1 s, then twice as long each time, an hour at
 * most, each a little more or less.
 *
 * <p>Pure; one thread at a time. After each input do all of the answered actions, in order; call {@link #tick} when {@link #nextWakeup}
 * has come.
 */
final class HookQueue {
    private static final long FIRST_WAIT = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_WAIT = Duration.ofHours(1).toNanos();
    private static final double SPREAD = 0.2;

    /** How it went. */
    enum Outcome {
        /** The receiver has it. */
        TAKEN,
        /** It did not answer in time, or otherwise than with a 2xx. */
        FAILED,
        /** It does not want it, now or later: 410. */
        REFUSED
    }

    /** What is to be done. */
    sealed interface Action {
        /** Tell it; {@link #onAnswer} has to follow. */
        record Send(Delivery what, int attempt) implements Action {}

        /** It was taken: forget it. */
        record Settled(Delivery what) implements Action {}

        /** It is not told again: keep it for whoever looks after that. */
        record GivenUp(Delivery what, String why, int attempts) implements Action {}
    }

    /** What belongs together; {@code dueAt} counts while it is in {@link #waiting}. */
    private static final class Line {
        private final String name;
        private final long order;
        private final Deque<Waiting> all = new ArrayDeque<>();
        private int attempts;
        private long dueAt;

        Line(String name, long order) {
            this.name = name;
            this.order = order;
        }
    }

    private record Waiting(Delivery what, long since) {}

    private final int parallel;
    private final long giveUpAfter;
    private final RandomGenerator random;
    private final Map<String, Line> lines = new HashMap<>();
    private final Map<Long, Line> underWay = new HashMap<>();
    private final Deque<Line> ready = new ArrayDeque<>();
    private final TreeSet<Line> waiting =
            new TreeSet<>(Comparator.<Line>comparingLong(line -> line.dueAt).thenComparingLong(line -> line.order));
    private long linesEver;
    private int size;

    HookQueue(int parallel, Duration giveUpAfter, RandomGenerator random) {
        this.parallel = parallel;
        this.giveUpAfter = giveUpAfter.toNanos();
        this.random = random;
    }

    /** How much waits, or is being told. */
    int size() {
        return size;
    }

    /** How much is being told just now. */
    int underWay() {
        return underWay.size();
    }

    /** How many lines wait because what they told last was not taken. */
    int retrying() {
        return waiting.size();
    }

    /** All that is not settled; of each line in order. */
    List<Delivery> pending() {
        List<Delivery> all = new ArrayList<>(size);
        lines.values().forEach(line -> line.all.forEach(each -> all.add(each.what)));
        return all;
    }

    /** Takes something that has waited for {@code age} already. */
    List<Action> add(Delivery what, Duration age, long now) {
        Line line = lines.computeIfAbsent(what.line(), name -> new Line(name, linesEver++));
        line.all.add(new Waiting(what, now - age.toNanos()));
        size++;
        if (line.all.size() == 1) {
            ready.add(line);
        }
        return send();
    }

    /** What became of one that was sent; harmless for any other. */
    List<Action> onAnswer(long number, Outcome outcome, long now) {
        Line line = underWay.remove(number);
        if (line == null) {
            return List.of();
        }
        Waiting head = line.all.getFirst();
        List<Action> actions = new ArrayList<>();
        switch (outcome) {
            case TAKEN -> {
                actions.add(new Action.Settled(head.what));
                next(line);
            }
            case REFUSED -> {
                actions.add(new Action.GivenUp(head.what, "the receiver does not want it (410)", line.attempts));
                next(line);
            }
            case FAILED -> {
                if (now - head.since >= giveUpAfter) {
                    actions.add(new Action.GivenUp(head.what, "nobody has taken it in time", line.attempts));
                    next(line);
                } else {
                    line.dueAt = now + backoff(line.attempts);
                    waiting.add(line);
                }
            }
        }
        actions.addAll(send());
        return actions;
    }

    /** The head is done with. */
    private void next(Line line) {
        line.all.removeFirst();
        line.attempts = 0;
        size--;
        if (line.all.isEmpty()) {
            lines.remove(line.name);
        } else {
            ready.add(line);
        }
    }

    private long backoff(int attempts) {
        long wait = Math.min(LONGEST_WAIT, FIRST_WAIT << Math.min(20, attempts - 1));
        return (long) (wait * (1 - SPREAD + 2 * SPREAD * random.nextDouble()));
    }

    /** When {@link #tick} is due; empty for never. */
    OptionalLong nextWakeup() {
        return waiting.isEmpty() ? OptionalLong.empty() : OptionalLong.of(waiting.first().dueAt);
    }

    /** The time has come; harmless if it has not. */
    List<Action> tick(long now) {
        while (!waiting.isEmpty() && waiting.first().dueAt <= now) {
            Line due = waiting.removeFirst();
            ready.add(due);
        }
        return send();
    }

    private List<Action> send() {
        List<Action> actions = new ArrayList<>();
        while (underWay.size() < parallel && !ready.isEmpty()) {
            Line line = ready.removeFirst();
            Delivery head = line.all.getFirst().what;
            line.attempts++;
            underWay.put(head.number(), line);
            actions.add(new Action.Send(head, line.attempts));
        }
        return actions;
    }
}
