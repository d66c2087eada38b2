package io.ringdown.gateway.app;

import java.util.concurrent.CountDownLatch;

/** Waits until the process is told to end (Ctrl-C, SIGTERM), and lets what runs end in order before it does. */
final class Stop {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    Stop() {
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::onExit));
    }

    /** Also ends the wait, without a signal. */
    void ask() {
        asked.countDown();
    }

    void await() {
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
        try {
            done.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
