package io.ringdown.gateway.signaling;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many requests each address makes: so many a second, and in one burst what it may in four. A bucket for each address that
 * has asked lately; where there are too many addresses, those that come new share one. Thread-safe.
 */
final class RequestRates {
    static final int BURST_SECONDS = 4;
    private static final int MOST_ADDRESSES = 50_000;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final long nanosPerRequest;
    private final long burstNanos;
    private final int mostAddresses;
    // The virtual scheduling time of each (a generic cell rate algorithm): when its bucket will be full again.
    private final Map<Network, Long> fullAt = new ConcurrentHashMap<>();
    private long othersFullAt;

    RequestRates(int perSecond) {
        this(perSecond, MOST_ADDRESSES);
    }

    RequestRates(int perSecond, int mostAddresses) {
        this.nanosPerRequest = SECOND_NANOS / perSecond;
        this.burstNanos = BURST_SECONDS * SECOND_NANOS;
        this.mostAddresses = mostAddresses;
    }

    /** Counts one request at {@code now} (nanoseconds); false if it is one too many, which is not counted. */
    boolean admits(Network from, long now) {
        if (fullAt.size() >= mostAddresses && !fullAt.containsKey(from)) {
            return othersAdmit(now);
        }
        boolean[] isAdmitted = new boolean[1];
        fullAt.compute(from, (_, full) -> {
            long then = next(full == null ? now : full, now);
            isAdmitted[0] = then - now <= burstNanos;
            return isAdmitted[0] || full == null ? (Long) then : full;
        });
        return isAdmitted[0];
    }

    private synchronized boolean othersAdmit(long now) {
        long then = next(othersFullAt, now);
        boolean isAdmitted = then - now <= burstNanos;
        if (isAdmitted) {
            othersFullAt = then;
        }
        return isAdmitted;
    }

    private long next(long full, long now) {
        return (full - now > 0 ? full : now) + nanosPerRequest;
    }

    /** Forgets whose buckets are full again: of them there is nothing to know. */
    void forget(long now) {
        fullAt.values().removeIf(full -> full - now <= 0);
    }

    int addresses() {
        return fullAt.size();
    }
}
