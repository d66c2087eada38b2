package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ITU-T Q.24, table 1, and what a packet network adds. The same at length, with figures: {@code ringdown bench detector}. */
class ToneDetectorTest {
    private static final int FRAME = 160;
    private static final int PRESSES = 150;

    @ParameterizedTest
    @CsvSource({"8000, 160", "8000, 80", "8000, 7", "8000, 1", "16000, 320", "16000, 333"})
    void whatTheGeneratorSaysIsHeardOnceEachWithItsLength(int rate, int frameSamples) {
        for (long seed = 1; seed <= 5; seed++) {
            Random random = new Random(seed);
            ToneGenerator generator = new ToneGenerator(rate);
            StringBuilder said = new StringBuilder();
            List<Double> lengths = new ArrayList<>();
            short[] pcm = new short[rate * 20];
            int at = 0;
            while (at < pcm.length - rate / 2) {
                Digit digit = Digit.ofEvent(random.nextInt(16)).orElseThrow();
                int length = rate / 25 + random.nextInt(rate / 10);
                int silence = rate / 25 + random.nextInt(rate / 10);
                said.append(digit.character());
                lengths.add(length * 1_000.0 / rate);
                generator.begin(digit);
                generator.endAfter(length);
                generator.fill(pcm, at, length + silence);
                at += length + silence;
            }
            List<Ear.Press> heard = Ear.hear(pcm, rate, frameSamples);
            assertThat(digits(heard)).as("seed %d", seed).isEqualTo(said.toString());
            for (int i = 0; i < heard.size(); i++) {
                assertThat(heard.get(i).millis())
                        .as("seed %d press %d", seed, i)
                        .isCloseTo(lengths.get(i), Offset.offset(4.0));
            }
        }
    }

    @ParameterizedTest
    // level of the louder tone, twist, tones off by per cent, length, white noise below the tones in dB
    @CsvSource({
        "0, 0, 0, 60, 99", "-36, 0, 0, 60, 99", "-10, 4, 0, 60, 99", "-10, -8, 0, 60, 30", "-20, 2, 1.5, 60, 99",
        "-20, -2, 1.8, 60, 30", "-10, 2, 0, 40, 99", "-25, 4, 1.5, 50, 25", "-10, 2, 0, 60, 12", "-30, 0, 0, 500, 15",
    })
    void whatQ24AcceptsIsHeardOnceWithItsLength(double dbm0, double twist, double percent, double millis, double snr) {
        long seed = Math.round(7 * dbm0 + 11 * twist + 13 * percent + 17 * millis + snr);
        Random random = new Random(seed);
        Sound sound = new Sound(8_000, 1 + PRESSES * (millis + 110) / 1_000);
        StringBuilder said = new StringBuilder();
        double at = 500;
        for (int i = 0; i < PRESSES; i++) {
            char key = Sound.KEYS.charAt(random.nextInt(16));
            said.append(key);
            double low = dbm0 - Math.max(0, twist);
            double high = dbm0 + Math.min(0, twist);
            sound.press(key, at, millis, low, high, off(percent, random), off(percent, random), random);
            at += millis + 40 + 60 * random.nextDouble();
        }
        sound.white(dbm0 - snr, random);
        List<Ear.Press> heard = Ear.hear(sound.byMuLaw(), 8_000, FRAME);
        assertThat(heard.size()).as("seed %d", seed).isBetween(PRESSES - 1, PRESSES);
        if (heard.size() == PRESSES) {
            assertThat(digits(heard)).as("seed %d", seed).isEqualTo(said.toString());
        }
        heard.forEach(press -> assertThat(press.millis()).as("seed %d", seed).isCloseTo(millis, Offset.offset(8.0)));
    }

