package io.ringdown.gateway.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits until the process is told to end (Ctrl-C, SIGTERM), and lets what runs end in order before it does. */
final class Stop {
    private static final Duration MOMENT = Duration.ofMillis(500);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean standing;

    Stop() {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::onExit));
    }

    /** Also ends the wait, without a signal. */
    void ask() {
        asked.countDown();
    }

    /** Whether the process has been told to end. */
    boolean asked() {
        return asked.getCount() == 0;
    }

    /** The same in a moment: Ctrl-C reaches a child process too, and its end may be seen before our own signal. */
    boolean askedAnyMoment() {
        try {
            return asked.await(MOMENT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return asked();
        }
    }

    /** Everything stands: from here on it is taken down in order when the process is told to end. */
    void await() {
        standing = true;
        try {
            asked.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything has ended: the process may go. */
    void done() {
        done.countDown();
    }

    private void onExit() {
        asked.countDown();
        if (!standing) {
            return; // nobody has anything here yet, and who ends us while we start wants no waiting
        }
        try {
            done.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
