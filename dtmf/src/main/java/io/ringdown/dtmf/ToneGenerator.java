package io.ringdown.dtmf;

/**
 * Writes digits as sound (ITU-T Q.23) into 16-bit frames, to the sample: a tone begins with the first sample of the next
 * frame and may end within one, the rest of which is silence. It is phase-continuous over frame borders and rises and falls
 * within a millisecond, so that it does not click. Pure; owned by one thread; allocates nothing.
 *
 * <p>The high group is 2 dB above the low one, which makes up for what lines do to it: ETSI ES 201 235-2 §4.2.2 has −9 dBV and
 * −11 dBV, which are −6.8 and −8.8 dBm in 600 Ω. Together they stay 5 dB below what G.711 can carry.
 */
public final class ToneGenerator implements InbandSender.Tone {
    /** Level of the low group, dBm0. */
    public static final double LOW_DBM0 = -9;

    /** Level of the high group, dBm0. */
    public static final double HIGH_DBM0 = -7;

    private static final int RAMPS_PER_SECOND = 1_000;
    private static final int ENDLESS = Integer.MAX_VALUE;

    private final double radiansPerHertz;
    private final double[] ramp;
    private final Oscillator low = new Oscillator(ToneGroups.peak(LOW_DBM0));
    private final Oscillator high = new Oscillator(ToneGroups.peak(HIGH_DBM0));
    private int position;
    private int end;

    /** A silent one; {@code sampleRate} is in Hz. */
    public ToneGenerator(int sampleRate) {
        this.radiansPerHertz = 2 * Math.PI / sampleRate;
        this.ramp = new double[sampleRate / RAMPS_PER_SECOND];
        for (int i = 0; i < ramp.length; i++) {
            ramp[i] = 0.5 - 0.5 * Math.cos(Math.PI * (i + 0.5) / ramp.length);
        }
    }

    /**
     * The digit sounds from the next sample on, until {@link #endAfter} is reached.
     *
     * @throws IllegalStateException if another one still sounds
     */
    @Override
    public void begin(Digit digit) {
        if (isSounding()) {
            throw new IllegalStateException("a tone sounds already");
        }
        low.begin(ToneGroups.lowHertz(ToneGroups.row(digit)) * radiansPerHertz);
        high.begin(ToneGroups.highHertz(ToneGroups.column(digit)) * radiansPerHertz);
        position = 0;
        end = ENDLESS;
    }

    /**
     * Lets the tone last {@code samples} in all, from its first one; if that is less than what it takes to fall silent
     * from where it is, as soon as that is done. The later word counts until the tone begins to fall. Answers how many samples
     * it will be, or, of a tone that is over, has been.
     */
    @Override
    public int endAfter(int samples) {
        boolean isFalling = end - position <= ramp.length;
        if (!isFalling) {
            end = Math.max(samples, Math.max(position, ramp.length) + ramp.length);
        }
        return end;
    }

    /** Whether the next sample belongs to a tone. */
    public boolean isSounding() {
        return position < end;
    }

    /** Samples of the tone that have been written. */
    public int position() {
        return position;
    }

    /** Writes the next samples: what is left of the tone, then silence. */
    @Override
    public void fill(short[] pcm, int offset, int samples) {
        for (int i = offset; i < offset + samples; i++) {
            pcm[i] = isSounding() ? next() : 0;
        }
    }

    private short next() {
        double gain = 1;
        if (position < ramp.length) {
            gain = ramp[position];
        } else if (end - position <= ramp.length) {
            gain = ramp[end - position - 1];
        }
        position++;
        return (short) Math.round(gain * (low.next() + high.next()));
    }

    /** A sine by rotation, from phase 0 on. */
    private static final class Oscillator {
        private final double peak;
        private double cosine;
        private double sine;
        private double real;
        private double imaginary;

        Oscillator(double peak) {
            this.peak = peak;
        }

        void begin(double radiansPerSample) {
            cosine = Math.cos(radiansPerSample);
            sine = Math.sin(radiansPerSample);
            real = peak;
            imaginary = 0;
        }

        double next() {
            double sample = imaginary;
            imaginary = real * sine + imaginary * cosine;
            real = real * cosine - sample * sine;
            return sample;
        }
    }
}
