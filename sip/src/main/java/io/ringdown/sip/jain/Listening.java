package io.ringdown.sip.jain;

import io.ringdown.sip.HostPort;
import io.ringdown.sip.ListenAddress;
import io.ringdown.sip.SipStartException;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.locate.Reach;
import io.ringdown.sip.tls.ServerTls;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import javax.sip.InvalidArgumentException;
import javax.sip.ListeningPoint;
import javax.sip.SipException;
import javax.sip.SipProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listening address, bound, and what we write into Via and Contact there. Immutable.
 *
 * @param settings as configured
 * @param port the port that is bound
 * @param advertised host and port as peers see them
 * @param provider the stack's end
 */
record Listening(ListenAddress settings, int port, HostPort advertised, SipProvider provider) {
    private static final Logger LOG = LoggerFactory.getLogger(Listening.class);
    private static final int PORT_ATTEMPTS = 20;

    static Listening open(GuardedStack stack, ListenAddress settings, Optional<ServerTls> tls)
            throws SipStartException {
        int port = settings.port() != 0 ? settings.port() : freePort(settings.address());
        tls.ifPresent(shown -> stack.serveTls(new InetSocketAddress(settings.address(), port), shown));
        SipProvider provider = null;
        try {
            for (SipTransport transport : new TreeSet<>(settings.transports())) {
                ListeningPoint point =
                        stack.createListeningPoint(settings.address().getHostAddress(), port, transport.uriName());
                if (provider == null) {
                    provider = stack.createSipProvider(point);
                } else {
                    provider.addListeningPoint(point);
                }
            }
        } catch (InvalidArgumentException | SipException e) {
            throw new SipStartException(
                    "cannot listen for SIP on " + settings.address().getHostAddress() + " port " + port + ": "
                            + rootMessage(e) + "; is the port in use, or the address not of this machine?",
                    e);
        }
        if (provider == null) {
            throw new IllegalStateException("a listening address without transports");
        }
        HostPort advertised = settings.advertise()
                .map(a -> new HostPort(a.host(), OptionalInt.of(a.port().orElse(port))))
                .orElseGet(() -> new HostPort(withoutZone(settings.address().getHostAddress()), OptionalInt.of(port)));
        return new Listening(settings, port, advertised, provider);
    }

    private static String withoutZone(String address) {
        int zone = address.indexOf('%');
        return zone < 0 ? address : address.substring(0, zone);
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    // The stack wants to know its port beforehand: one that is free for UDP and TCP alike.
    private static int freePort(InetAddress address) throws SipStartException {
        for (int i = 0; i < PORT_ATTEMPTS; i++) {
            try (ServerSocket tcp = new ServerSocket(0, 1, address);
                    DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), address)) {
                return udp.getLocalPort();
            } catch (IOException e) {
                LOG.trace("that port is taken for UDP: {}", e.getMessage());
            }
        }
        throw new SipStartException("no free port on " + address.getHostAddress());
    }

    /** Whom these can send to together. */
    static Reach reach(List<Listening> listening) {
        return new Reach(listening.stream()
                .flatMap(one -> new TreeSet<>(one.settings().transports())
                        .stream()
                                .map(transport -> new Reach.Line(
                                        transport,
                                        Reach.Family.of(one.settings().address()))))
                .toList());
    }

    boolean speaks(SipTransport transport) {
        return settings.transports().contains(transport);
    }

    @Override
    public String toString() {
        return settings.address().getHostAddress() + ":" + port + " " + new TreeSet<>(settings.transports()) + " as "
                + advertised;
    }
}
