package io.ringdown.sip.dialog;

import io.ringdown.sip.PeerCapabilities;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a call needs to know of a response.
 *
 * @param status 100 to 699
 * @param method of CSeq
 * @param cseq the number of CSeq
 * @param toTag the peer's tag
 * @param contact the URI of Contact
 * @param recordRoute the route set's URIs in the order of the message
 * @param rseq RSeq, only where the response requires 100rel
 * @param q850 the cause of Reason (RFC 3326)
 * @param challenges the values of WWW-Authenticate and Proxy-Authenticate; empty unless it came from the trunk's own address
 * @param sdp the session description
 * @param capabilities what it says of its sender
 * @param extensions what it says of extensions
 * @param redirects where a 3xx would have us try, best first: only what the trunk's policy allows
 * @param retryAfterSeconds Retry-After (RFC 3261 20.33)
 */
public record InResponse(
        int status,
        String method,
        long cseq,
        Optional<String> toTag,
        Optional<String> contact,
        List<String> recordRoute,
        OptionalLong rseq,
        OptionalInt q850,
        List<String> challenges,
        Optional<String> sdp,
        PeerCapabilities capabilities,
        Extensions extensions,
        List<Redirect> redirects,
        OptionalInt retryAfterSeconds) {

    /** One without Retry-After. */
    public InResponse(
            int status,
            String method,
            long cseq,
            Optional<String> toTag,
            Optional<String> contact,
            List<String> recordRoute,
            OptionalLong rseq,
            OptionalInt q850,
            List<String> challenges,
            Optional<String> sdp,
            PeerCapabilities capabilities,
            Extensions extensions,
            List<Redirect> redirects) {
        this(
                status,
                method,
                cseq,
                toTag,
                contact,
                recordRoute,
                rseq,
                q850,
                challenges,
                sdp,
                capabilities,
                extensions,
                redirects,
                OptionalInt.empty());
    }
}
