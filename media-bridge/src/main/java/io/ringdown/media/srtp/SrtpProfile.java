package io.ringdown.media.srtp;

import java.util.List;
import java.util.Optional;
import org.jitsi.srtp.SrtpPolicy;

/**
 * The protection profiles that we agree to, by their numbers in DTLS (RFC 5764 §4.1.2, RFC 7714 §14.2) and their names in SDP
 * (RFC 4568 §6.2, RFC 7714 §14.3).
 */
public enum SrtpProfile {
    AEAD_AES_128_GCM(7, "AEAD_AES_128_GCM", 16, 12, 16, 16),
    AEAD_AES_256_GCM(8, "AEAD_AES_256_GCM", 32, 12, 16, 16),
    AES128_CM_HMAC_SHA1_80(1, "AES_CM_128_HMAC_SHA1_80", 16, 14, 10, 10),
    /** Its reports keep the long tag (RFC 4568 §6.2.2). */
    AES128_CM_HMAC_SHA1_32(2, "AES_CM_128_HMAC_SHA1_32", 16, 14, 4, 10);

    /** Those for browsers, the ones we like best first; each browser has one with a long tag. */
    public static final List<SrtpProfile> PREFERENCE =
            List.of(AEAD_AES_128_GCM, AEAD_AES_256_GCM, AES128_CM_HMAC_SHA1_80);

    /** All of them, as crypto suites for trunks, the ones we like best first. */
    public static final List<SrtpProfile> SUITES = List.of(values());

    private static final int HMAC_SHA1_KEY_LENGTH = 20; // RFC 3711 §5.2

    private final int number;
    private final String suite;
    private final int keyLength;
    private final int saltLength;
    private final int rtpTagLength;
    private final int rtcpTagLength;

    SrtpProfile(int number, String suite, int keyLength, int saltLength, int rtpTagLength, int rtcpTagLength) {
        this.number = number;
        this.suite = suite;
        this.keyLength = keyLength;
        this.saltLength = saltLength;
        this.rtpTagLength = rtpTagLength;
        this.rtcpTagLength = rtcpTagLength;
    }

    /** Its number in the use_srtp extension. */
    public int number() {
        return number;
    }

    /** Its name as a crypto suite in SDP. */
    public String suite() {
        return suite;
    }

    /** The one of this name in SDP, if it is one of ours. */
    public static Optional<SrtpProfile> ofSuite(String name) {
        return SUITES.stream().filter(profile -> profile.suite.equals(name)).findFirst();
    }

    /** Bytes of a master key. */
    public int keyLength() {
        return keyLength;
    }

    /** Bytes of a master salt. */
    public int saltLength() {
        return saltLength;
    }

    int rtpTagLength() {
        return rtpTagLength;
    }

    /** Whether one cipher does both, encryption and authentication (RFC 7714). */
    boolean isAead() {
        return this == AEAD_AES_128_GCM || this == AEAD_AES_256_GCM;
    }

    int rtcpTagLength() {
        return rtcpTagLength;
    }

    SrtpPolicy rtpPolicy() {
        return policy(rtpTagLength);
    }

    SrtpPolicy rtcpPolicy() {
        return policy(rtcpTagLength);
    }

    private SrtpPolicy policy(int tagLength) {
        return switch (this) {
            case AEAD_AES_128_GCM, AEAD_AES_256_GCM ->
                new SrtpPolicy(
                        SrtpPolicy.AESGCM_ENCRYPTION,
                        keyLength,
                        SrtpPolicy.NULL_AUTHENTICATION,
                        0,
                        tagLength,
                        saltLength);
            case AES128_CM_HMAC_SHA1_80, AES128_CM_HMAC_SHA1_32 ->
                new SrtpPolicy(
                        SrtpPolicy.AESCM_ENCRYPTION,
                        keyLength,
                        SrtpPolicy.HMACSHA1_AUTHENTICATION,
                        HMAC_SHA1_KEY_LENGTH,
                        tagLength,
                        saltLength);
        };
    }
}
