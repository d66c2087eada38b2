package io.ringdown.media.transport;

import static io.ringdown.media.transport.StrangerWatch.Step.CLOSE;
import static io.ringdown.media.transport.StrangerWatch.Step.NOTHING;
import static io.ringdown.media.transport.StrangerWatch.Step.OPEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StrangerWatchTest {
    private static final long MILLI = 1_000_000;
    private static final long NEVER = Long.MAX_VALUE;

    private final StrangerWatch watch = new StrangerWatch();
    private final List<String> steps = new ArrayList<>();
    private long now = -77;

    @Test
    void aSilentTrunkIsLookedForThreeTimesForHalfASecond() {
        watch.expect(true, now);
        pass(3_600_000);
        assertThat(steps)
                .containsExactly("OPEN 2000", "CLOSE 2500", "OPEN 10000", "CLOSE 10500", "OPEN 30000", "CLOSE 30500");
        assertThat(watch.nextWakeup()).isEqualTo(NEVER);
    }

    @Test
    void aTrunkThatSpeaksIsLeftAlone() {
        watch.expect(true, now);
        for (int i = 0; i < 1_000; i++) {
            pass(20);
            assertThat(watch.onHeard(now)).isEqualTo(NOTHING);
        }
        assertThat(steps).isEmpty();
    }

    @Test
    void aTrunkThatBeginsWhileWeLookEndsTheLook() {
        watch.expect(true, now);
        pass(2_100);
        assertThat(watch.onHeard(now)).isEqualTo(CLOSE);
        assertThat(watch.onTime(now + 1_000 * MILLI)).isEqualTo(NOTHING);
        assertThat(watch.onTime(now + 2_000 * MILLI)).isEqualTo(OPEN);
    }

    @Test
    void whoHasBeenFoundIsNotLookedForAgain() {
        watch.expect(true, now);
        pass(2_100);
        assertThat(watch.onFound()).isEqualTo(CLOSE);
        assertThat(watch.nextWakeup()).isEqualTo(NEVER);
        assertThat(watch.expect(true, now)).isEqualTo(NOTHING);
        assertThat(watch.nextWakeup()).isEqualTo(now + 2_000 * MILLI);
    }

    @Test
    void whoNeedNotSendIsNotMissed() {
        watch.expect(false, now);
        assertThat(watch.nextWakeup()).isEqualTo(NEVER);
        watch.expect(true, now);
        pass(2_100);
        assertThat(watch.expect(false, now)).isEqualTo(CLOSE);
        assertThat(watch.nextWakeup()).isEqualTo(NEVER);
    }

    private void pass(long millis) {
        long begun = now;
        long until = now + millis * MILLI;
        while (watch.nextWakeup() <= until) {
            now = watch.nextWakeup();
            steps.add(watch.onTime(now) + " " + (now - begun) / MILLI);
        }
        now = until;
    }
}
