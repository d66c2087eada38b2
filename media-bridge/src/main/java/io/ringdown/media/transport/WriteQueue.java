package io.ringdown.media.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What has still to be written to a TCP connection, as packets behind their lengths (RFC 4571 §2). It is short: sound that waits is
 * worth nothing, so the oldest packet gives way to the newest. One that has begun to be written is written to its end, else the other
 * side would lose its place in the stream for good. Pure, owned by one thread; {@code now} is in nanoseconds.
 */
final class WriteQueue {
    static final int MOST_PACKETS = 25; // half a second of sound
    private static final int OCTETS = 8 * 1024;
    private static final byte[] NOTHING = {};

    private final Sink sink;
    private final int longest;
    private ByteBuffer begun = ByteBuffer.allocate(0); // who is never sent to needs none
    private byte[] waiting = NOTHING; // a ring of packets behind their lengths
    private int head;
    private int used;
    private int packets;
    private long dropped;
    private long progressNanos;

    /** Where octets go: takes as many as it can now. */
    @FunctionalInterface
    interface Sink {
        int write(ByteBuffer octets) throws IOException;
    }

    /** @param longest packet in octets; three of them have room */
    WriteQueue(Sink sink, int longest) {
        if (longest + FrameReader.LENGTH_OCTETS > OCTETS / 3) {
            throw new IllegalArgumentException("a packet of " + longest + " octets leaves no room for others");
        }
        this.sink = sink;
        this.longest = longest;
    }

    /** Writes this packet, or as soon as there is room for it. */
    void offer(byte[] packet, int offset, int length, long now) throws IOException {
        if (isEmpty()) {
            progressNanos = now;
            if (begun.capacity() == 0) {
                begun = ByteBuffer.allocate(FrameReader.LENGTH_OCTETS + longest);
            }
            begun.clear().putShort((short) length).put(packet, offset, length).flip();
            sink.write(begun);
        } else {
            push(packet, offset, length);
        }
    }

    /** There is room again: writes what it takes. */
    void flush(long now) throws IOException {
        while (!isEmpty()) {
            if (!begun.hasRemaining()) {
                pop();
            }
            int before = begun.remaining();
            sink.write(begun);
            if (begun.remaining() < before) {
                progressNanos = now;
            }
            if (begun.hasRemaining()) {
                return;
            }
        }
    }

    /** Whether nothing waits. */
    boolean isEmpty() {
        return !begun.hasRemaining() && packets == 0;
    }

    /** How many packets wait that have not begun. */
    int packets() {
        return packets;
    }

    /** Packets that gave way to newer ones. */
    long dropped() {
        return dropped;
    }

    /** For how long nothing could be written that waits; 0 if nothing waits. */
    long stalledNanos(long now) {
        return isEmpty() ? 0 : now - progressNanos;
    }

    private void push(byte[] packet, int offset, int length) {
        if (waiting.length == 0) {
            waiting = new byte[OCTETS];
        }
        while (packets == MOST_PACKETS || used + FrameReader.LENGTH_OCTETS + length > OCTETS) {
            int gone = FrameReader.LENGTH_OCTETS + headLength();
            head = (head + gone) % OCTETS;
            used -= gone;
            packets--;
            dropped++;
        }
        put((byte) (length >> 8));
        put((byte) length);
        int at = (head + used) % OCTETS;
        int first = Math.min(length, OCTETS - at);
        System.arraycopy(packet, offset, waiting, at, first);
        System.arraycopy(packet, offset + first, waiting, 0, length - first);
        used += length;
        packets++;
    }

    private void put(byte octet) {
        waiting[(head + used) % OCTETS] = octet;
        used++;
    }

    private int headLength() {
        return ((waiting[head] & 0xff) << 8) | (waiting[(head + 1) % OCTETS] & 0xff);
    }

    private void pop() {
        int size = FrameReader.LENGTH_OCTETS + headLength();
        int first = Math.min(size, OCTETS - head);
        begun.clear().put(waiting, head, first).put(waiting, 0, size - first).flip();
        head = (head + size) % OCTETS;
        used -= size;
        packets--;
    }
}
