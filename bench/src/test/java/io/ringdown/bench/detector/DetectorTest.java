package io.ringdown.bench.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.ringdown.media.codec.AudioCodec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kit itself: that it counts what it says, and would see a detector that misses, doubles or makes up digits. */
final class DetectorTest {
    @Test
    void pressesOfTheUsualKindAreAllHeardOnceByBothLaws() {
        for (AudioCodec law : List.of(AudioCodec.PCMU, AudioCodec.PCMA)) {
            Trial.Outcome outcome = Trial.of(Condition.usual("usual").by(law), 200, 3);
            assertThat(outcome.missed() + outcome.doubled() + outcome.wrong()).isZero();
            assertThat(outcome.worstError()).isBetween(0.1, 5.0);
        }
    }

    @Test
    void aPressThatIsDividedIsCountedAsDoubledAndOneThatIsTooShortAsMissed() {
        Condition divided = Condition.usual("divided").lasting(200, 100).with(new Condition.Interrupted(50));
        Trial.Outcome outcome = Trial.of(divided, 200, 3);
        assertThat(outcome.doubled()).isBetween(100, 200);
        assertThat(Trial.of(Condition.usual("short").lasting(15, 60), 200, 3).missed())
                .isEqualTo(200);
    }

    @Test
    void theSignalsAreThereAndTheUsualOnesHoldNoDigit() {
        for (Signals signal : List.of(Signals.DIAL_TONE, Signals.BUSY, Signals.SPECIAL_INFORMATION, Signals.BUZZ)) {
            double[] sound = signal.sound(1);
            double power = 0;
            for (double sample : sound) {
                power += sample * sample / sound.length;
            }
            assertThat(Math.sqrt(power)).as(signal.what()).isGreaterThan(Sounds.rms(-35));
            assertThat(Heard.in(sound, AudioCodec.PCMU)).as(signal.what()).isEmpty();
        }
    }

    @Test
    void optionsAreReadAndWhatIsNoneIsSaid() {
        DetectorOptions options = DetectorOptions.parse(List.of("--presses", "50", "--minutes", "0"));
        assertThat(options.presses()).isEqualTo(50);
        assertThat(options.minutes()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DetectorOptions.parse(List.of("--presses", "0")))
                .withMessage("--presses: 0 is no number from 1 to 100000");
    }
}
