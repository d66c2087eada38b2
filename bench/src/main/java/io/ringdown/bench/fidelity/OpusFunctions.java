package io.ringdown.bench.fidelity;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/** The system's libopus as a browser uses it: with the settings that the gateway never needs. Mono. */
final class OpusFunctions {
    // opus_defines.h
    static final int SET_BITRATE = 4002;
    static final int SET_MAX_BANDWIDTH = 4004;
    static final int SET_COMPLEXITY = 4010;
    static final int SET_INBAND_FEC = 4012;
    static final int SET_PACKET_LOSS_PERC = 4014;
    static final int SET_DTX = 4016;
    static final int SET_SIGNAL = 4024;
    static final int SIGNAL_VOICE = 3001;

    private static final int VOIP = 2048;
    private static final int MONO = 1;
    private static final int STATE_ALIGNMENT = 16;
    private static final SymbolLookup LIBRARY = library();

    private static final MethodHandle ENCODER_SIZE = bind("opus_encoder_get_size", "ii");
    private static final MethodHandle ENCODER_INIT = bind("opus_encoder_init", "iaiii");
    private static final MethodHandle ENCODER_CTL = bind("opus_encoder_ctl", "iaii", Linker.Option.firstVariadicArg(2));
    private static final MethodHandle ENCODE = bind("opus_encode", "iaaiai");
    private static final MethodHandle DECODER_SIZE = bind("opus_decoder_get_size", "ii");
    private static final MethodHandle DECODER_INIT = bind("opus_decoder_init", "iaii");
    private static final MethodHandle DECODE = bind("opus_decode", "iaaiaii");

    private OpusFunctions() {}

    static MemorySegment encoder(int rate) {
        try {
            MemorySegment state = Arena.ofAuto().allocate((int) ENCODER_SIZE.invokeExact(MONO), STATE_ALIGNMENT);
            check("opus_encoder_init", (int) ENCODER_INIT.invokeExact(state, rate, MONO, VOIP));
            return state;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static void set(MemorySegment encoder, int request, int value) {
        try {
            check("opus_encoder_ctl " + request, (int) ENCODER_CTL.invokeExact(encoder, request, value));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static int encode(MemorySegment encoder, MemorySegment pcm, int samples, MemorySegment packet) {
        try {
            return check(
                    "opus_encode", (int) ENCODE.invokeExact(encoder, pcm, samples, packet, (int) packet.byteSize()));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static MemorySegment decoder(int rate) {
        try {
            MemorySegment state = Arena.ofAuto().allocate((int) DECODER_SIZE.invokeExact(MONO), STATE_ALIGNMENT);
            check("opus_decoder_init", (int) DECODER_INIT.invokeExact(state, rate, MONO));
            return state;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** {@link MemorySegment#NULL} conceals; with {@code fec} the copy in the packet is decoded instead of the packet. */
    static int decode(
            MemorySegment decoder, MemorySegment packet, int length, MemorySegment pcm, int samples, boolean fec) {
        try {
            return check("opus_decode", (int) DECODE.invokeExact(decoder, packet, length, pcm, samples, fec ? 1 : 0));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static int check(String what, int result) {
        if (result < 0) {
            throw new IllegalStateException(what + " answers " + result);
        }
        return result;
    }

    /** {@code types}: what is returned and what is taken, {@code i} an int and {@code a} an address. */
    @SuppressWarnings("restricted") // what is bound is libopus's published interface
    private static MethodHandle bind(String name, String types, Linker.Option... options) {
        var taken = types.substring(1)
                .chars()
                .mapToObj(type -> type == 'a' ? ADDRESS : JAVA_INT)
                .toArray(java.lang.foreign.MemoryLayout[]::new);
        return Linker.nativeLinker()
                .downcallHandle(LIBRARY.findOrThrow(name), FunctionDescriptor.of(JAVA_INT, taken), options);
    }

    @SuppressWarnings("restricted") // loads a library by the system's own search
    private static SymbolLookup library() {
        try {
            return SymbolLookup.libraryLookup("libopus.so.0", Arena.global());
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("no libopus: apt-get install libopus0", e);
        }
    }

    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
    }
}
