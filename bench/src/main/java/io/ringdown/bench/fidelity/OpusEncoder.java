package io.ringdown.bench.fidelity;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An encoder of libopus with all its knobs. Mono, 20 ms. One thread. */
final class OpusEncoder {
    private static final int MOST_BYTES = 1_275;

    private final MemorySegment state;
    private final MemorySegment pcm;
    private final MemorySegment packet = Arena.ofAuto().allocate(MOST_BYTES);
    private final int frame;

    OpusEncoder(int rate, int bitrate, int complexity) {
        this.state = OpusFunctions.encoder(rate);
        this.frame = rate / 50;
        this.pcm = Arena.ofAuto().allocate((long) frame * Short.BYTES, Short.BYTES);
        set(OpusFunctions.SET_BITRATE, bitrate);
        set(OpusFunctions.SET_COMPLEXITY, complexity);
    }

    /** Sets what {@link OpusFunctions} names. */
    void set(int request, int value) {
        OpusFunctions.set(state, request, value);
    }

    /** Protects packets of which so many get lost. */
    void expect(int percent) {
        set(OpusFunctions.SET_PACKET_LOSS_PERC, percent);
        set(OpusFunctions.SET_INBAND_FEC, percent > 0 ? 1 : 0);
    }

    /** One frame of the samples, from this one on. */
    byte[] encode(short[] samples, int from) {
        MemorySegment.copy(samples, from, pcm, JAVA_SHORT, 0, frame);
        int length = OpusFunctions.encode(state, pcm, frame, packet);
        byte[] bytes = new byte[length];
        MemorySegment.copy(packet, JAVA_BYTE, 0, bytes, 0, length);
        return bytes;
    }
}
