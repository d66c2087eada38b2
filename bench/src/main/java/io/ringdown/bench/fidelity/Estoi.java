package io.ringdown.bench.fidelity;

import java.util.Arrays;

/**
 * The extended short-time objective intelligibility of what was heard of one clean recording: J. Jensen and C. H. Taal, "An
 * Algorithm for Predicting the Intelligibility of Speech Masked by Modulated Noise Maskers", IEEE/ACM Transactions on Audio,
 * Speech, and Language Processing 24 (2016). 1 is identical; about 0 has nothing to do with it. One thread.
 *
 * <p>Both are taken at 10 kHz and cut into windowed frames; frames in which the clean one is silent are left out of both. Of
 * each spectrum the amplitudes in 15 one-third octave bands from 150 Hz are kept. In every 30 frames (384 ms) each band and
 * then each frame is brought to mean 0 and norm 1, and the inner products of what both have there are the score.
 */
final class Estoi {
    static final int RATE = 10_000;

    private static final int FRAME = 256;
    private static final int HOP = FRAME / 2;
    private static final int TRANSFORM = 512;
    private static final int BANDS = 15;
    private static final double LOWEST_HERTZ = 150;
    private static final int SEGMENT = 30;
    private static final double SILENT_DB = 40; // below the loudest frame

    /** A band that stands still, as it does in 384 ms of digital silence, has no shape to compare. */
    private static final double FLAT = 1e-9;

    private static final double[] WINDOW = window();
    private static final int[] EDGES = edges();

    private final Fourier fourier = new Fourier(TRANSFORM);
    private final int length;
    private final boolean[] isLoud;
    private final double[][] clean;

    /** For the clean recording, at {@link #RATE}. */
    Estoi(double[] samples) {
        this.length = samples.length;
        this.isLoud = loud(samples);
        this.clean = segments(samples);
        if (clean.length == 0) {
            throw new IllegalArgumentException("less than " + SEGMENT + " frames of speech");
        }
    }

    /** The score of what was heard, aligned to the clean recording and as long, at {@link #RATE}. */
    double score(double[] heard) {
        if (heard.length != length) {
            throw new IllegalArgumentException(heard.length + " samples heard of " + length);
        }
        double[][] segments = segments(heard);
        double sum = 0;
        for (int m = 0; m < clean.length; m++) {
            for (int i = 0; i < BANDS * SEGMENT; i++) {
                sum += clean[m][i] * segments[m][i];
            }
        }
        return sum / (SEGMENT * (double) clean.length);
    }

    private double[][] segments(double[] samples) {
        double[][] amplitudes = amplitudes(spoken(samples));
        double[][] segments = new double[Math.max(0, amplitudes.length - SEGMENT + 1)][];
        for (int m = 0; m < segments.length; m++) {
            segments[m] = normalised(amplitudes, m);
        }
        return segments;
    }

    private static boolean[] loud(double[] samples) {
        double[] energies = new double[frames(samples.length)];
        for (int m = 0; m < energies.length; m++) {
            for (int i = 0; i < FRAME; i++) {
                double sample = samples[m * HOP + i] * WINDOW[i];
                energies[m] += sample * sample;
            }
        }
        double threshold = Arrays.stream(energies).max().orElse(0) * Math.pow(10, -SILENT_DB / 10);
        boolean[] loud = new boolean[energies.length];
        for (int m = 0; m < loud.length; m++) {
            loud[m] = energies[m] > threshold;
        }
        return loud;
    }

    /** The loud frames, windowed and added together again. */
    private double[] spoken(double[] samples) {
        int kept = 0;
        for (boolean loud : isLoud) {
            kept += loud ? 1 : 0;
        }
        double[] spoken = new double[kept == 0 ? 0 : (kept - 1) * HOP + FRAME];
        int at = 0;
        for (int m = 0; m < isLoud.length; m++) {
            if (isLoud[m]) {
                for (int i = 0; i < FRAME; i++) {
                    spoken[at + i] += samples[m * HOP + i] * WINDOW[i];
                }
                at += HOP;
            }
        }
        return spoken;
    }

    /** Of each frame, the amplitude in each band. */
    private double[][] amplitudes(double[] samples) {
        double[][] amplitudes = new double[frames(samples.length)][BANDS];
        double[] real = new double[TRANSFORM];
        double[] imaginary = new double[TRANSFORM];
        for (int m = 0; m < amplitudes.length; m++) {
            Arrays.fill(real, 0);
            Arrays.fill(imaginary, 0);
            for (int i = 0; i < FRAME; i++) {
                real[i] = samples[m * HOP + i] * WINDOW[i];
            }
            fourier.forward(real, imaginary);
            for (int band = 0; band < BANDS; band++) {
                double energy = 0;
                for (int bin = EDGES[2 * band]; bin < EDGES[2 * band + 1]; bin++) {
                    energy += real[bin] * real[bin] + imaginary[bin] * imaginary[bin];
                }
                amplitudes[m][band] = Math.sqrt(energy);
            }
        }
        return amplitudes;
    }

    private static double[] normalised(double[][] amplitudes, int first) {
        double[] segment = new double[BANDS * SEGMENT];
        for (int n = 0; n < SEGMENT; n++) {
            System.arraycopy(amplitudes[first + n], 0, segment, n * BANDS, BANDS);
        }
        for (int band = 0; band < BANDS; band++) {
            normalise(segment, band, BANDS, SEGMENT);
        }
        for (int n = 0; n < SEGMENT; n++) {
            normalise(segment, n * BANDS, 1, BANDS);
        }
        return segment;
    }

    private static void normalise(double[] values, int first, int stride, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[first + i * stride];
        }
        double mean = sum / count;
        double square = 0;
        for (int i = 0; i < count; i++) {
            double difference = values[first + i * stride] - mean;
            square += difference * difference;
        }
        double norm = Math.sqrt(square);
        for (int i = 0; i < count; i++) {
            int at = first + i * stride;
            values[at] = norm <= FLAT ? 0 : (values[at] - mean) / norm;
        }
    }

    private static int frames(int samples) {
        return samples <= FRAME ? 0 : (samples - FRAME - 1) / HOP + 1;
    }

    /** Hann's, without its zeros. */
    private static double[] window() {
        double[] window = new double[FRAME];
        for (int i = 0; i < FRAME; i++) {
            window[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 1) / (FRAME + 1));
        }
        return window;
    }

    /** The first bin of each band and the first above it. */
    private static int[] edges() {
        int[] edges = new int[2 * BANDS];
        for (int band = 0; band < BANDS; band++) {
            double center = LOWEST_HERTZ * Math.pow(2, band / 3.0);
            edges[2 * band] = nearestBin(center * Math.pow(2, -1 / 6.0));
            edges[2 * band + 1] = nearestBin(center * Math.pow(2, 1 / 6.0));
        }
        return edges;
    }

    private static int nearestBin(double hertz) {
        return (int) Math.round(hertz * TRANSFORM / RATE);
    }
}
