package io.ringdown.gateway.signaling;

import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** What every answer tells browsers, errors too: our pages load nothing from elsewhere, run nothing inline, stand in no frame. */
final class SecurityHeaders {
    // "self" covers ws: and wss: of the page's own host and port (CSP 3 §6.7.2.8).
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy", POLICY,
            "Permissions-Policy", "microphone=(self), autoplay=(self), camera=(), geolocation=()",
            "Referrer-Policy", "no-referrer",
            "X-Content-Type-Options", "nosniff",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin");

    private final ClientAddresses addresses;
    private final boolean hasCertificate;

    /**
     * The headers of one server.
     *
     * @param hasCertificate whether it shows a certificate from files; with one made for trying a browser must not be told to
     *     insist on https
     */
    SecurityHeaders(ClientAddresses addresses, boolean hasCertificate) {
        this.addresses = addresses;
        this.hasCertificate = hasCertificate;
    }

    void put(Request request, Response response) {
        ALWAYS.forEach(response.getHeaders()::put);
        if (hasCertificate && request.isSecure() && !addresses.local(request)) {
            response.getHeaders().put(HttpHeader.STRICT_TRANSPORT_SECURITY, "max-age=31536000"); // RFC 6797 §6.1.1
        }
    }
}
