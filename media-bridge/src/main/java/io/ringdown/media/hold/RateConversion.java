package io.ringdown.media.hold;

/**
 * Brings a sound that comes round for ever to another sampling rate, whole at once: a sinc through a Hann window, cut off below
 * half of the lower rate, with its taps worked out once for each of the places that an output sample can have between two input
 * samples. For loading, not for packets.
 */
final class RateConversion {
    private static final int ZERO_CROSSINGS = 24; // on each side
    private static final double PASSED = 0.92; // of what the lower rate can carry; the rest is the filter's slope

    private RateConversion() {}

    static short[] convert(short[] from, int rate, int newRate) {
        if (rate == newRate) {
            return from;
        }
        int common = gcd(rate, newRate);
        int phases = newRate / common;
        int step = rate / common; // input samples for so many output samples as there are phases
        double cutoff = PASSED * Math.min(1, (double) newRate / rate);
        int reach = (int) Math.ceil(ZERO_CROSSINGS / cutoff);
        double[][] taps = new double[phases][];
        short[] to = new short[Math.toIntExact((long) from.length * newRate / rate)];
        for (int i = 0; i < to.length; i++) {
            long at = (long) i * step;
            int phase = (int) (at % phases);
            if (taps[phase] == null) {
                taps[phase] = taps((double) phase / phases, cutoff, reach);
            }
            to[i] = sample(from, (int) (at / phases), taps[phase], reach);
        }
        return to;
    }

    private static short sample(short[] from, int at, double[] taps, int reach) {
        double sum = 0;
        for (int k = 0; k < taps.length; k++) {
            sum += taps[k] * from[Math.floorMod(at - reach + 1 + k, from.length)];
        }
        return (short) Math.clamp(Math.round(sum), Short.MIN_VALUE, Short.MAX_VALUE);
    }

    /** For an output sample this far behind an input sample; together they are one, so that the level stays. */
    private static double[] taps(double behind, double cutoff, int reach) {
        double[] taps = new double[2 * reach];
        double sum = 0;
        for (int k = 0; k < taps.length; k++) {
            double distance = k - reach + 1 - behind;
            double window = Math.abs(distance) >= reach ? 0 : 0.5 + 0.5 * Math.cos(Math.PI * distance / reach);
            double x = Math.PI * cutoff * distance;
            taps[k] = (Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x) * window;
            sum += taps[k];
        }
        for (int k = 0; k < taps.length; k++) {
            taps[k] /= sum;
        }
        return taps;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
