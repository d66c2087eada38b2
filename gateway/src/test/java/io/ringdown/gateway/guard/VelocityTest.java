package io.ringdown.gateway.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class VelocityTest {
    private static final long SPAN = Duration.ofMinutes(10).toNanos();

    private final Velocity velocity = new Velocity(new GuardSettings.Alarm(OptionalInt.of(20), 3, Duration.ZERO));

    @Test
    void whoSlowlyCallsMoreThanBeforeIsNotUnusualAndWhoSuddenlyDoesIs() {
        long now = 0;
        for (int span = 0; span < 200; span++) {
            // From 1 to 100 calls in ten minutes over more than a day.
            for (int i = 0; i < 1 + span / 2; i++) {
                assertThat(velocity.on("call centre", now)).as("span %d", span).isFalse();
            }
            now += SPAN;
        }
        int raised = 0;
        for (int i = 0; i < 400; i++) {
            raised += velocity.on("call centre", now) ? 1 : 0;
        }
        assertThat(raised).as("told once").isEqualTo(1);
        assertThat(velocity.raised()).isEqualTo(1);
    }

    @Test
    void whatIsUsualIsForgottenByWhoDoesNotCall() {
        long now = 0;
        for (int span = 0; span < 100; span++) {
            for (int i = 0; i < 20; i++) {
                velocity.on("user", now);
            }
            now += SPAN;
        }
        for (int i = 0; i < 50; i++) {
            assertThat(velocity.on("user", now)).isFalse();
        }
        now += 1_000 * SPAN;
        boolean isRaised = false;
        for (int i = 0; i < 50; i++) {
            isRaised |= velocity.on("user", now);
        }
        assertThat(isRaised).isTrue();
    }
}
