package io.ringdown.media.hearing;

/**
 * Hears what a caller who finds his way through an IVR waits for: that sound begins, that it has ended, that it beeps. Takes
 * 16-bit frames of 8000 or 16000 Hz of any size. Pure; owned by one thread; allocates nothing. Time is that of the samples.
 *
 * <p>Sound is what is 9 dB above the noise floor, which is the least power of the last three seconds; never what is below
 * −45 dBm0, so that comfort noise is silence, and always what is above −30 dBm0, however long it stays the same. Three of five
 * stretches of 10 ms begin it, so that clicks do not.
 *
 * <p>A beep is a sine of 300 to 2000 Hz that keeps its frequency and level for 80 ms to 2 s, with quiet behind it. Two tones at
 * once (DTMF, American ringing and busy tones), tones that follow each other (melodies, special information tones) and voices are
 * none. Tones of 380 to 500 Hz, which is where ITU-T E.180 has those of networks, and a tone that comes again within six seconds are
 * told as {@link Tone#CALL_PROGRESS}; the first burst of another cadence, such as a fax machine's at 1100 Hz, can only be taken for
 * a beep.
 */
public final class LineListener {
    /** How long it must be silent by default before sound counts as ended. */
    public static final long USUAL_HANG_OVER_NANOS = 700_000_000;

    private static final int RATE = 8_000;
    private static final int BLOCK = RATE / 100; // 10 ms
    private static final int PAST = 8;
    private static final long BLOCK_NANOS = 10_000_000;

    // ITU-T G.711: a sine of peak 32636 is +3.17 dBm0.
    private static final double POWER_OF_0_DBM0 = 32_636.0 * 32_636 / 2 / decibels(3.17);
    private static final double NEVER_SOUND = POWER_OF_0_DBM0 * decibels(-45);
    private static final double ALWAYS_SOUND = POWER_OF_0_DBM0 * decibels(-30);
    private static final double OVER_FLOOR = decibels(9);

    private static final int RECENT = 0b11111;
    private static final int BEGINNING = 3; // loud ones of five blocks

    private final Events events;
    private final int samplesPerSample;
    private final NoiseFloor floor = new NoiseFloor();
    private final ToneTracker tones = new ToneTracker();
    private final double[] block = new double[PAST + BLOCK]; // the end of the one before it comes first
    private int filled = PAST;
    private int halfSample;
    private boolean isHalf;

    private long hangOverNanos = USUAL_HANG_OVER_NANOS;
    private int loudness; // a bit for each of the last blocks
    private long blocks;
    private boolean isSounding;
    private long beganBlock;
    private long lastLoudBlock;

    /** What a tone is taken for. */
    public enum Tone {
        /** As an answering machine plays before it records. */
        BEEP,
        /** Of the network: ringing, busy, congestion. */
        CALL_PROGRESS
    }

    /** Told what is heard. */
    public interface Events {
        /** Sound has begun, about 30 ms ago. */
        void onSoundBegan(long now);

        /** Sound that lasted {@code lengthNanos} has ended, and it has been silent since then for {@code silentNanos}. */
        void onSoundEnded(long lengthNanos, long silentNanos, long now);

        /** A single tone is over since about 60 ms; it lasted {@code lengthNanos}, which is right within 15 ms. */
        void onTone(Tone tone, double hertz, long lengthNanos, long now);
    }

    /** {@code sampleRate} is 8000 or 16000 Hz. */
    public LineListener(int sampleRate, Events events) {
        if (sampleRate != RATE && sampleRate != 2 * RATE) {
            throw new IllegalArgumentException(sampleRate + " Hz is neither 8000 nor 16000 Hz");
        }
        this.samplesPerSample = sampleRate / RATE;
        this.events = events;
    }

    /** How long it must be silent from now on before sound counts as ended; each wait may have its own. */
    public void hangOver(long nanos) {
        hangOverNanos = nanos;
    }

    /** Whether there is sound, or silence that is not yet long enough. */
    public boolean isSounding() {
        return isSounding;
    }

    /** For how long there has been no sound, in nanoseconds of what was heard; 0 while there is. */
    public long silentNanos() {
        return (blocks - lastLoudBlock) * BLOCK_NANOS;
    }

