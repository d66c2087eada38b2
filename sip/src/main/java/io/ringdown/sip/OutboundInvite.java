package io.ringdown.sip;

import java.util.Optional;

/**
 * An INVITE to a trunk.
 *
 * @param trunk the configured name of the trunk
 * @param calledNumber what goes into the Request-URI's user part; digits, {@code + * #}
 * @param callerNumber what goes into From; empty for the trunk's own identity
 * @param callerName the display name for From
 * @param sdp the offer
 * @param form how it is written
 * @param redirects judges where a 3xx would have it go, where the trunk's are followed at all
 */
public record OutboundInvite(
        String trunk,
        String calledNumber,
        Optional<String> callerNumber,
        Optional<String> callerName,
        String sdp,
        InviteForm form,
        RedirectJudge redirects) {

    /** One that is not redirected. */
    public OutboundInvite(
            String trunk,
            String calledNumber,
            Optional<String> callerNumber,
            Optional<String> callerName,
            String sdp,
            InviteForm form) {
        this(trunk, calledNumber, callerNumber, callerName, sdp, form, RedirectJudge.NONE);
    }

    /** One with nothing out of the ordinary. */
    public OutboundInvite(
            String trunk, String calledNumber, Optional<String> callerNumber, Optional<String> callerName, String sdp) {
        this(trunk, calledNumber, callerNumber, callerName, sdp, InviteForm.PLAIN);
    }

    /** As this, redirected where that is allowed. */
    public OutboundInvite withRedirects(RedirectJudge judge) {
        return new OutboundInvite(trunk, calledNumber, callerNumber, callerName, sdp, form, judge);
    }
}
