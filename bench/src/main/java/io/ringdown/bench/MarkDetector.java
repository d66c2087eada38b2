package io.ringdown.bench;

/** Finds the frame in which a mark begins; fed frames in order, the two before a mark at least. One thread. */
final class MarkDetector {
    private static final double LEAST_SHARE = 0.5; // a codec's delay leaves two thirds of a mark in its first frame
    private static final double LEAST_RMS = 3_000;
    private static final double QUIET = 0.15;

    private final double[] cosine;
    private final double[] sine;
    private double lastRms = Double.MAX_VALUE;

    MarkDetector(int sampleRate) {
        int samples = sampleRate / Speech.FRAMES_PER_SECOND;
        cosine = new double[samples];
        sine = new double[samples];
        for (int i = 0; i < samples; i++) {
            double phase = 2 * Math.PI * Speech.MARK_HERTZ / sampleRate * i;
            cosine[i] = Math.cos(phase);
            sine[i] = Math.sin(phase);
        }
    }

    /** Whether a mark begins in this frame. */
    boolean onFrame(short[] pcm, int samples) {
        double real = 0;
        double imaginary = 0;
        double power = 1;
        for (int i = 0; i < Math.min(samples, cosine.length); i++) {
            real += pcm[i] * cosine[i];
            imaginary += pcm[i] * sine[i];
            power += (double) pcm[i] * pcm[i];
        }
        double rms = Math.sqrt(power / samples);
        double share = 2 * (real * real + imaginary * imaginary) / (power * samples);
        boolean mark = rms > LEAST_RMS && share > LEAST_SHARE && lastRms < QUIET * rms;
        lastRms = rms;
        return mark;
    }
}
