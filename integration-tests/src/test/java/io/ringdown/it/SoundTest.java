package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The ear itself: it must hear a tone, and must not be content with another one, with two, or with none. */
final class SoundTest {

    @Test
    void aPureToneIsHeardAtItsFrequency() {
        Sound sound = sound(t -> 0.3 * Math.sin(2 * Math.PI * 620 * t));
        Ear.hears("the ear", sound, 620);
        assertThat(sound.levelDbfs()).isBetween(-14.0, -13.0);
        assertThat(sound.levelOfDbfs(620)).isBetween(-14.0, -13.0);
        assertThat(sound.levelOfDbfs(941)).isLessThan(-50);
    }

    @Test
    void anotherToneIsNotTakenForIt() {
        Sound sound = sound(t -> 0.3 * Math.sin(2 * Math.PI * 700 * t));
        assertThatThrownBy(() -> Ear.hears("the ear", sound, 620)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aSecondToneIsNoticed() {
        Sound sound = sound(t -> 0.3 * Math.sin(2 * Math.PI * 620 * t) + 0.1 * Math.sin(2 * Math.PI * 1000 * t));
        assertThatThrownBy(() -> Ear.hears("the ear", sound, 620)).isInstanceOf(AssertionError.class);
    }

    @Test
    void silenceIsNoTone() {
        Sound silence = sound(t -> 0);
        assertThatThrownBy(() -> Ear.hears("the ear", silence, 620)).isInstanceOf(AssertionError.class);
        Ear.hearsNothing("the ear", silence);
    }

    @Test
    void aHoleInTheToneCostsLevelAndPurity() {
        Sound choppy = sound(t -> (t * 50) % 2 < 1 ? 0.3 * Math.sin(2 * Math.PI * 620 * t) : 0);
        assertThatThrownBy(() -> Ear.hears("the ear", choppy, 620)).isInstanceOf(AssertionError.class);
    }

    private static Sound sound(DoubleUnaryOperator wave) {
        double[] samples = new double[8000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = wave.applyAsDouble(i / 8000.0);
        }
        return new Sound(samples, 8000);
    }
}
