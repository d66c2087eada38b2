package io.ringdown.dtmf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToneGeneratorTest {
    private static final Digit FIVE = Digit.of('5').orElseThrow();

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000})
    void aToneIsTheSameWhateverTheFramesAndEndsWithItsLastSample(int rate) {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            Digit digit = Digit.ofEvent(random.nextInt(16)).orElseThrow();
            int length = rate / 25 + random.nextInt(rate / 5);
            short[] whole = new short[2 * length];
            ToneGenerator generator = new ToneGenerator(rate);
            generator.begin(digit);
            generator.endAfter(length);
            generator.fill(whole, 0, whole.length);

            short[] inFrames = new short[whole.length];
            ToneGenerator other = new ToneGenerator(rate);
            other.begin(digit);
            for (int at = 0; at < inFrames.length; ) {
                int samples = Math.min(inFrames.length - at, 1 + random.nextInt(rate / 50));
                if (length - at <= rate / 25) {
                    other.endAfter(length); // known late, as an in-band sender learns it
                }
                other.fill(inFrames, at, samples);
                at += samples;
            }

            assertThat(Arrays.mismatch(inFrames, whole))
                    .as("first difference, rate %d seed %d", rate, seed)
                    .isEqualTo(-1);
            int last = whole.length - 1;
            while (whole[last] == 0) {
                last--;
            }
            assertThat(last).as("last sample, rate %d seed %d", rate, seed).isBetween(length - 4, length - 1);
            assertThat(generator.isSounding()).isFalse();
            assertThat(generator.position()).isEqualTo(length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8_000, 16_000})
    void everyDigitIsItsTwoFrequenciesAtTheirLevelsAndNothingElse(int rate) {
        for (int event = 0; event < 16; event++) {
            Digit digit = Digit.ofEvent(event).orElseThrow();
            short[] second = new short[rate];
            ToneGenerator generator = new ToneGenerator(rate);
            generator.begin(digit);
            generator.fill(new short[rate], 0, rate / 100); // the rise
            generator.fill(second, 0, rate);

            int key = Sound.KEYS.indexOf(digit.character());
            double low = level(second, rate, new int[] {697, 770, 852, 941}[key / 4]);
            double high = level(second, rate, new int[] {1_209, 1_336, 1_477, 1_633}[key % 4]);
            assertThat(low).isCloseTo(-9, Offset.offset(0.05));
            assertThat(high).isCloseTo(-7, Offset.offset(0.05));
            double all = 0;
            for (short sample : second) {
                all += (double) sample * sample / rate;
            }
            double tones = (Math.pow(Sound.peak(low), 2) + Math.pow(Sound.peak(high), 2)) / 2;
            assertThat((all - tones) / tones).as("what is not the two tones").isBetween(-1e-4, 1e-4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 100, 161})
    void aToneToldToEndAtOnceFallsWithinAMillisecondWithoutAClick(int sounded) {
        ToneGenerator generator = new ToneGenerator(8_000);
        generator.begin(FIVE);
        short[] pcm = new short[400];
        generator.fill(pcm, 0, sounded);
        assertThat(generator.endAfter(0)).isEqualTo(Math.max(sounded, 8) + 8);
        generator.fill(pcm, sounded, pcm.length - sounded);
        // At full strength the two tones step by 13 000 from sample to sample at most; the first and the last steps are
        // small.
        int end = Math.max(sounded, 8) + 8;
        assertThat(Math.abs(pcm[0])).isLessThan((short) 400);
        assertThat(Math.abs(pcm[end - 1])).isLessThan((short) 400);
        assertThat(Arrays.copyOfRange(pcm, end, pcm.length)).containsOnly((short) 0);
        assertThat(generator.endAfter(9_999))
                .as("a tone that is over stays over")
                .isEqualTo(end);
    }

    @ParameterizedTest
    @ValueSource(chars = {'5', '#'})
    void aSecondToneWaitsForTheFirst(char second) {
        ToneGenerator generator = new ToneGenerator(8_000);
        generator.begin(FIVE);
        assertThatIllegalStateException()
                .isThrownBy(() -> generator.begin(Digit.of(second).orElseThrow()))
                .withMessage("a tone sounds already");
    }

    /** In dBm0, by correlation over a whole second, which tells whole Hz apart exactly. */
    private static double level(short[] second, int rate, int hertz) {
        double real = 0;
        double imaginary = 0;
        for (int i = 0; i < rate; i++) {
            real += second[i] * Math.cos(2 * Math.PI * hertz * i / rate);
            imaginary += second[i] * Math.sin(2 * Math.PI * hertz * i / rate);
        }
        return 20 * Math.log10(2 * Math.hypot(real, imaginary) / rate / Sound.peak(0));
    }
}
