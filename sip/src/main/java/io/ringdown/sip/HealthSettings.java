package io.ringdown.sip;

import java.time.Duration;

/**
 * How it is found out which addresses of a trunk are there.
 *
 * @param ping how often each is asked by OPTIONS; zero for never, then calls alone tell
 * @param failures so many in a row, of calls and pings, and an address is passed over
 * @param eject for how long at first; doubled each time it fails again
 * @param ejectAtMost and no longer than this
 */
public record HealthSettings(Duration ping, int failures, Duration eject, Duration ejectAtMost) {

    public HealthSettings {
        if (!ping.isZero()) {
            requireWithin("ping", ping, Duration.ofSeconds(1), Duration.ofHours(1));
        }
        if (failures < 1 || failures > 100) {
            throw new IllegalArgumentException("failures: " + failures + " is out of range; 1 to 100");
        }
        requireWithin("eject", eject, Duration.ofSeconds(1), Duration.ofHours(1));
        requireWithin("eject-at-most", ejectAtMost, eject, Duration.ofDays(1));
    }

    /** No pings; three failures in a row for 10 s, then up to 5 minutes. */
    public static HealthSettings defaults() {
        return new HealthSettings(Duration.ZERO, 3, Duration.ofSeconds(10), Duration.ofMinutes(5));
    }

    /** Whether there are pings. */
    public boolean pings() {
        return !ping.isZero();
    }

    private static void requireWithin(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(key + ": " + value.toMillis() + " ms is out of range; "
                    + least.toMillis() + " ms to " + most.toMillis() + " ms");
        }
    }
}
