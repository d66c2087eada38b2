package io.ringdown.dtmf;

import org.jspecify.annotations.Nullable;

/**
 * Hears digits in sound: 16-bit frames to presses, one press per tone, with its length (ITU-T Q.23, Q.24). Pure; owned by one
 * thread; allocates nothing. Time is that of the samples. Where frames are missing, give it what fills the gap, or nothing and
 * call {@link #onTime} when {@link #nextWakeup} says so.
 *
 * <p>What Q.24's table 1 asks of a receiver in its strictest columns holds: ±1.5 % off is accepted and ±3.5 % is not; the high
 * group may be 4 dB above to 8 dB below the low one; 40 ms are a press and 23 ms are none; interruptions of 10 ms are bridged and
 * pauses of 40 ms divide. So that speech is no press, the two tones must be nearly all that there is to hear beside what was there
 * before, at steady frequencies, all the time.
 *
 * <p>A press is told about 41 ms after it has begun, and its end about 40 ms after it has ended, since a gap of one lost packet
 * (20 ms) is no end.
 */
public final class ToneDetector {
    /** The level below which a tone is not heard unless another one is asked for, dBm0. */
    public static final double USUAL_FLOOR_DBM0 = -38;

    private static final long NANOS_PER_BLOCK = 1_000_000_000L / ToneBank.BLOCKS_PER_SECOND;
    private static final double BLOCKS_PER_MILLI = ToneBank.BLOCKS_PER_SECOND / 1_000.0;

    // Q.24: 40 ms is a press, 23 ms (AT&T) or 24 ms (NTT) is none. In the middle.
    private static final double LEAST_BLOCKS = 31 * BLOCKS_PER_MILLI;

    // A lost packet makes a gap of 20 ms; Q.24: a pause may be as short as 30 ms (NTT), mostly 40 ms.
    private static final double MOST_GAP_BLOCKS = 31 * BLOCKS_PER_MILLI;

    // Twist that Q.24 asks for, +4 and -8 dB, and something for the measurement.
    private static final double MOST_HIGH_OVER_LOW = decibels(6);
    private static final double LEAST_HIGH_OVER_LOW = decibels(-10);

    // Q.24: 1.5 % (AT&T), 1.8 % (NTT) must be accepted, 3.0 % (NTT), 3.5 % (AT&T) not.
    private static final double MOST_OFFSET = 0.024;

    // Of these, the more is asked the fewer words are taken for digits and the more digits are missed in noise: chosen
    // where
    // `bench detector` misses none at 12 dB of noise like speech.
    private static final double LEAST_SHARE = 0.80; // of the power of each window that counts
    private static final double LEAST_MEAN_SHARE = 0.90;
    private static final int LEAST_MATCHES = 6;
    private static final int LEAST_COMPARED = 3;
    private static final double LEAST_COHERENCE = 0.985; // that of phases that stray by 0.17 rad, or 5.5 Hz
    private static final double BACKGROUND_BIAS = 1.3; // the least of noise is that much below its mean

    private static final double MOST_CORRECTION = 3; // at 1.5 * MOST_OFFSET of 1209 Hz, the most that counts
    private static final double FALLEN = 0.25; // in power: half of a window has been in the tone
    private static final int WINDOW_MIDDLE = ToneBank.WINDOW / 2;

    private final ToneBank bank;
    private final Presses presses;
    private final double floor;
    private final @Nullable Pairs pairs;
    private final Background background = new Background();
    private final short[] pending;
    private int pendingSamples;
    private long lastFrameNanos;

    private final Tracked low = new Tracked();
    private final Tracked high = new Tracked();
    private State state = State.IDLE;
    private boolean isThere;
    private long firstMatch;
    private long lastMatch;
    private long matchBefore;
    private int matches;
    private int compared;
    private double pairPower;
    private double restPower;
    private double pairSum;
    private double restSum;
    private double beginBlocks;
    private double fellBlocks;
    private double gapBlocks;
    private long press;
    private long pressCount;

