package io.ringdown.sip.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.stream.KeepAlive.Step;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** RFC 5626 4.4.1 in virtual time. */
final class KeepAliveTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private static KeepAlive every30() {
        return new KeepAlive(30 * SECOND, 0);
    }

    @Test
    void peerIsAskedWhenNothingHasComeForSoLong() {
        KeepAlive alive = every30();
        assertThat(alive.nextWakeup()).isEqualTo(30 * SECOND);
        alive.onMessage(20 * SECOND);
        assertThat(alive.onTime(30 * SECOND)).isEqualTo(Step.NOTHING);
        assertThat(alive.nextWakeup()).isEqualTo(50 * SECOND);
        assertThat(alive.onTime(50 * SECOND)).isEqualTo(Step.ASK);
    }

    @Test
    void peerThatHasAnsweredOnceAndNoLongerDoesIsDead() {
        KeepAlive alive = every30();
        assertThat(alive.onTime(30 * SECOND)).isEqualTo(Step.ASK);
        assertThat(alive.onLineEnd(31 * SECOND)).isEqualTo(Step.NOTHING);
        assertThat(alive.onTime(61 * SECOND)).isEqualTo(Step.ASK);
        assertThat(alive.nextWakeup()).isEqualTo(71 * SECOND);
        assertThat(alive.onTime(71 * SECOND)).isEqualTo(Step.CLOSE);
        assertThat(alive.nextWakeup()).isEqualTo(KeepAlive.NEVER);
    }

    @Test
    void peerThatNeverAnswersMayNotKnowTheQuestion() {
        KeepAlive alive = every30();
        int asked = 0;
        for (long now = 0; now < 3600 * SECOND; now = alive.nextWakeup()) {
            Step step = alive.onTime(now);
            assertThat(step).isNotEqualTo(Step.CLOSE);
            asked += step == Step.ASK ? 1 : 0;
        }
        assertThat(asked).isEqualTo(119);
    }

    @Test
    void anythingThatComesIsALifeSign() {
        KeepAlive alive = every30();
        alive.onTime(30 * SECOND);
        alive.onLineEnd(31 * SECOND);
        assertThat(alive.onTime(61 * SECOND)).isEqualTo(Step.ASK);
        alive.onMessage(62 * SECOND);
        assertThat(alive.nextWakeup()).isEqualTo(92 * SECOND);
    }

    @Test
    void twoLineEndsAreAQuestionAndOneIsNone() {
        KeepAlive alive = new KeepAlive(0, 0);
        assertThat(alive.nextWakeup()).isEqualTo(KeepAlive.NEVER);
        assertThat(alive.onLineEnd(SECOND)).isEqualTo(Step.NOTHING);
        assertThat(alive.onLineEnd(SECOND)).isEqualTo(Step.ANSWER);
        assertThat(alive.onLineEnd(5 * SECOND)).isEqualTo(Step.NOTHING);
        assertThat(alive.onLineEnd(9 * SECOND)).isEqualTo(Step.NOTHING);
    }

    @Test
    void questionOfThePeerIsNoAnswerToOurs() {
        KeepAlive alive = every30();
        alive.onTime(30 * SECOND);
        assertThat(alive.onLineEnd(31 * SECOND)).isEqualTo(Step.NOTHING);
        assertThat(alive.onLineEnd(31 * SECOND)).isEqualTo(Step.ANSWER);
        assertThat(alive.onTime(61 * SECOND)).isEqualTo(Step.ASK);
        assertThat(alive.onTime(71 * SECOND)).isEqualTo(Step.NOTHING);
    }
}
