package io.ringdown.media.codec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * libopus's functions, bound when first used; only where {@link LibOpusLibrary#found} is usable. The handles are constants, so
 * that the compiler inlines the calls and nothing is allocated for them.
 *
 * <p>None is called as critical: an encode takes up to 0.1 ms, and a thread in a critical call reaches no safepoint.
 */
final class LibOpusFunctions {
    // opus_defines.h
    static final int APPLICATION_VOIP = 2048;
    static final int SIGNAL_VOICE = 3001;
    static final int SET_BITRATE = 4002;
    static final int SET_COMPLEXITY = 4010;
    static final int SET_INBAND_FEC = 4012;
    static final int SET_PACKET_LOSS_PERC = 4014;
    static final int SET_SIGNAL = 4024;

    private static final int MONO = 1;
    private static final SymbolLookup SYMBOLS = symbols();

    private static final MethodHandle ENCODER_GET_SIZE =
            bind("opus_encoder_get_size", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle ENCODER_INIT =
            bind("opus_encoder_init", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
    // int opus_encoder_ctl(OpusEncoder *st, int request, ...): where variadic arguments travel differs between
    // platforms
    private static final MethodHandle ENCODER_CTL = bind(
            "opus_encoder_ctl",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle ENCODE =
            bind("opus_encode", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle DECODER_GET_SIZE =
            bind("opus_decoder_get_size", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle DECODER_INIT =
            bind("opus_decoder_init", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle DECODE = bind(
            "opus_decode", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));

    private LibOpusFunctions() {}

    static int encoderSize() {
        try {
            return (int) ENCODER_GET_SIZE.invokeExact(MONO);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int encoderInit(MemorySegment state, int sampleRate, int application) {
        try {
            return (int) ENCODER_INIT.invokeExact(state, sampleRate, MONO, application);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int encoderCtl(MemorySegment state, int request, int value) {
        try {
            return (int) ENCODER_CTL.invokeExact(state, request, value);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int encode(MemorySegment state, MemorySegment pcm, int samples, MemorySegment packet, int maxLength) {
        try {
            return (int) ENCODE.invokeExact(state, pcm, samples, packet, maxLength);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int decoderSize() {
        try {
            return (int) DECODER_GET_SIZE.invokeExact(MONO);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int decoderInit(MemorySegment state, int sampleRate) {
        try {
            return (int) DECODER_INIT.invokeExact(state, sampleRate, MONO);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@code packet} may be {@link MemorySegment#NULL} with length 0 to conceal. */
    static int decode(MemorySegment state, MemorySegment packet, int length, MemorySegment pcm, int samples, int fec) {
        try {
            return (int) DECODE.invokeExact(state, packet, length, pcm, samples, fec);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    @SuppressWarnings("restricted") // what is bound is libopus's published interface
    private static MethodHandle bind(String name, FunctionDescriptor type, Linker.Option... options) {
        return Linker.nativeLinker().downcallHandle(SYMBOLS.findOrThrow(name), type, options);
    }

    private static SymbolLookup symbols() {
        return switch (LibOpusLibrary.found()) {
            case LibOpusLibrary.Usable usable -> usable.symbols();
            case LibOpusLibrary.Missing missing -> throw new IllegalStateException(missing.reason());
        };
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
