package io.ringdown.media.codec;

import java.util.Objects;

/** G.711 has no state: a sample is a byte. One thread at a time; after {@link #close} every other method throws. */
final class G711Encoder implements AudioEncoder {
    private static final int TOO_SMALL = -2; // as libopus

    private final G711Law law;
    private boolean closed;

    G711Encoder(G711Law law) {
        this.law = law;
    }

    @Override
    public int encode(short[] pcm, int samples, byte[] packet, int offset, int maxLength) {
        checkOpen();
        Objects.checkFromIndexSize(0, samples, pcm.length);
        Objects.checkFromIndexSize(offset, maxLength, packet.length);
        if (samples > maxLength) {
            return TOO_SMALL;
        }
        for (int i = 0; i < samples; i++) {
            packet[offset + i] = law.encode(pcm[i]);
        }
        return samples;
    }

    /** Changes nothing: G.711 has nothing to protect itself with. */
    @Override
    public void expectedLoss(int percent) {
        checkOpen();
    }

    @Override
    public void close() {
        closed = true;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the encoder is closed");
        }
    }
}
