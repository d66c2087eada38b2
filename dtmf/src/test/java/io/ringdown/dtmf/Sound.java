package io.ringdown.dtmf;

import java.util.Random;

/** Sound that is put together from tones, noise and a kind of voice, apart from the generator that is tested. */
final class Sound {
    static final String KEYS = "123A456B789C*0#D";
    private static final double[] LOW = {697, 770, 852, 941};
    private static final double[] HIGH = {1_209, 1_336, 1_477, 1_633};
    private static final double PEAK_OF_0_DBM0 = 22_657; // ITU-T G.711: a full-scale sine is +3.17 dBm0

    final int sampleRate;
    final double[] samples;

    Sound(int sampleRate, double seconds) {
        this.sampleRate = sampleRate;
        this.samples = new double[(int) (sampleRate * seconds)];
    }

    int at(double millis) {
        return (int) Math.round(millis * sampleRate / 1_000);
    }

    static double peak(double dbm0) {
        return PEAK_OF_0_DBM0 * Math.pow(10, dbm0 / 20);
    }

    void tone(double fromMillis, double millis, double hertz, double dbm0, double phase) {
        int from = at(fromMillis);
        int count = at(millis);
        for (int i = 0; i < count && from + i < samples.length; i++) {
            samples[from + i] += peak(dbm0) * Math.sin(phase + 2 * Math.PI * hertz * i / sampleRate);
        }
    }

    /** A press; offsets are factors. */
    void press(
            char key,
            double fromMillis,
            double millis,
            double lowDbm0,
            double highDbm0,
            double lowOffset,
            double highOffset,
            Random random) {
        int index = KEYS.indexOf(key);
        tone(fromMillis, millis, LOW[index / 4] * lowOffset, lowDbm0, random.nextDouble() * 7);
        tone(fromMillis, millis, HIGH[index % 4] * highOffset, highDbm0, random.nextDouble() * 7);
    }

    void white(double dbm0, Random random) {
        for (int i = 0; i < samples.length; i++) {
            samples[i] += peak(dbm0) / Math.sqrt(2) * random.nextGaussian();
        }
    }

    /** Vowels without end: harmonics of a pitch that glides, under three formants that do. Harder than speech: no consonants. */
    void vowels(Random random) {
        double phase = 0;
        double[] formants = {500, 1_500, 2_500};
        double[] target = formants.clone();
        double pitch = 120;
        double pitchTarget = 120;
        double[] peaks = new double[64];
        for (int i = 0; i < samples.length; i++) {
            if (i % at(150) == 0) {
                pitchTarget = 80 + random.nextInt(220);
                target = new double[] {
                    250 + random.nextInt(650), 700 + random.nextInt(1_600), 2_200 + random.nextInt(900)
                };
            }
            if (i % at(5) == 0) {
                pitch += (pitchTarget - pitch) / 12;
                for (int f = 0; f < formants.length; f++) {
                    formants[f] += (target[f] - formants[f]) / 8;
                }
                for (int h = 1; h < peaks.length; h++) {
                    peaks[h] = h * pitch > 3_400 ? 0 : peak(-12) * response(h * pitch, formants) / h;
                }
            }
            phase += 2 * Math.PI * pitch / sampleRate;
            for (int h = 1; h < peaks.length && peaks[h] > 0; h++) {
                samples[i] += peaks[h] * Math.sin(h * phase);
            }
        }
    }

    private static double response(double hertz, double[] formants) {
        double response = 0;
        for (double formant : formants) {
            double off = (hertz - formant) / 50; // half of a bandwidth of 100 Hz
            response += 8 / Math.sqrt(1 + off * off);
        }
        return response;
    }

    /** As a line by µ-law gives it: ITU-T G.711 as its formula, in 14 bits. */
    short[] byMuLaw() {
        short[] pcm = new short[samples.length];
        for (int i = 0; i < pcm.length; i++) {
            int magnitude = Math.min(8_158, (int) Math.abs(samples[i]) / 4) + 33;
            int step = Integer.highestOneBit(magnitude) >> 4;
            int decoded = magnitude / step * step + step / 2 - 33;
            pcm[i] = (short) (4 * (samples[i] < 0 ? -decoded : decoded));
        }
        return pcm;
    }

    short[] pcm() {
        short[] pcm = new short[samples.length];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) Math.clamp(Math.round(samples[i]), Short.MIN_VALUE, Short.MAX_VALUE);
        }
        return pcm;
    }
}
