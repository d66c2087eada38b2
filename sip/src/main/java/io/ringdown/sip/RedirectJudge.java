package io.ringdown.sip;

/**
 * Whether a call may go to the number that a 3xx of its trunk names (RFC 3261 8.1.3.4): whoever placed the call says so, since
 * the number is another than the one that they have checked. Asked on the call's own thread before an INVITE goes there, at most
 * once for each Contact; answers at once.
 */
@FunctionalInterface
public interface RedirectJudge {
    /** Nothing is followed: nobody is there to ask. */
    RedirectJudge NONE = _ -> false;

    /** Whether this may be called; as the trunk writes it, digits and {@code + * #}. */
    boolean mayCall(String number);
}
