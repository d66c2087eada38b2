package io.ringdown.media.bridge;

import java.time.Duration;

/**
 * How a bridge forwards.
 *
 * @param hold the most that what came after a gap waits for the missing packet
 * @param pressGap the least silence between two presses towards the trunk
 * @param pressFloor the least length of a press towards the trunk
 * @param pressCeiling the greatest length of a press towards the trunk
 * @param reportInterval the mean time between two RTCP reports of ours on a leg
 * @param codecInterval the least time between two changes of a browser's codec in one direction
 */
public record BridgeSettings(
        Duration hold,
        Duration pressGap,
        Duration pressFloor,
        Duration pressCeiling,
        Duration reportInterval,
        Duration codecInterval) {
    public BridgeSettings {
        within("hold", hold, 0, 40);
        within("press-gap", pressGap, 20, 1_000);
        within("press-floor", pressFloor, 40, 1_000);
        within("press-ceiling", pressCeiling, 1_000, 60_000);
        within("report-interval", reportInterval, 500, 60_000);
        within("codec-interval", codecInterval, 3_000, 600_000);
    }

    /** 40 ms, 40 ms, 40 ms, 6 s, 5 s (RFC 3550 §6.2) and 30 s. */
    public static BridgeSettings defaults() {
        return new BridgeSettings(
                Duration.ofMillis(40),
                Duration.ofMillis(40),
                Duration.ofMillis(40),
                Duration.ofSeconds(6),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30));
    }

    private static void within(String key, Duration value, long leastMillis, long mostMillis) {
        if (value.toMillis() < leastMillis || value.toMillis() > mostMillis) {
            throw new IllegalArgumentException(
                    key + ": " + value + " is out of range; " + leastMillis + " to " + mostMillis + " ms is right");
        }
    }
}
