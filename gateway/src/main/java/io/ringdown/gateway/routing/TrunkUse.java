package io.ringdown.gateway.routing;

import java.time.Duration;
import java.util.Optional;

/**
 * How much one trunk has to do at a moment; each change gives the next. {@code now} is in nanoseconds of any steady clock.
 *
 * @param in calls in
 * @param out calls out
 * @param refused calls that found no channel, since the start
 * @param tokens how many calls out may begin at {@code at}
 * @param at when that was counted
 * @param rate how many calls out begin
 * @param restUntil until when it is left alone; at or before {@code at} for not at all
 */
record TrunkUse(int in, int out, long refused, double tokens, long at, CallRate rate, long restUntil) {
    private static final double NANOS = 1e9;

    /** A trunk with nothing to do. */
    static TrunkUse none(TrunkLimits limits, long now) {
        return new TrunkUse(0, 0, 0, burst(limits), now, CallRate.none(now), now);
    }

    /** With one more call out; empty if there is no channel, calls come too fast, or it asked to be left alone. */
    Optional<TrunkUse> withOut(TrunkLimits limits, long now) {
        TrunkUse then = at(limits, now);
        boolean free = then.hasChannel(limits)
                && (limits.channelsOut().isEmpty() || out < limits.channelsOut().getAsInt())
                && (limits.callsPerSecond().isEmpty() || then.tokens >= 1)
                && !then.isResting();
        return free
                ? Optional.of(new TrunkUse(
                        in, out + 1, refused, then.tokens - 1, then.at, then.rate.withOne(now), then.restUntil))
                : Optional.empty();
    }

    /** With one more call in; empty if there is no channel. */
    Optional<TrunkUse> withIn(TrunkLimits limits) {
        return hasChannel(limits)
                ? Optional.of(new TrunkUse(in + 1, out, refused, tokens, at, rate, restUntil))
                : Optional.empty();
    }

    /** With one more call out, which no limit holds up. */
    TrunkUse withOutAnyway(long now) {
        return new TrunkUse(in, out + 1, refused, tokens, at, rate.withOne(now), restUntil);
    }

    /** With so many more calls in and out, asking nobody. */
    TrunkUse with(int moreIn, int moreOut) {
        return new TrunkUse(in + moreIn, out + moreOut, refused, tokens, at, rate, restUntil);
    }

    TrunkUse withRefusal() {
        return new TrunkUse(in, out, refused + 1, tokens, at, rate, restUntil);
    }

    /** Left alone for so long, as far as its limits let it ask for that; a longer rest under way stays. */
    TrunkUse withRest(Duration asked, TrunkLimits limits, long now) {
        TrunkUse then = at(limits, now);
        Duration granted = asked.compareTo(limits.restAtMost()) < 0 ? asked : limits.restAtMost();
        long until = now + granted.toNanos();
        return until - then.restUntil > 0
                ? new TrunkUse(in, out, refused, then.tokens, then.at, then.rate, until)
                : then;
    }

    /** As it is at {@code now}: time brings tokens, and ends a rest. Clocks of other threads may be a little behind. */
    TrunkUse at(TrunkLimits limits, long now) {
        long passed = Math.max(0, now - at);
        double perSecond = limits.callsPerSecond().orElse(0);
        double most = burst(limits);
        long then = at + passed;
        return new TrunkUse(
                in,
                out,
                refused,
                Math.min(most, tokens + passed / NANOS * perSecond),
                then,
                rate.at(then),
                restUntil - then > 0 ? restUntil : then);
    }

    boolean isResting() {
        return restUntil - at > 0;
    }

    private boolean hasChannel(TrunkLimits limits) {
        return limits.channels().isEmpty() || in + out < limits.channels().getAsInt();
    }

    private static double burst(TrunkLimits limits) {
        return Math.max(1, limits.callsPerSecond().orElse(1));
    }
}
