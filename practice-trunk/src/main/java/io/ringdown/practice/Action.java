package io.ringdown.practice;

import io.ringdown.dtmf.Digit;
import java.util.List;

/** What a script wants done, in this order. */
sealed interface Action {

    /** 180 Ringing. */
    record Ring() implements Action {}

    /** 183 Session Progress: media begin before the answer. */
    record Progress() implements Action {}

    /** 200 OK: media begin, if they have not. */
    record Answer() implements Action {}

    /** The call is refused with this SIP status and Q.850 cause. */
    record Reject(int status, int q850, String text) implements Action {}

    /** Ends the call. */
    record HangUp() implements Action {}

    /** Says these after what is being said. */
    record Say(List<Clip> clips) implements Action {
        public Say {
            clips = List.copyOf(clips);
        }

        Say(Clip clip) {
            this(List.of(clip));
        }
    }

    /** Says no more. */
    record Hush() implements Action {}

    /** From here on the caller gets its own packets back. */
    record Echo() implements Action {}

    /** Presses digits after what is being said: this long each, with this much silence between them. */
    record Press(List<Digit> digits, long lengthNanos, long gapNanos) implements Action {
        public Press {
            digits = List.copyOf(digits);
        }
    }

    /** Calls the caller's number. */
    record CallBack() implements Action {}
}
