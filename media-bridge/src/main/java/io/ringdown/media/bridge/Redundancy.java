package io.ringdown.media.bridge;

import io.ringdown.media.rtp.RedPayload;

/**
 * The frame that was sent last, to go along with the next one as RED (RFC 2198). Costs a copy of some sixty bytes a packet.
 * Owned by one thread.
 */
final class Redundancy {
    private final byte[] last = new byte[RedPayload.LONGEST_COPY];
    private int lastLength;

    /** There is no frame directly before the next one. */
    void forget() {
        lastLength = 0;
    }

    /** Bytes that stand in front of the frame. */
    int lengthAhead() {
        return lastLength == 0 ? 1 : RedPayload.HEADER_LENGTH + lastLength;
    }

    /**
     * Writes what stands in front of the frame at {@code at}, and keeps the frame for the next packet.
     *
     * @param payloadType of both
     * @param ticks between the two
     * @param frameLength of the frame, {@link #lengthAhead} bytes behind {@code at}
     */
    void complete(byte[] packet, int at, int payloadType, int ticks, int frameLength) {
        int ahead = lengthAhead();
        if (lastLength == 0) {
            RedPayload.writeHeader(packet, at, payloadType);
        } else {
            RedPayload.writeHeaders(packet, at, payloadType, ticks, lastLength);
            System.arraycopy(last, 0, packet, at + RedPayload.HEADER_LENGTH, lastLength);
        }
        lastLength = frameLength <= RedPayload.LONGEST_COPY ? frameLength : 0;
        System.arraycopy(packet, at + ahead, last, 0, lastLength);
    }
}
