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
 * @param tls what peers see there by TLS; must be there where that is spoken
 */
public record ListenAddress(
        InetAddress address,
        int port,
        Set<SipTransport> transports,
        Optional<HostPort> advertise,
        Optional<ListenTls> tls) {

    public ListenAddress {
        transports = Set.copyOf(transports);
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " is not a port; 0 to 65535");
        }
        if (transports.isEmpty()) {
            throw new IllegalArgumentException("transports: none given; write [udp, tcp]");
        }
        if (transports.contains(SipTransport.TLS) && transports.contains(SipTransport.TCP)) {
            throw new IllegalArgumentException(
                    "transports: tcp and tls cannot share a port; give tls an entry of its own"
                            + " in the list, with port 5061");
        }
        if (transports.contains(SipTransport.TLS) && tls.isEmpty()) {
            throw new IllegalArgumentException(
                    "tls: missing; over tls peers want a certificate: write tls.certificate and" + " tls.key");
        }
        if (!transports.contains(SipTransport.TLS) && tls.isPresent()) {
            throw new IllegalArgumentException(
                    "tls: is of no use where tls is not spoken; write transports: [tls], or take" + " it out");
        }
        if (address.isAnyLocalAddress() && advertise.isEmpty()) {
            throw new IllegalArgumentException("advertise: missing; " + address.getHostAddress()
                    + " is no address that a peer could send to, so say which one it should use");
        }
    }

    /** An address without TLS. */
    public ListenAddress(InetAddress address, int port, Set<SipTransport> transports, Optional<HostPort> advertise) {
        this(address, port, transports, advertise, Optional.empty());
    }

    /** The loopback address, port 5060, UDP and TCP. */
    public static ListenAddress defaults() {
        return new ListenAddress(
                InetAddress.ofLiteral("127.0.0.1"), 5060, Set.of(SipTransport.UDP, SipTransport.TCP), Optional.empty());
    }
}
