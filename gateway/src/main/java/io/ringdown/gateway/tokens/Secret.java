package io.ringdown.gateway.tokens;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A key from the configuration. Its text form is masked and it is compared in equal time. */
public final class Secret {
    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A secret from text of at least 16 characters. */
    public static Secret parse(String text) {
        if (text.length() < 16) {
            throw new IllegalArgumentException("is shorter than 16 characters; make one with `openssl rand -hex 24`");
        }
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether {@code candidate} is the secret; the time taken tells nothing of where they differ. */
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(bytes, candidate.getBytes(StandardCharsets.UTF_8));
    }

    /** The secret in clear, for handing it to a client that has to know it. */
    public String reveal() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A copy of what signs. */
    byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Secret.class.hashCode();
    }

    @Override
    public String toString() {
        return "Secret[masked]";
    }
}
