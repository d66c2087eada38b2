package io.ringdown.gateway.signaling;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;

/** Cross-origin requests from the listed pages (Fetch standard, CORS protocol). */
final class Cors {
    private Cors() {}

    static void allow(Response response, String origin) {
        response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        response.getHeaders().put(HttpHeader.ACCESS_CONTROL_EXPOSE_HEADERS, "Location, ETag, Retry-After");
        response.getHeaders().put(HttpHeader.VARY, "Origin");
    }

    static void preflight(Response response, String accepts) {
        // PATCH, with its If-Match, only so that a WHIP client in a page can read our 405 to it (RFC 9725 §4.3).
        response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_METHODS, "POST, GET, DELETE, PUT, PATCH");
        response.getHeaders().put(HttpHeader.ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type, If-Match");
        response.getHeaders().put(HttpHeader.ACCESS_CONTROL_MAX_AGE, 600);
        response.getHeaders().put("Accept-Post", accepts);
    }
}
