package io.ringdown.gateway.hooks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was given up and is not on the disk yet. A letter leaves only when it is there; where the disk fails, it waits. Writes a few at a
 * time, so that events that can be delivered do not wait for many that cannot.
 *
 * <p>One thread at a time, except the counts; {@link #write} blocks. Call it after each {@link #add}, and when {@link #nextWakeup} has
 * come.
 */
final class DeadLetterWriter {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterWriter.class);

    /** How many are written at once, each with its {@code fsync}. */
    static final int MOST_AT_ONCE = 10;

    /** How long a disk that has failed is left alone. */
    static final Duration RETRY = Duration.ofMinutes(1);

    private final DeadLetters letters;
    private final int most;
    private final Deque<DeadLetters.Letter> unwritten = new ArrayDeque<>();
    private boolean isFailing;
    private boolean isHeldOff;
    private long retryAt;
    private volatile int waiting;
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();

    /** At most so many wait here; beyond, the oldest is dropped. */
    DeadLetterWriter(DeadLetters letters, int most) {
        this.letters = letters;
        this.most = most;
    }

    /** Takes one. */
    void add(DeadLetters.Letter letter) {
        if (unwritten.size() >= most) {
            unwritten.removeFirst();
            dropped.incrementAndGet();
        }
        unwritten.add(letter);
        waiting = unwritten.size();
    }

    /** All that is not written, in order. */
    List<Delivery> pending() {
        return unwritten.stream().map(DeadLetters.Letter::what).toList();
    }

    /** Writes some of them, if it is time; what is on the disk now, and need not be kept elsewhere any more. */
    List<Delivery> write(long now) {
        List<Delivery> written = new ArrayList<>();
        if (isHeldOff && now - retryAt < 0) {
            return written;
        }
        isHeldOff = true; // whatever becomes of this: an error of ours is not to be met again at once either
        retryAt = now + RETRY.toNanos();
        try {
            while (!unwritten.isEmpty() && written.size() < MOST_AT_ONCE) {
                dropped.addAndGet(letters.put(unwritten.getFirst()));
                written.add(unwritten.removeFirst().what());
            }
            isHeldOff = false;
            if (isFailing && !written.isEmpty()) {
                isFailing = false;
                LOG.info("hooks: what was not delivered is written again");
            }
        } catch (IOException failed) {
            onFailed(failed);
        } finally {
            waiting = unwritten.size();
        }
        return written;
    }

    private void onFailed(IOException failed) {
        failures.incrementAndGet();
        if (!isFailing) {
            isFailing = true;
            LOG.error(
                    "hooks: what was not delivered cannot be written ({}); it waits, and is tried again each minute",
                    failed.toString());
        }
    }

    /** When {@link #write} is due; empty for never. */
    OptionalLong nextWakeup(long now) {
        if (unwritten.isEmpty()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(isHeldOff ? retryAt : now);
    }

    /** How many wait here. From any thread. */
    int waiting() {
        return waiting;
    }

    /** How many are kept nowhere any more. From any thread. */
    long dropped() {
        return dropped.get();
    }

    /** How often the disk has failed. From any thread. */
    long failures() {
        return failures.get();
    }
}
