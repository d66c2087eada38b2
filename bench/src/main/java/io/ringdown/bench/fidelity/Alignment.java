package io.ringdown.bench.fidelity;

/**
 * Where in what was heard a piece of speech lies: the lag at which their cross-correlation is greatest. The correlation of
 * band-limited signals is band-limited, so between its samples it is interpolated exactly.
 *
 * @param lagSamples whole and a fraction
 * @param likeness the normalised correlation there, 1 for the same shape
 */
record Alignment(double lagSamples, double likeness) {
    private static final int STEPS = 32; // within a sample
    private static final int REACH = 32; // samples that take part in the interpolation, a side

    /** The lag of {@code piece} in {@code heard}, which begins {@code before} samples earlier than a lag of 0. */
    static Alignment find(double[] piece, double[] heard, int before) {
        double[] correlation = correlation(piece, heard);
        int lags = Math.max(1, heard.length - piece.length + 1);
        int best = 0;
        for (int lag = 1; lag < lags; lag++) {
            if (correlation[lag] > correlation[best]) {
                best = lag;
            }
        }
        double fraction = 0;
        double most = correlation[best];
        for (int step = -STEPS + 1; step < STEPS; step++) {
            double value = between(correlation, best, (double) step / STEPS);
            if (value > most) {
                most = value;
                fraction = (double) step / STEPS;
            }
        }
        double energy = Math.sqrt(energy(piece, 0, piece.length) * energy(heard, best, piece.length));
        return new Alignment(best + fraction - before, energy == 0 ? 0 : most / energy);
    }

    /** {@code samples} from {@code from} on, which may lie between two of them and outside. */
    static double[] cut(double[] samples, double from, int length) {
        double[] cut = new double[length];
        int whole = (int) Math.floor(from);
        double[] taps = taps(from - whole);
        for (int n = 0; n < length; n++) {
            cut[n] = filtered(samples, whole + n, taps);
        }
        return cut;
    }

    private static double[] correlation(double[] piece, double[] heard) {
        Fourier fourier = Fourier.forCorrelation(piece.length + heard.length);
        int size = fourier.size();
        // Two real transforms in one: the piece is the real part, what was heard the imaginary one.
        double[] real = new double[size];
        double[] imaginary = new double[size];
        System.arraycopy(piece, 0, real, 0, piece.length);
        System.arraycopy(heard, 0, imaginary, 0, heard.length);
        fourier.forward(real, imaginary);
        double[] productReal = new double[size];
        double[] productImaginary = new double[size];
        for (int k = 0; k < size; k++) {
            int mirror = (size - k) & (size - 1);
            double pieceReal = (real[k] + real[mirror]) / 2;
            double pieceImaginary = (imaginary[k] - imaginary[mirror]) / 2;
            double heardReal = (imaginary[k] + imaginary[mirror]) / 2;
            double heardImaginary = (real[mirror] - real[k]) / 2;
            productReal[k] = (heardReal * pieceReal + heardImaginary * pieceImaginary) / size;
            productImaginary[k] = (heardImaginary * pieceReal - heardReal * pieceImaginary) / size;
        }
        fourier.backward(productReal, productImaginary);
        return productReal;
    }

    private static double between(double[] samples, int whole, double fraction) {
        return filtered(samples, whole, taps(fraction));
    }

    private static double filtered(double[] samples, int whole, double[] taps) {
        double sum = 0;
        int last = Math.min(samples.length - 1, whole + REACH);
        for (int i = Math.max(0, whole - REACH); i <= last; i++) {
            sum += samples[i] * taps[i - whole + REACH];
        }
        return sum;
    }

    private static double[] taps(double fraction) {
        double[] taps = new double[2 * REACH + 1];
        for (int i = -REACH; i <= REACH; i++) {
            double distance = fraction - i;
            double window = Math.cos(Math.PI / 2 * distance / (REACH + 1));
            taps[i + REACH] = Resampler.sinc(distance) * window * window;
        }
        return taps;
    }

    private static double energy(double[] samples, int from, int length) {
        double energy = 0;
        for (int i = Math.max(0, from); i < Math.min(samples.length, from + length); i++) {
            energy += samples[i] * samples[i];
        }
        return energy;
    }
}
