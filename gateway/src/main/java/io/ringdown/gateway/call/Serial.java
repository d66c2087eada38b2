package io.ringdown.gateway.call;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after the other, in the order they came, on some thread of the executor below. Thread-safe; {@link #execute}
 * never blocks.
 */
public final class Serial implements Executor {
    private final Executor below;
    private static final Logger LOG = LoggerFactory.getLogger(Serial.class);

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
                run(task);
            }
        } while (waiting.decrementAndGet() > 0);
    }

    /** One that fails must not keep those behind it from ever running. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable bug) {
            LOG.error("a step has failed; the next one follows", bug);
        }
    }
}
