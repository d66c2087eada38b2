package io.ringdown.gateway.tokens;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who may come in.
 *
 * @param developmentKey one key for everybody, as long as there is no back end that mints tokens; without any key nobody is
 *     asked, which is allowed on loopback only
 * @param monitorKey an operator's key, which opens listening to calls and nothing else; without it nobody can listen
 * @param keys what tokens may be signed with
 * @param jwks where more of such keys are published
 * @param issuer who has to have made a token ({@code iss}); anybody who has a key, if left out
 * @param audience whom a token has to be for ({@code aud}); left out, tokens for somebody in particular are refused
 * @param clockSkew by how much clocks may differ
 * @param longestLife a token that lives longer is refused
 */
public record TokenSettings(
        Optional<Secret> developmentKey,
        Optional<Secret> monitorKey,
        List<TokenKeySettings> keys,
        Optional<JwksSettings> jwks,
        Optional<String> issuer,
        Optional<String> audience,
        Duration clockSkew,
        Duration longestLife) {
    private static final int MOST_KEYS = 32;
    private static final Duration MOST_SKEW = Duration.ofMinutes(10);

    public TokenSettings {
        keys = List.copyOf(keys);
        if (monitorKey.isPresent() && monitorKey.equals(developmentKey)) {
            throw new IllegalArgumentException(
                    "monitor-key: it is the development-key, so every page could listen to all"
                            + " calls; make another with `openssl rand -hex 24`");
        }
        if (keys.size() > MOST_KEYS) {
            throw new IllegalArgumentException("keys: are more than 32; leave out those that sign no more");
        }
        if (clockSkew.compareTo(MOST_SKEW) > 0) {
            throw new IllegalArgumentException("clock-skew: is longer than 10m; set the clocks, and write 30s");
        }
        if (longestLife.isZero()) {
            throw new IllegalArgumentException("longest-life: is nothing, so no token is taken; write 24h");
        }
    }

    /** Nobody is asked for a token. */
    public static TokenSettings defaults() {
        return new TokenSettings(
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ofSeconds(30),
                Duration.ofHours(24));
    }

    /** Whether tokens can be signed. */
    public boolean haveKeys() {
        return !keys.isEmpty() || jwks.isPresent();
    }
}
