package io.ringdown.media.srtp;

import java.util.List;
import org.jitsi.srtp.SrtpPolicy;

/** The protection profiles that we agree to, by their numbers in DTLS (RFC 5764 §4.1.2, RFC 7714 §14.2). */
public enum SrtpProfile {
    AEAD_AES_128_GCM(7, 16, 12, 16, 16),
    AEAD_AES_256_GCM(8, 32, 12, 16, 16),
    AES128_CM_HMAC_SHA1_80(1, 16, 14, 10, 10);

    /** All of them, the ones we like best first. */
    public static final List<SrtpProfile> PREFERENCE = List.of(values());

    private static final int HMAC_SHA1_KEY_LENGTH = 20; // RFC 3711 §5.2

    private final int number;
    private final int keyLength;
    private final int saltLength;
    private final int rtpTagLength;
    private final int rtcpTagLength;

    SrtpProfile(int number, int keyLength, int saltLength, int rtpTagLength, int rtcpTagLength) {
        this.number = number;
        this.keyLength = keyLength;
        this.saltLength = saltLength;
        this.rtpTagLength = rtpTagLength;
        this.rtcpTagLength = rtcpTagLength;
    }

    /** Its number in the use_srtp extension. */
    public int number() {
        return number;
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

    int rtcpTagLength() {
        return rtcpTagLength;
    }

    SrtpPolicy policy() {
        return switch (this) {
            case AEAD_AES_128_GCM, AEAD_AES_256_GCM ->
                new SrtpPolicy(
                        SrtpPolicy.AESGCM_ENCRYPTION,
                        keyLength,
                        SrtpPolicy.NULL_AUTHENTICATION,
                        0,
                        rtpTagLength,
                        saltLength);
            case AES128_CM_HMAC_SHA1_80 ->
                new SrtpPolicy(
                        SrtpPolicy.AESCM_ENCRYPTION,
                        keyLength,
                        SrtpPolicy.HMACSHA1_AUTHENTICATION,
                        HMAC_SHA1_KEY_LENGTH,
                        rtpTagLength,
                        saltLength);
        };
    }
}
