package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.call.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** In virtual time. */
final class PingsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final List<String> done = new ArrayList<>();
    private long now;
    private long due;
    private @Nullable Runnable task;

    private final Timers timers = (delay, what) -> {
        due = now + delay;
        task = what;
        return () -> task = null;
    };
    private final Wire wire = new Wire() {
        @Override
        public void send(String text) {
            throw new AssertionError("nothing is said");
        }

        @Override
        public void ask() {
            throw new AssertionError("nobody knocks");
        }

        @Override
        public void ping() {
            done.add("ping " + now / SECOND);
        }

        @Override
        public void cut() {
            done.add("cut " + now / SECOND);
        }

        @Override
        public void close(int status, String reason) {
            throw new AssertionError("nobody would read it");
        }
    };
    private final Pings pings =
            new Pings(wire, timers, new Pings.Pace(Duration.ofSeconds(20), Duration.ofSeconds(45)), () -> now);

    private void until(long seconds) {
        for (Runnable next = task; next != null && due <= seconds * SECOND; next = task) {
            now = due;
            task = null;
            next.run();
        }
        now = seconds * SECOND;
    }

    @Test
    void clientThatNeverAnswersIsCutAfter45Seconds() {
        pings.next();
        until(200);
        assertThat(done).containsExactly("ping 20", "ping 40", "cut 45");
    }

    @Test
    void clientThatAnswersIsPingedForEver() {
        pings.next();
        for (int i = 1; i <= 10; i++) {
            until(i * 20L);
            pings.heard();
        }
        assertThat(done).hasSize(10).allMatch(what -> what.startsWith("ping"));
    }

    @Test
    void nothingHappensAfterTheSocketHasGone() {
        pings.next();
        until(21);
        pings.stop();
        until(200);
        assertThat(done).containsExactly("ping 20");
    }
}
