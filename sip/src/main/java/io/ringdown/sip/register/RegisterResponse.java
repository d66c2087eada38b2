package io.ringdown.sip.register;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a registration needs to know of a response.
 *
 * @param status 200 to 699
 * @param challenges the values of WWW-Authenticate and Proxy-Authenticate; empty unless it came from where we sent to
 * @param bindings what the registrar now has
 * @param expires the seconds of Expires
 * @param minExpires the seconds of Min-Expires
 * @param retryAfter the seconds of Retry-After
 * @param serviceRoute the URIs of Service-Route (RFC 3608), in their order
 */
public record RegisterResponse(
        int status,
        List<String> challenges,
        List<Binding> bindings,
        OptionalLong expires,
        OptionalLong minExpires,
        OptionalLong retryAfter,
        List<String> serviceRoute) {

    /** A Contact of the registrar's: its URI without parameters, and its seconds. */
    public record Binding(String uri, OptionalLong expires) {}

    public RegisterResponse {
        challenges = List.copyOf(challenges);
        bindings = List.copyOf(bindings);
        serviceRoute = List.copyOf(serviceRoute);
    }
}
