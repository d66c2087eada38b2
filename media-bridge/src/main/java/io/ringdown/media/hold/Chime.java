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
            add(sum, start, rate, HERTZ[note], PEAK);
            add(sum, start, rate, 2 * HERTZ[note], PEAK * OVERTONE);
        }
        short[] pcm = new short[sum.length];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) Math.round(sum[i]);
        }
        return pcm;
    }

    /** A pointer that turns and shrinks from sample to sample: a gateway that starts does not wait for two million sines. */
    private static void add(double[] sum, int start, int rate, double hertz, double peak) {
        double shrink = Math.exp(-1 / (DECAY_SECONDS * rate));
        double turn = 2 * Math.PI * hertz / rate;
        double cosine = shrink * Math.cos(turn);
        double sine = shrink * Math.sin(turn);
        double x = peak;
        double y = 0;
        for (int i = 0; i < AUDIBLE_SECONDS * rate; i++) {
            sum[(start + i) % sum.length] += Math.min(1, i / (ATTACK_SECONDS * rate)) * y;
            double next = x * cosine - y * sine;
            y = x * sine + y * cosine;
            x = next;
        }
    }
}
