package io.ringdown.sip;

import io.ringdown.sip.trace.TraceSettings;
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
 * @param maxConnectionsPerSource TCP connections from one source address
 * @param trace what is kept of the messages
 */
public record SipSettings(
        List<ListenAddress> listen,
        String userAgent,
        int maxCalls,
        int maxMessagesPerSecond,
        int maxConnectionsPerSource,
        TraceSettings trace) {

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

    /** Loopback only, 5000 calls. */
    public static SipSettings defaults() {
        return new SipSettings(
                List.of(ListenAddress.defaults()), "Ringdown", 5000, 10_000, 32, TraceSettings.defaults());
    }

    /** As this, listening there. */
    public SipSettings withListen(List<ListenAddress> addresses) {
        return new SipSettings(addresses, userAgent, maxCalls, maxMessagesPerSecond, maxConnectionsPerSource, trace);
    }

    /** As this, by another name. */
    public SipSettings withUserAgent(String name) {
        return new SipSettings(listen, name, maxCalls, maxMessagesPerSecond, maxConnectionsPerSource, trace);
    }

    /** As this, with another bound on calls. */
    public SipSettings withMaxCalls(int most) {
        return new SipSettings(listen, userAgent, most, maxMessagesPerSecond, maxConnectionsPerSource, trace);
    }

    /** As this, keeping other messages. */
    public SipSettings withTrace(TraceSettings kept) {
        return new SipSettings(listen, userAgent, maxCalls, maxMessagesPerSecond, maxConnectionsPerSource, kept);
    }

    /** The address that serves a trunk: the first that speaks its transport, is of its family, and is the one it names. */
    public Optional<ListenAddress> serving(TrunkSettings trunk) {
        Optional<Integer> family = literal(trunk.address().host()).map(address -> address.getAddress().length);
        return listen.stream()
                .filter(own -> own.transports().contains(trunk.address().transport()))
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
