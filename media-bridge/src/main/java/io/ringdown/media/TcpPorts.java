package io.ringdown.media;

import java.util.OptionalInt;

/**
 * The TCP ports for browsers whose network lets no UDP through (RFC 6544): {@code same} for the numbers of the UDP ports, {@code off}
 * for none, or a range like {@code 10000-10007}.
 */
public sealed interface TcpPorts {

    /** The numbers of the UDP ports. */
    record Same() implements TcpPorts {}

    /** None. */
    record Off() implements TcpPorts {}

    /** The first of the range beside the first UDP port, and so on. */
    record Range(PortRange ports) implements TcpPorts {}

    /** Reads {@code same}, {@code off}, {@code 10000-10007} or {@code 10000}. */
    static TcpPorts parse(String text) {
        return switch (text.strip()) {
            case "same" -> new Same();
            case "off", "" -> new Off();
            default -> new Range(range(text));
        };
    }

    private static PortRange range(String text) {
        try {
            return PortRange.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    '"' + text + "\" is no range of ports; write it like 10000-10007, or same, or off", e);
        }
    }

    /** Which one stands beside this UDP port of that range; empty for none, 0 for one of the system's choice. */
    default OptionalInt beside(int udp, PortRange udpPorts) {
        return switch (this) {
            case Same _ -> OptionalInt.of(udp);
            case Off _ -> OptionalInt.empty();
            case Range range -> OptionalInt.of(range.ports().first() + udp - udpPorts.first());
        };
    }
}
