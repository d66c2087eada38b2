package io.ringdown.media.codec;

import java.util.Objects;

/**
 * ITU-T G.722 at 64 kbit/s, and the concealment of its losses: two samples at 16 kHz for a byte. One thread at a time; after
 * {@link #close} every other method throws.
 */
final class G722Decoder implements AudioDecoder {
    private static final int BUFFER_TOO_SMALL = -2; // as libopus
    private static final int MALFORMED = -4;
    private static final int NO_COPY = -1;

    // QM6, table 21: what the lower band's codes of six bits stand for.
    private static final short[] FINE = {
        -136, -136, -136, -136, -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576,
        -7856, -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040,
        -728, 24808, 21904, 19008, 16704, 14984, 13512, 12280, 11192, 10232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
        4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136
    };

    // QM4, table 21: the same by the four bits that the predictor and the scale go by.
    private static final short[] COARSE = {
        0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0
    };

    // WL by RL42, table 15: what each of those does to the scale.
    private static final short[] WEIGHTS = {
        -60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60
    };

    private static final short[] HIGHER = {-7408, -1616, 7408, 1616}; // QM2, table 22
    private static final short[] HIGHER_WEIGHTS = {798, -214, 798, -214}; // WH by RH2, table 19

    private final G722Bank bank = new G722Bank();
    private final G722Band lower = G722Band.lower();
    private final G722Band higher = G722Band.higher();
    private final PitchRepetition concealment = new PitchRepetition(G722Encoder.SAMPLE_RATE);
    private boolean closed;

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
        for (int i = 0; i < length; i++) {
            int low = lower(packet[offset + i] & 0x3f);
            int high = higher((packet[offset + i] >> 6) & 3);
            bank.push(low + high, low - high);
            pcm[2 * i] = (short) G722Band.saturated(bank.oddSum() >> 11);
            pcm[2 * i + 1] = (short) G722Band.saturated(bank.evenSum() >> 11);
        }
        concealment.onReceived(pcm, samples);
        return samples;
    }

    /** Always negative: there is no such copy in G.722. */
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
        return length > 0 ? 2 * length : MALFORMED;
    }

    @Override
    public void close() {
        closed = true;
    }

    private int lower(int code) {
        int signal = limited(lower.prediction() + G722Band.product(lower.step(), FINE[code]));
        lower.adapt(coarse(code, lower.step()), weight(code));
        return signal;
    }

    private int higher(int code) {
        int difference = higher(code, higher.step());
        int signal = limited(higher.prediction() + difference);
        higher.adapt(difference, higherWeight(code));
        return signal;
    }

    /** The lower band's difference as predictors see it, in encoder and decoder alike (INVQAL). */
    static int coarse(int code, int step) {
        return G722Band.product(step, COARSE[code >> 2]);
    }

    static int weight(int code) {
        return WEIGHTS[code >> 2];
    }

    /** The higher band's difference (INVQAH). */
    static int higher(int code, int step) {
        return G722Band.product(step, HIGHER[code]);
    }

    static int higherWeight(int code) {
        return HIGHER_WEIGHTS[code];
    }

    /** To 15 bits (LIMIT). */
    private static int limited(int value) {
        return Math.clamp(value, -16_384, 16_383);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the decoder is closed");
        }
    }
}
