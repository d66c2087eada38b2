package io.ringdown.practice;

import java.util.List;

/**
 * Answers, says a word, hangs up, and calls the caller two seconds later; without a number to call it says so. Who hangs up
 * before the answer is not called.
 */
final class RingMe implements Script {
    private static final long CALL_BACK_NANOS = 2_000_000_000L;

    private final Timetable call;
    private final boolean callsBack;
    private boolean answered;
    private boolean ended;
    private long callBackNanos = NEVER;

    RingMe(boolean numberKnown) {
        this.callsBack = numberKnown;
        this.call = Timetable.first(new Action.Ring())
                .after(1_000, new Action.Answer(), new Action.Say(numberKnown ? Clip.RING_YOU : Clip.NO_NUMBER))
                .whenQuiet(300, new Action.HangUp())
                .build();
    }

    @Override
    public List<Action> on(Input input, long now) {
        if (ended) {
            return callBack(now);
        }
        if (input instanceof Input.Ended) {
            ended = true;
            callBackNanos = answered && callsBack ? now + CALL_BACK_NANOS : NEVER;
        }
        List<Action> actions = call.on(input, now);
        answered |= actions.contains(new Action.Answer());
        return actions;
    }

    private List<Action> callBack(long now) {
        if (callBackNanos == NEVER || now - callBackNanos < 0) {
            return List.of();
        }
        callBackNanos = NEVER;
        return List.of(new Action.CallBack());
    }

    @Override
    public long nextWakeup() {
        return ended ? callBackNanos : call.nextWakeup();
    }
}
