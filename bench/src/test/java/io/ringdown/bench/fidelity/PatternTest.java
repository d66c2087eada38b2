package io.ringdown.bench.fidelity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PatternTest {
    private static final int PACKETS = 200_000;

    @ParameterizedTest
    @ValueSource(strings = {"random-1", "random-5", "random-20", "burst-3", "burst-10", "burst-20"})
    void asManyAreLostAsTheNameSays(String name) {
        Pattern pattern = Pattern.parse(name).getFirst();
        Pattern.Network network = pattern.network(1);
        int lost = 0;
        for (int i = 0; i < PACKETS; i++) {
            lost += network.next() == Pattern.LOST ? 1 : 0;
        }
        assertThat(100.0 * lost / PACKETS).isCloseTo(pattern.loss(), within(0.05 * pattern.loss()));
        assertThat(pattern).hasToString(name);
    }

    @Test
    void burstsAreThreePacketsLongInTheMean() {
        Pattern.Network network = new Pattern.Burst(10).network(1);
        int lost = 0;
        int bursts = 0;
        boolean wasLost = false;
        for (int i = 0; i < PACKETS; i++) {
            boolean isLost = network.next() == Pattern.LOST;
            lost += isLost ? 1 : 0;
            bursts += isLost && !wasLost ? 1 : 0;
            wasLost = isLost;
        }
        assertThat((double) lost / bursts).isCloseTo(Pattern.Burst.MEAN_BURST, within(0.1));
    }

    @Test
    void theSameSeedIsTheSameNetwork() {
        for (Pattern pattern : Pattern.usual()) {
            Pattern.Network one = pattern.network(7);
            Pattern.Network other = pattern.network(7);
            for (int i = 0; i < 1_000; i++) {
                assertThat(one.next()).isEqualTo(other.next());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "random", "random-", "random-x", "random-0", "random-51", "rain-5", "none,"})
    void whatIsNoPatternIsRefusedByName(String names) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pattern.parse(names))
                .withMessageStartingWith("--patterns: ");
    }
}
