package io.ringdown.gateway.call;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after the other, in the order they came, on some thread of the executor below. Thread-safe; {@link #execute}
 * never blocks.
 */
public final class Serial implements Executor {
    private final Executor below;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Runs them on this executor. */
    public Serial(Executor below) {
        this.below = below;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            below.execute(this::drain);
        }
    }

    /** How many tasks wait or run. */
    int depth() {
        return waiting.get();
    }

    private void drain() {
        do {
            Runnable task = tasks.poll();
            if (task != null) {
                task.run();
            }
        } while (waiting.decrementAndGet() > 0);
    }
}
