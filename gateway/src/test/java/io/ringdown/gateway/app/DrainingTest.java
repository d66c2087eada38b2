package io.ringdown.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

final class DrainingTest {
    private static final Duration MINUTE = Duration.ofSeconds(60);

    /** Steps of 100 ms of virtual time until it goes: what was said, and when. */
    private static List<String> drain(
            Duration within, IntUnaryOperator callsAt, IntUnaryOperator helpAt, int hurriedAt) {
        long start = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(7); // the clock's end comes in the middle
        Draining draining = new Draining(within, start);
        List<String> said = new ArrayList<>();
        for (int tenths = 0; ; tenths++) {
            int second = tenths / 10;
            Draining.Step step = draining.on(
                    start + TimeUnit.MILLISECONDS.toNanos(100L * tenths),
                    callsAt.applyAsInt(second),
                    helpAt.applyAsInt(second),
                    second >= hurriedAt);
            step.line().ifPresent(line -> said.add(second + " " + line));
            if (step.act() == Draining.Act.END_OTHERS) {
                said.add(second + " others end");
            }
            if (step.act() == Draining.Act.GO) {
                said.add(second + " go");
                return said;
            }
        }
    }

    @Test
    void withoutCallsItGoesAtOnceAndSaysNothing() {
        assertThat(drain(MINUTE, _ -> 0, _ -> 0, 99)).containsExactly("0 go");
    }

    @Test
    void itSaysWhatIsWaitedForAndGoesWhenTheLastCallHasEnded() {
        assertThat(drain(MINUTE, second -> second < 11 ? 12 - second : 0, _ -> 0, 99))
                .containsExactly(
                        "0 Stopping: no new calls; waiting for 12 calls, at most 60 s. Ctrl-C or SIGTERM again ends at once.",
                        "5 7 calls left.",
                        "10 2 calls left.",
                        "11 No call is left.",
                        "11 go");
    }

    @Test
    void atTheLimitItGoesWhateverIsLeft() {
        assertThat(drain(Duration.ofSeconds(7), _ -> 20, _ -> 0, 99))
                .endsWith("5 20 calls left.", "7 20 calls left after 7 s: cut off.", "7 go");
    }

    @Test
    void toldAgainItGoes() {
        assertThat(drain(MINUTE, _ -> 1, _ -> 1, 3)).endsWith("3 Told again to end: 1 call cut off.", "3 go");
    }

    @Test
    void callsForHelpAreWaitedForBeyondTheLimit() {
        assertThat(drain(
                        Duration.ofSeconds(4),
                        second -> second < 4 ? 3 : second < 12 ? 1 : 0,
                        second -> second < 12 ? 1 : 0,
                        99))
                .containsExactly(
                        "0 Stopping: no new calls; waiting for 3 calls, at most 4 s. Ctrl-C or SIGTERM again ends at once.",
                        "5 1 call for help left.",
                        "10 1 call for help left.",
                        "12 No call is left.",
                        "12 go");
        assertThat(drain(Duration.ofSeconds(4), second -> second < 6 ? 3 : 0, _ -> 1, 99))
                .contains("4 2 calls left after 4 s: cut off. Waiting for 1 call for help.", "4 others end");
    }

    @Test
    void withNoLimitAtAllNothingIsWaitedFor() {
        assertThat(drain(Duration.ZERO, _ -> 2, _ -> 1, 99))
                .containsExactly("0 2 calls left after 0 s: cut off.", "0 go");
    }
}
