package io.ringdown.bench.fidelity;

/** The discrete Fourier transform of one size, a power of two, in place. One thread. */
final class Fourier {
    private final int size;
    private final double[] cosines;
    private final double[] sines;

    Fourier(int size) {
        if (Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException(size + " is no power of two");
        }
        this.size = size;
        this.cosines = new double[size / 2];
        this.sines = new double[size / 2];
        for (int i = 0; i < size / 2; i++) {
            cosines[i] = Math.cos(2 * Math.PI * i / size);
            sines[i] = Math.sin(2 * Math.PI * i / size);
        }
    }

    /** A transform that {@code samples} and as many zeros fit in. */
    static Fourier forCorrelation(int samples) {
        return new Fourier(Integer.highestOneBit(Math.max(1, samples - 1)) << 1);
    }

    int size() {
        return size;
    }

    /** Samples to spectrum. */
    void forward(double[] real, double[] imaginary) {
        reorder(real, imaginary);
        for (int half = 1; half < size; half *= 2) {
            int stride = size / (2 * half);
            for (int block = 0; block < size; block += 2 * half) {
                for (int i = 0; i < half; i++) {
                    butterfly(real, imaginary, block + i, block + i + half, cosines[i * stride], -sines[i * stride]);
                }
            }
        }
    }

    /** Spectrum to samples, each {@code size} times too large. */
    void backward(double[] real, double[] imaginary) {
        forward(imaginary, real);
    }

    private static void butterfly(double[] real, double[] imaginary, int a, int b, double cosine, double sine) {
        double r = real[b] * cosine - imaginary[b] * sine;
        double i = real[b] * sine + imaginary[b] * cosine;
        real[b] = real[a] - r;
        imaginary[b] = imaginary[a] - i;
        real[a] += r;
        imaginary[a] += i;
    }

    private void reorder(double[] real, double[] imaginary) {
        int shift = 32 - Integer.numberOfTrailingZeros(size);
        for (int i = 0; i < size && shift < 32; i++) {
            int k = Integer.reverse(i) >>> shift;
            if (k > i) {
                swap(real, i, k);
                swap(imaginary, i, k);
            }
        }
    }

    private static void swap(double[] values, int i, int k) {
        double kept = values[i];
        values[i] = values[k];
        values[k] = kept;
    }
}
