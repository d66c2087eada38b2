package io.ringdown.gateway.signaling;

import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/** The token of a request (RFC 6750 §2.1). */
final class Bearer {
    private static final String SCHEME = "bearer ";

    private Bearer() {}

    static Optional<String> of(Request request) {
        return Optional.ofNullable(request.getHeaders().get(HttpHeader.AUTHORIZATION))
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> value.substring(SCHEME.length()).strip());
    }
}
