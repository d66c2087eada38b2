package io.ringdown.gateway.hooks;

import io.ringdown.gateway.tokens.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What shows a receiver that we have told it, and when: HMAC-SHA256 (RFC 2104) over the time and the body. */
final class Signature {
    private static final String ALGORITHM = "HmacSHA256";

    private Signature() {}

    /** The header: {@code t=}seconds since 1970, and {@code v1=} for each secret. */
    static String of(String body, long atSeconds, Secret secret, Optional<Secret> oldSecret) {
        String first = "t=" + atSeconds + ",v1=" + hmac(atSeconds + "." + body, secret);
        return oldSecret
                .map(old -> first + ",v1=" + hmac(atSeconds + "." + body, old))
                .orElse(first);
    }

    private static String hmac(String text, Secret secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, missing);
        }
    }
}
