package io.ringdown.dtmf;

/**
 * The eight frequencies of DTMF in windows of 20 ms, one every 2.5 ms. Pure; owned by one thread; allocates nothing.
 *
 * <p>Each block of 2.5 ms is correlated with the eight frequencies once, with phases that go on from block to block. A window is eight
 * blocks weighted in steps by a Hann window, so a new one costs no more than its newest block. Eight blocks tell
 * frequencies apart that are 100 Hz from each other, and the change of phase from window to window tells a frequency far
 * more exactly than that.
 */
final class ToneBank {
    /** Low group first, then the high one. */
    static final int TONES = 2 * ToneGroups.SIZE;

    static final int BLOCKS_PER_SECOND = 400;

    /** Blocks of a window. */
    static final int WINDOW = 8;

    /** The window before which phases are compared with: 5 ms, so that an offset of up to 100 Hz is unambiguous. */
    static final int PHASE_LAG = 2;

    /** Windows that are remembered: 160 ms. */
    static final int MEMORY = 64;

    private static final int SIZE = ToneGroups.SIZE;
    private static final double[] HANN = hann();
    private static final double HANN_SUM = WINDOW / 2.0;
    private static final double HANN_SQUARES = WINDOW * 3 / 8.0;

    private final int half;
    private final double[] cosines; // [tone group][sample from the middle][tone]
    private final double[] sines;
    private final double[] turns = new double[2 * BLOCKS_PER_SECOND];
    private final int[] turnsPerBlock = new int[TONES];
    private final int[] turnAt = new int[TONES];
    private final double powerScale;
    private final double audible;

    private final double[] even;
    private final double[] odd;
    private final double[] real = new double[TONES * WINDOW]; // [block][tone]
    private final double[] imaginary = new double[TONES * WINDOW];
    private final double[] energies = new double[WINDOW];
    private final double[] windowReal = new double[TONES * MEMORY]; // [window][tone]
    private final double[] windowImaginary = new double[TONES * MEMORY];
    private final double[] powers = new double[TONES * MEMORY];
    private long blocks;
    private double power;

    /** Windows whose whole power is less than {@code audible} are taken as silence. */
    ToneBank(int sampleRate, double audible) {
        this.half = sampleRate / BLOCKS_PER_SECOND / 2;
        this.audible = audible;
        this.even = new double[half];
        this.odd = new double[half];
        this.cosines = new double[TONES * half];
        this.sines = new double[TONES * half];
        this.powerScale = 2 / (4.0 * half * half * HANN_SUM * HANN_SUM);
        for (int tone = 0; tone < TONES; tone++) {
            turnsPerBlock[tone] = hertz(tone) % BLOCKS_PER_SECOND;
            for (int i = 0; i < half; i++) {
                double angle = 2 * Math.PI * hertz(tone) / sampleRate * (i + 0.5);
                int at = (tone / SIZE * half + i) * SIZE + tone % SIZE;
                cosines[at] = Math.cos(angle);
                sines[at] = -Math.sin(angle);
            }
        }
        for (int i = 0; i < BLOCKS_PER_SECOND; i++) {
            turns[2 * i] = Math.cos(2 * Math.PI * i / BLOCKS_PER_SECOND);
            turns[2 * i + 1] = -Math.sin(2 * Math.PI * i / BLOCKS_PER_SECOND);
        }
    }

    static int hertz(int tone) {
        return tone < SIZE ? ToneGroups.lowHertz(tone) : ToneGroups.highHertz(tone - SIZE);
    }

    /** Samples of a block. */
    int blockSamples() {
        return 2 * half;
    }

    /** Takes the next block. The window that ends with it is the newest one now. */
    void onBlock(short[] pcm, int offset) {
        int at = (int) (blocks % WINDOW);
        energies[at] = fold(pcm, offset);
        correlate(0, at * TONES);
        correlate(1, at * TONES);
        turn(at * TONES);
        blocks++;
        power = 0;
        for (int i = 0; i < WINDOW; i++) {
            power += HANN[i] * HANN[i] * energies[(int) ((blocks + i) % WINDOW)];
        }
        power /= 2 * half * HANN_SQUARES;
        sumWindow();
    }

    /** The number of the newest window; windows are numbered by the blocks that had come. */
    long newest() {
        return blocks;
    }

    /** The mean square of the newest window's samples. */
    double power() {
        return power;
    }

    /** The mean square of the sine of this tone in one of the last {@link #MEMORY} windows. */
    double power(long window, int tone) {
        return powers[at(window, tone)];
    }

