package io.ringdown.media.codec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Arrays for what lives no longer than one packet's way through a path. All calls of a thread share them: so they stay in the
 * processor's cache, and a call is that much smaller. What is in them is nobody's once a method has returned.
 */
public final class Workspace {
    private static final int LONGEST_SAMPLES = 48 * 120; // RFC 6716 §3.4 [R5], at 48 kHz
    private static final int LONGEST_PACKET =
            2 * OpusPacket.MAX_LENGTH + 128; // with a copy before it, header and headroom

    private final short[] pcm = new short[LONGEST_SAMPLES];
    private final short[] resampled = new short[LONGEST_SAMPLES];
    private final byte[] packet = new byte[LONGEST_PACKET];
    private final MemorySegment nativePcm;
    private final MemorySegment nativePacket;

    public Workspace() {
        Arena arena = Arena.ofAuto();
        nativePcm = arena.allocate((long) Short.BYTES * LONGEST_SAMPLES, Short.BYTES);
        nativePacket = arena.allocate(OpusPacket.MAX_LENGTH);
    }

    /** Room for the longest frame that is decoded. */
    public short[] pcm() {
        return pcm;
    }

    /** Room for the same at another rate. */
    public short[] resampled() {
        return resampled;
    }

    /** Room for a packet to be sent. */
    public byte[] packet() {
        return packet;
    }

    /** Samples on their way to or from libopus. */
    MemorySegment nativePcm() {
        return nativePcm;
    }

    /** A packet on its way to or from libopus. */
    MemorySegment nativePacket() {
        return nativePacket;
    }
}
