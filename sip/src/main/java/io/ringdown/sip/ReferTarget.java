package io.ringdown.sip;

import java.util.Optional;

/**
 * Whom a peer asks us to call: what its Refer-To says (RFC 3515 2.1). Nothing else of it reaches any INVITE of ours.
 *
 * @param calledNumber the user part of its URI, unescaped; empty only where {@code replaces} says whom
 * @param replaces the call that the new one is to take the place of: its Replaces (RFC 3891), in a transfer with consultation
 * @param ours that call, where it is one of ours on the same trunk and not over
 * @param referredBy the user part of Referred-By (RFC 3892), which nobody vouches for
 */
public record ReferTarget(
        String calledNumber, Optional<Replacement> replaces, Optional<TrunkCall> ours, Optional<String> referredBy) {

    /** One that is a number alone. */
    public static ReferTarget of(String calledNumber) {
        return new ReferTarget(calledNumber, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** As this, with the call that {@code replaces} names. */
    public ReferTarget withOurs(Optional<TrunkCall> call) {
        return new ReferTarget(calledNumber, replaces, call, referredBy);
    }

    @Override
    public String toString() {
        return replaces.isPresent() ? "ReferTarget(*** in place of a call)" : "ReferTarget(***)";
    }
}
