package io.ringdown.gateway.routing;

/**
 * How many calls begin in a second, counted in whole seconds. {@code now} is in nanoseconds of any steady clock.
 *
 * @param since when the second under way began
 * @param begun calls in it so far
 * @param before calls in the one before it
 */
record CallRate(long since, int begun, int before) {
    private static final long SECOND = 1_000_000_000L;

    static CallRate none(long now) {
        return new CallRate(now, 0, 0);
    }

    CallRate withOne(long now) {
        CallRate then = at(now);
        return new CallRate(then.since, then.begun + 1, then.before);
    }

    /** As it is at {@code now}; clocks of other threads may be a little behind. */
    CallRate at(long now) {
        long seconds = Math.max(0, now - since) / SECOND;
        if (seconds == 0) {
            return this;
        }
        return new CallRate(since + seconds * SECOND, 0, seconds == 1 ? begun : 0);
    }
}