    /** What is being heard. */
    private enum State {
        /** No pair. */
        IDLE,
        /** A pair that may become a press. */
        TRIED,
        /** A pair that is none of ours although it looks like one, until it is over. */
        REFUSED,
        /** A press. */
        PRESSED
    }

    /** One tone of the pair. */
    private static final class Tracked {
        int tone;
        double peak;
        double turnedReal;
        double turnedImaginary;
        double turned;

        void begin(int newTone) {
            tone = newTone;
            peak = 0;
            forget();
        }

        void forget() {
            turnedReal = 0;
            turnedImaginary = 0;
            turned = 0;
        }

        void rise(ToneBank bank) {
            peak = Math.max(peak, bank.power(bank.newest(), tone));
        }

        void compare(ToneBank bank) {
            double r = bank.turnedReal(tone);
            double i = bank.turnedImaginary(tone);
            turnedReal += r;
            turnedImaginary += i;
            turned += Math.hypot(r, i);
        }

        boolean isThere(ToneBank bank) {
            return bank.power(bank.newest(), tone) >= FALLEN * peak;
        }

        boolean isSteady() {
            return Math.hypot(turnedReal, turnedImaginary) >= LEAST_COHERENCE * turned;
        }

        boolean isInTune() {
            return Math.abs(ToneBank.offsetHertz(turnedReal, turnedImaginary)) <= MOST_OFFSET * ToneBank.hertz(tone);
        }
    }

    /** A detector of tones down to {@link #USUAL_FLOOR_DBM0}. {@code sampleRate} is 8000 or 16000 Hz. */
    public ToneDetector(int sampleRate, Presses presses) {
        this(sampleRate, USUAL_FLOOR_DBM0, presses);
    }

    /** A detector of pairs whose weaker tone has at least {@code floorDbm0}. */
    public ToneDetector(int sampleRate, double floorDbm0, Presses presses) {
        this(sampleRate, floorDbm0, null, presses);
    }

    private ToneDetector(int sampleRate, double floorDbm0, @Nullable Pairs pairs, Presses presses) {
        this.pairs = pairs;
        double peak = ToneGroups.peak(floorDbm0);
        this.floor = peak * peak / 2;
        this.bank = new ToneBank(sampleRate, floor / 4);
        this.pending = new short[bank.blockSamples()];
        this.presses = presses;
    }

    /** Told of each window that is filled by a pair, whether a press comes of it or not. */
    @FunctionalInterface
    interface Pairs {
        /** The window that ends with this block, counted from 1, and a number for the pair. */
        void onPair(long window, int pair);
    }

    /**
     * A detector that rather hears too much: a tone whose beginning other sound has covered is a press too, which has begun where
     * it is known from; and windows are told on their own.
     */
    static ToneDetector ofEverything(int sampleRate, double floorDbm0, Presses presses, Pairs pairs) {
        return new ToneDetector(sampleRate, floorDbm0, pairs, presses);
    }

    /** Takes the next samples; any number of them. */
    public void onFrame(short[] pcm, int offset, int samples, long now) {
        lastFrameNanos = now;
        int at = offset;
        int end = offset + samples;
        if (pendingSamples > 0) {
            int wanted = Math.min(pending.length - pendingSamples, samples);
            System.arraycopy(pcm, at, pending, pendingSamples, wanted);
            pendingSamples += wanted;
            at += wanted;
            if (pendingSamples < pending.length) {
                return;
            }
            pendingSamples = 0;
            onBlock(pending, 0, now);
        }
        for (; end - at >= pending.length; at += pending.length) {
            onBlock(pcm, at, now);
        }
        System.arraycopy(pcm, at, pending, 0, end - at);
        pendingSamples = end - at;
        if (state == State.PRESSED && isThere) {
            presses.onPressGrown(press, nanos(middle() - beginBlocks), now);
        }
    }

    /** Ends a press when no frames come any more. */
    public void onTime(long now) {
        if (state != State.IDLE && now - nextWakeup() >= 0) {
            close(now);
        }
    }

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    public long nextWakeup() {
        return state == State.IDLE ? Long.MAX_VALUE : lastFrameNanos + TelephoneEventReceiver.SILENCE_NANOS;
    }

