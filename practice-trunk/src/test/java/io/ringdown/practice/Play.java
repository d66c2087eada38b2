package io.ringdown.practice;

import io.ringdown.dtmf.Digit;
import java.util.ArrayList;
import java.util.List;

/** Plays a script in virtual time and writes down what it does when: {@code 1.0s Answer}. What is said takes 2 s. */
final class Play {
    private static final long SECOND = 1_000_000_000L;
    private static final long SAYING_NANOS = 2 * SECOND;

    private final Script script;
    private final List<String> log = new ArrayList<>();
    private long now;
    private long quietAt = Script.NEVER;
    private boolean over;

    Play(Script script) {
        this.script = script;
        on(new Input.Began());
    }

    Play press(String digits) {
        digits.chars().forEach(c -> on(new Input.Pressed(Digit.of((char) c).orElseThrow())));
        return this;
    }

    Play hangUp() {
        over = true;
        on(new Input.Ended());
        return this;
    }

    /** Lets {@code seconds} go by. */
    Play after(double seconds) {
        long end = now + (long) (seconds * SECOND);
        while (Math.min(script.nextWakeup(), quietAt) <= end) {
            now = Math.max(now, Math.min(script.nextWakeup(), quietAt));
            if (quietAt <= now) {
                quietAt = Script.NEVER;
                on(new Input.Quiet());
            } else {
                on(new Input.Woken());
            }
        }
        now = end;
        return this;
    }

    List<String> log() {
        return log;
    }

    boolean isOver() {
        return over;
    }

    private void on(Input input) {
        for (Action action : script.on(input, now)) {
            log.add(Math.round(now / 1e8) / 10.0 + "s " + name(action));
            switch (action) {
                case Action.Say say -> quietAt = now + SAYING_NANOS;
                case Action.Press press -> quietAt = now + SAYING_NANOS;
                case Action.Hush hush -> quietAt = Script.NEVER;
                case Action.HangUp hangUp -> hangUp();
                case Action.Reject reject -> hangUp();
                case Action.Ring ring -> {}
                case Action.Progress progress -> {}
                case Action.Answer answer -> {}
                case Action.Echo echo -> {}
                case Action.CallBack back -> {}
            }
        }
    }

    private static String name(Action action) {
        return switch (action) {
            case Action.Say say -> "Say " + say.clips();
            case Action.Press press -> "Press " + press.digits().size();
            case Action.Reject reject -> "Reject " + reject.status() + " " + reject.q850();
            case Action.Ring ring -> "Ring";
            case Action.Progress progress -> "Progress";
            case Action.Answer answer -> "Answer";
            case Action.HangUp hangUp -> "HangUp";
            case Action.Hush hush -> "Hush";
            case Action.Echo echo -> "Echo";
            case Action.CallBack back -> "CallBack";
        };
    }
}
