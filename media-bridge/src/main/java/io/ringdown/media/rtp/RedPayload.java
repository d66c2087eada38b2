package io.ringdown.media.rtp;

/**
 * The payload of one RED packet where it lies in a buffer (RFC 2198 §3): a primary block and, before it, copies of earlier
 * ones. A view that is laid over one payload after the other; owned by one thread. Its answers are those of the last payload
 * that {@link #wrap} accepted.
 */
public final class RedPayload {
    /** The copies nearest to the primary block that are looked at, however many there are. */
    public static final int MOST_COPIES = 4;

    /** Bytes in front of a frame that has one copy before it. */
    public static final int HEADER_LENGTH = 5;

    /** No copy is longer: the length has 10 bits. */
    public static final int LONGEST_COPY = 0x3FF;

    /** No copy is further back: the offset has 14 bits. */
    public static final int FURTHEST_COPY_TICKS = 0x3FFF;

    private static final int COPY_HEADER_LENGTH = 4;

    private final int[] types = new int[MOST_COPIES];
    private final int[] ticksBefore = new int[MOST_COPIES];
    private final int[] offsets = new int[MOST_COPIES];
    private final int[] lengths = new int[MOST_COPIES];
    private int copies;
    private int primaryType;
    private int primaryOffset;
    private int primaryLength;

    /** Lays the view over a payload; false if its blocks do not fit into it, and the view then stays where it was. */
    public boolean wrap(byte[] buffer, int offset, int length) {
        int end = offset + length;
        int at = offset;
        int headers = 0;
        int copied = 0;
        while (at < end && (buffer[at] & 0x80) != 0) {
            if (end - at < COPY_HEADER_LENGTH) {
                return false;
            }
            copied += Bytes.u24(buffer, at + 1) & LONGEST_COPY;
            at += COPY_HEADER_LENGTH;
            headers++;
        }
        if (at >= end || copied > end - at - 1) {
            return false;
        }
        primaryType = buffer[at] & 0x7F;
        primaryOffset = at + 1 + copied;
        primaryLength = end - primaryOffset;
        readCopies(buffer, offset, headers, at + 1);
        return true;
    }

    private void readCopies(byte[] buffer, int firstHeader, int headers, int firstBlock) {
        copies = 0;
        int block = firstBlock;
        for (int i = 0; i < headers; i++) {
            int header = firstHeader + i * COPY_HEADER_LENGTH;
            int offsetAndLength = Bytes.u24(buffer, header + 1);
            int length = offsetAndLength & LONGEST_COPY;
            if (headers - i <= MOST_COPIES && length > 0) { // an empty one only says that there is no copy
                types[copies] = buffer[header] & 0x7F;
                ticksBefore[copies] = offsetAndLength >> 10;
                offsets[copies] = block;
                lengths[copies] = length;
                copies++;
            }
            block += length;
        }
    }

    /** The payload type of the block that is the packet's own. */
    public int primaryType() {
        return primaryType;
    }

    /** Where in the buffer that block begins. */
    public int primaryOffset() {
        return primaryOffset;
    }

    /** Its bytes; may be 0. */
    public int primaryLength() {
        return primaryLength;
    }

    /** How many copies there are to look at, in the sender's order: by custom the oldest first. */
    public int copies() {
        return copies;
    }

    /** The payload type of a copy. */
    public int type(int copy) {
        return types[copy];
    }

    /** How much earlier than the packet's timestamp the copy's is. */
    public int ticksBefore(int copy) {
        return ticksBefore[copy];
    }

    /** Where in the buffer the copy begins. */
    public int offset(int copy) {
        return offsets[copy];
    }

    /** Bytes of the copy; above 0. */
    public int length(int copy) {
        return lengths[copy];
    }

    /** Writes the headers of one copy and a primary block behind it, {@link #HEADER_LENGTH} bytes. */
    public static void writeHeaders(byte[] buffer, int at, int type, int ticksBefore, int copyLength) {
        buffer[at] = (byte) (0x80 | type);
        Bytes.putU24(buffer, at + 1, (ticksBefore << 10) | copyLength);
        buffer[at + COPY_HEADER_LENGTH] = (byte) type;
    }

    /** Writes the header of a primary block without a copy, one byte. */
    public static void writeHeader(byte[] buffer, int at, int type) {
        buffer[at] = (byte) type;
    }
}
