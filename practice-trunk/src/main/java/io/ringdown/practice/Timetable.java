package io.ringdown.practice;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A script that does one thing after the other, at its time or when all has been said, whatever the caller does. */
final class Timetable implements Script {
    private final Deque<Step> steps;
    private long nextWakeup = NEVER;
    private boolean waitsForQuiet;

    /** What to do when: {@code delayNanos} after the step before, or after everything has been said. */
    private record Step(boolean afterQuiet, long delayNanos, List<Action> actions) {}

    private Timetable(Deque<Step> steps) {
        this.steps = steps;
    }

    /** Puts a timetable together. */
    static final class Builder {
        private final Deque<Step> steps = new ArrayDeque<>();

        Builder after(long delayMillis, Action... actions) {
            steps.add(new Step(false, delayMillis * 1_000_000, List.of(actions)));
            return this;
        }

        Builder whenQuiet(long delayMillis, Action... actions) {
            steps.add(new Step(true, delayMillis * 1_000_000, List.of(actions)));
            return this;
        }

        Timetable build() {
            return new Timetable(new ArrayDeque<>(steps));
        }
    }

    static Builder first(Action... actions) {
        return new Builder().after(0, actions);
    }

    @Override
    public List<Action> on(Input input, long now) {
        return switch (input) {
            case Input.Began began -> next(now);
            case Input.Woken woken -> nextWakeup != NEVER && now - nextWakeup >= 0 ? next(now) : List.of();
            case Input.Quiet quiet -> {
                if (waitsForQuiet && nextWakeup == NEVER) {
                    waitsForQuiet = false;
                    nextWakeup = now + steps.getFirst().delayNanos();
                }
                yield List.of();
            }
            case Input.Pressed pressed -> List.of();
            case Input.Ended ended -> {
                steps.clear();
                waitsForQuiet = false;
                nextWakeup = NEVER;
                yield List.of();
            }
        };
    }

    @Override
    public long nextWakeup() {
        return nextWakeup;
    }

    private List<Action> next(long now) {
        List<Action> due = new ArrayList<>(steps.removeFirst().actions());
        waitsForQuiet = !steps.isEmpty() && steps.getFirst().afterQuiet();
        nextWakeup = steps.isEmpty() || waitsForQuiet
                ? NEVER
                : now + steps.getFirst().delayNanos();
        return due;
    }
}
