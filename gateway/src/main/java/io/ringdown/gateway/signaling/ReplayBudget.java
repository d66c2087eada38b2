package io.ringdown.gateway.signaling;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes all sessions together may keep for clients who have not said that they have them. Thread-safe. */
final class ReplayBudget {
    private final AtomicLong left;

    ReplayBudget(long bytes) {
        left = new AtomicLong(bytes);
    }

    /** Takes so many; false, and nothing taken, where there are fewer. */
    boolean take(int bytes) {
        if (left.addAndGet(-bytes) >= 0) {
            return true;
        }
        left.addAndGet(bytes);
        return false;
    }

    void give(int bytes) {
        left.addAndGet(bytes);
    }

    long left() {
        return left.get();
    }
}
