package io.ringdown.sip;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An INVITE from a trunk.
 *
 * @param trunk the configured name of the trunk it came from
 * @param calledNumber the user part of the Request-URI, unescaped
 * @param callerNumber the user part of P-Asserted-Identity, where the trunk is trusted with it, or of From; empty where withheld
 * @param callerName the display name, control characters removed; empty where there is none
 * @param sdp the offer; empty for an INVITE that wants ours
 * @param headers those of the trunk's list ({@code headers-in}), by the names written there
 * @param diverted where it was before; empty where it came straight to us, as far as anybody says
 * @param place where the caller is; empty where that is not said
 * @param replaces the call that it is to take the place of, on the same trunk and established, or ringing there for us (RFC 3891
 *     3); only where the trunk has {@code transfer.accept}. Who answers it hangs the other up then
 */
public record InboundInvite(
        String trunk,
        String calledNumber,
        Optional<String> callerNumber,
        Optional<String> callerName,
        Optional<String> sdp,
        Map<String, String> headers,
        Optional<Diverted> diverted,
        Optional<Geolocation> place,
        Optional<TrunkCall> replaces) {
    public InboundInvite {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** One in no other's place. */
    public InboundInvite(
            String trunk,
            String calledNumber,
            Optional<String> callerNumber,
            Optional<String> callerName,
            Optional<String> sdp,
            Map<String, String> headers,
            Optional<Diverted> diverted,
            Optional<Geolocation> place) {
        this(trunk, calledNumber, callerNumber, callerName, sdp, headers, diverted, place, Optional.empty());
    }

    /** One without headers to tell of, straight to us, from nobody knows where. */
    public InboundInvite(
            String trunk,
            String calledNumber,
            Optional<String> callerNumber,
            Optional<String> callerName,
            Optional<String> sdp) {
        this(trunk, calledNumber, callerNumber, callerName, sdp, Map.of(), Optional.empty(), Optional.empty());
    }

    /** As this, in place of another call. */
    public InboundInvite withReplaces(Optional<TrunkCall> call) {
        return new InboundInvite(trunk, calledNumber, callerNumber, callerName, sdp, headers, diverted, place, call);
    }
}
