package io.ringdown.sip;

import java.time.Duration;

/**
 * Line ends that keep a way open (RFC 5626 3.5.1). Zero is never.
 *
 * @param connections how long nothing comes by a TCP or TLS connection before we ask the peer for a sign of life
 * @param udp how often the way to each UDP trunk is kept open through NAT
 */
public record KeepAliveSettings(Duration connections, Duration udp) {

    public KeepAliveSettings {
        require("connections", connections);
        require("udp", udp);
    }

    /** Every 30 s on connections; UDP has none. */
    public static KeepAliveSettings defaults() {
        return new KeepAliveSettings(Duration.ofSeconds(30), Duration.ZERO);
    }

    private static void require(String key, Duration value) {
        if (!value.isZero() && (value.toMillis() < 1000 || value.compareTo(Duration.ofHours(1)) > 0)) {
            throw new IllegalArgumentException(
                    key + ": " + value.toMillis() + " ms is out of range; 1s to 1h, or 0s for never");
        }
    }
}
