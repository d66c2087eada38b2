package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.CallId;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/** The calls that ended last, so many at most: what is remembered of ended calls must refuse no new one. Thread-safe. */
final class LastEnded {
    private final Queue<CallId> ids = new ArrayDeque<>();
    private final int most;

    LastEnded(int most) {
        this.most = most;
    }

    /** Takes one that has just ended; answers the one that is remembered no more in its place. */
    synchronized Optional<CallId> add(CallId id) {
        ids.add(id);
        return ids.size() > most ? Optional.of(ids.remove()) : Optional.empty();
    }
}
