package io.ringdown.media.codec;

/** The two laws of ITU-T G.711 as tables between 16-bit linear samples and 8-bit codes. Immutable. */
@SuppressWarnings("ImmutableEnumChecker") // the tables are written by the constructor only
enum G711Law {
    /** µ-law, G.711 table 2: eight segments a side over 14-bit samples, all bits inverted. */
    MU {
        @Override
        int codeOf(int sample) {
            int sign = sample < 0 ? 0x80 : 0;
            int biased = Math.min(Math.abs(sample) >> 2, MU_LARGEST) + MU_BIAS;
            int segment = 26 - Integer.numberOfLeadingZeros(biased); // 33..63 is segment 0
            int step = biased >> (segment + 1) & 0x0f;
            return ~(sign | segment << 4 | step) & 0xff;
        }

        @Override
        int sampleOf(int code) {
            int bits = ~code;
            int segment = bits >> 4 & 7;
            int magnitude = ((((bits & 0x0f) << 1) + MU_BIAS) << segment) - MU_BIAS;
            return ((bits & 0x80) != 0 ? -magnitude : magnitude) << 2;
        }
    },

    /** A-law, G.711 table 1: eight segments a side over 13-bit samples, the first two alike, even bits inverted. */
    A {
        @Override
        int codeOf(int sample) {
            int sign = sample < 0 ? 0 : 0x80;
            int magnitude = Math.min(Math.abs(sample) >> 4, A_LARGEST);
            int segment = Math.max(0, 28 - Integer.numberOfLeadingZeros(magnitude)); // 0..31 are segments 0 and 1
            int step = magnitude >> Math.max(0, segment - 1) & 0x0f;
            return (sign | segment << 4 | step) ^ A_INVERTED;
        }

        @Override
        int sampleOf(int code) {
            int bits = code ^ A_INVERTED;
            int segment = bits >> 4 & 7;
            int step = bits & 0x0f;
            int magnitude = segment == 0 ? 2 * step + 1 : (2 * step + 33) << (segment - 1);
            return ((bits & 0x80) != 0 ? magnitude : -magnitude) << 3;
        }
    };

    static final int SAMPLE_RATE = 8_000;

    private static final int MU_BIAS = 33;
    private static final int MU_LARGEST = 8_158; // the last decision value is virtual, 8159
    private static final int A_LARGEST = 2_047;
    private static final int A_INVERTED = 0x55;

    private final byte[] codes = new byte[1 << 16];
    private final short[] samples = new short[1 << 8];

    G711Law() {
        for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
            codes[sample & 0xffff] = (byte) codeOf(sample);
        }
        for (int code = 0; code < samples.length; code++) {
            samples[code] = (short) sampleOf(code);
        }
    }

    abstract int codeOf(int sample);

    abstract int sampleOf(int code);

    /** The code of a 16-bit sample. */
    byte encode(short sample) {
        return codes[sample & 0xffff];
    }

    /** The 16-bit sample in the middle of a code's interval. */
    short decode(byte code) {
        return samples[code & 0xff];
    }
}
