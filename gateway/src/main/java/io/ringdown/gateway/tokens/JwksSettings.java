package io.ringdown.gateway.tokens;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Where an issuer publishes its keys (a JWK set, RFC 7517 §5).
 *
 * @param url https; http only on this machine
 * @param refresh how often they are fetched; besides when a token names one that is not there, at most every 30 s
 * @param issuer whose tokens they are good for ({@code iss}); that of all tokens, if left out
 * @param keep how long keys that cannot be fetched again are good
 */
public record JwksSettings(URI url, Duration refresh, Optional<String> issuer, Duration keep) {
    /** The least time between two fetches. */
    static final Duration LEAST_PAUSE = Duration.ofSeconds(30);

    public JwksSettings {
        boolean isEncrypted = "https".equals(url.getScheme());
        if (url.getHost() == null || !(isEncrypted || ("http".equals(url.getScheme()) && isLocal(url.getHost())))) {
            throw new IllegalArgumentException("url: " + url
                    + " could be answered by anybody on the way; write https://… (http only for" + " localhost)");
        }
        if (refresh.compareTo(LEAST_PAUSE) < 0) {
            throw new IllegalArgumentException("refresh: is shorter than 30s; write 30s or more");
        }
        if (keep.compareTo(refresh) < 0) {
            throw new IllegalArgumentException("keep: is shorter than refresh; write as much or more");
        }
    }

    /** Ten minutes, kept for a day; the URL has to be named. */
    static JwksSettings defaults() {
        return new JwksSettings(
                URI.create("https://localhost/"), Duration.ofMinutes(10), Optional.empty(), Duration.ofHours(24));
    }

    static Set<String> required() {
        return Set.of("url");
    }

    private static boolean isLocal(String host) {
        try {
            return host.equals("localhost")
                    || InetAddress.ofLiteral(host.replace("[", "").replace("]", ""))
                            .isLoopbackAddress();
        } catch (IllegalArgumentException name) {
            return false;
        }
    }
}
