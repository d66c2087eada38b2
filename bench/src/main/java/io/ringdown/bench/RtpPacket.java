package io.ringdown.bench;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reading and writing of RTP's header (RFC 3550 §5.1), without garbage. */
final class RtpPacket {
    static final int HEADER = 12;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private RtpPacket() {}

    static void write(byte[] packet, int payloadType, int sequence, int timestamp, int ssrc) {
        packet[0] = (byte) 0x80;
        packet[1] = (byte) payloadType;
        SHORT.set(packet, 2, (short) sequence);
        INT.set(packet, 4, timestamp);
        INT.set(packet, 8, ssrc);
    }

    /** Whether this is RTP and not RTCP (RFC 5761 §4). */
    static boolean isRtp(byte[] packet, int length) {
        int type = packet[1] & 0x7f;
        return length > HEADER && (packet[0] & 0xc0) == 0x80 && (type < 64 || type > 95);
    }

    static int payloadType(byte[] packet) {
        return packet[1] & 0x7f;
    }

    static int sequence(byte[] packet) {
        return (short) SHORT.get(packet, 2) & 0xffff;
    }

    static int timestamp(byte[] packet) {
        return (int) INT.get(packet, 4);
    }

    static int ssrc(byte[] packet) {
        return (int) INT.get(packet, 8);
    }

    /** Where the payload begins: behind contributing sources and an extension. */
    static int payloadAt(byte[] packet, int length) {
        int at = HEADER + 4 * (packet[0] & 0x0f);
        if ((packet[0] & 0x10) != 0 && at + 4 <= length) {
            at += 4 + 4 * ((short) SHORT.get(packet, at + 2) & 0xffff);
        }
        return Math.min(at, length);
    }
}