    /** Ends what is heard now, at the length known: the stream is gone. */
    public void close(long now) {
        if (isThere) {
            fellBlocks = middle();
        }
        finish(now);
    }

    /** When the press that is told just now began, in blocks of 2.5 ms since the first sample. */
    double pressBeginBlocks() {
        return beginBlocks;
    }

    /** Presses begun so far. */
    public long pressCount() {
        return pressCount;
    }

    private void onBlock(short[] pcm, int offset, long now) {
        bank.onBlock(pcm, offset);
        int row = bank.loudest(0);
        int column = bank.loudest(ToneGroups.SIZE);
        boolean isPair = isPair(row, column);
        Pairs listening = pairs;
        if (isPair && listening != null) {
            listening.onPair(bank.newest(), row * ToneBank.TONES + column);
        }
        if (state != State.IDLE) {
            boolean isSame = row == low.tone && column == high.tone;
            follow(isPair && isSame, now);
            // Another pair than the one that was tried is what a tone's beginning had been taken for.
            if (isPair && !isSame && (!isThere || state != State.PRESSED)) {
                finish(now);
            }
        }
        if (state == State.IDLE) {
            background.add(bank.power());
            if (isPair) {
                begin(row, column);
            }
        }
    }

    /** Whether the newest window is nearly filled by these two tones. */
    private boolean isPair(int row, int column) {
        double lowPower = bank.power(bank.newest(), row);
        double highPower = bank.power(bank.newest(), column);
        double rest = bank.power() - Math.min(BACKGROUND_BIAS * background.power(), bank.power() / 2);
        // Off frequency they have more power than shows, but not that much.
        if (Math.min(lowPower, highPower) * MOST_CORRECTION < floor
                || (lowPower + highPower) * MOST_CORRECTION < LEAST_SHARE * rest) {
            return false;
        }
        double lowTrue = corrected(row, lowPower);
        double highTrue = corrected(column, highPower);
        pairPower = lowTrue + highTrue;
        restPower = rest;
        return lowTrue >= floor
                && highTrue >= floor
                && highTrue <= MOST_HIGH_OVER_LOW * lowTrue
                && highTrue >= LEAST_HIGH_OVER_LOW * lowTrue
                && pairPower >= LEAST_SHARE * rest;
    }

    private double corrected(int tone, double power) {
        double offset = ToneBank.offsetHertz(bank.turnedReal(tone), bank.turnedImaginary(tone));
        double most = 1.5 * MOST_OFFSET * ToneBank.hertz(tone);
        return Math.abs(offset) > most ? 0 : power * ToneBank.offsetCorrection(offset);
    }

    private void begin(int row, int column) {
        low.begin(row);
        high.begin(column);
        state = State.TRIED;
        isThere = true;
        firstMatch = bank.newest();
        lastMatch = 0;
        gapBlocks = 0;
        forget();
        match();
    }

    private void forget() {
        matches = 0;
        compared = 0;
        pairSum = 0;
        restSum = 0;
        low.forget();
        high.forget();
    }

    private void match() {
        long before = bank.newest() - ToneBank.PHASE_LAG;
        boolean isComparable = lastMatch == before || matchBefore == before;
        matchBefore = lastMatch;
        lastMatch = bank.newest();
        matches++;
        pairSum += pairPower;
        restSum += restPower;
        low.rise(bank);
        high.rise(bank);
        // A window at the edge of a tone has another middle, and so another phase.
        if (isComparable) {
            compared++;
            low.compare(bank);
            high.compare(bank);
        }
    }

    private void follow(boolean isMatch, long now) {
        boolean wasThere = isThere;
        isThere = low.isThere(bank) && high.isThere(bank);
        if (wasThere && !isThere) {
            fellBlocks = crossing(bank.newest());
        } else if (!wasThere && isThere) {
            gapBlocks += crossing(bank.newest()) - fellBlocks;
        }
        if (isMatch) {
            match();
        }
        if (!isThere && middle() - fellBlocks > MOST_GAP_BLOCKS) {
            finish(now);
        } else if (state == State.TRIED && isThere) {
            judge(now);
        }
    }

