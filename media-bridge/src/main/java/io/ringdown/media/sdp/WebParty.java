package io.ringdown.media.sdp;

import io.ringdown.media.WebCodecs;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who we are to one browser; the same for the whole session.
 *
 * @param codecs what we are willing to carry
 * @param sessionId of {@code o=}; positive, random
 * @param fingerprint of our certificate
 * @param candidates where we can be reached, the best first; at least one
 * @param ssrc of our audio, unsigned
 * @param cname of our audio (RFC 7022): visible characters without blanks
 * @param passive where we take TCP connections (RFC 6544), the best first; may be empty
 */
public record WebParty(
        WebCodecs codecs,
        long sessionId,
        Fingerprint fingerprint,
        List<InetSocketAddress> candidates,
        int ssrc,
        String cname,
        List<InetSocketAddress> passive) {
    public WebParty {
        candidates = List.copyOf(candidates);
        passive = List.copyOf(passive);
        if (candidates.isEmpty() || sessionId <= 0 || !cname.matches("[!-~]{1,255}")) {
            throw new IllegalArgumentException("candidates, session id or cname are missing");
        }
        if (Stream.concat(candidates.stream(), passive.stream()).anyMatch(InetSocketAddress::isUnresolved)) {
            throw new IllegalArgumentException("a candidate is a name");
        }
    }

    /** By UDP only. */
    public WebParty(
            WebCodecs codecs,
            long sessionId,
            Fingerprint fingerprint,
            List<InetSocketAddress> candidates,
            int ssrc,
            String cname) {
        this(codecs, sessionId, fingerprint, candidates, ssrc, cname, List.of());
    }
}
