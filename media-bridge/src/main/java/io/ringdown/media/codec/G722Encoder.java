package io.ringdown.media.codec;

import java.util.Objects;

/** ITU-T G.722 at 64 kbit/s: a byte for two samples at 16 kHz. One thread at a time; after {@link #close} every other method throws. */
final class G722Encoder implements AudioEncoder {
    static final int SAMPLE_RATE = 16_000;

    private static final int TOO_SMALL = -2; // as libopus
    private static final int ODD_SAMPLES = -1;

    // Q6, table 14: decision levels of the lower band, for a step of 2¹² (§6.2.1.1, QUANTL).
    private static final short[] LEVELS = {
        35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339,
        1458, 1612, 1765, 1980, 2195, 2557, 2919
    };
    private static final int HIGHER_LEVEL = 564; // Q2, table 18

    private final G722Bank bank = new G722Bank();
    private final G722Band lower = G722Band.lower();
    private final G722Band higher = G722Band.higher();
    private boolean closed;

    @Override
    public int encode(short[] pcm, int samples, byte[] packet, int offset, int maxLength) {
        checkOpen();
        Objects.checkFromIndexSize(0, samples, pcm.length);
        Objects.checkFromIndexSize(offset, maxLength, packet.length);
        if (samples % 2 != 0) {
            return ODD_SAMPLES;
        }
        if (samples / 2 > maxLength) {
            return TOO_SMALL;
        }
        for (int i = 0; i < samples; i += 2) {
            bank.push(pcm[i], pcm[i + 1]);
            int low = limited((bank.oddSum() + bank.evenSum()) >> 14);
            int high = limited((bank.oddSum() - bank.evenSum()) >> 14);
            packet[offset + i / 2] = (byte) ((higher(high) << 6) | lower(low));
        }
        return samples / 2;
    }

    /** Changes nothing: G.722 has nothing to protect itself with. */
    @Override
    public void expectedLoss(int percent) {
        checkOpen();
    }

    @Override
    public void close() {
        closed = true;
    }

    private int lower(int signal) {
        int difference = G722Band.saturated(signal - lower.prediction());
        int magnitude = difference < 0 ? ~difference : difference;
        int level = 0;
        while (level < LEVELS.length && magnitude >= (LEVELS[level] * lower.step()) >> 12) {
            level++;
        }
        int code = lowerCode(level, difference < 0);
        lower.adapt(G722Decoder.coarse(code, lower.step()), G722Decoder.weight(code));
        return code;
    }

    /** ILN and ILP, table 16: the two negative codes nearest to zero stand apart from the others. */
    private static int lowerCode(int level, boolean isNegative) {
        if (!isNegative) {
            return 61 - level;
        }
        return level < 2 ? 63 - level : 33 - level;
    }

    private int higher(int signal) {
        int difference = G722Band.saturated(signal - higher.prediction());
        int magnitude = difference < 0 ? ~difference : difference;
        boolean isFar = magnitude >= (HIGHER_LEVEL * higher.step()) >> 12;
        int code = (difference < 0 ? 0 : 2) | (isFar ? 0 : 1); // IHN and IHP, table 20
        higher.adapt(G722Decoder.higher(code, higher.step()), G722Decoder.higherWeight(code));
        return code;
    }

    /** To 15 bits (LOWT, HIGHT). */
    private static int limited(int value) {
        return Math.clamp(value, -16_384, 16_383);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the encoder is closed");
        }
    }
}
