package io.ringdown.bench.fidelity;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A decoder of libopus. Mono, 20 ms. One thread. */
final class OpusDecoder {
    private static final int MOST_BYTES = 1_500;

    private final MemorySegment state;
    private final MemorySegment packet = Arena.ofAuto().allocate(MOST_BYTES);
    private final MemorySegment pcm;
    private final int frame;

    OpusDecoder(int rate) {
        this.state = OpusFunctions.decoder(rate);
        this.frame = rate / 50;
        this.pcm = Arena.ofAuto().allocate((long) frame * Short.BYTES, Short.BYTES);
    }

    short[] decode(byte[] bytes) {
        return decode(bytes, false);
    }

    /** The frame before this packet, out of the copy in it; made up if there is none. */
    short[] decodeCopy(byte[] bytes) {
        return decode(bytes, true);
    }

    short[] conceal() {
        return samples(OpusFunctions.decode(state, MemorySegment.NULL, 0, pcm, frame, false));
    }

    private short[] decode(byte[] bytes, boolean fec) {
        MemorySegment.copy(bytes, 0, packet, JAVA_BYTE, 0, bytes.length);
        return samples(OpusFunctions.decode(state, packet, bytes.length, pcm, frame, fec));
    }

    private short[] samples(int decoded) {
        if (decoded != frame) {
            throw new IllegalStateException(decoded + " samples instead of " + frame);
        }
        short[] samples = new short[frame];
        MemorySegment.copy(pcm, JAVA_SHORT, 0, samples, 0, frame);
        return samples;
    }
}
