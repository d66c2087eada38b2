package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.PastCall;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where it is written down what calls there are, so that each has exactly one record whatever becomes of the process. Called on
 * the calls' own threads: every method returns at once.
 */
@FunctionalInterface
public interface CallBook {

    /** The record of a call that is over; once for each that has begun and has not left. */
    void accept(CallRecord record);

    /** A call has begun, and nothing of it has left yet. */
    default void begun(Beginning call) {}

    /** Its far end has answered, so long after it began. */
    default void answered(Beginning call, Duration after, Optional<String> trunk) {}

    /**
     * A call was written down whole and is not here any more: whoever reads it goes on with it, tells its book that it has begun, and
     * owes its record.
     */
    default void left(CallId call) {}

    /** Whether what is told now will be written; calls that are not for help are refused while it would not be. */
    default boolean isUsable() {
        return true;
    }

    /**
     * How a call has begun.
     *
     * @param at by the clock on the wall
     * @param from who calls, as far as it is shown
     * @param to the number called
     * @param trunk where it comes from; empty for a call out
     * @param emergency whether it calls for help
     * @param asker who has asked for it; empty for a call from a trunk, and for one for help, which nobody counts
     */
    record Beginning(
            CallId id,
            Instant at,
            Call.Direction direction,
            Optional<String> from,
            Optional<PhoneNumber> to,
            Optional<String> trunk,
            boolean emergency,
            Optional<PastCall.Who> asker) {
        @Override
        public String toString() {
            return "Beginning[" + id + " " + direction + " to " + to + "]";
        }
    }
}
