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

    /** The request's origin, as its header says it; empty without the header. Several are no origin that could be listed. */
    static Optional<String> of(Request request) {
        List<String> written = request.getHeaders().getValuesList(HttpHeader.ORIGIN);
        return written.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", written));
    }

    boolean allows(String origin) {
        return allowed.stream().anyMatch(entry -> entry.value().equals(origin));
    }
}
