package io.ringdown.sip.dialog;

import io.ringdown.sip.PeerCapabilities;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a call needs to know of a request within it.
 *
 * @param id names the server transaction for the answer; for an ACK of no use
 * @param method its method
 * @param cseq the number of CSeq
 * @param remoteTag the peer's tag
 * @param contact the URI of Contact
 * @param sdp the session description
 * @param q850 the cause of Reason (RFC 3326)
 * @param capabilities what it says of its sender
 * @param info what it has where it is an INFO
 * @param extensions what it says of extensions
 * @param refer what it has where it is a REFER
 * @param subscribing what it has where it is a NOTIFY or a SUBSCRIBE
 */
public record InRequest(
        long id,
        String method,
        long cseq,
        String remoteTag,
        Optional<String> contact,
        Optional<String> sdp,
        OptionalInt q850,
        PeerCapabilities capabilities,
        Optional<InfoRequest> info,
        Extensions extensions,
        Optional<ReferRequest> refer,
        Optional<Subscribing> subscribing) {

    /** One that has nothing to do with REFER. */
    public InRequest(
            long id,
            String method,
            long cseq,
            String remoteTag,
            Optional<String> contact,
            Optional<String> sdp,
            OptionalInt q850,
            PeerCapabilities capabilities,
            Optional<InfoRequest> info,
            Extensions extensions) {
        this(
                id,
                method,
                cseq,
                remoteTag,
                contact,
                sdp,
                q850,
                capabilities,
                info,
                extensions,
                Optional.empty(),
                Optional.empty());
    }
}
