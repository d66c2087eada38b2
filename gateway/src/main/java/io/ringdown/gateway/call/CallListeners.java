package io.ringdown.gateway.call;

import io.ringdown.media.SoundMonitor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those who listen beside calls: few at once, and never unnoticed, since the log and the metrics tell of each. Thread-safe; every
 * method returns at once.
 */
public final class CallListeners {
    /** How many may listen beside all calls together. */
    public static final int MOST = 16;

    /** How many may listen beside one. */
    public static final int MOST_OF_A_CALL = 2;

    private static final Logger LOG = LoggerFactory.getLogger(CallListeners.class);

    private final LongSupplier clock;
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    CallListeners(LongSupplier clock) {
        this.clock = clock;
    }

    /** What came of the wish to listen. */
    public sealed interface Outcome {
        /** It is heard from now on. */
        record Heard(CallListener listener) implements Outcome {}

        /** No call has this id, or not any more. */
        record UnknownCall() implements Outcome {}

        /** There is nothing to be heard yet: no trunk has answered. */
        record NoMedia() implements Outcome {}

        /** There are as many as may be. */
        record TooMany() implements Outcome {}
    }

    /** How many listen just now. */
    public int now() {
        return now.get();
    }

    /** How many have begun to listen since the start. */
    public long begun() {
        return begun.get();
    }

    /** Frames of 20 ms that those who have gone had missed, since they read too slowly. */
    public long dropped() {
        return dropped.get();
    }

    CompletableFuture<Outcome> listen(LiveCall call) {
        if (now.incrementAndGet() > MOST || !call.view().admit(MOST_OF_A_CALL)) {
            now.decrementAndGet();
            return CompletableFuture.completedFuture(new Outcome.TooMany());
        }
        return call.monitor().exceptionally(_ -> Optional.empty()).thenApply(monitor -> outcome(call, monitor));
    }

    private Outcome outcome(LiveCall call, Optional<SoundMonitor> monitor) {
        if (monitor.isEmpty()) {
            call.view().leave();
            now.decrementAndGet();
            return new Outcome.NoMedia();
        }
        begun.incrementAndGet();
        LOG.info("call {} is listened to by {}", call.id(), call.view().listeningNow());
        long since = clock.getAsLong();
        return new Outcome.Heard(new CallListener(monitor.get(), () -> onLeft(call, monitor.get(), since)));
    }

    private void onLeft(LiveCall call, SoundMonitor monitor, long since) {
        call.view().leave();
        now.decrementAndGet();
        dropped.addAndGet(monitor.dropped());
        LOG.info(
                "call {} was listened to for {} s, {} frame(s) missed; by {} still",
                call.id(),
                Duration.ofNanos(clock.getAsLong() - since).toSeconds(),
                monitor.dropped(),
                call.view().listeningNow());
    }
}
