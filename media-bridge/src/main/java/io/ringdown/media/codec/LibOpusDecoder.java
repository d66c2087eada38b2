package io.ringdown.media.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A mono decoder of libopus. One thread at a time; after {@link #close} every other method throws. */
final class LibOpusDecoder implements AudioDecoder {
    private static final int BUFFER_TOO_SMALL = -2; // opus_defines.h

    private final NativeMemory.Pool pool;
    private final Workspace workspace;
    private final int sampleRate;
    private final int mostSamples;
    private @Nullable NativeMemory memory;

    LibOpusDecoder(NativeMemory.Pool pool, Workspace workspace) {
        this.pool = pool;
        this.workspace = workspace;
        this.sampleRate = pool.sampleRate();
        this.mostSamples = pool.mostSamples();
        NativeMemory fresh = pool.take();
        int result = LibOpusFunctions.decoderInit(fresh.state(), sampleRate);
        if (result != 0) {
            throw new IllegalStateException("opus_decoder_init answers " + result);
        }
        this.memory = fresh;
    }

    @Override
    public int decode(byte[] packet, int offset, int length, short[] pcm) {
        NativeMemory open = open();
        int samples = OpusPacket.samples(packet, offset, length, sampleRate);
        if (samples < 0) {
            return samples;
        }
        if (samples > pcm.length) {
            return BUFFER_TOO_SMALL;
        }
        MemorySegment.copy(packet, offset, workspace.nativePacket(), JAVA_BYTE, 0, length);
        return take(
                LibOpusFunctions.decode(
                        open.state(), workspace.nativePacket(), length, workspace.nativePcm(), mostSamples, 0),
                pcm);
    }

    @Override
    public int decodeFec(byte[] packet, int offset, int length, short[] pcm, int samples) {
        NativeMemory open = open();
        if (samples > Math.min(pcm.length, mostSamples)) {
            return BUFFER_TOO_SMALL;
        }
        if (!OpusPacket.restores(packet, offset, length, sampleRate, samples)) {
            return OpusPacket.MALFORMED;
        }
        MemorySegment.copy(packet, offset, workspace.nativePacket(), JAVA_BYTE, 0, length);
        return take(
                LibOpusFunctions.decode(
                        open.state(), workspace.nativePacket(), length, workspace.nativePcm(), samples, 1),
                pcm);
    }

    @Override
    public int conceal(short[] pcm, int samples) {
        NativeMemory open = open();
        if (samples > Math.min(pcm.length, mostSamples)) {
            return BUFFER_TOO_SMALL;
        }
        return take(
                LibOpusFunctions.decode(open.state(), MemorySegment.NULL, 0, workspace.nativePcm(), samples, 0), pcm);
    }

    @Override
    public int samplesOf(byte[] packet, int offset, int length) {
        return OpusPacket.samples(packet, offset, length, sampleRate);
    }

    @Override
    public void close() {
        NativeMemory held = memory;
        if (held != null) {
            memory = null;
            pool.give(held);
        }
    }

    private int take(int samples, short[] pcm) {
        if (samples > 0) {
            MemorySegment.copy(workspace.nativePcm(), JAVA_SHORT, 0, pcm, 0, samples);
        }
        return samples;
    }

    private NativeMemory open() {
        NativeMemory held = memory;
        if (held == null) {
            throw new IllegalStateException("the decoder is closed");
        }
        return held;
    }
}
