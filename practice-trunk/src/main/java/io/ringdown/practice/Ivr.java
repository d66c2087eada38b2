package io.ringdown.practice;

import io.ringdown.dtmf.Digit;
import java.util.ArrayList;
import java.util.List;

/**
 * Says a prompt, takes digits until the hash key, reads them back, and begins again. Before the answer (on 183) it reads back
 * once, then answers and says goodbye. A digit cuts the prompt short.
 */
final class Ivr implements Script {
    static final int MAX_DIGITS = 32;
    static final int MAX_ROUNDS = 20;

    private static final long RING_NANOS = 1_000_000_000L;
    private static final long PATIENCE_NANOS = 15_000_000_000L;
    private static final long FAREWELL_NANOS = 500_000_000L;

    private enum State {
        RINGING,
        PROMPTING,
        COLLECTING,
        READING_BACK,
        /** What was read back before the answer is heard to its end. */
        ANSWERING,
        LEAVING,
        OVER
    }

    private final boolean beforeAnswer;
    private final List<Clip> pressed = new ArrayList<>();
    private State state = State.RINGING;
    private int rounds;
    private long nextWakeup = NEVER;

    /** An IVR that answers after a second of ringing, or does all of it {@code beforeAnswer}. */
    Ivr(boolean beforeAnswer) {
        this.beforeAnswer = beforeAnswer;
    }

    @Override
    public List<Action> on(Input input, long now) {
        return switch (input) {
            case Input.Began began -> ring(now);
            case Input.Woken woken -> nextWakeup != NEVER && now - nextWakeup >= 0 ? woken() : List.of();
            case Input.Pressed press -> pressed(press.digit(), now);
            case Input.Quiet quiet -> quiet(now);
            case Input.Ended ended -> {
                enter(State.OVER, NEVER);
                yield List.of();
            }
        };
    }

    @Override
    public long nextWakeup() {
        return nextWakeup;
    }

    private List<Action> ring(long now) {
        enter(State.RINGING, now + RING_NANOS);
        return beforeAnswer ? List.of() : List.of(new Action.Ring());
    }

    private List<Action> woken() {
        return switch (state) {
            case RINGING -> {
                enter(State.PROMPTING, NEVER);
                yield List.of(beforeAnswer ? new Action.Progress() : new Action.Answer(), new Action.Say(Clip.WELCOME));
            }
            case COLLECTING -> again(pressed.isEmpty() ? Clip.AGAIN : Clip.YOU_PRESSED);
            case LEAVING -> {
                enter(State.OVER, NEVER);
                yield List.of(new Action.HangUp());
            }
            case PROMPTING, READING_BACK, ANSWERING, OVER -> List.of();
        };
    }

    private List<Action> pressed(Digit digit, long now) {
        return switch (state) {
            case PROMPTING, READING_BACK -> {
                pressed.clear();
                List<Action> actions = new ArrayList<>(List.of(new Action.Hush()));
                enter(State.COLLECTING, now + PATIENCE_NANOS);
                actions.addAll(collect(digit, now));
                yield actions;
            }
            case COLLECTING -> collect(digit, now);
            case RINGING, ANSWERING, LEAVING, OVER -> List.of();
        };
    }

    private List<Action> collect(Digit digit, long now) {
        Clip.of(digit).ifPresent(pressed::add);
        if (digit.character() == '#' || pressed.size() >= MAX_DIGITS) {
            return again(pressed.isEmpty() ? Clip.NOTHING : Clip.YOU_PRESSED);
        }
        enter(State.COLLECTING, now + PATIENCE_NANOS);
        return List.of();
    }

    /** Says {@code first} and what was pressed, and then begins again, or ends. */
    private List<Action> again(Clip first) {
        List<Clip> clips = new ArrayList<>(List.of(first));
        clips.addAll(pressed);
        pressed.clear();
        rounds++;
        if (beforeAnswer && first == Clip.YOU_PRESSED) {
            enter(State.ANSWERING, NEVER);
            return List.of(new Action.Say(clips));
        }
        if (rounds >= MAX_ROUNDS) {
            enter(State.LEAVING, NEVER);
            clips.add(Clip.GOODBYE);
            return List.of(new Action.Say(clips));
        }
        if (first != Clip.AGAIN) {
            clips.add(Clip.AGAIN);
        }
        enter(State.READING_BACK, NEVER);
        return List.of(new Action.Say(clips));
    }

    private List<Action> quiet(long now) {
        return switch (state) {
            case PROMPTING, READING_BACK -> {
                enter(State.COLLECTING, now + PATIENCE_NANOS);
                yield List.of();
            }
            case ANSWERING -> {
                enter(State.LEAVING, NEVER);
                yield List.of(new Action.Answer(), new Action.Say(Clip.GOODBYE));
            }
            case LEAVING -> {
                enter(State.LEAVING, now + FAREWELL_NANOS);
                yield List.of();
            }
            case RINGING, COLLECTING, OVER -> List.of();
        };
    }

    private void enter(State next, long wakeup) {
        state = next;
        nextWakeup = wakeup;
    }
}
