package io.ringdown.media.codec;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.util.Objects;

/**
 * A mono decoder of Concentus. One thread at a time; after {@link #close} every other method throws. Concentus answers some
 * malformed packets with whatever exception they lead to; its state is then begun anew.
 */
final class ConcentusDecoder implements AudioDecoder {
    private static final int BUFFER_TOO_SMALL = -2; // as libopus
    private static final int MONO = 1;
    private static final byte[] NO_PACKET = {};

    private final OpusDecoder decoder;
    private final int sampleRate;
    private final int mostSamples;
    private boolean closed;

    ConcentusDecoder(int sampleRate) {
        this.sampleRate = sampleRate;
        this.mostSamples = sampleRate / 1_000 * 120; // RFC 6716 §3.4 [R5]
        try {
            decoder = new OpusDecoder(sampleRate, MONO);
        } catch (OpusException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public int decode(byte[] packet, int offset, int length, short[] pcm) {
        checkOpen();
        int samples = OpusPacket.samples(packet, offset, length, sampleRate);
        if (samples < 0) {
            return samples;
        }
        return samples > pcm.length ? BUFFER_TOO_SMALL : decode(packet, offset, length, pcm, samples, false);
    }

    @Override
    public int decodeFec(byte[] packet, int offset, int length, short[] pcm, int samples) {
        checkOpen();
        if (samples > Math.min(pcm.length, mostSamples)) {
            return BUFFER_TOO_SMALL;
        }
        return OpusPacket.restores(packet, offset, length, sampleRate, samples)
                ? decode(packet, offset, length, pcm, samples, true)
                : OpusPacket.MALFORMED;
    }

    @Override
    public int conceal(short[] pcm, int samples) {
        checkOpen();
        return samples > Math.min(pcm.length, mostSamples)
                ? BUFFER_TOO_SMALL
                : decode(NO_PACKET, 0, 0, pcm, samples, false);
    }

    @Override
    public int samplesOf(byte[] packet, int offset, int length) {
        return OpusPacket.samples(packet, offset, length, sampleRate);
    }

    @Override
    public void close() {
        closed = true;
    }

    private int decode(byte[] packet, int offset, int length, short[] pcm, int samples, boolean fec) {
        Objects.checkFromIndexSize(0, samples, pcm.length);
        try {
            return decoder.decode(packet, offset, length, pcm, 0, samples, fec);
        } catch (OpusException | RuntimeException | AssertionError e) {
            decoder.resetState();
            return OpusPacket.MALFORMED;
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the decoder is closed");
        }
    }
}
