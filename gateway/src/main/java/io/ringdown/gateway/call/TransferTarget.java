package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;

/** Whom a client wants its telephone transferred to, once that was looked at as a call to there would be. */
public sealed interface TransferTarget {

    /** A number that the client may call (RFC 5589 6). */
    record Dialled(PhoneNumber to) implements TransferTarget {}

    /** The telephone of another call of the client's, on the same trunk (RFC 5589 7). */
    record Consulted(CallId with) implements TransferTarget {}

    /**
     * Somebody in the house, or one of several: they take this call over.
     *
     * @param extension what was dialled for them
     * @param by who transfers, as those who are rung are told
     */
    record Colleague(PhoneNumber extension, RingPlan plan, String by) implements TransferTarget {}

    /** The telephone of another call of the client's, wherever that is: we join both. */
    record Joined(CallId with) implements TransferTarget {}

    /**
     * A number that the client may call, where its trunk calls nobody for us: we call it, and join both.
     *
     * @param as the call that is made for this
     */
    record Along(CallId as, PhoneNumber to, Caller from, CallRoute route) implements TransferTarget {}

    /** A number that a call of the client's would not get to either. */
    record Refused(EndCause cause) implements TransferTarget {}

    /** It cannot be asked for; {@code why} says what would be right. */
    record Impossible(String why) implements TransferTarget {}
}
