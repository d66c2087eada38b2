package io.ringdown.sip.dialog;

import java.util.List;
import java.util.Optional;

/** Credentials for a trunk's challenges; shared by its calls, safe for all threads. */
public interface Authorizer {

    /**
     * The header that answers one of the challenges; empty where none can or may be answered.
     *
     * @param body what the request carries: with qop=auth-int (RFC 7616 3.4.3) it counts
     */
    Optional<SipHeader> answer(int status, List<String> challenges, String method, String uri, byte[] body);

    /** For a request without a body. */
    default Optional<SipHeader> answer(int status, List<String> challenges, String method, String uri) {
        return answer(status, challenges, method, uri, new byte[0]);
    }

    /** The header to send before being asked, with the nonce of an earlier challenge; empty where there is none. */
    Optional<SipHeader> ahead(String method, String uri, byte[] body);

    /** For a request without a body. */
    default Optional<SipHeader> ahead(String method, String uri) {
        return ahead(method, uri, new byte[0]);
    }

    /** Whether one of the challenges says that only the nonce was too old: then the same credentials may be tried again. */
    boolean stale(List<String> challenges);
}
