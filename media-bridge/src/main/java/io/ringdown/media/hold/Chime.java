package io.ringdown.media.hold;

/** Single notes that swell and die away, one after the other, and over the end into the beginning. Made, not recorded. */
final class Chime {
    private static final double SECONDS_APART = 2;
    private static final double ATTACK_SECONDS = 0.03;
    private static final double DECAY_SECONDS = 0.7;
    private static final double AUDIBLE_SECONDS = 6; // by then it is 74 dB softer
    private static final double PEAK =
            4_000; // −18 dBFS, and most of the time far below: somebody may listen to this for long
    private static final double OVERTONE = 0.15;

    // D, A, B, F sharp, E, A, F sharp, D: a scale of five notes, in which no two disagree.
    private static final double[] HERTZ = {587.33, 880, 987.77, 739.99, 659.26, 880, 739.99, 587.33};

    private Chime() {}

    static short[] pcm(int rate) {
        double[] sum = new double[(int) (HERTZ.length * SECONDS_APART * rate)];
        for (int note = 0; note < HERTZ.length; note++) {
            int start = (int) (note * SECONDS_APART * rate);
            for (int i = 0; i < AUDIBLE_SECONDS * rate; i++) {
                sum[(start + i) % sum.length] += note(HERTZ[note], (double) i / rate);
            }
        }
        short[] pcm = new short[sum.length];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) Math.round(sum[i]);
        }
        return pcm;
    }

    private static double note(double hertz, double seconds) {
        double swell = Math.min(1, seconds / ATTACK_SECONDS);
        double turn = 2 * Math.PI * hertz * seconds;
        return PEAK * swell * Math.exp(-seconds / DECAY_SECONDS) * (Math.sin(turn) + OVERTONE * Math.sin(2 * turn));
    }
}
