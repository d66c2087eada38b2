package io.ringdown.gateway.journal;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the journal has done since the start. One thread writes it; any may read. */
public final class JournalCounts {
    private final AtomicLong commits = new AtomicLong();
    private final AtomicLong commitNanos = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private volatile int dialogs;
    private volatile long records;
    private volatile long recordsLost;

    void committed(long nanos) {
        commits.incrementAndGet();
        commitNanos.addAndGet(nanos);
        longestNanos.accumulateAndGet(nanos, Math::max);
    }

    void failed() {
        failures.incrementAndGet();
    }

    void dropped() {
        dropped.incrementAndGet();
    }

    void stand(int openDialogs, long recordsWritten, long recordsNotWritten) {
        dialogs = openDialogs;
        records = recordsWritten;
        recordsLost = recordsNotWritten;
    }

    /** How often something was written. */
    public long commits() {
        return commits.get();
    }

    /** How long that took in all. */
    public long commitNanos() {
        return commitNanos.get();
    }

    /** The longest of those. */
    public long longestNanos() {
        return longestNanos.get();
    }

    /** How often it failed. */
    public long failures() {
        return failures.get();
    }

    /** How many dialogs are open. */
    public int dialogs() {
        return dialogs;
    }

    /** How many records were written. */
    public long records() {
        return records;
    }

    /** How many lines, records among them, were not written because too many waited. */
    public long lost() {
        return dropped.get() + recordsLost;
    }

    /** The same for the admin port. */
    public Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("dialogs", dialogs);
        state.put("commits", commits());
        state.put("meanMillis", commits() == 0 ? 0 : millis((double) commitNanos() / commits()));
        state.put("longestMillis", millis((double) longestNanos()));
        state.put("failures", failures());
        state.put("records", records);
        state.put("lost", lost());
        return state;
    }

    /** With three digits behind the point. */
    private static double millis(double nanos) {
        return Math.round(nanos / 1e3) / 1e3;
    }
}
