package io.ringdown.bench.fidelity;

/**
 * Changes sampling rates by a windowed sinc without delay: flat up to 95 % of the lower Nyquist frequency, aliases 80 dB down.
 * Stateless.
 */
final class Resampler {
    private static final double CUTOFF = 0.975; // of the lower Nyquist frequency, in the middle of the slope
    private static final int ZERO_CROSSINGS = 100; // a side: the slope is then 5 % wide
    private static final double KAISER_BETA = 8; // 80 dB

    private Resampler() {}

    /** The same sound at another rate; the first sample stays the first. */
    static double[] resample(double[] samples, int from, int to) {
        if (from == to) {
            return samples.clone();
        }
        int divisor = gcd(from, to);
        int up = to / divisor;
        int down = from / divisor;
        double scale = CUTOFF * Math.min(1.0, (double) to / from);
        int reach = (int) Math.ceil(ZERO_CROSSINGS / scale);
        double[][] phases = phases(up, scale, reach);
        double[] made = new double[(int) ((long) samples.length * up / down)];
        for (int n = 0; n < made.length; n++) {
            long position = (long) n * down;
            int center = (int) (position / up);
            made[n] = filtered(samples, center, phases[(int) (position % up)], reach);
        }
        return made;
    }

    private static double filtered(double[] samples, int center, double[] taps, int reach) {
        double sum = 0;
        int first = Math.max(0, center - reach);
        int last = Math.min(samples.length - 1, center + reach);
        for (int i = first; i <= last; i++) {
            sum += samples[i] * taps[i - center + reach];
        }
        return sum;
    }

    private static double[][] phases(int up, double scale, int reach) {
        double[][] phases = new double[up][2 * reach + 1];
        for (int phase = 0; phase < up; phase++) {
            for (int i = -reach; i <= reach; i++) {
                double distance = i - (double) phase / up;
                phases[phase][i + reach] = scale * sinc(distance * scale) * kaiser(distance / (reach + 1));
            }
        }
        return phases;
    }

    static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    }

    /** Kaiser's window at −1 to 1. */
    private static double kaiser(double x) {
        return Math.abs(x) >= 1 ? 0 : bessel(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel(KAISER_BETA);
    }

    /** The modified Bessel function of the first kind and order 0. */
    private static double bessel(double x) {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > 1e-12 * sum; k++) {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }
        return sum;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
