package io.ringdown.bench.detector;

import io.ringdown.dtmf.Digit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** So many presses under one condition, and what became of them. */
final class Trial {
    private static final String KEYS = "123A456B789C*0#D";
    private static final double[] LOW = {697, 770, 852, 941}; // ITU-T Q.23
    private static final double[] HIGH = {1_209, 1_336, 1_477, 1_633};
    private static final double SPREAD_MILLIS = 60;

    // No press is told before it has lasted 31 ms and half a window has followed, less 4 ms for the measurement.
    private static final long EARLIEST_NANOS = 37_000_000;

    private final Condition condition;
    private final Random random;
    private final List<Made> made = new ArrayList<>();

    private record Made(Digit digit, int from, int samples) {}

    /**
     * What came of it.
     *
     * @param presses how many there were
     * @param missed not heard
     * @param doubled heard once more than they were, each time counted
     * @param wrong heard as another digit
     * @param meanError of the length of those heard once, ms; positive when told too long
     * @param worstError the largest, without its sign
     */
    record Outcome(
            Condition condition, int presses, int missed, int doubled, int wrong, double meanError, double worstError) {

        double perThousand(int count) {
            return 1_000.0 * count / presses;
        }
    }

    private Trial(Condition condition, long seed) {
        this.condition = condition;
        this.random = new Random(seed);
    }

    static Outcome of(Condition condition, int presses, long seed) {
        return new Trial(condition, seed).run(presses);
    }

    private Outcome run(int presses) {
        double longest = condition.millis() + condition.pauseMillis() + SPREAD_MILLIS;
        double[] sound = new double[Sounds.samples(1_000 + presses * longest)];
        int at = Sounds.samples(600);
        for (int i = 0; i < presses; i++) {
            at = press(sound, at);
        }
        disturb(sound);
        short[] pcm = Heard.coded(Sounds.rounded(sound), condition.law());
        if (condition.disturbance() instanceof Condition.FrameLost lost) {
            made.forEach(press -> lose(pcm, press, lost.isRepeated()));
        }
        return compared(Heard.in(pcm));
    }

    private int press(double[] sound, int at) {
        int key = random.nextInt(KEYS.length());
        int from = at + random.nextInt(Sounds.FRAME);
        int samples = Sounds.samples(condition.millis());
        tone(sound, from, samples, LOW[key / 4], condition.lowOffset(), condition.lowDbm0());
        tone(sound, from, samples, HIGH[key % 4], condition.highOffset(), condition.highDbm0());
        if (condition.disturbance() instanceof Condition.Interrupted interrupted) {
            int gap = Sounds.samples(interrupted.millis());
            int edge = Sounds.samples(10);
            int start = from + edge + random.nextInt(Math.max(1, samples - gap - 2 * edge));
            Arrays.fill(sound, start, start + gap, 0);
        }
        made.add(new Made(Digit.of(KEYS.charAt(key)).orElseThrow(), from, samples));
        double spread = SPREAD_MILLIS - 20;
        return from + samples + Sounds.samples(condition.pauseMillis() + random.nextDouble() * spread);
    }

    private void tone(double[] sound, int from, int samples, double hertz, double offset, double dbm0) {
        double percent = random.nextBoolean() ? offset : -offset;
        double phase = random.nextDouble() * 2 * Math.PI;
        Sounds.addTone(sound, from, samples, hertz * (1 + percent / 100), dbm0, phase);
    }

    private void disturb(double[] sound) {
        switch (condition.disturbance()) {
            case Condition.Clean clean -> {}
            case Condition.Interrupted interrupted -> {}
            case Condition.FrameLost lost -> {}
            case Condition.DialTone dial -> {
                Sounds.addTone(sound, 0, sound.length, 350, dial.dbm0(), 0);
                Sounds.addTone(sound, 0, sound.length, 440, dial.dbm0(), 1);
            }
            case Condition.Noisy noisy -> {
                double both = 10
                        * Math.log10(Math.pow(10, condition.lowDbm0() / 10) + Math.pow(10, condition.highDbm0() / 10));
                if (noisy.isSpeechLike()) {
                    Sounds.addSpeechLike(sound, both - noisy.snr(), random);
                } else {
                    Sounds.addWhite(sound, both - noisy.snr(), random);
                }
            }
        }
    }

    private void lose(short[] pcm, Made press, boolean isRepeated) {
        int first = (press.from() + Sounds.FRAME - 1) / Sounds.FRAME;
        int last = (press.from() + press.samples()) / Sounds.FRAME; // the first that is not whole
        if (isRepeated) {
            first++; // the frame before it is one of the press too
        }
        int frame = first + random.nextInt(Math.max(1, last - first));
        if (isRepeated) {
            System.arraycopy(pcm, (frame - 1) * Sounds.FRAME, pcm, frame * Sounds.FRAME, Sounds.FRAME);
        } else {
            Arrays.fill(pcm, frame * Sounds.FRAME, (frame + 1) * Sounds.FRAME, (short) 0);
        }
    }

    private Outcome compared(List<Heard.Press> heard) {
        int[] times = new int[made.size()];
        int wrong = 0;
        double sum = 0;
        double worst = 0;
        int once = 0;
        int extra = 0;
        int next = 0;
        for (Heard.Press press : heard) {
            while (next + 1 < made.size() && nanos(made.get(next + 1).from()) + EARLIEST_NANOS <= press.toldNanos()) {
                next++;
            }
            Made meant = made.get(next);
            if (!meant.digit().equals(press.digit())) {
                wrong++;
            } else if (times[next]++ > 0) {
                extra++;
            } else {
                double error = (press.lengthNanos() - nanos(meant.samples())) / 1e6;
                sum += error;
                worst = Math.max(worst, Math.abs(error));
                once++;
            }
        }
        int missed = (int) Arrays.stream(times).filter(time -> time == 0).count();
        return new Outcome(condition, made.size(), missed, extra, wrong, once == 0 ? 0 : sum / once, worst);
    }

    private static long nanos(int samples) {
        return samples * (1_000_000_000L / Sounds.RATE);
    }
}
