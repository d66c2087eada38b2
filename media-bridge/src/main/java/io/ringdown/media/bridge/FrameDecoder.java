package io.ringdown.media.bridge;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.Codecs;
import java.util.Arrays;

/**
 * Makes PCM of the frames of one direction beside the path of the sound, which stays the same whether anybody listens or not.
 * Owned by one thread.
 */
final class FrameDecoder implements AutoCloseable {
    private static final int LONGEST_MILLIS = 120; // RFC 6716 §3.2.5, the longest packet of any codec

    private final AudioCodec codec;
    private final AudioDecoder decoder;
    private final int sampleRate;
    private final PcmSink sink;
    private final short[] pcm;

    FrameDecoder(Codecs codecs, AudioCodec codec, int sampleRate, PcmSink sink) {
        this.codec = codec;
        this.sampleRate = sampleRate;
        this.decoder = codecs.decoder(codec, sampleRate);
        this.sink = sink;
        this.pcm = new short[sampleRate / 1_000 * LONGEST_MILLIS];
    }

    /** What it decodes. */
    AudioCodec codec() {
        return codec;
    }

    /** Samples a second of what it makes. */
    int sampleRate() {
        return sampleRate;
    }

    /** A frame of the stream, in its order. */
    void onFrame(byte[] buffer, int offset, int length) {
        int samples = decoder.decode(buffer, offset, length, pcm);
        if (samples > 0) {
            sink.onPcm(pcm, samples);
        }
    }

    /** A frame of the stream is missing. */
    void onGap(int ticks) {
        int samples = samples(ticks);
        if (decoder.conceal(pcm, samples) == samples) {
            sink.onPcm(pcm, samples);
        } else {
            onSilence(ticks);
        }
    }

    /** The stream is silent on purpose. */
    void onSilence(int ticks) {
        int samples = samples(ticks);
        Arrays.fill(pcm, 0, samples, (short) 0);
        sink.onPcm(pcm, samples);
    }

    private int samples(int ticks) {
        return (int) Math.min(pcm.length, (long) ticks * sampleRate / codec.clockRate());
    }

    @Override
    public void close() {
        decoder.close();
    }
}
