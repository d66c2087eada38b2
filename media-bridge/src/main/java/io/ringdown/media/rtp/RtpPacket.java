package io.ringdown.media.rtp;

/**
 * One RTP packet where it lies in a buffer (RFC 3550 §5.1). A view that is laid over one packet after the other; owned by one
 * thread. Its answers are those of the last packet that {@link #wrap} accepted.
 */
public final class RtpPacket {
    /** Bytes of a header without CSRCs and extension. */
    public static final int HEADER_LENGTH = 12;

    private static final int VERSION_BITS = 0x80;

    private boolean marker;
    private int payloadType;
    private int sequence;
    private int timestamp;
    private int ssrc;
    private int payloadOffset;
    private int payloadLength;

    /** Lays the view over a packet; false if it is not a whole RTP packet, and the view then stays where it was. */
    public boolean wrap(byte[] buffer, int offset, int length) {
        if (length < HEADER_LENGTH || (buffer[offset] & 0xC0) != VERSION_BITS) {
            return false;
        }
        int first = buffer[offset];
        int header = HEADER_LENGTH + 4 * (first & 0x0F);
        if ((first & 0x10) != 0) {
            if (header + 4 > length) {
                return false;
            }
            header += 4 + 4 * Bytes.u16(buffer, offset + header + 2);
        }
        int padding = (first & 0x20) == 0 ? 0 : buffer[offset + length - 1] & 0xFF;
        boolean isPaddingWrong = (first & 0x20) != 0 && padding == 0;
        if (isPaddingWrong || header + padding > length) {
            return false;
        }
        marker = (buffer[offset + 1] & 0x80) != 0;
        payloadType = buffer[offset + 1] & 0x7F;
        sequence = Bytes.u16(buffer, offset + 2);
        timestamp = Bytes.i32(buffer, offset + 4);
        ssrc = Bytes.i32(buffer, offset + 8);
        payloadOffset = offset + header;
        payloadLength = length - header - padding;
        return true;
    }

    /** Leaves the wrapping of RED aside: from here on the view shows the block that is the packet's own. */
    public void unwrap(RedPayload red) {
        payloadType = red.primaryType();
        payloadOffset = red.primaryOffset();
        payloadLength = red.primaryLength();
    }

    /** Writes a plain header at {@code offset}: no CSRC, no extension, no padding. */
    public static void writeHeader(
            byte[] buffer, int offset, boolean marker, int payloadType, int sequence, int timestamp, int ssrc) {
        buffer[offset] = (byte) VERSION_BITS;
        buffer[offset + 1] = (byte) (marker ? 0x80 | payloadType : payloadType);
        Bytes.putU16(buffer, offset + 2, sequence);
        Bytes.putI32(buffer, offset + 4, timestamp);
        Bytes.putI32(buffer, offset + 8, ssrc);
    }

    public boolean marker() {
        return marker;
    }

    /** 0 to 127. */
    public int payloadType() {
        return payloadType;
    }

    /** 0 to 65535. */
    public int sequence() {
        return sequence;
    }

    public int timestamp() {
        return timestamp;
    }

    public int ssrc() {
        return ssrc;
    }

    /** Where in the buffer the payload begins. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** Bytes of payload, padding not counted; may be 0. */
    public int payloadLength() {
        return payloadLength;
    }
}
