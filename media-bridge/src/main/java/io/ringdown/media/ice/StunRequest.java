package io.ringdown.media.ice;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * A view of a datagram as a STUN Binding request (RFC 8489). It belongs to one thread, is used again for every datagram and
 * allocates nothing, so that noise costs nothing but the look.
 */
public final class StunRequest {
    static final int LONGEST_UFRAG = 8; // fits a long
    static final int HEADER_LENGTH = 20;
    static final int TRANSACTION_ID_OFFSET = 8;
    static final int TRANSACTION_ID_LENGTH = 12;
    static final int INTEGRITY_LENGTH = 20;
    static final int ATTRIBUTE_HEADER = 4;
    private static final int MAGIC_COOKIE = 0x2112A442; // RFC 8489 §5
    private static final int BINDING_REQUEST = 0x0001;
    private static final int USERNAME = 0x0006;
    private static final int MESSAGE_INTEGRITY = 0x0008;
    private static final int FINGERPRINT = 0x8028;
    private static final int FINGERPRINT_XOR = 0x5354554e; // RFC 8489 §14.7
    private static final int LONGEST_USERNAME = 513; // RFC 8489 §14.3

    private final CRC32 crc = new CRC32();
    private byte[] buffer = new byte[0];
    private int offset;
    private int length;
    private int usernameOffset;
    private int usernameLength;
    private int integrityOffset;
    private long ufragKey;

    /**
     * Looks at a datagram. Only a Binding request with USERNAME, MESSAGE-INTEGRITY and, as its last attribute, a right
     * FINGERPRINT is one of ICE's checks; everything else is noise. The integrity itself is {@link IceLite}'s to check.
     */
    public boolean read(byte[] datagram, int start, int size) {
        buffer = datagram;
        offset = start;
        length = size;
        usernameOffset = -1;
        integrityOffset = -1;
        return isBindingRequest() && hasAttributes() && hasUfrag();
    }

    /** The part of USERNAME before the colon, ours, as a number. */
    public long ufragKey() {
        return ufragKey;
    }

    byte[] buffer() {
        return buffer;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    /** Where MESSAGE-INTEGRITY starts, seen from the start of the message. */
    int integrityOffset() {
        return integrityOffset;
    }

    /** A fragment of ours as a number. */
    static long key(String ufrag) {
        if (ufrag.length() > LONGEST_UFRAG) {
            throw new IllegalArgumentException("a ufrag of ours has at most " + LONGEST_UFRAG + " characters");
        }
        byte[] bytes = ufrag.getBytes(StandardCharsets.US_ASCII);
        return key(bytes, 0, bytes.length);
    }

    private static long key(byte[] bytes, int start, int size) {
        long key = 0;
        for (int i = 0; i < size; i++) {
            key = (key << 8) | (bytes[start + i] & 0xff);
        }
        return key;
    }

    private boolean isBindingRequest() {
        return length >= HEADER_LENGTH
                && unsignedShort(0) == BINDING_REQUEST
                && unsignedShort(2) == length - HEADER_LENGTH
                && (length & 3) == 0
                && integer(4) == MAGIC_COOKIE;
    }

    private boolean hasAttributes() {
        int at = HEADER_LENGTH;
        while (at + ATTRIBUTE_HEADER <= length) {
            int type = unsignedShort(at);
            int size = unsignedShort(at + 2);
            int next = at + ATTRIBUTE_HEADER + ((size + 3) & ~3);
            if (next > length) {
                return false;
            }
            if (type == FINGERPRINT) {
                return integrityOffset >= 0 && size == 4 && next == length && isFingerprint(at);
            }
            if (integrityOffset < 0) { // what follows MESSAGE-INTEGRITY is not covered by it (RFC 8489 §14.5)
                if (type == USERNAME && usernameOffset < 0) {
                    usernameOffset = at + ATTRIBUTE_HEADER;
                    usernameLength = size;
                } else if (type == MESSAGE_INTEGRITY) {
                    if (size != INTEGRITY_LENGTH) {
                        return false;
                    }
                    integrityOffset = at;
                }
            }
            at = next;
        }
        return false;
    }

    private boolean isFingerprint(int at) {
        crc.reset();
        crc.update(buffer, offset, at);
        return ((int) crc.getValue() ^ FINGERPRINT_XOR) == integer(at + ATTRIBUTE_HEADER);
    }

    private boolean hasUfrag() {
        if (usernameOffset < 0 || usernameLength > LONGEST_USERNAME) {
            return false;
        }
        int colon = 0;
        while (colon < usernameLength && buffer[offset + usernameOffset + colon] != ':') {
            colon++;
        }
        if (colon == 0 || colon > LONGEST_UFRAG || colon >= usernameLength - 1) {
            return false;
        }
        ufragKey = key(buffer, offset + usernameOffset, colon);
        return true;
    }

    private int unsignedShort(int at) {
        return ((buffer[offset + at] & 0xff) << 8) | (buffer[offset + at + 1] & 0xff);
    }

    private int integer(int at) {
        return (unsignedShort(at) << 16) | unsignedShort(at + 2);
    }
}
