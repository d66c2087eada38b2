package io.ringdown.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** On the real clock, so that nothing is said about how late a machine under load may be. */
final class WheelTest {
    private static final long STEP = 10 * Wheel.TICK_NANOS;

    @Test
    void aMemberIsCalledForEachTimeThatItAskedForNeverBeforeUntilItLeaves() throws Exception {
        List<Long> due = new ArrayList<>();
        List<Long> called = new ArrayList<>();
        CountDownLatch enough = new CountDownLatch(20);
        CountDownLatch left = new CountDownLatch(1);
        try (Wheel wheel = new Wheel("test")) {
            Wheel.Member member = new Wheel.Member() {
                @Override
                long onDue(long dueNanos) {
                    due.add(dueNanos);
                    called.add(System.nanoTime());
                    enough.countDown();
                    return dueNanos + STEP;
                }

                @Override
                void onLeft() {
                    left.countDown();
                }
            };
            long begin = Wheel.toTick(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(700)); // beyond one turn
            wheel.join(member, begin);
            assertThat(enough.await(20, TimeUnit.SECONDS)).isTrue();
            wheel.leave(member);
            assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < due.size(); i++) {
                assertThat(due.get(i)).isEqualTo(begin + i * STEP);
                assertThat(called.get(i)).isGreaterThanOrEqualTo(due.get(i));
            }
        }
    }

    @Test
    void questionsAreAnsweredOnItsThread() {
        try (Wheel wheel = new Wheel("test-of-questions")) {
            assertThat(wheel.ask(() -> Thread.currentThread().getName())).isEqualTo("test-of-questions");
        }
    }
}
