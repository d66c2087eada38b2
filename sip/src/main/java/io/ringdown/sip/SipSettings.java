package io.ringdown.sip;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * What all trunks share.
 *
 * @param listen where we listen; the first one that speaks a trunk's transport serves it, unless the trunk names another
 * @param userAgent what User-Agent and Server say; empty for nothing
 * @param maxCalls calls at once over all trunks; beyond, 503 with Retry-After
 * @param maxMessagesPerSecond messages from one source address; what is above is dropped before it is parsed
 * @param maxConnectionsPerSource TCP and TLS connections from one source address
 * @param keepAlive line ends that keep ways open
 */
public record SipSettings(
        List<ListenAddress> listen,
        String userAgent,
        int maxCalls,
        int maxMessagesPerSecond,
        int maxConnectionsPerSource,
        KeepAliveSettings keepAlive) {

    public SipSettings {
        listen = List.copyOf(listen);
        if (listen.isEmpty()) {
            throw new IllegalArgumentException("listen: empty; give at least one address");
        }
        if (!userAgent.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("user-agent: has characters outside of printable ASCII; use others");
        }
        requirePositive("max-calls", maxCalls);
        requirePositive("max-messages-per-second", maxMessagesPerSecond);
        requirePositive("max-connections-per-source", maxConnectionsPerSource);
    }

    /** As the other, with the usual keep-alives. */
    public SipSettings(
            List<ListenAddress> listen,
            String userAgent,
            int maxCalls,
            int maxMessagesPerSecond,
            int maxConnectionsPerSource) {
        this(listen, userAgent, maxCalls, maxMessagesPerSecond, maxConnectionsPerSource, KeepAliveSettings.defaults());
    }

    /** Loopback only, 5000 calls. */
    public static SipSettings defaults() {
        return new SipSettings(List.of(ListenAddress.defaults()), "Ringdown", 5000, 10_000, 32);
    }

    /** The address that serves a trunk: the first that speaks its transport, is of its family, and is the one it names. */
    public Optional<ListenAddress> serving(TrunkSettings trunk) {
        Optional<Integer> family = literal(trunk.address().host()).map(address -> address.getAddress().length);
        return listen.stream()
                .filter(own -> own.transports().containsAll(trunk.transports()))
                .filter(own -> trunk.listen().isEmpty() || trunk.listen().get().equals(own.address()))
                .filter(own -> family.isEmpty() || family.get() == own.address().getAddress().length)
                .findFirst();
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