    /** Takes the next samples. */
    public void onFrame(short[] pcm, int offset, int samples, long now) {
        for (int i = offset; i < offset + samples; i++) {
            if (samplesPerSample == 1) {
                onSample(pcm[i], now);
            } else if (isHalf) {
                isHalf = false;
                onSample((halfSample + pcm[i]) / 2, now);
            } else {
                isHalf = true;
                halfSample = pcm[i];
            }
        }
    }

    private void onSample(int sample, long now) {
        block[filled++] = sample;
        if (filled == block.length) {
            onBlock(now);
            System.arraycopy(block, BLOCK, block, 0, PAST);
            filled = PAST;
        }
    }

    private void onBlock(long now) {
        double power = 0;
        for (int i = PAST; i < block.length; i++) {
            power += block[i] * block[i] / BLOCK;
        }
        blocks++;
        floor.add(power);
        boolean isLoud = power > Math.clamp(floor.power() * OVER_FLOOR, NEVER_SOUND, ALWAYS_SOUND);
        loudness = (loudness << 1 | (isLoud ? 1 : 0)) & RECENT;
        hear(now);
        tones.add(power, isLoud ? Sine.hertz(block) : Sine.NONE);
        if (tones.isTold()) {
            events.onTone(tones.kind(blocks), tones.hertz(), tones.lengthNanos(), now);
        }
    }

    private void hear(long now) {
        if (Integer.bitCount(loudness) >= BEGINNING) {
            lastLoudBlock = blocks - Integer.numberOfTrailingZeros(loudness);
            if (!isSounding) {
                isSounding = true;
                beganBlock = blocks - (Integer.SIZE - Integer.numberOfLeadingZeros(loudness));
                events.onSoundBegan(now);
            }
        } else if (isSounding && silentNanos() >= hangOverNanos) {
            isSounding = false;
            events.onSoundEnded((lastLoudBlock - beganBlock) * BLOCK_NANOS, silentNanos(), now);
        }
    }

    private static double decibels(double decibels) {
        return Math.pow(10, decibels / 10);
    }

    /** The least power of a stretch of 20 ms in the last three seconds. */
    private static final class NoiseFloor {
        private static final int SPAN = 25; // blocks
        private static final int SPANS = 12;

        private final double[] least = new double[SPANS];
        private double last;
        private int blocks;
        private int span;

        NoiseFloor() {
            java.util.Arrays.fill(least, Double.MAX_VALUE);
        }

        void add(double power) {
            double two = blocks == 0 && span == 0 && least[0] == Double.MAX_VALUE ? power : (power + last) / 2;
            last = power;
            least[span] = Math.min(least[span], two);
            if (++blocks == SPAN) {
                blocks = 0;
                span = (span + 1) % SPANS;
                least[span] = two;
            }
        }

        double power() {
            double power = Double.MAX_VALUE;
            for (double each : least) {
                power = Math.min(power, each);
            }
            return power;
        }
    }

    /**
     * Tells a single sine and its frequency. Of a sine, x[n] + x[n-2] is 2 cos(ω) x[n-1] everywhere; noise makes errors in both
     * sides, of which the total least squares are taken. Two tones near each other in cos(ω) betray themselves four samples apart.
     */
    private static final class Sine {
        static final double NONE = 0;

        // DTMF's nearest pair, 941 and 1209 Hz, leaves 0.026; noise 27 dB below a tone leaves as much as this.
        private static final double MOST_RESIDUE = 0.012;
        private static final int FAR = 4;
        private static final double MOST_RESIDUE_FAR = 0.03; // busy tone, 480 and 620 Hz, leaves 0.18

        private Sine() {}

        static double hertz(double[] block) {
            double middles = 0;
            double products = 0;
            double sums = 0;
            for (int i = PAST; i < block.length; i++) {
                double middle = block[i - 1];
                double sum = block[i] + block[i - 2];
                middles += middle * middle;
                products += middle * sum;
                sums += sum * sum;
            }
            double difference = sums - 2 * middles;
            double cosine = 2 * products / (Math.hypot(difference, Math.sqrt(8) * products) - difference);
            double residue = sums - 4 * cosine * products + 4 * cosine * cosine * middles;
            if (!(Math.abs(cosine) < 1) || residue > MOST_RESIDUE * middles) {
                return NONE;
            }
            double radians = Math.acos(cosine);
            return farResidue(block, radians) > MOST_RESIDUE_FAR * middles ? NONE : radians * RATE / (2 * Math.PI);
        }

