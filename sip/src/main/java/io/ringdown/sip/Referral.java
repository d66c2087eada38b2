package io.ringdown.sip;

import java.util.Optional;

/** Whom the peer of a call is asked to call instead of us, by REFER (RFC 3515, RFC 5589). */
public sealed interface Referral {

    /** The number on whose behalf we ask: Referred-By at our domain (RFC 3892); empty for none. */
    Optional<String> referredBy();

    /**
     * A number (RFC 5589 6).
     *
     * @param calledNumber digits, {@code + * #}; in Refer-To at the trunk's own address, as a call to it would be written
     * @param form of which {@code phoneContext} and {@code userPhone} count here
     */
    record Blind(String calledNumber, InviteForm form, Optional<String> referredBy) implements Referral {
        /** On nobody's behalf. */
        public Blind(String calledNumber, InviteForm form) {
            this(calledNumber, form, Optional.empty());
        }
    }

    /**
     * The peer of another call of ours, in whose place it comes (RFC 5589 7): Refer-To is that call's remote target with Replaces
     * (RFC 3891) for its dialog.
     *
     * @param other a call of the same {@link SipTrunks}
     */
    record Attended(TrunkCall other, Optional<String> referredBy) implements Referral {
        /** On nobody's behalf. */
        public Attended(TrunkCall other) {
            this(other, Optional.empty());
        }
    }
}
