package io.ringdown.media.codec;

/**
 * What takes the place of missing speech: the last period of the voice over and over, full for 10 ms, then fading to
 * silence by 60 ms, and faded into what comes after. The idea is that of ITU-T G.711 Appendix I without its delay. One thread
 * at a time; allocates nothing and its work is bounded.
 */
final class PitchRepetition {
    private static final int SHORTEST_PERIOD_MILLIS = 5; // 200 Hz
    private static final int LONGEST_PERIOD_MILLIS = 15; // 66 Hz
    private static final int COMPARED_MILLIS = 20;
    private static final int FULL_MILLIS = 10;
    private static final int SILENT_MILLIS = 60;
    private static final int FADE_IN_MILLIS = 4;

    private final int shortestPeriod;
    private final int longestPeriod;
    private final int compared;
    private final int full;
    private final int silent;
    private final int fadeIn;
    private final short[] history;
    private int period;
    private int concealed;

    /** For samples at this rate, in Hz. */
    PitchRepetition(int sampleRate) {
        int samplesPerMilli = sampleRate / 1_000;
        shortestPeriod = SHORTEST_PERIOD_MILLIS * samplesPerMilli;
        longestPeriod = LONGEST_PERIOD_MILLIS * samplesPerMilli;
        compared = COMPARED_MILLIS * samplesPerMilli;
        full = FULL_MILLIS * samplesPerMilli;
        silent = SILENT_MILLIS * samplesPerMilli;
        fadeIn = FADE_IN_MILLIS * samplesPerMilli;
        history = new short[longestPeriod + compared];
        period = shortestPeriod;
    }

    /** Takes what was received; its first milliseconds are changed in place after a gap. */
    void onReceived(short[] pcm, int samples) {
        if (concealed > 0) {
            int faded = Math.min(fadeIn, samples);
            for (int i = 0; i < faded; i++) {
                int made = next();
                pcm[i] = (short) (made + (pcm[i] - made) * i / fadeIn);
            }
            concealed = 0;
        }
        remember(pcm, samples);
    }

    /** Makes up what is missing. */
    void fill(short[] pcm, int samples) {
        if (concealed == 0) {
            period = likeliestPeriod();
        }
        for (int i = 0; i < samples; i++) {
            pcm[i] = (short) next();
        }
    }

    private int next() {
        if (concealed >= silent) {
            return 0;
        }
        int sample = history[history.length - period + concealed % period];
        int strength = Math.min(silent - full, silent - concealed);
        concealed++;
        return sample * strength / (silent - full);
    }

    private void remember(short[] pcm, int samples) {
        int kept = Math.min(samples, history.length);
        System.arraycopy(history, kept, history, 0, history.length - kept);
        System.arraycopy(pcm, samples - kept, history, history.length - kept, kept);
    }

    /** The lag at which the last 20 ms look most like what came before them. */
    private int likeliestPeriod() {
        int best = shortestPeriod;
        double bestLikeness = 0;
        for (int lag = shortestPeriod; lag <= longestPeriod; lag++) {
            double likeness = likeness(lag);
            if (likeness > bestLikeness) {
                bestLikeness = likeness;
                best = lag;
            }
        }
        return best;
    }

    private double likeness(int lag) {
        long product = 0;
        long energy = 1;
        for (int i = history.length - compared; i < history.length; i++) {
            int earlier = history[i - lag];
            product += (long) history[i] * earlier;
            energy += (long) earlier * earlier;
        }
        return product <= 0 ? 0 : (double) product * product / energy;
    }
}
