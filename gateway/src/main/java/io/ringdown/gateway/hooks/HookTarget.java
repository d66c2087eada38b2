package io.ringdown.gateway.hooks;

import io.ringdown.gateway.tokens.Secret;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who is told.
 *
 * @param url where
 * @param secret signs what is told
 * @param oldSecret signs it besides, while receivers change over
 * @param events of what; of everything, if empty
 */
public record HookTarget(URI url, Secret secret, Optional<Secret> oldSecret, List<HookEvent> events) {
    private static final int SHORTEST_SECRET = 32;
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public HookTarget {
        String scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        String host = Optional.ofNullable(url.getHost()).orElse("").toLowerCase(Locale.ROOT);
        if (host.isEmpty() || !(scheme.equals("https") || (scheme.equals("http") && LOOPBACK.contains(host)))) {
            throw new IllegalArgumentException(
                    "url: is not https://HOST/…, and only of this machine may it be http; write the receiver's https URL");
        }
        if (url.getUserInfo() != null || url.getFragment() != null) {
            throw new IllegalArgumentException(
                    "url: has a user or a fragment; leave them out, the signature says who we are");
        }
        check("secret", secret);
        oldSecret.ifPresent(old -> check("old-secret", old));
        events = List.copyOf(events);
    }

    private static void check(String key, Secret secret) {
        if (secret.reveal().length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    key + ": is shorter than 32 characters; make one with `openssl rand -hex 32`");
        }
    }

    /** Whether it is told of this. */
    boolean wants(HookEvent event) {
        return events.isEmpty() || events.contains(event);
    }
}