    /** The loudest of four tones of the newest window, beginning with {@code first}. */
    int loudest(int first) {
        int loudest = first;
        for (int tone = first + 1; tone < first + SIZE; tone++) {
            if (power(blocks, tone) > power(blocks, loudest)) {
                loudest = tone;
            }
        }
        return loudest;
    }

    /** The real part of how the tone's phase has gone on in {@link #PHASE_LAG} windows, beyond what its frequency says. */
    double turnedReal(int tone) {
        int now = at(blocks, tone);
        int before = at(blocks - PHASE_LAG, tone);
        return windowReal[now] * windowReal[before] + windowImaginary[now] * windowImaginary[before];
    }

    /** The imaginary part of the same. */
    double turnedImaginary(int tone) {
        int now = at(blocks, tone);
        int before = at(blocks - PHASE_LAG, tone);
        return windowImaginary[now] * windowReal[before] - windowReal[now] * windowImaginary[before];
    }

    /** By how many Hz a sine is off its tone that turned like that. */
    static double offsetHertz(double turnedReal, double turnedImaginary) {
        return Math.atan2(turnedImaginary, turnedReal) * BLOCKS_PER_SECOND / (2 * Math.PI * PHASE_LAG);
    }

    /** By what a power is to be multiplied because its sine was off the tone: the Hann window's response, as a series. */
    static double offsetCorrection(double hertz) {
        double x = hertz * WINDOW / BLOCKS_PER_SECOND;
        double square = x * x;
        // ln((1 - x²) / sinc x) is the sum of ln(1 - x²/n²) from n = 2 on.
        return Math.exp(2 * square * (0.6449 + 0.0412 * square));
    }

    private double fold(short[] pcm, int offset) {
        double energy = 0;
        int middle = offset + half;
        for (int i = 0; i < half; i++) {
            double after = pcm[middle + i];
            double before = pcm[middle - 1 - i];
            even[i] = after + before;
            odd[i] = after - before;
            energy += after * after + before * before;
        }
        return energy;
    }

    /** About the middle of a block a cosine is even and a sine odd, which halves the work. */
    private void correlate(int group, int to) {
        double r0 = 0;
        double r1 = 0;
        double r2 = 0;
        double r3 = 0;
        double i0 = 0;
        double i1 = 0;
        double i2 = 0;
        double i3 = 0;
        for (int i = 0, at = group * half * SIZE; i < half; i++, at += SIZE) {
            double e = even[i];
            double o = odd[i];
            r0 += e * cosines[at];
            r1 += e * cosines[at + 1];
            r2 += e * cosines[at + 2];
            r3 += e * cosines[at + 3];
            i0 += o * sines[at];
            i1 += o * sines[at + 1];
            i2 += o * sines[at + 2];
            i3 += o * sines[at + 3];
        }
        int first = to + group * SIZE;
        real[first] = r0;
        real[first + 1] = r1;
        real[first + 2] = r2;
        real[first + 3] = r3;
        imaginary[first] = i0;
        imaginary[first + 1] = i1;
        imaginary[first + 2] = i2;
        imaginary[first + 3] = i3;
    }

    /** Puts the phases of a block into relation to those of all other blocks. */
    private void turn(int first) {
        for (int tone = 0; tone < TONES; tone++) {
            double cosine = turns[2 * turnAt[tone]];
            double sine = turns[2 * turnAt[tone] + 1];
            double r = real[first + tone];
            double i = imaginary[first + tone];
            real[first + tone] = r * cosine - i * sine;
            imaginary[first + tone] = r * sine + i * cosine;
            turnAt[tone] += turnsPerBlock[tone];
            if (turnAt[tone] >= BLOCKS_PER_SECOND) {
                turnAt[tone] -= BLOCKS_PER_SECOND;
            }
        }
    }

    private void sumWindow() {
        int to = at(blocks, 0);
        boolean isSilent = power < audible;
        for (int tone = 0; tone < TONES; tone++) {
            double r = 0;
            double i = 0;
            if (!isSilent) {
                for (int block = 0; block < WINDOW; block++) {
                    int from = (int) ((blocks + block) % WINDOW) * TONES + tone;
                    r += HANN[block] * real[from];
                    i += HANN[block] * imaginary[from];
                }
            }
            windowReal[to + tone] = r;
            windowImaginary[to + tone] = i;
            powers[to + tone] = powerScale * (r * r + i * i);
        }
    }

    private static int at(long window, int tone) {
        return (int) (window & (MEMORY - 1)) * TONES + tone;
    }

    private static double[] hann() {
        double[] weights = new double[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            double sine = Math.sin(Math.PI * (i + 0.5) / WINDOW);
            weights[i] = sine * sine;
        }
        return weights;
    }
}
