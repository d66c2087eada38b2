package io.ringdown.gateway.routing;

import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What one trunk is given at most. Emergency calls do not ask.
 *
 * @param channels calls at once, in and out together
 * @param channelsOut calls out at once
 * @param callsPerSecond new calls out, with as many at once as a second has
 * @param restAtMost the longest that a trunk is left alone after a 503 with Retry-After (RFC 3261 21.5.4)
 */
public record TrunkLimits(
        OptionalInt channels, OptionalInt channelsOut, OptionalDouble callsPerSecond, Duration restAtMost) {
    private static final Duration LONGEST_REST = Duration.ofHours(1);

    public TrunkLimits {
        requirePositive("channels", channels);
        requirePositive("channels-out", channelsOut);
        if (callsPerSecond.isPresent()
                && !(callsPerSecond.getAsDouble() > 0 && callsPerSecond.getAsDouble() <= 10_000)) {
            throw new IllegalArgumentException(
                    "calls-per-second: " + callsPerSecond.getAsDouble() + " is out of range; more than 0, up to 10000");
        }
        if (restAtMost.isNegative() || restAtMost.compareTo(LONGEST_REST) > 0) {
            throw new IllegalArgumentException(
                    "rest-at-most: " + restAtMost.toSeconds() + "s is out of range; write 0s to 1h");
        }
    }

    /** None, but that a minute is the longest rest. */
    public static TrunkLimits defaults() {
        return new TrunkLimits(
                OptionalInt.empty(), OptionalInt.empty(), OptionalDouble.empty(), Duration.ofSeconds(60));
    }

    private static void requirePositive(String key, OptionalInt value) {
        if (value.isPresent() && value.getAsInt() < 1) {
            throw new IllegalArgumentException(key + ": " + value.getAsInt() + " is not positive; at least 1");
        }
    }
}
