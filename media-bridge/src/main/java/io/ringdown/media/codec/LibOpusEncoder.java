package io.ringdown.media.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A mono encoder of libopus. One thread at a time; after {@link #close} every other method throws. */
final class LibOpusEncoder implements AudioEncoder {
    private final NativeMemory.Pool pool;
    private final Workspace workspace;
    private final int mostSamples;
    private @Nullable NativeMemory memory;
    private final Effort effort;
    private int complexity;
    private final OpusSettings settings;
    private int expectedLoss;
    private int bitrate;
    private int mostBitrate = OpusSettings.HIGHEST_BITRATE;

    LibOpusEncoder(NativeMemory.Pool pool, OpusSettings settings, Effort effort, Workspace workspace) {
        this.pool = pool;
        this.workspace = workspace;
        this.mostSamples = pool.mostSamples();
        this.effort = effort;
        this.complexity = effort.complexity();
        this.settings = settings;
        this.bitrate = settings.bitrate();
        NativeMemory fresh = pool.take();
        check(
                "opus_encoder_init",
                LibOpusFunctions.encoderInit(fresh.state(), pool.sampleRate(), LibOpusFunctions.APPLICATION_VOIP));
        set(fresh, LibOpusFunctions.SET_BITRATE, settings.bitrate());
        set(fresh, LibOpusFunctions.SET_COMPLEXITY, complexity);
        set(fresh, LibOpusFunctions.SET_SIGNAL, LibOpusFunctions.SIGNAL_VOICE);
        this.memory = fresh;
    }

    @Override
    public int encode(short[] pcm, int samples, byte[] packet, int offset, int maxLength) {
        NativeMemory open = open();
        Objects.checkFromIndexSize(offset, maxLength, packet.length);
        Objects.checkFromIndexSize(0, samples, Math.min(pcm.length, mostSamples));
        if (complexity != effort.complexity()) {
            complexity = effort.complexity();
            set(open, LibOpusFunctions.SET_COMPLEXITY, complexity);
        }
        MemorySegment.copy(pcm, 0, workspace.nativePcm(), JAVA_SHORT, 0, samples);
        int length = LibOpusFunctions.encode(
                open.state(),
                workspace.nativePcm(),
                samples,
                workspace.nativePacket(),
                Math.min(maxLength, OpusPacket.MAX_LENGTH));
        if (length > 0) {
            MemorySegment.copy(workspace.nativePacket(), JAVA_BYTE, 0, packet, offset, length);
        }
        return length;
    }

    /** From 1 % on, each packet carries a copy of the frame before it, as far as the bit rate allows. */
    @Override
    public void expectedLoss(int percent) {
        NativeMemory open = open();
        int bounded = Math.clamp(percent, 0, 100);
        if (bounded != expectedLoss) {
            expectedLoss = bounded;
            set(open, LibOpusFunctions.SET_PACKET_LOSS_PERC, bounded);
            set(open, LibOpusFunctions.SET_INBAND_FEC, bounded > 0 ? 1 : 0);
            setBitrate(open);
        }
    }

    @Override
    public void mostBitrate(int bitsPerSecond) {
        mostBitrate = bitsPerSecond;
        setBitrate(open());
    }

    private void setBitrate(NativeMemory open) {
        int wanted = settings.bitrate(expectedLoss, mostBitrate);
        if (wanted != bitrate) {
            bitrate = wanted;
            set(open, LibOpusFunctions.SET_BITRATE, wanted);
        }
    }

    @Override
    public void close() {
        NativeMemory held = memory;
        if (held != null) {
            memory = null;
            pool.give(held);
        }
    }

    private NativeMemory open() {
        NativeMemory held = memory;
        if (held == null) {
            throw new IllegalStateException("the encoder is closed");
        }
        return held;
    }

    private static void set(NativeMemory memory, int request, int value) {
        check("opus_encoder_ctl " + request, LibOpusFunctions.encoderCtl(memory.state(), request, value));
    }

    private static void check(String what, int result) {
        if (result < 0) {
            throw new IllegalStateException(what + " answers " + result);
        }
    }
}
