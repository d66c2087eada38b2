package io.ringdown.practice;

import io.ringdown.dtmf.Digit;

/** What happens to a script. */
sealed interface Input {

    /** The call begins: an INVITE has come, or one of ours has been answered. */
    record Began() implements Input {}

    /** The caller has begun to press a digit. */
    record Pressed(Digit digit) implements Input {}

    /** Everything that was said or pressed so far has left. */
    record Quiet() implements Input {}

    /** The time that {@link Script#nextWakeup()} asked for has come. */
    record Woken() implements Input {}

    /** The call is over; nothing but {@link Action.CallBack} makes sense any more. */
    record Ended() implements Input {}
}
