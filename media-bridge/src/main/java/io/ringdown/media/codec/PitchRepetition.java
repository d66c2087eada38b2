package io.ringdown.media.codec;

/**
 * What takes the place of missing speech at 8 kHz: the last period of the voice over and over, full for 10 ms, then fading to
 * silence by 60 ms, and faded into what comes after. The idea is that of ITU-T G.711 Appendix I without its delay. One thread
 * at a time; allocates nothing and its work is bounded.
 */
final class PitchRepetition {
    private static final int SAMPLES_PER_MILLI = 8;
    private static final int SHORTEST_PERIOD = 5 * SAMPLES_PER_MILLI; // 200 Hz
    private static final int LONGEST_PERIOD = 15 * SAMPLES_PER_MILLI; // 66 Hz
    private static final int COMPARED = 20 * SAMPLES_PER_MILLI;
    private static final int HISTORY = LONGEST_PERIOD + COMPARED;
    private static final int FULL = 10 * SAMPLES_PER_MILLI;
    private static final int SILENT = 60 * SAMPLES_PER_MILLI;
    private static final int FADE_IN = 4 * SAMPLES_PER_MILLI;

    private final short[] history = new short[HISTORY];
    private int period = SHORTEST_PERIOD;
    private int concealed;

    /** Takes what was received; its first milliseconds are changed in place after a gap. */
    void onReceived(short[] pcm, int samples) {
        if (concealed > 0) {
            int faded = Math.min(FADE_IN, samples);
            for (int i = 0; i < faded; i++) {
                int made = next();
                pcm[i] = (short) (made + (pcm[i] - made) * i / FADE_IN);
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
        if (concealed >= SILENT) {
            return 0;
        }
        int sample = history[HISTORY - period + concealed % period];
        int strength = Math.min(SILENT - FULL, SILENT - concealed);
        concealed++;
        return sample * strength / (SILENT - FULL);
    }

    private void remember(short[] pcm, int samples) {
        int kept = Math.min(samples, HISTORY);
        System.arraycopy(history, kept, history, 0, HISTORY - kept);
        System.arraycopy(pcm, samples - kept, history, HISTORY - kept, kept);
    }

    /** The lag at which the last 20 ms look most like what came before them. */
    private int likeliestPeriod() {
        int best = SHORTEST_PERIOD;
        double bestLikeness = 0;
        for (int lag = SHORTEST_PERIOD; lag <= LONGEST_PERIOD; lag++) {
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
        for (int i = HISTORY - COMPARED; i < HISTORY; i++) {
            int earlier = history[i - lag];
            product += (long) history[i] * earlier;
            energy += (long) earlier * earlier;
        }
        return product <= 0 ? 0 : (double) product * product / energy;
    }
}