    private void judge(long now) {
        long first = firstWindow();
        if (first == oldestKnown() && pairs == null) {
            // It has been there unnoticed, as a part of something: what was taken for background may be the pair
            // itself.
            state = State.REFUSED;
            return;
        }
        beginBlocks = crossing(first);
        if (middle() - beginBlocks - gapBlocks < LEAST_BLOCKS || matches < LEAST_MATCHES || compared < LEAST_COMPARED) {
            return;
        }
        if (pairSum < LEAST_MEAN_SHARE * restSum || !low.isSteady() || !high.isSteady()) {
            // Speech; or a lost frame that was filled with one like it, whose phases do not fit: what follows may do.
            forget();
        } else if (low.isInTune() && high.isInTune()) {
            state = State.PRESSED;
            press = pressCount++;
            presses.onPressStarted(press, digit(), now);
        } else {
            state = State.REFUSED;
        }
    }

    private void finish(long now) {
        boolean wasPressed = state == State.PRESSED;
        state = State.IDLE;
        isThere = false;
        if (wasPressed) {
            presses.onPressEnded(press, digit(), nanos(fellBlocks - beginBlocks), now);
        }
    }

    private Digit digit() {
        return ToneGroups.digit(low.tone, high.tone - ToneGroups.SIZE);
    }

    /** When the middle of the newest window was, in blocks since the stream began. */
    private double middle() {
        return bank.newest() - WINDOW_MIDDLE;
    }

    /** The first window of which the later of the two tones fills half. */
    private long firstWindow() {
        long window = firstMatch;
        while (window > oldestKnown()
                && bank.power(window - 1, low.tone) >= FALLEN * low.peak
                && bank.power(window - 1, high.tone) >= FALLEN * high.peak) {
            window--;
        }
        return Math.max(window, oldestKnown());
    }

    private long oldestKnown() {
        return bank.newest() - ToneBank.MEMORY + 2;
    }

    /** When between this window and the one before one of the tones rose to half of its amplitude, or fell to it. */
    private double crossing(long window) {
        double after = relativeAmplitude(window);
        double before = relativeAmplitude(window - 1);
        double half = Math.sqrt(FALLEN);
        double part = after == before ? 0 : Math.clamp((half - before) / (after - before), 0, 1);
        return window - 1 - WINDOW_MIDDLE + part;
    }

    private double relativeAmplitude(long window) {
        return Math.sqrt(Math.min(bank.power(window, low.tone) / low.peak, bank.power(window, high.tone) / high.peak));
    }

    private static long nanos(double blocks) {
        return Math.round(Math.max(0, blocks) * NANOS_PER_BLOCK);
    }

    private static double decibels(double decibels) {
        return Math.pow(10, decibels / 10);
    }

    /**
     * What there is to hear all the time, such as noise or a dial tone: the least power of any window in the last 400 ms before a
     * pair, if it is about the same in each eighth of them. Speech is not that steady.
     */
    private static final class Background {
        private static final int WINDOWS = 20; // 50 ms
        private static final int SPANS = 8;
        private static final double MOST_SPREAD = decibels(3);

        private final double[] least = new double[SPANS];
        private double power;
        private int windows;
        private int span;

        void add(double windowPower) {
            least[span] = windows == 0 ? windowPower : Math.min(least[span], windowPower);
            if (++windows == WINDOWS) {
                windows = 0;
                span = (span + 1) % SPANS;
                summarise();
            }
        }

        private void summarise() {
            double lowest = Double.MAX_VALUE;
            double highest = 0;
            for (double each : least) {
                lowest = Math.min(lowest, each);
                highest = Math.max(highest, each);
            }
            power = highest <= MOST_SPREAD * lowest ? lowest : 0;
        }

        double power() {
            return power;
        }
    }
}
