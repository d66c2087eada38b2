package io.ringdown.media.srtp;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a DTLS handshake (RFC 5764 §4.2) or an exchange of descriptions (RFC 4568) leaves for SRTP. Never printed.
 *
 * @param profile what was agreed
 * @param ours master key and salt of what we send
 * @param theirs master key and salt of what the peer sends
 */
public record SrtpKeys(SrtpProfile profile, Master ours, Master theirs) {

    /** A master key and its salt; equal by what they hold. */
    @SuppressWarnings("ArrayRecordComponent") // compared by equals below; the arrays are handed over
    public record Master(byte[] key, byte[] salt) {
        /** In time that tells nothing of where they differ. */
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Master(byte[] otherKey, byte[] otherSalt)
                    && MessageDigest.isEqual(key, otherKey)
                    && MessageDigest.isEqual(salt, otherSalt);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(key) + Arrays.hashCode(salt);
        }

        @Override
        public String toString() {
            return "Master[masked]";
        }
    }

    /** Cuts the exported keying material into its four parts. */
    public static SrtpKeys of(SrtpProfile profile, byte[] material, boolean weAreServer) {
        int key = profile.keyLength();
        int salt = profile.saltLength();
        Master client = new Master(cut(material, 0, key), cut(material, 2 * key, salt));
        Master server = new Master(cut(material, key, key), cut(material, 2 * key + salt, salt));
        return weAreServer ? new SrtpKeys(profile, server, client) : new SrtpKeys(profile, client, server);
    }

    /** Bytes of keying material that {@link #of} wants. */
    public static int materialLength(SrtpProfile profile) {
        return 2 * (profile.keyLength() + profile.saltLength());
    }

    private static byte[] cut(byte[] material, int from, int length) {
        byte[] part = new byte[length];
        System.arraycopy(material, from, part, 0, length);
        return part;
    }
}
