package io.ringdown.gateway.tokens;

import java.util.Optional;

/**
 * Who may come in.
 *
 * @param developmentKey one key for everybody, as long as there is no back end that mints tokens; without it nobody is
 *     asked, which is allowed on loopback only
 */
public record TokenSettings(Optional<Secret> developmentKey) {
    /** Nobody is asked for a token. */
    public static TokenSettings defaults() {
        return new TokenSettings(Optional.empty());
    }
}
