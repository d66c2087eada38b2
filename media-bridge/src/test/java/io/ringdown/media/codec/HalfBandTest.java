package io.ringdown.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HalfBandTest {
    private static final int FRAME = 320;
    private static final int FRAMES = 50;

    @ParameterizedTest
    @ValueSource(ints = {50, 300, 1_000, 2_000, 3_000, 3_400})
    void halvingLeavesTheTelephonesBandAsItIs(int hertz) {
        short[] heard = halved(Tones.tone(hertz, 16_000, FRAMES * FRAME, 16_000));
        assertThat(gain(heard, 16_000)).isBetween(-0.1, 0.1);
        assertThat(Tones.share(heard, 800, 4_000, hertz, 8_000)).isGreaterThan(0.9999);
    }

    @ParameterizedTest
    @ValueSource(ints = {4_600, 5_000, 6_000, 7_000, 7_900})
    void nothingThatAliasesIsLeft(int hertz) {
        assertThat(gain(halved(Tones.tone(hertz, 16_000, FRAMES * FRAME, 16_000)), 16_000))
                .isLessThan(-55);
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 300, 1_000, 2_000, 3_000, 3_400})
    void twiceTheRateIsTheSameSoundWithoutAnImage(int hertz) {
        short[] heard = twice(Tones.tone(hertz, 8_000, FRAMES * FRAME / 2, 16_000));
        assertThat(gain(heard, 16_000)).isBetween(-0.1, 0.1);
        double image = 10 * Math.log10(Tones.share(heard, 1_600, 8_000, 8_000 - hertz, 16_000) + 1e-12);
        assertThat(image).isLessThan(-55);
    }

    @Test
    void bothAfterEachOtherAreADelay() {
        short[] tone = Tones.tone(1_000, 8_000, 1_600, 16_000);
        HalfBand up = new HalfBand();
        HalfBand down = new HalfBand();
        short[] wide = new short[3_200];
        short[] narrow = new short[1_600];
        assertThat(up.twice(tone, 1_600, wide)).isEqualTo(3_200);
        assertThat(down.halve(wide, 3_200, narrow)).isEqualTo(1_600);
        double noise = 0;
        for (int i = 800; i < 1_600; i++) {
            double expected = 16_000 * Math.sin(2 * Math.PI * 1_000 * (i - 24.5) / 8_000);
            noise = Math.max(noise, Math.abs(narrow[i] - expected));
        }
        assertThat(noise).isLessThan(60);
    }

    @Test
    void fullScaleIsNotTurnedOver() {
        short[] square = new short[FRAMES * FRAME];
        for (int i = 0; i < square.length; i++) {
            square[i] = i / 40 % 2 == 0 ? Short.MAX_VALUE : Short.MIN_VALUE;
        }
        short[] heard = halved(square);
        for (int i = 100; i < heard.length; i++) {
            int position = (2 * i - 25 + 40_000) % 40;
            if (position > 5 && position < 35) {
                assertThat(Integer.signum(heard[i])).isEqualTo(Integer.signum(square[2 * i - 25]));
            }
        }
    }

    @Test
    void aConstantStaysWhatItIs() {
        short[] constant = new short[FRAME];
        Arrays.fill(constant, (short) 12_345);
        HalfBand down = new HalfBand();
        HalfBand up = new HalfBand();
        down.halve(constant, FRAME, constant);
        assertThat(Arrays.copyOfRange(constant, 26, FRAME / 2)).containsOnly((short) 12_345);
        short[] wide = new short[FRAME];
        up.twice(Arrays.copyOfRange(constant, 26, FRAME / 2), FRAME / 2 - 26, wide);
        assertThat(Arrays.copyOfRange(wide, 60, FRAME - 52)).containsOnly((short) 12_345);
    }

    /** In frames, as streams come. */
    private static short[] halved(short[] pcm) {
        HalfBand band = new HalfBand();
        short[] all = new short[pcm.length / 2];
        short[] frame = new short[FRAME];
        for (int i = 0; i < pcm.length / FRAME; i++) {
            System.arraycopy(pcm, i * FRAME, frame, 0, FRAME);
            assertThat(band.halve(frame, FRAME, frame)).isEqualTo(FRAME / 2);
            System.arraycopy(frame, 0, all, i * FRAME / 2, FRAME / 2);
        }
        return all;
    }

    private static short[] twice(short[] pcm) {
        HalfBand band = new HalfBand();
        short[] all = new short[pcm.length * 2];
        short[] narrow = new short[FRAME / 2];
        short[] wide = new short[FRAME];
        for (int i = 0; i < pcm.length / narrow.length; i++) {
            System.arraycopy(pcm, i * narrow.length, narrow, 0, narrow.length);
            assertThat(band.twice(narrow, narrow.length, wide)).isEqualTo(FRAME);
            System.arraycopy(wide, 0, all, i * FRAME, FRAME);
        }
        return all;
    }

    private static double gain(short[] heard, int amplitude) {
        return 20 * Math.log10(Tones.rms(heard, 800, 4_000) / (amplitude / Math.sqrt(2)) + 1e-9);
    }
}
