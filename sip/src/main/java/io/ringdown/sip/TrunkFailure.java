package io.ringdown.sip;

import java.util.OptionalInt;

/** Why an outgoing call did not come to be. */
public sealed interface TrunkFailure {

    /**
     * A final response of 300 to 699.
     *
     * @param q850 the cause of its Reason (RFC 3326)
     * @param retryAfterSeconds its Retry-After (RFC 3261 20.33)
     */
    record Refused(int status, OptionalInt q850, OptionalInt retryAfterSeconds) implements TrunkFailure {
        /** One that says nothing of when to try again. */
        public Refused(int status, OptionalInt q850) {
            this(status, q850, OptionalInt.empty());
        }
    }

    /** Not even a 100 within the trunk's time limit (4 s by default). */
    record Silent() implements TrunkFailure {}

    /** It rang, or at least was tried, but nobody answered within the trunk's limit; we have cancelled it. */
    record Unanswered() implements TrunkFailure {}

    /** The request could not be sent: connection refused, no route, name not found. */
    record Unreachable(String detail) implements TrunkFailure {}

    /** The trunk asked for credentials that we do not have or that it does not take. */
    record Unauthorized(int status) implements TrunkFailure {}

    /** We gave up before an answer ({@link TrunkCall#hangUp}). */
    record Cancelled() implements TrunkFailure {}
}
