package io.ringdown.gateway.routing;

import java.util.Optional;

/**
 * Where a trunk is told who calls.
 *
 * @param assertedIdentity the number in P-Asserted-Identity (RFC 3325 9.1)
 * @param remotePartyId the number in Remote-Party-ID
 * @param diversion the number in Diversion (RFC 5806) of calls that show another number than this: for carriers that want to see
 *     one of theirs
 * @param historyInfo the same in History-Info (RFC 7044)
 */
public record CallerSettings(
        boolean assertedIdentity,
        boolean remotePartyId,
        Optional<PhoneNumber> diversion,
        Optional<PhoneNumber> historyInfo) {
    /** From, and nothing else. */
    public static CallerSettings defaults() {
        return new CallerSettings(false, false, Optional.empty(), Optional.empty());
    }
}
