package io.ringdown.media.dtls;

import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeType;

/**
 * Holds a client's ChangeCipherSpec back until its CertificateVerify has come. Bouncy Castle's server turns to the new keys with
 * the first ChangeCipherSpec after the key exchange and then never reads a CertificateVerify that was lost or overtaken: each
 * such handshake would hang until its end. What is held back comes again when the client repeats its flight. Pure; one attempt's.
 */
final class CipherChangeGate {
    private static final int RECORD_HEADER = 13; // RFC 6347 §4.1
    private static final int HANDSHAKE_HEADER = 12; // RFC 6347 §4.2.2
    private boolean open;

    /** How many bytes of the datagram may pass. */
    int pass(byte[] datagram) {
        int at = 0;
        while (!open && at + RECORD_HEADER <= datagram.length) {
            int size = unsignedShort(datagram, at + 11);
            boolean plain = unsignedShort(datagram, at + 3) == 0;
            if (plain && datagram[at] == ContentType.change_cipher_spec) {
                return at;
            }
            open = plain && datagram[at] == ContentType.handshake && endsVerify(datagram, at + RECORD_HEADER, size);
            at += RECORD_HEADER + size;
        }
        return datagram.length;
    }

    /** Whether one of the record's messages is CertificateVerify, or the last fragment of it. */
    private static boolean endsVerify(byte[] datagram, int start, int size) {
        int at = start;
        int end = Math.min(start + size, datagram.length);
        while (at + HANDSHAKE_HEADER <= end) {
            int whole = unsigned24(datagram, at + 1);
            int offset = unsigned24(datagram, at + 6);
            int fragment = unsigned24(datagram, at + 9);
            if (datagram[at] == HandshakeType.certificate_verify && offset + fragment == whole) {
                return true;
            }
            at += HANDSHAKE_HEADER + fragment;
        }
        return false;
    }

    private static int unsignedShort(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }

    private static int unsigned24(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 16) | unsignedShort(bytes, at + 1);
    }
}
