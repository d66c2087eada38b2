package io.ringdown.media.codec;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The system's libopus through the foreign function API. Any thread.
 *
 * <p>Codec states live in memory of ours, initialised by libopus in place. A closed codec's memory is kept for the next one, so
 * a busy gateway neither frees nor waits for a collection; a codec that was never closed loses its memory to the collector.
 */
final class LibOpus implements OpusEngine {
    private final String version;
    private final OpusSettings settings;
    private final Map<Integer, NativeMemory.Pool> encoders = new ConcurrentHashMap<>();
    private final Map<Integer, NativeMemory.Pool> decoders = new ConcurrentHashMap<>();

    /** Only where {@link LibOpusLibrary#found} says so. */
    LibOpus(String version, OpusSettings settings) {
        this.version = version;
        this.settings = settings;
    }

    @Override
    public AudioDecoder decoder(int sampleRate, Workspace workspace) {
        return new LibOpusDecoder(
                decoders.computeIfAbsent(
                        sampleRate, rate -> new NativeMemory.Pool(LibOpusFunctions.decoderSize(), rate)),
                workspace);
    }

    @Override
    public AudioEncoder encoder(int sampleRate, Effort effort, Workspace workspace) {
        return new LibOpusEncoder(
                encoders.computeIfAbsent(
                        sampleRate, rate -> new NativeMemory.Pool(LibOpusFunctions.encoderSize(), rate)),
                settings,
                effort,
                workspace);
    }

    @Override
    public String describe() {
        return version;
    }
}
