package io.ringdown.media.sdp;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** The hash of a certificate (RFC 8122 §5). Only hashes that nobody can collide: SHA-256 and longer. */
public final class Fingerprint {

    /** The hashes that count. */
    public enum Hash {
        SHA_256("sha-256", 32),
        SHA_384("sha-384", 48),
        SHA_512("sha-512", 64);

        private final String sdpName;
        private final int length;

        Hash(String sdpName, int length) {
            this.sdpName = sdpName;
            this.length = length;
        }

        private MessageDigest digest() {
            try {
                return MessageDigest.getInstance(sdpName.toUpperCase(Locale.ROOT));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

    private final Hash hash;
    private final byte[] value;

    private Fingerprint(Hash hash, byte[] value) {
        this.hash = hash;
        this.value = value;
    }

    /** That of a certificate in DER. */
    public static Fingerprint of(Hash hash, byte[] certificate) {
        return new Fingerprint(hash, hash.digest().digest(certificate));
    }

    /** The value of an {@code a=fingerprint}; empty if the hash is too weak, unknown or malformed. */
    static Optional<Fingerprint> parse(String attribute) {
        int space = attribute.indexOf(' ');
        if (space < 0) {
            return Optional.empty();
        }
        String name = attribute.substring(0, space).toLowerCase(Locale.ROOT);
        String hex = attribute.substring(space + 1).strip();
        for (Hash hash : Hash.values()) {
            if (hash.sdpName.equals(name) && hex.length() == 3 * hash.length - 1) {
                return bytes(hex).map(value -> new Fingerprint(hash, value));
            }
        }
        return Optional.empty();
    }

    /** Whether a certificate in DER is the one meant; takes equally long for all. */
    public boolean matches(byte[] certificate) {
        return MessageDigest.isEqual(value, hash.digest().digest(certificate));
    }

    /** As behind {@code a=fingerprint:}. */
    public String text() {
        return hash.sdpName + ' ' + COLONS.formatHex(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fingerprint that && hash == that.hash && MessageDigest.isEqual(value, that.value);
    }

    @Override
    public int hashCode() {
        return value[0] << 8 ^ value[1];
    }

    @Override
    public String toString() {
        return text();
    }

    private static Optional<byte[]> bytes(String hex) {
        try {
            return Optional.of(COLONS.parseHex(hex));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
