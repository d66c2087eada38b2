package io.ringdown.media.transport;

import java.nio.ByteBuffer;

/**
 * Takes the packets out of a TCP connection, where each lies behind its length in two octets (RFC 4571 §2). Pure, owned by one
 * thread; it holds what has come of one packet at most.
 */
final class FrameReader {
    static final int LENGTH_OCTETS = 2;

    /** The rest has still to come. */
    static final int NONE = -1;

    /** Whoever announces this is no browser, and where the next packet would begin is not known. */
    static final int TOO_LONG = -2;

    private static final byte[] NOTHING = {};

    private final int longest;
    private byte[] begun = NOTHING;
    private int size;

    /** @param longest packet in octets */
    FrameReader(int longest) {
        this.longest = longest;
    }

    /**
     * The next packet. Ask again until there is {@link #NONE}: then all of {@code in} has been taken.
     *
     * @param packet where it is put; has room for the longest
     * @return its length, {@link #NONE} or {@link #TOO_LONG}
     */
    int next(ByteBuffer in, byte[] packet) {
        if (size == 0 && in.remaining() >= LENGTH_OCTETS) {
            int length = in.getShort(in.position()) & 0xffff; // network byte order is a buffer's own
            if (length > longest) {
                return TOO_LONG;
            }
            if (in.remaining() >= LENGTH_OCTETS + length) {
                in.position(in.position() + LENGTH_OCTETS).get(packet, 0, length);
                return length;
            }
        }
        return collect(in, packet);
    }

    private int collect(ByteBuffer in, byte[] packet) {
        if (!fill(in, LENGTH_OCTETS)) {
            return NONE;
        }
        int length = ((begun[0] & 0xff) << 8) | (begun[1] & 0xff);
        if (length > longest) {
            return TOO_LONG;
        }
        if (!fill(in, LENGTH_OCTETS + length)) {
            return NONE;
        }
        System.arraycopy(begun, LENGTH_OCTETS, packet, 0, length);
        size = 0;
        return length;
    }

    /** Whether there are so many octets now. */
    private boolean fill(ByteBuffer in, int wanted) {
        if (begun.length == 0 && in.hasRemaining()) { // most packets come whole
            begun = new byte[LENGTH_OCTETS + longest];
        }
        int taken = Math.min(wanted - size, in.remaining());
        if (taken > 0) {
            in.get(begun, size, taken);
            size += taken;
        }
        return size >= wanted;
    }
}
