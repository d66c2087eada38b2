package io.ringdown.gateway.signaling;

import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * The pages that may use this gateway.
 *
 * @param allowed compared exactly
 */
record Origins(List<Origin> allowed) {

    /** The request's origin, as its header says it; empty without the header. */
    static Optional<String> of(Request request) {
        return Optional.ofNullable(request.getHeaders().get(HttpHeader.ORIGIN));
    }

    boolean allows(String origin) {
        return allowed.stream().anyMatch(entry -> entry.value().equals(origin));
    }
}
