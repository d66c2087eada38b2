package io.ringdown.media.bridge;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The frames of one stream that wait, in the order of their positions; never more than sixteen. Owned by one thread. */
final class HeldFrames {
    private static final int MOST = 16;
    private static final int HEADROOM = RtpStream.HEADROOM;

    private final Held[] frames = new Held[MOST];
    private int count;

    /** A frame that waits for the one before it, or for its time. */
    static final class Held {
        private byte[] buffer = new byte[0];
        private int length;
        private long sequence;
        private long position;
        private int ticks;
        private long arrivalNanos;
        private boolean isCopy;

        /** Holds the payload, with room before and behind it. */
        byte[] buffer() {
            return buffer;
        }

        int offset() {
            return HEADROOM;
        }

        int length() {
            return length;
        }

        long sequence() {
            return sequence;
        }

        long position() {
            return position;
        }

        int ticks() {
            return ticks;
        }

        long arrivalNanos() {
            return arrivalNanos;
        }

        /** Whether it is a copy from a later packet. */
        boolean isCopy() {
            return isCopy;
        }

        private void set(byte[] from, int offset, int newLength) {
            if (buffer.length < newLength + 2 * HEADROOM) {
                buffer = new byte[newLength + 3 * HEADROOM];
            }
            System.arraycopy(from, offset, buffer, HEADROOM, newLength);
            length = newLength;
        }
    }

    HeldFrames() {
        Arrays.setAll(frames, i -> new Held());
    }

    boolean isEmpty() {
        return count == 0;
    }

    boolean isFull() {
        return count == MOST;
    }

    /** The one with the lowest position; there must be one. */
    Held first() {
        return frames[0];
    }

    /** The one with the highest position; there must be one. */
    Held last() {
        return frames[count - 1];
    }

    /** The one at about this position; null if there is none. */
    @Nullable
    Held at(long position) {
        for (int i = 0; i < count; i++) {
            if (Math.abs(frames[i].position - position) <= frames[i].ticks / 2) {
                return frames[i];
            }
        }
        return null;
    }

    /** Keeps a frame; there must be room. */
    void add(long sequence, long position, int ticks, boolean isCopy, byte[] from, int offset, int length, long now) {
        Held frame = frames[count];
        int at = count;
        while (at > 0 && frames[at - 1].position > position) {
            frames[at] = frames[at - 1];
            at--;
        }
        frames[at] = frame;
        count++;
        frame.set(from, offset, length);
        frame.sequence = sequence;
        frame.position = position;
        frame.ticks = ticks;
        frame.isCopy = isCopy;
        frame.arrivalNanos = now;
    }

    /** The original of a copy has come. */
    void replace(Held copy, long sequence, byte[] from, int offset, int length) {
        copy.set(from, offset, length);
        copy.sequence = sequence;
        copy.isCopy = false;
    }

    /** Takes the first out; it stays as it is until the next is added. */
    Held take() {
        Held first = frames[0];
        count--;
        System.arraycopy(frames, 1, frames, 0, count);
        frames[count] = first;
        return first;
    }
}
