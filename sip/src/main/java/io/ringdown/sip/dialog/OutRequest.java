package io.ringdown.sip.dialog;

import io.ringdown.sip.InfoBody;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A request to send; identity, Via, Contact and Max-Forwards are the edge's.
 *
 * @param method its method
 * @param cseq the number of CSeq
 * @param target the Request-URI
 * @param routes the Route headers' URIs
 * @param toTag the peer's tag, within a dialog
 * @param headers what else it carries
 * @param sdp its body, where that is a session description
 * @param info its body, where it is an INFO
 * @param place what stands in its body beside the session description
 * @param sipfrag its body, where it is a NOTIFY of the package of REFER (RFC 3515 2.4.5)
 */
public record OutRequest(
        String method,
        long cseq,
        String target,
        List<String> routes,
        Optional<String> toTag,
        List<SipHeader> headers,
        Optional<String> sdp,
        Optional<InfoBody> info,
        Optional<LocationPart> place,
        Optional<String> sipfrag) {

    /** One that tells nobody of another call. */
    public OutRequest(
            String method,
            long cseq,
            String target,
            List<String> routes,
            Optional<String> toTag,
            List<SipHeader> headers,
            Optional<String> sdp,
            Optional<InfoBody> info,
            Optional<LocationPart> place) {
        this(method, cseq, target, routes, toTag, headers, sdp, info, place, Optional.empty());
    }

    /** One that says nothing of a place either. */
    public OutRequest(
            String method,
            long cseq,
            String target,
            List<String> routes,
            Optional<String> toTag,
            List<SipHeader> headers,
            Optional<String> sdp,
            Optional<InfoBody> info) {
        this(method, cseq, target, routes, toTag, headers, sdp, info, Optional.empty());
    }

    /** Its body as bytes; none of them where it has none. */
    public byte[] body() {
        return sdp.map(offer ->
                        place.map(part -> part.around(offer)).orElseGet(() -> offer.getBytes(StandardCharsets.UTF_8)))
                .or(() -> sipfrag.map(text -> text.getBytes(StandardCharsets.UTF_8)))
                .or(() -> info.map(body -> body.text().getBytes(StandardCharsets.ISO_8859_1)))
                .orElse(new byte[0]);
    }

    /** The same with these credentials too. */
    OutRequest with(SipHeader credentials) {
        List<SipHeader> all = new ArrayList<>(headers);
        all.add(credentials);
        return new OutRequest(method, cseq, target, routes, toTag, List.copyOf(all), sdp, info, place, sipfrag);
    }

    /** The same without any credentials: for whoever is not the trunk itself. */
    public OutRequest withoutCredentials() {
        List<SipHeader> others = headers.stream()
                .filter(header ->
                        !header.name().equals("Authorization") && !header.name().equals("Proxy-Authorization"))
                .toList();
        return new OutRequest(method, cseq, target, routes, toTag, others, sdp, info, place, sipfrag);
    }
}
