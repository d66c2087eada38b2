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
 * @param replaces the call of the called that this one takes the place of (RFC 3891 3): Replaces, with {@code Require: replaces},
 *     since a phone that does not know it would ring for nothing
 * @param referredBy the number on whose behalf it is made (RFC 3892): Referred-By at our domain
 * @param name the application's own name of the call, as {@link TrunkCall#knownAs} would tell it too late for {@link
 *     DialogJournal#opening}
 */
public record OutboundInvite(
        String trunk,
        String calledNumber,
        Optional<String> callerNumber,
        Optional<String> callerName,
        String sdp,
        InviteForm form,
        RedirectJudge redirects,
        Optional<Replacement> replaces,
        Optional<String> referredBy,
        Optional<String> name) {

    /** One that is not redirected and that nobody has asked for but the caller. */
    public OutboundInvite(
            String trunk,
            String calledNumber,
            Optional<String> callerNumber,
            Optional<String> callerName,
            String sdp,
            InviteForm form) {
        this(
                trunk,
                calledNumber,
                callerNumber,
                callerName,
                sdp,
                form,
                RedirectJudge.NONE,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** One with nothing out of the ordinary. */
    public OutboundInvite(
            String trunk, String calledNumber, Optional<String> callerNumber, Optional<String> callerName, String sdp) {
        this(trunk, calledNumber, callerNumber, callerName, sdp, InviteForm.PLAIN);
    }

    /** As this, redirected where that is allowed. */
    public OutboundInvite withRedirects(RedirectJudge judge) {
        return new OutboundInvite(
                trunk, calledNumber, callerNumber, callerName, sdp, form, judge, replaces, referredBy, name);
    }

    /** As this, in place of another call. */
    public OutboundInvite withReplaces(Replacement call) {
        return new OutboundInvite(
                trunk,
                calledNumber,
                callerNumber,
                callerName,
                sdp,
                form,
                redirects,
                Optional.of(call),
                referredBy,
                name);
    }

    /** As this, on behalf of this number. */
    public OutboundInvite withReferredBy(String number) {
        return new OutboundInvite(
                trunk,
                calledNumber,
                callerNumber,
                callerName,
                sdp,
                form,
                redirects,
                replaces,
                Optional.of(number),
                name);
    }

    /** As this, known by the application's own name from the beginning. */
    public OutboundInvite withName(String known) {
        return new OutboundInvite(
                trunk,
                calledNumber,
                callerNumber,
                callerName,
                sdp,
                form,
                redirects,
                replaces,
                referredBy,
                Optional.of(known));
    }
}
