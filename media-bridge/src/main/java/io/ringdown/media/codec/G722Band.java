package io.ringdown.media.codec;

/**
 * One sub-band of ITU-T G.722: the step of its quantiser and the predictor of its signal, two poles and six zeros, both
 * adapted by what has been quantised so far (§3.4 to §3.6; the arithmetic is that of §6.2.1). Encoder and decoder hold the same
 * state after the same codes. The names of the standard's signals stand beside ours. Owned by one thread.
 */
final class G722Band {
    // Fixed-point constants of §6.2.1: leaks of 127/128 and 255/256 in 15 bits.
    private static final int LEAK_127 = 32_512;
    private static final int LEAK_255 = 32_640;
    private static final int MOST_SECOND_POLE = 12_288; // 0.75
    private static final int POLE_BOUND = 15_360; // 1 − 2⁻⁴
    private static final int ZEROS = 6;

    // ILB, table 17: the steps of one octave, 2^(i/32) with 11 bits behind the point.
    private static final short[] OCTAVE = {
        2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
        2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008
    };

    private final int octaves;
    private final int mostLogStep;
    private final int[] zeros = new int[ZEROS]; // B1…B6
    private final int[] differences = new int[ZEROS]; // D1…D6: quantised, the newest first
    private int logStep; // NB
    private int step; // DET
    private int pole1; // A1
    private int pole2; // A2
    private int partial1; // P1
    private int partial2; // P2
    private int reconstructed; // R1
    private int zeroPart; // SZ
    private int prediction; // S

    private G722Band(int firstStep, int octaves, int mostLogStep) {
        this.step = firstStep;
        this.octaves = octaves;
        this.mostLogStep = mostLogStep;
    }

    /** 0 to 4 kHz. */
    static G722Band lower() {
        return new G722Band(32, 8, 18_432);
    }

    /** 4 to 8 kHz. */
    static G722Band higher() {
        return new G722Band(8, 10, 22_528);
    }

    /** The signal that is expected next. */
    int prediction() {
        return prediction;
    }

    /** The quantiser's scale. */
    int step() {
        return step;
    }

    /** Takes the quantised difference of the sample just past, and the weight of its code for the scale (W). */
    void adapt(int difference, int weight) {
        scale(weight);
        predict(difference);
    }

    /** LOGSCL and SCALEL, LOGSCH and SCALEH. */
    private void scale(int weight) {
        logStep = Math.clamp(product(logStep, LEAK_127) + weight, 0, mostLogStep);
        int shift = octaves - (logStep >> 11);
        int fraction = OCTAVE[(logStep >> 6) & 31];
        step = (shift < 0 ? fraction << -shift : fraction >> shift) << 2;
    }

    /** Block 4: RECONS, PARREC, UPPOL2, UPPOL1, UPZERO, DELAYA, FILTEP, FILTEZ, PREDIC. */
    private void predict(int difference) {
        int before = reconstructed;
        int now = saturated(prediction + difference);
        int partial = saturated(difference + zeroPart);
        adaptPoles(partial);
        adaptZeros(difference);
        partial2 = partial1;
        partial1 = partial;
        reconstructed = now;
        int polePart = saturated(product(pole1, saturated(2 * now)) + product(pole2, saturated(2 * before)));
        int sum = 0;
        for (int i = ZEROS - 1; i >= 0; i--) {
            sum = saturated(sum + product(zeros[i], saturated(2 * differences[i])));
        }
        zeroPart = sum;
        prediction = saturated(polePart + zeroPart);
    }

    private void adaptPoles(int partial) {
        boolean isLikeLast = (partial < 0) == (partial1 < 0);
        boolean isLikeTheOneBefore = (partial < 0) == (partial2 < 0);
        int slope = saturated(4 * pole1);
        int turned = isLikeLast ? Math.min(-slope, Short.MAX_VALUE) : slope;
        int second = (turned >> 7) + (isLikeTheOneBefore ? 128 : -128) + product(pole2, LEAK_127);
        pole2 = Math.clamp(second, -MOST_SECOND_POLE, MOST_SECOND_POLE);
        int bound = POLE_BOUND - pole2;
        pole1 = Math.clamp((isLikeLast ? 192 : -192) + product(pole1, LEAK_255), -bound, bound);
    }

    private void adaptZeros(int difference) {
        int gain = difference == 0 ? 0 : 128;
        for (int i = ZEROS - 1; i >= 0; i--) {
            int push = (difference < 0) == (differences[i] < 0) ? gain : -gain;
            zeros[i] = saturated(push + product(zeros[i], LEAK_255));
            differences[i] = i == 0 ? difference : differences[i - 1];
        }
    }

    /** Of two numbers with 15 bits behind the point. */
    static int product(int a, int b) {
        return (a * b) >> 15;
    }

    /** To 16 bits. */
    static int saturated(int value) {
        return Math.clamp(value, Short.MIN_VALUE, Short.MAX_VALUE);
    }
}
