package io.ringdown.media.codec;

/**
 * Halves or doubles a sampling rate by a half-band FIR filter in two phases: flat to 3400 of 8000 Hz, more than 60 dB down from
 * 4600 Hz on, with a delay of 25 samples of the higher rate. Level 1 throughout. Owned by one thread; allocates nothing per
 * frame. One object serves one stream in one direction.
 */
public final class HalfBand {
    private static final int PAIRS = 13; // taps on each side that are not zero
    private static final int SPAN = 2 * PAIRS;
    private static final int UNITY_BITS = 15;
    private static final int HALF = 1 << (UNITY_BITS - 1);
    private static final double KAISER_BETA = 5.65; // 60 dB

    /** Every other tap beside the middle one, from there outwards; the others are zero, and the middle one is a half. */
    private static final int[] SIDE = side();

    // What the filter's sides and its middle see of the past, each written twice so that it lies in a row.
    private final int[] sides = new int[2 * SPAN];
    private final int[] middles = new int[2 * PAIRS];
    private int sideAt;
    private int middleAt;

    /** Makes samples of half the rate; {@code samples} is even. Returns how many were made. In place is possible. */
    public int halve(short[] from, int samples, short[] to) {
        for (int i = 0; i < samples / 2; i++) {
            middle(from[2 * i]);
            side(from[2 * i + 1]);
            to[i] = rounded(sum() + HALF * middles[middleAt]);
        }
        return samples / 2;
    }

    /** Makes samples of twice the rate. Returns how many were made. Not in place. */
    public int twice(short[] from, int samples, short[] to) {
        for (int i = 0; i < samples; i++) {
            side(from[i]);
            to[2 * i] = rounded(2 * sum());
            to[2 * i + 1] = (short) sides[sideAt + PAIRS];
        }
        return 2 * samples;
    }

    private void side(int sample) {
        sides[sideAt] = sides[sideAt + SPAN] = sample;
        sideAt = sideAt == SPAN - 1 ? 0 : sideAt + 1;
    }

    private void middle(int sample) {
        middles[middleAt] = middles[middleAt + PAIRS] = sample;
        middleAt = middleAt == PAIRS - 1 ? 0 : middleAt + 1;
    }

    private int sum() {
        int newest = sideAt + SPAN - 1;
        int sum = 0;
        for (int i = 0; i < PAIRS; i++) {
            sum += SIDE[PAIRS - 1 - i] * (sides[sideAt + i] + sides[newest - i]);
        }
        return sum;
    }

    private static short rounded(int value) {
        return (short) Math.clamp((value + HALF) >> UNITY_BITS, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    /** A sinc through a Kaiser window, scaled so that both sides together are the other half of unity. */
    private static int[] side() {
        double[] taps = new double[PAIRS];
        double all = 0;
        for (int i = 0; i < PAIRS; i++) {
            double at = 2 * i + 1;
            double part = at / (2 * PAIRS);
            taps[i] = Math.sin(Math.PI * at / 2) / (Math.PI * at) * bessel(KAISER_BETA * Math.sqrt(1 - part * part));
            all += 2 * taps[i];
        }
        int[] scaled = new int[PAIRS];
        int left = HALF / 2;
        for (int i = PAIRS - 1; i > 0; i--) {
            scaled[i] = (int) Math.round(taps[i] / all * HALF);
            left -= scaled[i];
        }
        scaled[0] = left;
        return scaled;
    }

    /** The modified Bessel function of the first kind, order 0. */
    private static double bessel(double x) {
        double sum = 1;
        double term = 1;
        for (int i = 1; i < 32; i++) {
            term *= x / (2 * i) * (x / (2 * i));
            sum += term;
        }
        return sum;
    }
}
