package io.ringdown.sip;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Where we listen for SIP, and what we write into Via and Contact there.
 *
 * @param address the local address to bind; a wildcard only together with {@code advertise}
 * @param port the local port; 0 takes a free one (for tests)
 * @param transports what is spoken there
 * @param advertise what peers are told to send to, where that is not {@code address}
 */
public record ListenAddress(InetAddress address, int port, Set<SipTransport> transports, Optional<HostPort> advertise) {

    public ListenAddress {
        transports = Set.copyOf(transports);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " is not a port; 0 to 65535");
        }
        if (transports.isEmpty()) {
            throw new IllegalArgumentException("transports: none given; write [udp, tcp]");
        }
        if (address.isAnyLocalAddress() && advertise.isEmpty()) {
            throw new IllegalArgumentException("advertise: missing; " + address.getHostAddress()
                    + " is no address that a peer could send to, so say which one it should use");
        }
    }

    /** The loopback address, port 5060, UDP and TCP. */
    public static ListenAddress defaults() {
        return new ListenAddress(
                InetAddress.ofLiteral("127.0.0.1"), 5060, Set.of(SipTransport.UDP, SipTransport.TCP), Optional.empty());
    }
}