        private static double farResidue(double[] block, double radians) {
            double twice = 2 * Math.cos(FAR * radians);
            double residue = 0;
            for (int i = PAST; i < block.length; i++) {
                double error = block[i] + block[i - 2 * FAR] - twice * block[i - FAR];
                residue += error * error;
            }
            return residue;
        }
    }

    /** Follows a sine from block to block. */
    private static final class ToneTracker {
        private static final double LOWEST_HERTZ = 300;
        private static final double HIGHEST_HERTZ = 2_000;
        private static final double LOWEST_OF_NETWORK = 380; // ITU-T E.180: 400 to 450 Hz, and 425 Hz preferred
        private static final double HIGHEST_OF_NETWORK = 500;
        private static final int SHORTEST = 7; // blocks that are whole: 80 ms less what is at the edges
        private static final int LONGEST = 200;
        private static final int QUIET = 6;
        private static final int AGAIN = 600; // blocks

        private static final double MOST_DRIFT = 0.02;
        private static final double NOISE_HERTZ = 8; // what noise 30 dB below does to a low frequency
        private static final double MOST_SWELL = decibels(2);
        private static final double SILENT = decibels(-15);

        private int count;
        private double sumHertz;
        private double meanPower;
        private int quiet; // blocks since the tone's end
        private boolean isAlone = true;
        private boolean isEnded;
        private boolean isTold;
        private int sinceTone = AGAIN;

        private double toldHertz;
        private int toldCount;
        private double lastHertz;
        private long lastTold = -AGAIN;

        void add(double power, double hertz) {
            isTold = false;
            if (isEnded) {
                afterwards(power, hertz);
            } else if (count > 0 && hertz > Sine.NONE && goesOn(hertz, power)) {
                grow(hertz, power);
            } else if (count > 0) {
                end(power, hertz);
            } else if (hertz > Sine.NONE) {
                begin(hertz, power);
            } else {
                sinceTone++;
            }
        }

        /** Whether a tone has just been found over and alone. */
        boolean isTold() {
            return isTold;
        }

        double hertz() {
            return toldHertz;
        }

        /** The blocks at its edges, which it fills in part, are taken as one. */
        long lengthNanos() {
            return (toldCount + 1) * BLOCK_NANOS;
        }

        Tone kind(long now) {
            boolean isAgain = Math.abs(toldHertz - lastHertz) < MOST_DRIFT * lastHertz && now - lastTold < AGAIN;
            lastHertz = toldHertz;
            lastTold = now;
            boolean isOfNetwork = toldHertz > LOWEST_OF_NETWORK && toldHertz < HIGHEST_OF_NETWORK;
            return isAgain || isOfNetwork ? Tone.CALL_PROGRESS : Tone.BEEP;
        }

        private boolean goesOn(double hertz, double power) {
            double mean = sumHertz / count;
            return Math.abs(hertz - mean) <= MOST_DRIFT * mean + NOISE_HERTZ
                    && power <= meanPower * MOST_SWELL
                    && power * MOST_SWELL >= meanPower;
        }

        private void begin(double hertz, double power) {
            isAlone = sinceTone >= QUIET;
            count = 1;
            sumHertz = hertz;
            meanPower = power;
        }

        private void grow(double hertz, double power) {
            count++;
            sumHertz += hertz;
            meanPower += (power - meanPower) / count;
        }

        private void end(double power, double hertz) {
            double mean = sumHertz / count;
            if (count >= SHORTEST && count <= LONGEST && isAlone && mean >= LOWEST_HERTZ && mean <= HIGHEST_HERTZ) {
                isEnded = true;
                quiet = 0;
                toldHertz = mean;
                toldCount = count;
                return;
            }
            // The block in which a tone rises is no whole one: that is no tone before this.
            boolean wasTone = count > 1;
            count = 0;
            sinceTone = wasTone ? 0 : sinceTone + 1;
            if (hertz > Sine.NONE) {
                begin(hertz, power);
            }
        }

        private void afterwards(double power, double hertz) {
            quiet++;
            boolean isStill = power < meanPower * SILENT;
            if (isStill && quiet == QUIET) {
                isTold = true;
            }
            if (!isStill || isTold) {
                isEnded = false;
                count = 0;
                sinceTone = isTold ? QUIET : 0;
                if (hertz > Sine.NONE) {
                    begin(hertz, power);
                }
            }
        }
    }
}
