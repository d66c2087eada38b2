package io.ringdown.it;

import java.util.Arrays;
import java.util.Locale;

/**
 * Samples as heard at one end, and what frequencies are in them. Spectra are averages over Hann windows of about 100 ms, so
 * that a short disturbance shows as what it is.
 *
 * @param samples −1 to 1
 * @param rate samples a second
 */
@SuppressWarnings("ArrayRecordComponent") // each is itself only: nothing compares them
record Sound(double[] samples, int rate) {

    /** The band that a telephone carries; what lies outside is not judged. */
    private static final double LOWEST_HZ = 150;

    private static final double HIGHEST_HZ = 3600;

    /** Half the width of what counts as the tone itself: the Hann window's main lobe, and a codec's wobble. */
    private static final double TONE_HALF_WIDTH_HZ = 40;

    double seconds() {
        return samples.length / (double) rate;
    }

    /** Root mean square relative to full scale. */
    double levelDbfs() {
        double sum = 0;
        for (double sample : samples) {
            sum += sample * sample;
        }
        return 10 * Math.log10(Math.max(sum / Math.max(1, samples.length), 1e-12));
    }

    /** From one moment to another, in seconds. */
    Sound between(double from, double to) {
        int first = Math.clamp((int) (from * rate), 0, samples.length);
        int last = Math.clamp((int) (to * rate), first, samples.length);
        double[] part = new double[last - first];
        System.arraycopy(samples, first, part, 0, part.length);
        return new Sound(part, rate);
    }

    /** The strongest frequency of the telephone band. */
    double dominantHz() {
        double[] power = spectrum();
        int best = bin(LOWEST_HZ);
        for (int i = best; i <= bin(HIGHEST_HZ); i++) {
            if (power[i] > power[best]) {
                best = i;
            }
        }
        return best * binHz();
    }

    /** The share of the telephone band's energy that lies at this frequency, 0 to 1. */
    double shareOf(double hz) {
        double[] power = spectrum();
        double tone = 0;
        double all = 0;
        for (int i = bin(LOWEST_HZ); i <= bin(HIGHEST_HZ); i++) {
            all += power[i];
            if (Math.abs(i * binHz() - hz) <= TONE_HALF_WIDTH_HZ) {
                tone += power[i];
            }
        }
        return all == 0 ? 0 : tone / all;
    }

    /** How far the strongest other frequency of the band lies below this one, in dB. */
    double othersBelowDb(double hz) {
        double[] power = spectrum();
        double tone = 1e-18;
        double other = 1e-18;
        for (int i = bin(LOWEST_HZ); i <= bin(HIGHEST_HZ); i++) {
            if (Math.abs(i * binHz() - hz) <= TONE_HALF_WIDTH_HZ) {
                tone = Math.max(tone, power[i]);
            } else {
                other = Math.max(other, power[i]);
            }
        }
        return 10 * Math.log10(tone / other);
    }

    /** The level of one frequency relative to full scale, by Goertzel over the whole. */
    double levelOfDbfs(double hz) {
        double coefficient = 2 * Math.cos(2 * Math.PI * hz / rate);
        double before = 0;
        double last = 0;
        for (double sample : samples) {
            double now = sample + coefficient * last - before;
            before = last;
            last = now;
        }
        double power = last * last + before * before - coefficient * last * before;
        double amplitude = 2 * Math.sqrt(Math.max(power, 0)) / Math.max(1, samples.length);
        return 20 * Math.log10(Math.max(amplitude / Math.sqrt(2), 1e-9));
    }

    /** The level of one frequency relative to full scale: the mean of its power in each window, whatever its phase does between them. */
    double meanLevelOfDbfs(double hz) {
        double[] levels = levelsOf(hz);
        double sum = 0;
        for (double level : levels) {
            sum += Math.pow(10, level / 10);
        }
        return 10 * Math.log10(Math.max(sum / Math.max(1, levels.length), 1e-18));
    }

    /** Whether one frequency is as loud in each window as in the others: whether no pause of a busy machine has torn it. */
    boolean isWhole(double hz) {
        double[] levels = levelsOf(hz);
        Arrays.sort(levels);
        return levels.length > 0 && levels[levels.length - 1] - levels[0] < 3;
    }

    /** The level of one frequency in each window of about 100 ms, relative to full scale. */
    private double[] levelsOf(double hz) {
        int size = windowSize();
        double[] levels = new double[Math.max(0, samples.length / size)];
        for (int window = 0; window < levels.length; window++) {
            levels[window] = levelOf(hz, window * size, size);
        }
        return levels;
    }

    /** By Goertzel under a Hann window, which keeps a strong tone nearby out of it. */
    private double levelOf(double hz, int start, int size) {
        double coefficient = 2 * Math.cos(2 * Math.PI * hz / rate);
        double before = 0;
        double last = 0;
        for (int i = 0; i < size; i++) {
            double sample = samples[start + i] * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / size));
            double now = sample + coefficient * last - before;
            before = last;
            last = now;
        }
        double power = last * last + before * before - coefficient * last * before;
        double amplitude = 4 * Math.sqrt(Math.max(power, 0)) / size; // half of it went with the window
        return 20 * Math.log10(Math.max(amplitude / Math.sqrt(2), 1e-9));
    }

    private int windowSize() {
        int size = 1;
        while (size * 2 <= rate / 8) {
            size *= 2;
        }
        return size;
    }

    private double binHz() {
        return rate / (double) windowSize();
    }

    private int bin(double hz) {
        return (int) Math.round(hz / binHz());
    }

    private double[] spectrum() {
        int size = windowSize();
        double[] power = new double[size / 2 + 1];
        double[] re = new double[size];
        double[] im = new double[size];
        for (int start = 0; start + size <= samples.length; start += size / 2) {
            for (int i = 0; i < size; i++) {
                re[i] = samples[start + i] * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / size));
                im[i] = 0;
            }
            fourier(re, im);
            for (int i = 0; i < power.length; i++) {
                power[i] += re[i] * re[i] + im[i] * im[i];
            }
        }
        return power;
    }

    /** In place, radix 2. */
    private static void fourier(double[] re, double[] im) {
        int size = re.length;
        for (int i = 1, j = 0; i < size; i++) {
            int bit = size >> 1;
            for (; (j & bit) != 0; bit >>= 1) {
                j ^= bit;
            }
            j ^= bit;
            if (i < j) {
                double swap = re[i];
                re[i] = re[j];
                re[j] = swap;
                swap = im[i];
                im[i] = im[j];
                im[j] = swap;
            }
        }
        for (int length = 2; length <= size; length <<= 1) {
            double angle = -2 * Math.PI / length;
            for (int start = 0; start < size; start += length) {
                for (int k = 0; k < length / 2; k++) {
                    double cos = Math.cos(angle * k);
                    double sin = Math.sin(angle * k);
                    int a = start + k;
                    int b = a + length / 2;
                    double x = re[b] * cos - im[b] * sin;
                    double y = re[b] * sin + im[b] * cos;
                    re[b] = re[a] - x;
                    im[b] = im[a] - y;
                    re[a] += x;
                    im[a] += y;
                }
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.2f s, %.1f dBFS, strongest at %.0f Hz with %.1f %% of the energy, the next %.1f dB below",
                seconds(),
                levelDbfs(),
                dominantHz(),
                100 * shareOf(dominantHz()),
                othersBelowDb(dominantHz()));
    }
}
