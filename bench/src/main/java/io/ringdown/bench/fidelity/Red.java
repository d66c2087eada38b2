package io.ringdown.bench.fidelity;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** RED as browsers write it: the frame before goes along in each packet (RFC 2198). Stateless. */
final class Red {
    static final int PAYLOAD_TYPE = 63;

    private static final int FOLLOWED = 0x80;
    private static final int COPY_HEADER = 4;

    private Red() {}

    /** A payload with the frame before this one, which begins {@code ticks} earlier; an empty one is left out. */
    static byte[] wrap(int payloadType, byte[] before, int ticks, byte[] frame) {
        int header = before.length == 0 ? 1 : COPY_HEADER + 1;
        ByteBuffer payload = ByteBuffer.allocate(header + before.length + frame.length);
        if (before.length > 0) {
            payload.putInt((FOLLOWED | payloadType) << 24 | ticks << 10 | before.length);
        }
        return payload.put((byte) payloadType).put(before).put(frame).array();
    }

    /** Tells the blocks of a payload, the copies first. */
    static void unwrap(byte[] payload, Blocks blocks) {
        ByteBuffer headers = ByteBuffer.wrap(payload);
        int data = 1;
        for (int at = 0; (payload[at] & FOLLOWED) != 0; at += COPY_HEADER) {
            data += COPY_HEADER;
        }
        while ((headers.get(headers.position()) & FOLLOWED) != 0) {
            int header = headers.getInt();
            int length = header & 0x3ff;
            blocks.onBlock(header >> 10 & 0x3fff, Arrays.copyOfRange(payload, data, data + length));
            data += length;
        }
        blocks.onBlock(0, Arrays.copyOfRange(payload, data, payload.length));
    }

    /** Is told of blocks. */
    @FunctionalInterface
    interface Blocks {
        /** A frame that begins so much before the packet's timestamp. */
        void onBlock(int ticksBefore, byte[] frame);
    }
}
