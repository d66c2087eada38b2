package io.ringdown.gateway.signaling;

import io.ringdown.gateway.tokens.Secret;
import java.util.List;
import java.util.Optional;

/**
 * A STUN or TURN server that browsers are told of. Most installations need none: the gateway has an address that browsers
 * reach.
 *
 * @param urls {@code stun:}, {@code turn:} and {@code turns:} URLs (RFC 7064, RFC 7065)
 * @param username for TURN
 * @param credential for TURN
 */
public record IceServer(List<String> urls, Optional<String> username, Optional<Secret> credential) {
    public IceServer {
        urls = List.copyOf(urls);
        if (urls.isEmpty() || !urls.stream().allMatch(url -> url.matches("(stuns?|turns?):[^\\s]{1,200}"))) {
            throw new IllegalArgumentException("urls: " + urls
                    + " must be a list of STUN or TURN URLs; write turn:turn.example.com:3478?transport=udp");
        }
        if (username.isPresent() != credential.isPresent()) {
            throw new IllegalArgumentException("username and credential go together; give both or neither");
        }
    }
}
