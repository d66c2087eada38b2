package io.ringdown.media.bridge;

/**
 * The quiet of a room: noise as loud as the quietest that was lately heard of it, or as the sender has told, for when nothing
 * else comes. On a line that is digitally silent people ask whether somebody is still there. Never louder than −50 dBFS,
 * whatever was heard: it must not be taken for sound. Before anything was heard, and where the room itself is silent, it is
 * silence. Owned by one thread; allocates nothing.
 */
final class ComfortNoise {
    private static final double LOUDEST_RMS = 32_768 * 0.00316; // −50 dBFS
    private static final double FAINTEST_RMS = 1; // below one step of 16 bits, silence is as good

    private static final double FAINT_RMS = 16; // −66 dBFS
    private static final double ABOVE_NOISE = 1.6; // 4 dB

    // The quietest of 2 to 4 s: nobody speaks that long without a pause.
    private static final int WINDOW_SAMPLES = 16_000;

    // Uniform noise of amplitude 1 has a power of 1/3, and so has the low-pass below of what it is given.
    private static final double RMS_TO_AMPLITUDE = 3;

    private double windowLeast = Double.MAX_VALUE;
    private double earlierLeast = Double.MAX_VALUE;
    private int windowSamples;
    private double toldRms = -1;
    private int random = 0x2545F491;
    private double smoothed;

    /** Takes sound of the room into account: {@code samples} of what stands for {@code share} times as many. */
    void onSound(short[] pcm, int samples, int share) {
        if (samples == 0) {
            return;
        }
        long energy = 0;
        for (int i = 0; i < samples; i++) {
            energy += (long) pcm[i] * pcm[i];
        }
        toldRms = -1;
        windowLeast = Math.min(windowLeast, (double) energy / samples);
        windowSamples += samples * share;
        if (windowSamples >= WINDOW_SAMPLES) {
            windowSamples = 0;
            earlierLeast = windowLeast;
            windowLeast = Double.MAX_VALUE;
        }
    }

    /** The sender says how loud the noise is; this holds until it is heard again. */
    void onTold(int minusDbov) {
        toldRms = 32_768 * Math.pow(10, -minusDbov / 20.0);
    }

    /** How loud the noise is, as root mean square; 0 for silence. */
    double rms() {
        double least = Math.min(windowLeast, earlierLeast);
        double heard = least == Double.MAX_VALUE ? 0 : Math.sqrt(least);
        double rms = toldRms >= 0 ? toldRms : heard;
        return rms < FAINTEST_RMS ? 0 : Math.min(rms, LOUDEST_RMS);
    }

    /** Whether nothing but the room is heard in this. */
    boolean isQuiet(short[] pcm, int samples) {
        long energy = 0;
        for (int i = 0; i < samples; i++) {
            energy += (long) pcm[i] * pcm[i];
        }
        double most = Math.max(FAINT_RMS, rms() * ABOVE_NOISE);
        return energy <= most * most * samples;
    }

    /** Makes noise; softer towards the high frequencies, as rooms are. */
    void fill(short[] pcm, int samples) {
        double amplitude = rms() * RMS_TO_AMPLITUDE / Integer.MAX_VALUE;
        for (int i = 0; i < samples; i++) {
            random ^= random << 13;
            random ^= random >>> 17;
            random ^= random << 5;
            smoothed += (random * amplitude - smoothed) / 2;
            pcm[i] = (short) Math.round(smoothed);
        }
    }
}
