package io.ringdown.media;

import org.jspecify.annotations.Nullable;

/** Where this machine learns its public address: {@code aws}, or a STUN server, {@code stun:host} or {@code stun:host:port}. */
public sealed interface AddressSource {

    /** Amazon's instance metadata. */
    record Aws() implements AddressSource {}

    /** A STUN server, asked at start. */
    record Stun(String host, int port) implements AddressSource {}

    /** Reads {@code aws}, {@code stun:host} or {@code stun:host:port}. */
    static AddressSource parse(String text) {
        if (text.equals("aws")) {
            return new Aws();
        }
        String[] parts = text.split(":", -1);
        if (parts.length >= 2 && parts.length <= 3 && parts[0].equals("stun") && !parts[1].isBlank()) {
            try {
                int port = parts.length == 3 ? Integer.parseInt(parts[2]) : 3478; // RFC 8489 §8.1
                if (port > 0 && port <= 65_535) {
                    return new Stun(parts[1], port);
                }
            } catch (NumberFormatException e) {
                throw refused(text, e);
            }
        }
        throw refused(text, null);
    }

    private static IllegalArgumentException refused(String text, @Nullable NumberFormatException cause) {
        return new IllegalArgumentException(
                '"' + text + "\" is no source of addresses; write aws or stun:host:3478", cause);
    }
}
