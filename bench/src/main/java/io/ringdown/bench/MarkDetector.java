package io.ringdown.bench;

/** Finds the frame in which a mark begins; fed every frame in order, at 8 kHz. One thread. */
final class MarkDetector {
    private static final double LEAST_SHARE = 0.5; // a codec's delay leaves two thirds of a mark in its first frame
    private static final double LEAST_RMS = 3_000;
    private static final double QUIET = 0.15;

    private double lastRms = Double.MAX_VALUE;

    /** Whether a mark begins in this frame. */
    boolean onFrame(short[] pcm, int samples) {
        double step = 2 * Math.PI * Speech.MARK_HERTZ / 8_000;
        double real = 0;
        double imaginary = 0;
        double power = 1;
        for (int i = 0; i < samples; i++) {
            real += pcm[i] * Math.cos(step * i);
            imaginary += pcm[i] * Math.sin(step * i);
            power += (double) pcm[i] * pcm[i];
        }
        double rms = Math.sqrt(power / samples);
        double share = 2 * (real * real + imaginary * imaginary) / (power * samples);
        boolean mark = rms > LEAST_RMS && share > LEAST_SHARE && lastRms < QUIET * rms;
        lastRms = rms;
        return mark;
    }
}
