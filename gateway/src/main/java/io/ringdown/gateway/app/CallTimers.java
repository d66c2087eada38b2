package io.ringdown.gateway.app;

import io.ringdown.gateway.call.Timers;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread, {@code call-timer}, that wakes calls and sockets. */
final class CallTimers implements Timers, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallTimers.class);

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("call-timer").daemon().factory());

    CallTimers() {
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Runnable after(long delayNanos, Runnable task) {
        try {
            Future<?> future = executor.schedule(() -> guarded(task), delayNanos, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException bug) {
            LOG.error("a timer failed by an error of ours", bug);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
