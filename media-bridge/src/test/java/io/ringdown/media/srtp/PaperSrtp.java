package io.ringdown.media.srtp;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * SRTP and SRTCP written down from RFC 3711, RFC 4568 and RFC 7714 on nothing but the JDK, for tests: the other end that shares
 * no line with ours. One direction under one master key; the caller knows the rollover counter. No replay protection.
 */
public final class PaperSrtp {
    private static final int RTP_HEADER = 12;
    private static final int RTCP_HEADER = 8;
    private static final int GCM_TAG = 16;
    private static final int RTCP_TAG = 10;

    private final boolean gcm;
    private final int tagLength;
    private final Session rtp;
    private final Session rtcp;

    /** Session keys (RFC 3711 §4.3). */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Session(byte[] key, byte[] salt, byte[] authKey) {}

    /** A suite by its name in SDP, and the bytes of {@code inline:}. */
    public PaperSrtp(String suite, byte[] inline) throws GeneralSecurityException {
        gcm = suite.startsWith("AEAD_AES_");
        tagLength = gcm ? GCM_TAG : suite.endsWith("_32") ? 4 : 10;
        int keyLength = suite.contains("256") ? 32 : 16;
        byte[] key = Arrays.copyOf(inline, keyLength);
        byte[] salt = Arrays.copyOfRange(inline, keyLength, inline.length);
        rtp = session(key, salt, 0);
        rtcp = session(key, salt, 3);
    }

    private static Session session(byte[] key, byte[] salt, int label) throws GeneralSecurityException {
        return new Session(
                derived(key, salt, label, key.length),
                derived(key, salt, label + 2, salt.length),
                derived(key, salt, label + 1, 20));
    }

    /** RFC 3711 §4.3.1 with a key derivation rate of 0; a salt of 12 bytes is padded (RFC 7714 §11). */
    static byte[] derived(byte[] key, byte[] salt, int label, int length) throws GeneralSecurityException {
        byte[] counter = Arrays.copyOf(salt, 16);
        counter[7] ^= (byte) label;
        return counterMode(key, counter, new byte[length]);
    }

    private static byte[] counterMode(byte[] key, byte[] counter, byte[] text) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
        return cipher.doFinal(text);
    }

    /** The packet of SRTP for this one of RTP (without CSRCs and extension). */
    public byte[] seal(byte[] packet, int roc) throws GeneralSecurityException {
        byte[] header = Arrays.copyOf(packet, RTP_HEADER);
        byte[] payload = Arrays.copyOfRange(packet, RTP_HEADER, packet.length);
        long index = ((roc & 0xffffffffL) << 16) | (ByteBuffer.wrap(packet).getShort(2) & 0xffff);
        int ssrc = ByteBuffer.wrap(packet).getInt(8);
        if (gcm) {
            return joined(header, gcm(Cipher.ENCRYPT_MODE, rtp, gcmIv(rtp.salt, ssrc, index), header, payload));
        }
        byte[] body = joined(header, counterMode(rtp.key, counter(rtp.salt, ssrc, index), payload));
        return joined(body, tag(rtp, body, roc, tagLength));
    }

    /** The packet of RTP in this one of SRTP; throws if its tag is wrong. */
    public byte[] open(byte[] packet, int roc) throws GeneralSecurityException {
        byte[] header = Arrays.copyOf(packet, RTP_HEADER);
        long index = ((roc & 0xffffffffL) << 16) | (ByteBuffer.wrap(packet).getShort(2) & 0xffff);
        int ssrc = ByteBuffer.wrap(packet).getInt(8);
        if (gcm) {
            byte[] rest = Arrays.copyOfRange(packet, RTP_HEADER, packet.length);
            return joined(header, gcm(Cipher.DECRYPT_MODE, rtp, gcmIv(rtp.salt, ssrc, index), header, rest));
        }
        byte[] body = Arrays.copyOf(packet, packet.length - tagLength);
        requireTag(tag(rtp, body, roc, tagLength), packet, body.length);
        byte[] payload = Arrays.copyOfRange(body, RTP_HEADER, body.length);
        return joined(header, counterMode(rtp.key, counter(rtp.salt, ssrc, index), payload));
    }

    /** The packet of RTCP in this one of SRTCP, which must be encrypted; throws if its tag is wrong. */
    public byte[] openControl(byte[] packet) throws GeneralSecurityException {
        byte[] header = Arrays.copyOf(packet, RTCP_HEADER);
        int ssrc = ByteBuffer.wrap(packet).getInt(4);
        int indexAt = packet.length - 4 - (gcm ? 0 : RTCP_TAG);
        int word = ByteBuffer.wrap(packet).getInt(indexAt);
        if (word >= 0) {
            throw new GeneralSecurityException("the E bit is not set");
        }
        long index = word & 0x7fffffff;
        byte[] between = Arrays.copyOfRange(packet, RTCP_HEADER, indexAt);
        if (gcm) { // RFC 7714 §9.2: the index is authenticated behind the header
            byte[] known = joined(header, Arrays.copyOfRange(packet, indexAt, indexAt + 4));
            return joined(header, gcm(Cipher.DECRYPT_MODE, rtcp, gcmIv(rtcp.salt, ssrc, index), known, between));
        }
        byte[] signed = Arrays.copyOf(packet, indexAt + 4);
        Mac mac = mac(rtcp);
        requireTag(Arrays.copyOf(mac.doFinal(signed), RTCP_TAG), packet, signed.length);
        return joined(header, counterMode(rtcp.key, counter(rtcp.salt, ssrc, index), between));
    }

    /** RFC 3711 §4.1.1. */
    private static byte[] counter(byte[] salt, int ssrc, long index) {
        byte[] iv = Arrays.copyOf(salt, 16);
        ByteBuffer at = ByteBuffer.wrap(iv);
        at.putInt(4, at.getInt(4) ^ ssrc);
        at.putLong(6, at.getLong(6) ^ index);
        return iv;
    }

    /** RFC 7714 §8.1 and §9.1: two bytes, SSRC, six bytes of index. */
    private static byte[] gcmIv(byte[] salt, int ssrc, long index) {
        byte[] iv = ByteBuffer.allocate(14)
                .putShort((short) 0)
                .putInt(ssrc)
                .putLong(index << 16)
                .array();
        byte[] xored = new byte[12];
        for (int i = 0; i < xored.length; i++) {
            xored[i] = (byte) (iv[i] ^ salt[i]);
        }
        return xored;
    }

    private static byte[] gcm(int mode, Session session, byte[] iv, byte[] known, byte[] text)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(session.key, "AES"), new GCMParameterSpec(8 * GCM_TAG, iv));
        cipher.updateAAD(known);
        return cipher.doFinal(text);
    }

    private static byte[] tag(Session session, byte[] body, int roc, int length) throws GeneralSecurityException {
        Mac mac = mac(session);
        mac.update(body);
        mac.update(ByteBuffer.allocate(4).putInt(roc).array());
        return Arrays.copyOf(mac.doFinal(), length);
    }

    private static Mac mac(Session session) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(session.authKey, "HmacSHA1"));
        return mac;
    }

    private static void requireTag(byte[] right, byte[] packet, int at) throws GeneralSecurityException {
        if (!MessageDigest.isEqual(right, Arrays.copyOfRange(packet, at, packet.length))) {
            throw new GeneralSecurityException("the tag is wrong");
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
