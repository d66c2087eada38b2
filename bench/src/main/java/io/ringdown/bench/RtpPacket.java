package io.ringdown.bench;

import java.nio.ByteBuffer;

/** Reading and writing of RTP's header (RFC 3550 §5.1). */
final class RtpPacket {
    static final int HEADER = 12;

    private RtpPacket() {}

    static void write(byte[] packet, int payloadType, int sequence, int timestamp, int ssrc) {
        ByteBuffer.wrap(packet)
                .put((byte) 0x80)
                .put((byte) payloadType)
                .putShort((short) sequence)
                .putInt(timestamp)
                .putInt(ssrc);
    }

    /** Whether this is RTP and not RTCP (RFC 5761 §4). */
    static boolean isRtp(byte[] packet, int length) {
        int type = packet[1] & 0x7f;
        return length > HEADER && (packet[0] & 0xc0) == 0x80 && (type < 64 || type > 95);
    }

    static int payloadType(byte[] packet) {
        return packet[1] & 0x7f;
    }

    static int timestamp(byte[] packet) {
        return ByteBuffer.wrap(packet).getInt(4);
    }

    static int ssrc(byte[] packet) {
        return ByteBuffer.wrap(packet).getInt(8);
    }

    /** Where the payload begins: behind contributing sources and an extension. */
    static int payloadAt(byte[] packet, int length) {
        int at = HEADER + 4 * (packet[0] & 0x0f);
        if ((packet[0] & 0x10) != 0 && at + 4 <= length) {
            at += 4 + 4 * (ByteBuffer.wrap(packet).getShort(at + 2) & 0xffff);
        }
        return Math.min(at, length);
    }
}
