package io.ringdown.media.rtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Numbers in network order in byte arrays. */
final class Bytes {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Bytes() {}

    static int u8(byte[] buffer, int offset) {
        return buffer[offset] & 0xFF;
    }

    static int u16(byte[] buffer, int offset) {
        return (short) SHORT.get(buffer, offset) & 0xFFFF;
    }

    static int u24(byte[] buffer, int offset) {
        return (u8(buffer, offset) << 16) | u16(buffer, offset + 1);
    }

    static int i32(byte[] buffer, int offset) {
        return (int) INT.get(buffer, offset);
    }

    static void putU16(byte[] buffer, int offset, int value) {
        SHORT.set(buffer, offset, (short) value);
    }

    static void putU24(byte[] buffer, int offset, int value) {
        buffer[offset] = (byte) (value >> 16);
        putU16(buffer, offset + 1, value);
    }

    static void putI32(byte[] buffer, int offset, int value) {
        INT.set(buffer, offset, value);
    }
}
