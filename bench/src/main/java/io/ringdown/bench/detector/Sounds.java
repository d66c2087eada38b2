package io.ringdown.bench.detector;

import java.util.Random;

/** Sound at 8 kHz as numbers, on the scale of 16-bit samples; made apart from the generator that is judged. Stateless. */
final class Sounds {
    static final int RATE = 8_000;
    static final int FRAME = RATE / 50;

    // ITU-T G.711: the largest sine of µ-law, of peak 8159 in 14 bits, is +3.17 dBm0.
    private static final double PEAK_OF_0_DBM0 = 4 * 8_159 / Math.pow(10, 3.17 / 20);

    private Sounds() {}

    static double peak(double dbm0) {
        return PEAK_OF_0_DBM0 * Math.pow(10, dbm0 / 20);
    }

    /** Of a noise. */
    static double rms(double dbm0) {
        return peak(dbm0) / Math.sqrt(2);
    }

    static int samples(double millis) {
        return (int) Math.round(millis * RATE / 1_000);
    }

    static void addTone(double[] sound, int from, int samples, double hertz, double dbm0, double phase) {
        double peak = peak(dbm0);
        for (int i = 0; i < samples && from + i < sound.length; i++) {
            sound[from + i] += peak * Math.sin(phase + 2 * Math.PI * hertz * i / RATE);
        }
    }

    static void addWhite(double[] sound, double dbm0, Random random) {
        double rms = rms(dbm0);
        for (int i = 0; i < sound.length; i++) {
            sound[i] += rms * random.nextGaussian();
        }
    }

    /** Noise that falls by 12 dB an octave above 500 Hz, about as speech does on the whole. */
    static void addSpeechLike(double[] sound, double dbm0, Random random) {
        double pole = Math.exp(-2 * Math.PI * 500 / RATE);
        double[] noise = new double[sound.length];
        double once = 0;
        double twice = 0;
        double squares = 0;
        for (int i = 0; i < noise.length; i++) {
            once = pole * once + random.nextGaussian();
            twice = pole * twice + once;
            noise[i] = twice;
            squares += twice * twice;
        }
        double gain = rms(dbm0) / Math.sqrt(squares / noise.length);
        for (int i = 0; i < noise.length; i++) {
            sound[i] += gain * noise[i];
        }
    }

    static short[] rounded(double[] sound) {
        short[] pcm = new short[sound.length];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) Math.clamp(Math.round(sound[i]), Short.MIN_VALUE, Short.MAX_VALUE);
        }
        return pcm;
    }
}
