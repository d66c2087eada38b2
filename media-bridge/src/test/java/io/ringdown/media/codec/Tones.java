package io.ringdown.media.codec;

/** Signals for tests and what is found of them. */
final class Tones {
    private Tones() {}

    static short[] tone(double hertz, int sampleRate, int samples, int amplitude) {
        short[] pcm = new short[samples];
        for (int i = 0; i < samples; i++) {
            pcm[i] = (short) Math.round(amplitude * Math.sin(2 * Math.PI * hertz * i / sampleRate));
        }
        return pcm;
    }

    /** The part of the power that lies at the frequency, 0 to 1 (Goertzel). */
    static double share(short[] pcm, int from, int samples, double hertz, int sampleRate) {
        double step = 2 * Math.PI * hertz / sampleRate;
        double real = 0;
        double imaginary = 0;
        double power = 1e-9;
        for (int i = 0; i < samples; i++) {
            real += pcm[from + i] * Math.cos(step * i);
            imaginary += pcm[from + i] * Math.sin(step * i);
            power += (double) pcm[from + i] * pcm[from + i];
        }
        return 2 * (real * real + imaginary * imaginary) / (power * samples);
    }

    static double rms(short[] pcm, int from, int samples) {
        double power = 0;
        for (int i = from; i < from + samples; i++) {
            power += (double) pcm[i] * pcm[i];
        }
        return Math.sqrt(power / samples);
    }
}
