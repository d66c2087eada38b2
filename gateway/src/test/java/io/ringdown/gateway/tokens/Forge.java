package io.ringdown.gateway.tokens;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes tokens of any kind with the JDK alone, not with what the gateway reads them by. Texts are JSON with single quotes. */
final class Forge {
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private Forge() {}

    static KeyPair ed25519() {
        return pair("Ed25519");
    }

    static KeyPair p256() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair pair(String kind) {
        try {
            return KeyPairGenerator.getInstance(kind).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String part(String json) {
        return BASE64URL.encodeToString(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** Signed by EdDSA, ES256 or RS256, as the key is. */
    static String signed(String header, String payload, PrivateKey key) {
        String input = part(header) + "." + part(payload);
        String kind = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSAinP1363Format";
            case "RSA" -> "SHA256withRSA";
            default -> "Ed25519";
        };
        try {
            Signature signature = Signature.getInstance(kind);
            signature.initSign(key);
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + BASE64URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** By HMAC, with any bytes as the secret. */
    static String mac(String header, String payload, byte[] secret) {
        String input = part(header) + "." + part(payload);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return input + "." + BASE64URL.encodeToString(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String pem(PublicKey key) {
        return pem("PUBLIC KEY", key.getEncoded());
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    /** An Ed25519 key as a JWK. */
    static String jwk(String kid, PublicKey key) {
        byte[] der = ((EdECPublicKey) key).getEncoded();
        String x = BASE64URL.encodeToString(Arrays.copyOfRange(der, der.length - 32, der.length));
        return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" + kid + "\",\"x\":\"" + x + "\"}";
    }

    static TokenKeySettings file(TokenAlgorithm algorithm, Path file, String text) throws IOException {
        return new TokenKeySettings(
                java.util.Optional.empty(),
                algorithm,
                java.util.Optional.of(Files.writeString(file, text)),
                java.util.Optional.empty());
    }
}
