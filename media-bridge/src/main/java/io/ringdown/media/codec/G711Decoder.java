package io.ringdown.media.codec;

import java.util.Objects;

/** G.711 and the concealment of its losses. One thread at a time; after {@link #close} every other method throws. */
final class G711Decoder implements AudioDecoder {
    private static final int BUFFER_TOO_SMALL = -2; // as libopus
    private static final int MALFORMED = -4;
    private static final int NO_COPY = -1;

    private final G711Law law;
    private final PitchRepetition concealment = new PitchRepetition(G711Law.SAMPLE_RATE);
    private boolean closed;

    G711Decoder(G711Law law) {
        this.law = law;
    }

    @Override
    public int decode(byte[] packet, int offset, int length, short[] pcm) {
        checkOpen();
        int samples = samplesOf(packet, offset, length);
        if (samples < 0) {
            return samples;
        }
        if (samples > pcm.length) {
            return BUFFER_TOO_SMALL;
        }
        for (int i = 0; i < samples; i++) {
            pcm[i] = law.decode(packet[offset + i]);
        }
        concealment.onReceived(pcm, samples);
        return samples;
    }

    /** Always negative: there is no such copy in G.711. */
    @Override
    public int decodeFec(byte[] packet, int offset, int length, short[] pcm, int samples) {
        checkOpen();
        return NO_COPY;
    }

    @Override
    public int conceal(short[] pcm, int samples) {
        checkOpen();
        if (samples > pcm.length) {
            return BUFFER_TOO_SMALL;
        }
        concealment.fill(pcm, samples);
        return samples;
    }

    @Override
    public int samplesOf(byte[] packet, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, packet.length);
        return length > 0 ? length : MALFORMED;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the decoder is closed");
        }
    }
}