    @ParameterizedTest
    // level, twist, low tone off by per cent, high tone, length
    @CsvSource({
        "-10, 2, 3.5, 0, 60",
        "-10, 2, 0, 3.5, 60",
        "-10, 2, 3.5, 3.5, 500",
        "-3, 0, 5, 5, 100",
        "-10, 2, 0, 0, 23",
        "-3, 0, 0, 0, 20",
        "-55, 0, 0, 0, 60",
        "-10, 12, 0, 0, 60",
        "-10, -14, 0, 0, 60",
    })
    void whatQ24RejectsIsNoPress(double dbm0, double twist, double lowPercent, double highPercent, double millis) {
        long seed = Math.round(7 * dbm0 + 11 * twist + 13 * lowPercent + 19 * highPercent + 17 * millis);
        Random random = new Random(seed);
        Sound sound = new Sound(8_000, 1 + PRESSES * (millis + 110) / 1_000);
        double at = 500;
        for (int i = 0; i < PRESSES; i++) {
            double low = dbm0 - Math.max(0, twist);
            double high = dbm0 + Math.min(0, twist);
            char key = Sound.KEYS.charAt(random.nextInt(16));
            sound.press(key, at, millis, low, high, off(lowPercent, random), off(highPercent, random), random);
            at += millis + 40 + 60 * random.nextDouble();
        }
        assertThat(Ear.hear(sound.byMuLaw(), 8_000, FRAME)).as("seed %d", seed).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLostFrameWithinAPressDoesNotDivideIt(boolean isRepeated) {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            Sound sound = new Sound(8_000, 0.5);
            double from = 200 + 20 * random.nextDouble();
            sound.press('8', from, 100, -9, -7, 1, 1, random);
            short[] pcm = sound.byMuLaw();
            int frame = (sound.at(from) + FRAME - 1) / FRAME + 1 + random.nextInt(3);
            if (isRepeated) {
                System.arraycopy(pcm, (frame - 1) * FRAME, pcm, frame * FRAME, FRAME);
            } else {
                Arrays.fill(pcm, frame * FRAME, (frame + 1) * FRAME, (short) 0);
            }
            List<Ear.Press> heard = Ear.hear(pcm, 8_000, FRAME);
            assertThat(digits(heard)).as("seed %d", seed).isEqualTo("8");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {2, 5, 10})
    void anInterruptionOfUpToTenMillisIsBridgedAndAPauseOfFortyIsNot(double gap) {
        for (long seed = 1; seed <= 100; seed++) {
            Random random = new Random(seed);
            Sound sound = new Sound(8_000, 0.6);
            sound.press('0', 100, 100, -9, -7, 1, 1, random);
            sound.press('0', 240, 100, -9, -7, 1, 1, random);
            Arrays.fill(sound.samples, sound.at(150), sound.at(150 + gap), 0);
            List<Ear.Press> heard = Ear.hear(sound.byMuLaw(), 8_000, FRAME);
            assertThat(digits(heard)).as("seed %d", seed).isEqualTo("00");
            assertThat(heard)
                    .as("seed %d", seed)
                    .allSatisfy(press -> assertThat(press.millis()).isCloseTo(100, Offset.offset(4.0)));
        }
    }

    @Test
    void anotherDigitWithoutAPauseIsAnotherPress() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            char first = Sound.KEYS.charAt(random.nextInt(16));
            char second = Sound.KEYS.charAt(random.nextInt(16));
            if (first == second) {
                continue;
            }
            Sound sound = new Sound(8_000, 0.5);
            sound.press(first, 100, 70, -9, -7, 1, 1, random);
            sound.press(second, 170, 70, -9, -7, 1, 1, random);
            assertThat(digits(Ear.hear(sound.byMuLaw(), 8_000, FRAME)))
                    .as("seed %d", seed)
                    .isEqualTo("" + first + second);
        }
    }

    @Test
    void aDigitIsHeardOverDialTone() {
        Random random = new Random(3);
        Sound sound = new Sound(8_000, 2);
        sound.tone(0, 2_000, 350, -13, 0);
        sound.tone(0, 2_000, 440, -13, 1);
        sound.press('6', 1_000, 80, -9, -7, 1, 1, random);
        assertThat(digits(Ear.hear(sound.byMuLaw(), 8_000, FRAME))).isEqualTo("6");
    }

    @Test
    void whatElseIsHeardOnLinesIsNoPress() {
        Random random = new Random(4);
        double[][] tones = {
            {350, 440},
            {440, 480},
            {480, 620},
            {425},
            {400, 450},
            {950},
            {1_400},
            {1_100},
            {2_100},
            {1_300, 2_100},
            {697},
            {1_209},
            {697, 770},
            {1_209, 1_477},
            {697, 1_209, 1_477},
            {700, 900},
            {1_380, 1_500},
        };
        for (double[] each : tones) {
            Sound sound = new Sound(8_000, 3);
            for (double hertz : each) {
                sound.tone(200, 500, hertz, -10, random.nextDouble() * 7);
                sound.tone(1_200, 1_500, hertz, -10, random.nextDouble() * 7);
            }
            assertThat(Ear.hear(sound.byMuLaw(), 8_000, FRAME))
                    .as(Arrays.toString(each))
                    .isEmpty();
        }
    }

    @Test
    void tenMinutesOfVowelsWithoutAPauseHoldFewDigitsAndNoiseHoldsNone() {
        long seed = 5;
        Sound vowels = new Sound(8_000, 600);
        vowels.vowels(new Random(seed));
        assertThat(Ear.hear(vowels.byMuLaw(), 8_000, FRAME)).as("seed %d", seed).hasSizeLessThanOrEqualTo(15);
        Sound noise = new Sound(8_000, 60);
        noise.white(-12, new Random(seed));
        assertThat(Ear.hear(noise.byMuLaw(), 8_000, FRAME)).as("seed %d", seed).isEmpty();
    }

    @Test
    void aPressIsToldWhileItLastsAndClosedWhenNoFramesCome() {
        Sound sound = new Sound(8_000, 0.4);
        sound.press('1', 0, 400, -9, -7, 1, 1, new Random(6));
        Ear ear = new Ear(8_000);
        ear.listen(Arrays.copyOf(sound.pcm(), 8 * 60), FRAME);
        assertThat(ear.started).isEqualTo(1);
        ear.listen(Arrays.copyOfRange(sound.pcm(), 8 * 60, 8 * 200), FRAME);
        assertThat(ear.grownNanos).isBetween(180_000_000L, 200_000_000L);
        assertThat(ear.presses).isEmpty();

        assertThat(ear.detector.nextWakeup()).isEqualTo(ear.now + TelephoneEventReceiver.SILENCE_NANOS);
        ear.detector.onTime(ear.detector.nextWakeup() - 1);
        assertThat(ear.presses).isEmpty();
        ear.detector.onTime(ear.detector.nextWakeup());
        assertThat(digits(ear.presses)).isEqualTo("1");
        assertThat(ear.presses.getFirst().millis()).isCloseTo(200, Offset.offset(15.0));
        assertThat(ear.detector.nextWakeup()).isEqualTo(Long.MAX_VALUE);
    }

    private static double off(double percent, Random random) {
        return 1 + (random.nextBoolean() ? percent : -percent) / 100;
    }

    private static String digits(List<Ear.Press> presses) {
        StringBuilder digits = new StringBuilder();
        presses.forEach(press -> digits.append(press.digit()));
        return digits.toString();
    }
}
