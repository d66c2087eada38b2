package io.ringdown.it;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * What a website's back end signs tokens with: Ed25519 (RFC 8037), by the JDK alone, so that nothing of the gateway's own is on this
 * side.
 */
final class TokenSigner {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair pair;

    TokenSigner() {
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has Ed25519", impossible);
        }
    }

    /** For {@code tokens.keys}, as PEM. */
    String publicKey() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** Opens one call to this number, from pages of this origin, for a minute. */
    String token(String to, String origin) {
        String claims = """
            {"sub": "a visitor", "jti": "%s", "exp": %d,
             "ringdown": {"to": {"numbers": [%s]}, "once": true, "longest": 600, "origin": [%s]}}""".formatted(
                        UUID.randomUUID(),
                        Instant.now().plus(Duration.ofMinutes(1)).getEpochSecond(),
                        JsonSocket.quote(to),
                        JsonSocket.quote(origin));
        return signed(claims);
    }

    /** Names somebody, for a minute. */
    String token(String subject) {
        return signed("""
            {"sub": %s, "jti": "%s", "exp": %d}""".formatted(
                        JsonSocket.quote(subject),
                        UUID.randomUUID(),
                        Instant.now().plus(Duration.ofMinutes(1)).getEpochSecond()));
    }

    private String signed(String claims) {
        String signed = base64("{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64(claims.getBytes(StandardCharsets.UTF_8));
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + base64(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the key is our own", impossible);
        }
    }

    private static String base64(byte[] bytes) {
        return BASE64URL.encodeToString(bytes);
    }
}
