package io.ringdown.media.sdp;

import io.ringdown.media.WebCodecs;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Who we are to one browser; the same for the whole session.
 *
 * @param codecs what we are willing to carry
 * @param sessionId of {@code o=}; positive, random
 * @param fingerprint of our certificate
 * @param candidates where we can be reached, the best first; at least one
 * @param ssrc of our audio, unsigned
 * @param cname of our audio (RFC 7022): visible characters without blanks
 */
public record WebParty(
        WebCodecs codecs,
        long sessionId,
        Fingerprint fingerprint,
        List<InetSocketAddress> candidates,
        int ssrc,
        String cname) {
    public WebParty {
        candidates = List.copyOf(candidates);
        if (candidates.isEmpty() || sessionId <= 0 || !cname.matches("[!-~]{1,255}")) {
            throw new IllegalArgumentException("candidates, session id or cname are missing");
        }
        if (candidates.stream().anyMatch(InetSocketAddress::isUnresolved)) {
            throw new IllegalArgumentException("a candidate is a name");
        }
    }
}
