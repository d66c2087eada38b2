package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ComfortNoiseTest {
    private final ComfortNoise noise = new ComfortNoise();
    private final short[] frame = new short[160];
    private final Random random = new Random(1);

    @Test
    void beforeAnythingWasHeardItIsSilence() {
        assertThat(made()).isZero();
    }

    @Test
    void itIsAsLoudAsTheRoomBetweenTheWords() {
        for (int i = 0; i < 400; i++) {
            hear(i % 40 < 30 ? 3_000 : 40);
        }
        assertThat(decibels(made() / 40)).isCloseTo(0, within(2.0));
    }

    @Test
    void itFollowsARoomThatBecomesLouder() {
        for (int i = 0; i < 400; i++) {
            hear(10);
        }
        for (int i = 0; i < 250; i++) { // 5 s
            hear(60);
        }
        assertThat(decibels(made() / 60)).isCloseTo(0, within(2.0));
    }

    @Test
    void itIsNeverTakenForSound() {
        for (int i = 0; i < 400; i++) {
            hear(8_000); // a tone without a pause
        }
        assertThat(20 * Math.log10(made() / 32_768)).isCloseTo(-50, within(1.0));
    }

    @Test
    void aRoomThatIsDigitallySilentStaysSo() {
        for (int i = 0; i < 400; i++) {
            hear(0);
        }
        assertThat(made()).isZero();
    }

    @Test
    void whatTheSenderTellsHoldsUntilItIsHeardAgain() {
        noise.onTold(66);
        assertThat(20 * Math.log10(made() / 32_768)).isCloseTo(-66, within(1.0));
        noise.onTold(20);
        assertThat(20 * Math.log10(made() / 32_768)).isCloseTo(-50, within(1.0));
        hear(20);
        assertThat(decibels(made() / 20)).isCloseTo(0, within(2.0));
    }

    private void hear(int rms) {
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (short) Math.round(random.nextGaussian() * rms);
        }
        noise.onSound(frame, frame.length, 1);
    }

    private double made() {
        short[] pcm = new short[8_000];
        noise.fill(pcm, pcm.length);
        double energy = 0;
        for (short sample : pcm) {
            energy += (double) sample * sample;
        }
        return Math.sqrt(energy / pcm.length);
    }

    private static double decibels(double ratio) {
        return 20 * Math.log10(ratio);
    }
}
