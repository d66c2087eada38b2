package io.ringdown.sip;

/** What became of an INFO request of ours. */
public sealed interface InfoOutcome {

    /**
     * A final response; the trunk has taken the body where it is 2xx. After 481 the call ends (RFC 5057 5.1), after all others
     * it goes on.
     *
     * @param status 200 to 699
     */
    record Answered(int status) implements InfoOutcome {}

    /** It was sent, but 64*T1 (32 s) or the call itself ended without an answer: it may have arrived or not. */
    record Unanswered() implements InfoOutcome {}

    /** It never left. */
    record NotSent(Cause cause) implements InfoOutcome {}

    /** Why one never left. */
    enum Cause {
        /** There is no dialog yet, or the one that it was for is not heard any more. */
        NO_DIALOG,
        /** Too many wait for the answer to the one before them. */
        QUEUE_FULL,
        /** The connection was refused, or there is no route. */
        TRANSPORT,
        /** The call ended first. */
        CALL_OVER
    }
}
