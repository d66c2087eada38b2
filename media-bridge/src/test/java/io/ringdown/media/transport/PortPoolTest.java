package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.PortRange;
import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PortPoolTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void everyPairIsEvenWithinTheRangeAndGivenOnce() {
        PortPool pool = new PortPool(new PortRange(20_001, 20_020), 7);
        Set<Integer> taken = new HashSet<>();
        for (OptionalInt port = pool.take(0); port.isPresent(); port = pool.take(0)) {
            assertThat(port.getAsInt()).isEven().isBetween(20_002, 20_018);
            assertThat(taken.add(port.getAsInt())).isTrue();
        }
        assertThat(taken).hasSize(9);
        assertThat(pool.inUse()).isEqualTo(9);
        assertThat(pool.exhausted()).isEqualTo(1);
    }

    @Test
    void theStartIsWhereItIsTold() {
        assertThat(new PortPool(new PortRange(20_000, 20_019), 3).take(0)).hasValue(20_006);
    }

    @Test
    void theLongestUnusedGoesFirst() {
        PortPool pool = new PortPool(new PortRange(20_000, 20_007), 0);
        int first = pool.take(0).orElseThrow();
        pool.giveBack(first, SECOND);
        assertThat(pool.take(2 * SECOND)).hasValue(20_002);
        assertThat(pool.take(2 * SECOND)).hasValue(20_004);
        assertThat(pool.take(2 * SECOND)).hasValue(20_006);
        assertThat(pool.take(40 * SECOND)).hasValue(first);
    }

    @Test
    void aPairRestsThirtySecondsAndUnderPressureFive() {
        PortPool pool = new PortPool(new PortRange(20_000, 20_001), 0);
        assertThat(pool.take(0)).hasValue(20_000);
        pool.giveBack(20_000, 0);
        assertThat(pool.hasFree(5 * SECOND - 1)).isFalse();
        assertThat(pool.take(5 * SECOND - 1)).isEmpty();
        assertThat(pool.hasFree(5 * SECOND)).isTrue();
        assertThat(pool.take(5 * SECOND)).hasValue(20_000);
        assertThat(pool.takenUnderPressure()).isEqualTo(1);
        pool.giveBack(20_000, 10 * SECOND);
        assertThat(pool.take(40 * SECOND)).hasValue(20_000);
        assertThat(pool.takenUnderPressure()).isEqualTo(1);
    }

    @Test
    void whoGoesOnWithACallMayHaveItsPairWithoutARest() {
        PortPool pool = new PortPool(new PortRange(20_000, 20_003), 0);
        assertThat(pool.reclaim(20_002)).isTrue();
        assertThat(pool.reclaim(20_002)).as("in use").isFalse();
        assertThat(pool.reclaim(30_000)).as("none of ours").isFalse();
        pool.giveBack(20_002, 0);
        assertThat(pool.reclaim(20_002)).isTrue();
        assertThat(pool.take(0)).hasValue(20_000);
        assertThat(pool.take(40 * SECOND)).isEmpty();
    }

    @Test
    void aRangeThatBeginsOddAndEndsAtTheLastPortHolds() {
        PortPool pool = new PortPool(new PortRange(65_533, 65_535), 5);
        assertThat(pool.pairs()).isEqualTo(1);
        assertThat(pool.take(0)).hasValue(65_534);
    }
}
