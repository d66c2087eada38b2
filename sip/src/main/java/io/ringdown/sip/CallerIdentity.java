package io.ringdown.sip;

import java.util.Optional;

/**
 * In which headers of an INVITE a trunk is told who calls; the number and name are those of the {@link OutboundInvite}. What is
 * to be told is decided by whoever calls, here it is only written.
 *
 * @param withheld From is that of an anonymous caller, with {@code Privacy: id} (RFC 3323 4.1, RFC 3325 9.3); name and number
 *     stand in none but the asserted headers
 * @param asserted the number in P-Asserted-Identity (RFC 3325 9.1)
 * @param remotePartyId the number in Remote-Party-ID (draft-ietf-sip-privacy-04), for peers that know nothing newer
 * @param diversion the number that the call is said to have been forwarded from in Diversion (RFC 5806); private where the
 *     caller is withheld
 * @param historyInfo the same in History-Info (RFC 7044), with {@code Privacy: history} where the caller is withheld
 */
public record CallerIdentity(
        boolean withheld,
        boolean asserted,
        boolean remotePartyId,
        Optional<String> diversion,
        Optional<String> historyInfo) {
    /** In From, and nowhere else. */
    public static final CallerIdentity IN_FROM =
            new CallerIdentity(false, false, false, Optional.empty(), Optional.empty());
}
