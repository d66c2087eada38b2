package io.ringdown.sip.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.sip.HealthSettings;
import io.ringdown.sip.health.TargetHealth.State;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One address over minutes, in virtual time. */
final class TargetHealthTest {
    private static final HealthSettings CALLS_ONLY = HealthSettings.defaults();
    private static final HealthSettings PINGED =
            new HealthSettings(Duration.ofSeconds(10), 3, Duration.ofSeconds(10), Duration.ofMinutes(5));

    private long now = Duration.ofHours(1).toNanos();

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private TargetHealth down(TargetHealth health) {
        for (int i = 0; i < 3; i++) {
            health.onFailure(now);
        }
        assertThat(health.state(now)).isEqualTo(State.DOWN);
        return health;
    }

    // Lets time pass second by second; each ping is answered or not. Gives how many there were.
    private int live(TargetHealth health, Duration time, boolean there) {
        int pings = 0;
        long until = now + time.toNanos();
        while (now < until) {
            health.onTime(now);
            if (health.takePing()) {
                pings++;
                if (there) {
                    health.onPingAnswered(now);
                } else {
                    pass(Duration.ofSeconds(4));
                    health.onPingUnanswered(now);
                }
            }
            pass(Duration.ofSeconds(1));
        }
        return pings;
    }

    @Test
    void threeFailuresInARowAndNotTwoTakeAnAddressOut() {
        TargetHealth health = new TargetHealth(CALLS_ONLY, now);
        for (int i = 0; i < 10; i++) {
            health.onFailure(now);
            health.onFailure(now);
            assertThat(health.state(now)).isEqualTo(State.SUSPECT);
            assertThat(health.mayCarry(now)).isTrue();
            health.onAlive(now);
            assertThat(health.state(now)).isEqualTo(State.UP);
        }
        down(health);
        assertThat(health.mayCarry(now)).isFalse();
    }

    @Test
    void withoutPingsOneCallTriesAgainWhenTheTimeIsOver() {
        TargetHealth health = down(new TargetHealth(CALLS_ONLY, now));
        pass(Duration.ofMillis(9_900));
        assertThat(health.mayCarry(now)).isFalse();
        pass(Duration.ofMillis(200));
        assertThat(health.mayCarry(now)).isTrue();
        assertThat(health.mayCarry(now)).isFalse();
        health.onAlive(now);
        assertThat(health.mayCarry(now)).isTrue();
        assertThat(health.mayCarry(now)).isTrue();
    }

    @Test
    void aTrialOfWhichNothingIsHeardMakesRoomForTheNext() {
        TargetHealth health = down(new TargetHealth(CALLS_ONLY, now));
        pass(Duration.ofSeconds(11));
        assertThat(health.mayCarry(now)).isTrue();
        pass(TargetHealth.TRIAL);
        assertThat(health.mayCarry(now)).isTrue();
    }

    @Test
    void eachFailedTrialDoublesTheTimeUpToTheMost() {
        TargetHealth health = down(new TargetHealth(CALLS_ONLY, now));
        for (long seconds : new long[] {10, 20, 40, 80, 160, 300, 300}) {
            pass(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(health.mayCarry(now)).as("before %d s", seconds).isFalse();
            pass(Duration.ofMillis(1));
            assertThat(health.mayCarry(now)).as("after %d s", seconds).isTrue();
            health.onFailure(now);
        }
    }

    @Test
    void whoHasBeenWellForLongIsForgiven() {
        TargetHealth health = down(new TargetHealth(CALLS_ONLY, now));
        pass(Duration.ofSeconds(10));
        assertThat(health.mayCarry(now)).isTrue();
        health.onAlive(now);
        pass(Duration.ofMinutes(1));
        down(health);
        pass(Duration.ofSeconds(10));
        assertThat(health.mayCarry(now)).isTrue();
    }

    @Test
    void failuresOfCallsThatWereUnderWayDoNotLengthenTheTime() {
        TargetHealth health = down(new TargetHealth(CALLS_ONLY, now));
        pass(Duration.ofSeconds(4));
        for (int i = 0; i < 200; i++) {
            health.onFailure(now);
        }
        pass(Duration.ofSeconds(6));
        assertThat(health.mayCarry(now)).isTrue();
    }

    @Test
    void pingsThatNobodyEverAnsweredSayNothing() {
        TargetHealth health = new TargetHealth(PINGED, now);
        assertThat(live(health, Duration.ofMinutes(10), false)).isGreaterThan(20);
        assertThat(health.state(now)).isEqualTo(State.UP);
    }

    @Test
    void pingsFindOutWithoutAnyCallAndNoCallIsSpentOnTrying() {
        TargetHealth health = new TargetHealth(PINGED, now);
        live(health, Duration.ofMinutes(1), true);
        live(health, Duration.ofSeconds(40), false);
        assertThat(health.state(now)).isEqualTo(State.DOWN);
        live(health, Duration.ofMinutes(20), false);
        assertThat(health.mayCarry(now)).isFalse();
        live(health, Duration.ofSeconds(30), true);
        assertThat(health.state(now)).isEqualTo(State.UP);
    }

    @Test
    void whoIsDownIsAskedSeldomerButAtLeastTwiceAMinute() {
        TargetHealth health = new TargetHealth(PINGED, now);
        live(health, Duration.ofMinutes(1), true);
        live(health, Duration.ofMinutes(5), false);
        assertThat(live(health, Duration.ofMinutes(10), false)).isBetween(20, 22);
    }

    @Test
    void onePingAtATime() {
        TargetHealth health = new TargetHealth(PINGED, now);
        health.onTime(now);
        assertThat(health.takePing()).isTrue();
        pass(Duration.ofMinutes(5));
        health.onTime(now);
        assertThat(health.takePing()).isFalse();
    }

    @Test
    void whateverHappensNobodyStaysOutForeverAndWhoAnswersIsUp() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            TargetHealth health = new TargetHealth(random.nextBoolean() ? PINGED : CALLS_ONLY, now);
            boolean outstanding = false;
            for (int i = 0; i < 100; i++) {
                pass(Duration.ofMillis(random.nextInt(20_000)));
                health.onTime(now);
                outstanding |= health.takePing();
                switch (random.nextInt(4)) {
                    case 0 -> {
                        health.onAlive(now);
                        assertThat(health.state(now)).as("seed %d", seed).isEqualTo(State.UP);
                    }
                    case 1 -> {
                        if (outstanding) {
                            outstanding = false;
                            if (random.nextBoolean()) {
                                health.onPingAnswered(now);
                            } else {
                                health.onPingUnanswered(now);
                            }
                        }
                    }
                    default -> health.onFailure(now);
                }
                boolean waitsForSomething = outstanding || health.nextWakeup() < TargetHealth.NEVER;
                assertThat(waitsForSomething || health.state(now) != State.DOWN)
                        .as("seed %d", seed)
                        .isTrue();
            }
        }
    }
}
