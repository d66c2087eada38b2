package io.ringdown.gateway.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits until the process is told to end (Ctrl-C, SIGTERM), and lets what runs end in order before it does. */
final class Stop {
    private static final Duration MOMENT = Duration.ofMillis(500);
    // What a shell makes of a process that a signal has ended.
    private static final int SIGNALLED = 128;
    private static final int INT = 2;
    private static final int TERM = 15;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch again = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean standing;

    Stop() {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::onExit));
    }

    /** From now on a second SIGINT or SIGTERM is heard too: {@link #askedAgain}. */
    void hearAgain() {
        Signals.on("INT", () -> onSignal(INT));
        Signals.on("TERM", () -> onSignal(TERM));
    }

    private void onSignal(int number) {
        if (!standing) {
            // What has begun to start and does not come to its end cannot be taken down in order; the JVM would do the
            // same.
            Runtime.getRuntime().exit(SIGNALLED + number);
        }
        if (asked()) {
            again.countDown();
        }
        asked.countDown();
    }

    /** Waits for so long; true at once when the process is told a second time to end. */
    boolean askedAgain(Duration within) {
        try {
            return again.await(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
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
