package io.ringdown.gateway.tokens;

import java.net.InetAddress;
import java.util.Optional;

/**
 * How a token was shown.
 *
 * @param token as it came; empty if there was none
 * @param origin the page that showed it, as its browser says; empty for who is no browser
 * @param from the client's address
 */
public record Presented(Optional<String> token, Optional<String> origin, InetAddress from) {
    @Override
    public String toString() {
        return "Presented[by " + origin.orElse("no page") + " at " + from.getHostAddress() + "]";
    }
}
