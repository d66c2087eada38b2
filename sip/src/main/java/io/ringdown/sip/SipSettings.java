package io.ringdown.sip;

import io.ringdown.sip.trace.TraceSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What all trunks share.
 *
 * @param listen where we listen; the first one that speaks a trunk's transport serves it, unless the trunk names another
 * @param userAgent what User-Agent and Server say; empty for nothing
 * @param maxCalls calls at once over all trunks; beyond, 503 with Retry-After
 * @param maxMessagesPerSecond messages from one source address; what is above is dropped before it is parsed
 * @param maxConnectionsPerSource TCP and TLS connections from one source address
 * @param keepAlive line ends that keep ways open
 * @param trace what is kept of the messages
 * @param dns the DNS servers that trunks are looked up by, addresses only; the system's where there are none
 */
public record SipSettings(
        List<ListenAddress> listen,
        String userAgent,
        int maxCalls,
        int maxMessagesPerSecond,
        int maxConnectionsPerSource,
        KeepAliveSettings keepAlive,
        TraceSettings trace,
        List<HostPort> dns) {

    public SipSettings {
        listen = List.copyOf(listen);
        if (listen.isEmpty()) {
            throw new IllegalArgumentException("listen: empty; give at least one address");
        }
        if (listen.stream().anyMatch(own -> own.transports().contains(SipTransport.WSS))) {
            throw new IllegalArgumentException(
                    "listen: wss is not listened for here; softphones come by the web server (softphones), and trunks"
                            + " by udp, tcp or tls");
        }
        if (!userAgent.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("user-agent: has characters outside of printable ASCII; use others");
        }
        requirePositive("max-calls", maxCalls);
        requirePositive("max-messages-per-second", maxMessagesPerSecond);
        requirePositive("max-connections-per-source", maxConnectionsPerSource);
        dns = List.copyOf(dns);
        for (HostPort server : dns) {
            if (literal(server.host()).isEmpty()) {
                throw new IllegalArgumentException(
                        "dns: " + server + " is no address; write one as in 192.0.2.53 or [2001:db8::53]:5353");
            }
        }
    }

    /** Loopback only, 5000 calls. */
    public static SipSettings defaults() {
        return new SipSettings(
                List.of(ListenAddress.defaults()),
                "Ringdown",
                5000,
                10_000,
                32,
                KeepAliveSettings.defaults(),
                TraceSettings.defaults(),
                List.of());
    }

    /** As this, listening there. */
    public SipSettings withListen(List<ListenAddress> addresses) {
        return new SipSettings(
                addresses, userAgent, maxCalls, maxMessagesPerSecond, maxConnectionsPerSource, keepAlive, trace, dns);
    }

    /** As this, by another name. */
    public SipSettings withUserAgent(String name) {
        return new SipSettings(
                listen, name, maxCalls, maxMessagesPerSecond, maxConnectionsPerSource, keepAlive, trace, dns);
    }

    /** As this, with another bound on calls. */
    public SipSettings withMaxCalls(int most) {
        return new SipSettings(
                listen, userAgent, most, maxMessagesPerSecond, maxConnectionsPerSource, keepAlive, trace, dns);
    }

    /** As this, with so many messages and connections of one source. */
    public SipSettings withPerSource(int messagesPerSecond, int connections) {
        return new SipSettings(listen, userAgent, maxCalls, messagesPerSecond, connections, keepAlive, trace, dns);
    }

    /** As this, with ways kept open like that. */
    public SipSettings withKeepAlive(KeepAliveSettings how) {
        return new SipSettings(
                listen, userAgent, maxCalls, maxMessagesPerSecond, maxConnectionsPerSource, how, trace, dns);
    }

    /** As this, asking these servers for names. */
    public SipSettings withDns(List<HostPort> servers) {
        return new SipSettings(
                listen, userAgent, maxCalls, maxMessagesPerSecond, maxConnectionsPerSource, keepAlive, trace, servers);
    }

    /** As this, keeping other messages. */
    public SipSettings withTrace(TraceSettings kept) {
        return new SipSettings(
                listen, userAgent, maxCalls, maxMessagesPerSecond, maxConnectionsPerSource, keepAlive, kept, dns);
    }

    /** The address that serves a trunk: the first of {@link #allServing}. */
    public Optional<ListenAddress> serving(TrunkSettings trunk) {
        return allServing(trunk).stream().findFirst();
    }

    /**
     * The addresses that may serve a trunk: of its family, and the one that it names. They speak its transport; where the DNS
     * decides that (RFC 3263 4.1), all of them do, those with UDP first.
     */
    public List<ListenAddress> allServing(TrunkSettings trunk) {
        TrunkAddress next = trunk.nextHop();
        Optional<Integer> family = literal(next.host()).map(address -> address.getAddress().length);
        boolean open = next.givenTransport().isEmpty()
                && next.givenPort().isEmpty()
                && family.isEmpty()
                && trunk.tcpAbove().isEmpty();
        Predicate<ListenAddress> usual = own -> own.transports().containsAll(trunk.transports());
        return listen.stream()
                .filter(own -> open || usual.test(own))
                .filter(own -> trunk.listen().isEmpty() || trunk.listen().get().equals(own.address()))
                .filter(own -> family.isEmpty() || family.get() == own.address().getAddress().length)
                .sorted(Comparator.comparing(own -> !usual.test(own)))
                .toList();
    }

    /** The DNS servers with their ports. */
    public List<InetSocketAddress> dnsServers() {
        return dns.stream()
                .map(server -> new InetSocketAddress(
                        InetAddress.ofLiteral(server.host()), server.port().orElse(53)))
                .toList();
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + ": " + value + " is not positive; at least 1");
        }
    }
}
