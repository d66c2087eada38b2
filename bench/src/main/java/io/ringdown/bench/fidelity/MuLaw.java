package io.ringdown.bench.fidelity;

/** The telephone's end of ITU-T G.711 µ-law, apart from the gateway's tables. Samples are those of 16 bits. Stateless. */
final class MuLaw {
    private static final int BIAS = 33;
    private static final int LARGEST = 8_158;

    private MuLaw() {}

    static double decode(byte code) {
        int bits = ~code & 0xff;
        int exponent = bits >> 4 & 7;
        double magnitude = Math.scalb(2.0 * (bits & 15) + BIAS, exponent) - BIAS;
        return 4 * ((bits & 0x80) == 0 ? magnitude : -magnitude);
    }

    static byte encode(double sample) {
        int magnitude = (int) Math.min(LARGEST, Math.abs(sample) / 4) + BIAS;
        int exponent = Math.max(0, 26 - Integer.numberOfLeadingZeros(magnitude));
        int bits = (sample < 0 ? 0x80 : 0) | exponent << 4 | (magnitude >> (exponent + 1) & 15);
        return (byte) ~bits;
    }

    static double[] decode(byte[] codes) {
        double[] samples = new double[codes.length];
        for (int i = 0; i < codes.length; i++) {
            samples[i] = decode(codes[i]);
        }
        return samples;
    }
}
