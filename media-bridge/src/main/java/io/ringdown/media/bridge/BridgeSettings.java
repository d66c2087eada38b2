package io.ringdown.media.bridge;

import java.time.Duration;

/**
 * How a bridge forwards.
 *
 * @param hold the most that what came after a gap waits for the missing packet
 * @param reportInterval the mean time between two RTCP reports of ours on a leg
 * @param codecInterval the least time between two changes of a browser's codec in one direction
 */
public record BridgeSettings(Duration hold, Duration reportInterval, Duration codecInterval) {
    public BridgeSettings {
        within("hold", hold, 0, 40);
        within("report-interval", reportInterval, 500, 60_000);
        within("codec-interval", codecInterval, 3_000, 600_000);
    }

    /** 40 ms, 5 s (RFC 3550 §6.2) and 30 s. */
    public static BridgeSettings defaults() {
        return new BridgeSettings(Duration.ofMillis(40), Duration.ofSeconds(5), Duration.ofSeconds(30));
    }

    private static void within(String key, Duration value, long leastMillis, long mostMillis) {
        if (value.toMillis() < leastMillis || value.toMillis() > mostMillis) {
            throw new IllegalArgumentException(
                    key + ": " + value + " is out of range; " + leastMillis + " to " + mostMillis + " ms is right");
        }
    }
}
