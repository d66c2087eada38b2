package io.ringdown.dtmf;

/**
 * Sound without the digits in it: what comes out is what came in, {@link #DELAY_MILLIS} later, with silence in place of every
 * tone that {@link ToneDetector} takes for a press, from its first millisecond to its last, and of pieces of tones from some 20 ms
 * on. Where nothing is to be removed it is the same to the sample, as late. Pure; owned by one thread; allocates nothing.
 *
 * <p>A detector knows a tone some 41 ms after it has begun, and its end as late; the sound is kept so long, and longer for tones
 * that begin badly. Shorter pieces are not removed, nor is what louder sound covers.
 */
public final class ToneFilter {
    /** How much later the sound comes out. */
    public static final int DELAY_MILLIS = 80;

    // Below what a receiver must understand (ITU-T Q.24: −25 dBm): whoever has the recording may amplify it.
    private static final double FLOOR_DBM0 = -45;

    // What the detector says of a beginning and an end is some 3 ms exact, and codecs smear a tone's edges.
    private static final int MARGIN_MILLIS = 8;

    // Gateways let a tone's beginning through until they know it, and send events from then on; and its echo behind it.
    private static final int LEAK_MILLIS = 60;

    // A tone of which packets were lost comes in pieces, which are no digits to a receiver by Q.24, but to others they
    // are. So
    // many windows of 20 ms in a row, 2.5 ms apart, are a piece; in speech that is rare: 40 ms a minute.
    private static final int LEAST_WINDOWS = 3;

    private static final int FRAME_MILLIS = 20;
    private static final int KEPT_MILLIS = 128; // the delay and a frame, in a power of two of samples
    private static final long NOWHERE = Long.MAX_VALUE;

    private final ToneDetector detector;
    private final int sampleRate;
    private final int margin;
    private final int delay;
    private final short[] kept;
    private final boolean[] isWanted; // by sample: it came while digits were to be removed
    private final boolean[] isDigit;
    private long written;
    private long pressFrom = NOWHERE;
    private long leakUntil;
    private boolean isRemoving;

    /** A filter of sound at {@code sampleRate}, 8000 or 16000 Hz, that removes nothing yet. */
    public ToneFilter(int sampleRate) {
        this.sampleRate = sampleRate;
        this.margin = samples(MARGIN_MILLIS);
        this.delay = samples(DELAY_MILLIS);
        this.kept = new short[samples(KEPT_MILLIS)];
        this.isWanted = new boolean[kept.length];
        this.isDigit = new boolean[kept.length];
        this.detector = ToneDetector.ofEverything(sampleRate, FLOOR_DBM0, new Marks(), new Pieces());
    }

    /**
     * Whether digits are removed from what comes in from now on, and from what has not come out yet. What came in while they were
     * is never heard.
     */
    public void remove(boolean wanted) {
        isRemoving = wanted;
    }

    /**
     * The sender says by a telephone-event (RFC 4733) that a digit sounds just now: what it let through of the tone itself is
     * removed, however short it is.
     */
    public void onEvent() {
        mark(written - samples(LEAK_MILLIS), written);
        leakUntil = Math.max(leakUntil, written + samples(LEAK_MILLIS));
    }

    /** Takes the next samples, and puts those in their place that are due. */
    public void filter(short[] pcm, int offset, int samples) {
        int frame = samples(FRAME_MILLIS);
        for (int done = 0; done < samples; done += frame) {
            step(pcm, offset + done, Math.min(frame, samples - done));
        }
    }

    private void step(short[] pcm, int offset, int samples) {
        for (int i = 0; i < samples; i++) {
            int at = at(written + i);
            kept[at] = pcm[offset + i];
            isWanted[at] = isRemoving;
            isDigit[at] = written + i < leakUntil;
        }
        written += samples;
        detector.onFrame(pcm, offset, samples, written * 1_000_000_000L / sampleRate);
        for (int i = 0; i < samples; i++) {
            long due = written - samples + i - delay;
            int at = at(due);
            boolean isRemoved = (isDigit[at] || due >= pressFrom) && (isWanted[at] || isRemoving);
            pcm[offset + i] = isRemoved ? 0 : kept[at];
        }
    }

    private void mark(long from, long to) {
        for (long each = Math.max(from, written - kept.length); each < Math.min(to, written); each++) {
            isDigit[at(each)] = true;
        }
    }

    private int at(long position) {
        return (int) (position & (kept.length - 1));
    }

    private int samples(int millis) {
        return sampleRate / 1_000 * millis;
    }

    /** Marks pieces of tones, whether a press comes of them or not. */
    private final class Pieces implements ToneDetector.Pairs {
        private final int block = sampleRate / ToneBank.BLOCKS_PER_SECOND;
        private int pair;
        private long last;
        private long first;

        @Override
        public void onPair(long window, int heard) {
            if (window != last + 1 || heard != pair) {
                first = window;
                pair = heard;
            }
            last = window;
            if (window - first + 1 >= LEAST_WINDOWS) {
                long end = window * block + margin;
                mark((first - ToneBank.WINDOW) * block - margin, end);
                leakUntil = Math.max(leakUntil, end);
            }
        }
    }

    /** Marks presses. */
    private final class Marks implements Presses {
        private long begin;

        @Override
        public void onPressStarted(long press, Digit digit, long now) {
            begin = Math.round(detector.pressBeginBlocks() * sampleRate / ToneBank.BLOCKS_PER_SECOND);
            pressFrom = begin - margin;
        }

        @Override
        public void onPressEnded(long press, Digit digit, long lengthNanos, long now) {
            long end = begin + lengthNanos * sampleRate / 1_000_000_000L;
            mark(pressFrom, end + margin);
            pressFrom = NOWHERE;
        }
    }
}
