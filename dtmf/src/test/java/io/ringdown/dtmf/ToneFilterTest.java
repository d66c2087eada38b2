package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ToneFilterTest {
    private static final int PRESSES = Boolean.getBoolean("ringdown.full") ? 20_000 : 1_500;
    private static final double[] LENGTHS = {40, 41, 45, 50, 65, 80, 100, 100, 150, 250, 500, 1_000, 2_000, 6_000};

    /** A press within what ITU-T Q.24 asks of receivers, alone on a line with some noise. */
    private record Trial(
            int rate,
            char key,
            double from,
            double millis,
            double low,
            double high,
            double off,
            double snr,
            int frame) {
        static Trial random(Random random) {
            double twist = 12 * random.nextDouble() - 8;
            double louder = -3 - 30 * random.nextDouble();
            double weaker = louder - Math.abs(twist);
            return new Trial(
                    random.nextBoolean() ? 8_000 : 16_000,
                    Sound.KEYS.charAt(random.nextInt(16)),
                    200 + 100 * random.nextDouble(),
                    LENGTHS[random.nextInt(LENGTHS.length)],
                    twist > 0 ? weaker : louder,
                    twist > 0 ? louder : weaker,
                    1 + 0.03 * (random.nextDouble() - 0.5),
                    20 + 40 * random.nextDouble(),
                    1 + random.nextInt(400));
        }

        Sound sound(Random random) {
            Sound sound = new Sound(rate, (from + millis + 400) / 1_000);
            sound.press(key, from, millis, low, high, off, off, random);
            sound.white(Math.min(low, high) - snr, random);
            return sound;
        }
    }

    @Test
    void ofAnyDigitNothingIsLeftAndNothingBesideItIsTaken() {
        int left = 0;
        double worst = 0;
        for (int seed = 1; seed <= PRESSES; seed++) {
            Random random = new Random(seed);
            Trial trial = Trial.random(random);
            Sound sound = trial.sound(random);
            short[] pcm = random.nextBoolean() ? sound.byMuLaw() : sound.pcm();
            short[] out = filtered(pcm, trial.rate(), trial.frame(), true);
            double millis = (sound.at(trial.from() + trial.millis())
                            - sound.at(trial.from())
                            - silent(out, delayed(sound, trial.from()), delayed(sound, trial.from() + trial.millis())))
                    * 1_000.0
                    / trial.rate();
            left += millis > 0 ? 1 : 0;
            worst = Math.max(worst, millis);
            assertThat(millis).as("ms left, seed %d: %s", seed, trial).isLessThanOrEqualTo(1);
            int before = delayed(sound, trial.from() - 15);
            int after = delayed(sound, trial.from() + trial.millis() + 15);
            int end = out.length - sound.at(10);
            assertThat(Arrays.copyOfRange(out, delayed(sound, 0), before))
                    .as("before it, seed %d: %s", seed, trial)
                    .isEqualTo(Arrays.copyOfRange(pcm, 0, before - delayed(sound, 0)));
            assertThat(Arrays.copyOfRange(out, after, end))
                    .as("after it, seed %d: %s", seed, trial)
                    .isEqualTo(Arrays.copyOfRange(pcm, after - delayed(sound, 0), end - delayed(sound, 0)));
        }
        System.out.printf("%d presses: something left of %d, %.1f ms at most%n", PRESSES, left, worst);
    }

    @Test
    void ofADigitWhoseFramesWereLostNoPieceIsLeftThatIsLongEnoughToBeHeardAsOne() {
        for (int seed = 1; seed <= PRESSES; seed++) {
            Random random = new Random(seed);
            Trial trial = Trial.random(random);
            Sound sound = trial.sound(random);
            short[] pcm = sound.byMuLaw();
            int frame = trial.rate() / 50;
            for (int at = 0; at + frame <= pcm.length; at += frame) {
                if (random.nextInt(4) == 0) {
                    Arrays.fill(pcm, at, at + frame, (short) 0);
                }
            }
            short[] out = filtered(pcm, trial.rate(), trial.frame(), true);
            int longest = 0;
            int length = 0;
            for (int i = delayed(sound, trial.from()); i < delayed(sound, trial.from() + trial.millis()); i++) {
                length = out[i] == 0 && out[i - 1] == 0 ? 0 : length + 1;
                longest = Math.max(longest, length);
            }
            assertThat(longest).as("samples, seed %d: %s", seed, trial).isLessThanOrEqualTo(sound.at(22));
        }
    }

    @Test
    void soundIsTheSameToTheSampleOnlyLaterAndOfVowelsWithoutEndLittleIsTakenForPiecesOfDigits() {
        int taken = 0;
        int all = 0;
        for (long seed = 1; seed <= 5; seed++) {
            Sound sound = new Sound(8_000, 20);
            sound.vowels(new Random(seed));
            short[] pcm = sound.pcm();
            int delay = sound.at(ToneFilter.DELAY_MILLIS);
            short[] before = Arrays.copyOfRange(pcm, 0, pcm.length - delay);
            short[] as = filtered(pcm, 8_000, 160, false);
            assertThat(Arrays.copyOfRange(as, delay, as.length))
                    .as("seed %d", seed)
                    .isEqualTo(before);
            short[] out = filtered(pcm, 8_000, 160, true);
            for (int i = 0; i < before.length; i++) {
                boolean isTaken = out[i + delay] != before[i];
                if (isTaken && out[i + delay] != 0) {
                    throw new AssertionError("seed " + seed + ": sample " + i + " is another");
                }
                taken += isTaken ? 1 : 0;
            }
            all += before.length;
        }
        assertThat(taken).isLessThan(all / 40);
    }

    @Test
    void aDigitWhoseBeginningWasSpokenOverIsRemovedFromWhereItIsAlone() {
        for (long seed = 1; seed <= 50; seed++) {
            Random random = new Random(seed);
            Sound sound = new Sound(8_000, 3);
            sound.vowels(random);
            Arrays.fill(sound.samples, sound.at(1_500), sound.samples.length, 0);
            sound.press('5', 1_000, 1_500, -20, -20, 1, 1, random);
            sound.white(-60, random);
            short[] out = filtered(sound.pcm(), 8_000, 160, true);
            int from = delayed(sound, 1_500 + 20);
            int to = delayed(sound, 2_500);
            assertThat(silent(out, from, to)).as("seed %d", seed).isEqualTo(to - from);
        }
    }

    @Test
    void whatIsNotAskedForIsNotRemoved() {
        Sound sound = new Sound(8_000, 1);
        sound.press('5', 300, 200, -10, -10, 1, 1, new Random(1));
        short[] pcm = sound.pcm();
        short[] out = filtered(pcm, 8_000, 160, false);
        int delay = delayed(sound, 0);
        assertThat(Arrays.copyOfRange(out, delay, out.length))
                .isEqualTo(Arrays.copyOfRange(pcm, 0, pcm.length - delay));
    }

    @Test
    void askedForInMidDigitWhatHasNotComeOutIsRemovedAndWhatCameThenStaysSo() {
        Sound sound = new Sound(8_000, 1);
        sound.press('5', 300, 200, -10, -10, 1, 1, new Random(1));
        short[] pcm = sound.pcm();
        ToneFilter filter = new ToneFilter(8_000);
        for (int at = 0; at < pcm.length; at += 160) {
            filter.remove(at >= sound.at(360) && at < sound.at(440));
            filter.filter(pcm, at, 160);
        }
        // From 360 ms on what comes out came 80 ms before.
        assertThat(loudest(pcm, sound.at(360), delayed(sound, 440))).isZero();
        assertThat(loudest(pcm, delayed(sound, 440), delayed(sound, 500))).isPositive();
    }

    @Test
    void soundBesideATelephoneEventIsRemovedHoweverShortItIs() {
        Sound sound = new Sound(8_000, 1);
        sound.press('5', 300, 25, -10, -10, 1, 1, new Random(1));
        sound.press('5', 420, 20, -10, -10, 1, 1, new Random(2));
        short[] pcm = sound.pcm();
        ToneFilter filter = new ToneFilter(8_000);
        filter.remove(true);
        for (int at = 0; at < pcm.length; at += 160) {
            if (at >= sound.at(340) && at < sound.at(420)) {
                filter.onEvent();
            }
            filter.filter(pcm, at, 160);
        }
        assertThat(loudest(pcm, 0, pcm.length)).isZero();
    }

    private static short[] filtered(short[] pcm, int rate, int frame, boolean isRemoving) {
        ToneFilter filter = new ToneFilter(rate);
        filter.remove(isRemoving);
        short[] out = pcm.clone();
        for (int at = 0; at < out.length; at += frame) {
            filter.filter(out, at, Math.min(frame, out.length - at));
        }
        return out;
    }

    private static int delayed(Sound sound, double millis) {
        return sound.at(millis) + sound.at(ToneFilter.DELAY_MILLIS);
    }

    private static int silent(short[] pcm, int from, int to) {
        int silent = 0;
        for (int i = from; i < to; i++) {
            silent += pcm[i] == 0 ? 1 : 0;
        }
        return silent;
    }

    private static int loudest(short[] pcm, int from, int to) {
        int loudest = 0;
        for (int i = from; i < to; i++) {
            loudest = Math.max(loudest, Math.abs(pcm[i]));
        }
        return loudest;
    }
}
