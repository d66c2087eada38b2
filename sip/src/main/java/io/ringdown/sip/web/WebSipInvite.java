package io.ringdown.sip.web;

import io.ringdown.sip.TrunkCall;
import java.util.Map;
import java.util.Optional;

/**
 * An INVITE to a softphone.
 *
 * @param callerNumber the user part of From; empty where it is withheld
 * @param callerName the display name of From
 * @param calledNumber whom the caller called: the user part of To
 * @param sdp the offer
 * @param headers besides: names and values
 * @param replaces a call of this softphone that this one takes the place of (RFC 3891)
 * @param name the application's own name of the call
 */
public record WebSipInvite(
        Optional<String> callerNumber,
        Optional<String> callerName,
        String calledNumber,
        String sdp,
        Map<String, String> headers,
        Optional<TrunkCall> replaces,
        Optional<String> name) {
    public WebSipInvite {
        headers = Map.copyOf(headers);
    }
}
