package io.ringdown.gateway.tokens;

import java.util.Optional;

/**
 * Who may come in.
 *
 * @param developmentKey one key for everybody, as long as there is no back end that mints tokens; without it nobody is
 *     asked, which is allowed on loopback only
 * @param monitorKey an operator's key, which opens listening to calls and nothing else; without it nobody can listen
 */
public record TokenSettings(Optional<Secret> developmentKey, Optional<Secret> monitorKey) {
    public TokenSettings {
        if (monitorKey.isPresent() && monitorKey.equals(developmentKey)) {
            throw new IllegalArgumentException(
                    "monitor-key: it is the development-key, so every page could listen to all"
                            + " calls; make another with `openssl rand -hex 24`");
        }
    }

    /** Nobody is asked for a token. */
    public static TokenSettings defaults() {
        return new TokenSettings(Optional.empty(), Optional.empty());
    }
}
