package io.ringdown.gateway.signaling;

import io.ringdown.gateway.tokens.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A STUN or TURN server that browsers are told of. Most installations need none: the gateway has an address that browsers
 * reach, by UDP or by TCP.
 *
 * @param urls {@code stun:}, {@code turn:} and {@code turns:} URLs (RFC 7064, RFC 7065)
 * @param username for TURN
 * @param credential for TURN
 * @param secret that the TURN server shares with us (coturn's {@code static-auth-secret}): of it each client gets a name and a
 *     password of its own, in place of the two above
 * @param valid for how long those hold
 */
public record IceServer(
        List<String> urls,
        Optional<String> username,
        Optional<Secret> credential,
        Optional<Secret> secret,
        Duration valid) {
    private static final String ALGORITHM = "HmacSHA1"; // what TURN servers take, whatever one would choose today
    private static final Duration SHORTEST = Duration.ofMinutes(10);
    private static final Duration LONGEST = Duration.ofDays(30);

    public IceServer {
        urls = List.copyOf(urls);
        if (urls.isEmpty() || !urls.stream().allMatch(url -> url.matches("(stuns?|turns?):[^\\s]{1,200}"))) {
            throw new IllegalArgumentException("urls: " + urls
                    + " must be a list of STUN or TURN URLs; write turn:turn.example.com:3478?transport=udp");
        }
        if (username.isPresent() != credential.isPresent()) {
            throw new IllegalArgumentException("username and credential go together; give both or neither");
        }
        if (secret.isPresent() && credential.isPresent()) {
            throw new IllegalArgumentException(
                    "secret: makes username and credential; give either the secret or those two");
        }
        if (valid.compareTo(SHORTEST) < 0 || valid.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "valid: " + valid.toMinutes() + "m is out of range; write 10m to 720h, as 24h");
        }
    }

    /** The keys that must be there. */
    public static Set<String> required() {
        return Set.of("urls");
    }

    /** What holds where the file says nothing. */
    public static IceServer defaults() {
        return new IceServer(
                List.of("stun:localhost"), Optional.empty(), Optional.empty(), Optional.empty(), Duration.ofHours(24));
    }

    /** As a client is told, who is called {@code name}. */
    ServerMessage.Ice told(String name, Instant now) {
        return secret.map(shared -> {
                    String user = now.plus(valid).getEpochSecond() + ":" + name;
                    return new ServerMessage.Ice(urls, user, password(shared, user));
                })
                .orElseGet(() -> new ServerMessage.Ice(
                        urls,
                        username.orElse(null),
                        credential.map(Secret::reveal).orElse(null)));
    }

    private static String password(Secret secret, String user) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return Base64.getEncoder().encodeToString(mac.doFinal(user.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is in every Java", e);
        }
    }
}
