package io.ringdown.dtmf;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What became of a press towards a trunk. {@link Accepted} comes first, then {@link Sent}, then one of the others, which is
 * the last; a press that never leaves has {@link Failed} in place of what would have followed. The digit is in none of them.
 */
public sealed interface PressReceipt {

    /** It waits for those before it, or is under way. */
    record Accepted() implements PressReceipt {}

    /** By {@link DtmfRoad#RTP} or {@link DtmfRoad#IN_BAND}: it has left whole. {@code timestamp} is that of its beginning. */
    record Sent(DtmfRoad road, Duration length, int packets, int timestamp) implements PressReceipt {}

    /** By {@link DtmfRoad#INFO}: the request is on its way. */
    record Signalled(Duration length) implements PressReceipt {}

    /** The far end has it: its RTCP reports say so, or it has answered the request with 2xx. */
    record Confirmed() implements PressReceipt {}

    /** It has left, and nobody can say more. */
    record Unconfirmable(Doubt why) implements PressReceipt {}

    /** It did not get there. {@code status} is the SIP response, for {@link Failure#REFUSED}. */
    record Failed(Failure why, OptionalInt status) implements PressReceipt {
        public Failed(Failure why) {
            this(why, OptionalInt.empty());
        }
    }

    /** Why a press that has left cannot be confirmed. */
    enum Doubt {
        /** The trunk sends no RTCP reports. */
        NO_REPORTS,
        /** It may be among what the reports call lost. */
        LOSS_REPORTED,
        /** The call ended before anything could be known. */
        CALL_ENDED
    }

    /** Why a press did not get to the far end. */
    enum Failure {
        /** No road for digits leads to this trunk. */
        NO_ROAD,
        /** Too many wait. */
        QUEUE_FULL,
        /** It was taken back before it began. */
        CANCELLED,
        /** The call ended, or went to another trunk, before it began. */
        LINE_GONE,
        /** Nothing may be sent to the far end just now. */
        ON_HOLD,
        /** The reports call all of it lost. */
        LOST,
        /** The request was answered with something else than 2xx. */
        REFUSED,
        /** The request was not answered, or could not be sent. */
        NO_ANSWER
    }
}
