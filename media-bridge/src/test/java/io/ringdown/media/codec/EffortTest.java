package io.ringdown.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class EffortTest {
    private static final int RATE = 8_000;
    private static final int FRAME = 160;

    @ParameterizedTest
    @CsvSource({"10, '10,5,2,0'", "5, '5,2,0'", "3, '3,2,0'", "0, '0'"})
    void eachStepIsACheaperComplexity(int configured, String ladder) {
        Effort effort = new Effort(configured);
        int[] seen = new int[effort.steps() + 1];
        for (int step = 0; step <= effort.steps(); step++) {
            effort.step(step);
            seen[step] = effort.complexity();
        }
        assertThat(seen)
                .containsExactly(Arrays.stream(ladder.split(",", -1))
                        .mapToInt(Integer::parseInt)
                        .toArray());
        assertThatIllegalArgumentException().isThrownBy(() -> effort.step(effort.steps() + 1));
    }

    /** What an encoder writes depends on its complexity, so it shows whether the change came through, and only when it was made. */
    @ParameterizedTest
    @EnumSource(OpusSettings.Engine.class)
    void encodersTakeAChangeUpInMidStream(OpusSettings.Engine engine) {
        Codecs codecs = Codecs.load(new OpusSettings(24_000, 10, engine));
        Effort changing = new Effort(10);
        try (AudioEncoder steady = codecs.with(new Effort(10)).encoder(AudioCodec.OPUS, RATE);
                AudioEncoder changed = codecs.with(changing).encoder(AudioCodec.OPUS, RATE)) {
            assertThat(differing(steady, changed, 1)).as("before").isZero();
            changing.step(changing.steps());
            assertThat(differing(steady, changed, 2)).as("after").isPositive();
        }
    }

    private static int differing(AudioEncoder one, AudioEncoder other, long seed) {
        Random random = new Random(seed);
        int differing = 0;
        for (int i = 0; i < 50; i++) {
            short[] pcm = new short[FRAME];
            for (int k = 0; k < FRAME; k++) {
                pcm[k] = (short) (8_000 * Math.sin(0.05 * (1 + i % 7) * k) + 500 * random.nextGaussian());
            }
            byte[] first = new byte[400];
            byte[] second = new byte[400];
            int length = one.encode(pcm, FRAME, first, 0, first.length);
            boolean same = other.encode(pcm, FRAME, second, 0, second.length) == length && Arrays.equals(first, second);
            differing += same ? 0 : 1;
        }
        return differing;
    }
}
