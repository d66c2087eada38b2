package io.ringdown.sip;

import java.util.Optional;

/**
 * An INVITE from a trunk.
 *
 * @param trunk the configured name of the trunk it came from
 * @param calledNumber the user part of the Request-URI, unescaped
 * @param callerNumber the user part of P-Asserted-Identity or From; empty where withheld
 * @param callerName the display name, control characters removed; empty where there is none
 * @param sdp the offer; empty for an INVITE that wants ours
 */
public record InboundInvite(
        String trunk,
        String calledNumber,
        Optional<String> callerNumber,
        Optional<String> callerName,
        Optional<String> sdp) {}
