package io.ringdown.media;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which addresses a trunk may name for its media, so that nobody makes us send to where only this machine may (THREATS W6).
 * Loopback and link-local addresses are the trunk's only where we, or the trunk itself, are at such a one.
 *
 * @param local where our RTP towards the trunk leaves from
 * @param trunk the trunk's own address, where it is configured as one
 */
public record AllowedPeers(InetAddress local, Optional<InetAddress> trunk) {
    private static final int FIRST_UNPRIVILEGED_PORT = 1_024;
    private static final int FIRST_RESERVED_NET = 240; // RFC 1112 §4: class E, with limited broadcast at its end

    /** What may be reached from this address. */
    public static AllowedPeers from(InetAddress local) {
        return new AllowedPeers(local, Optional.empty());
    }

    /** Why nothing is sent there; empty if it may be. */
    public Optional<String> refusal(InetSocketAddress peer) {
        InetAddress address = peer.getAddress();
        String text = address.getHostAddress();
        if (address.getClass() != local.getClass()) {
            return Optional.of(text + " cannot be reached from " + local.getHostAddress());
        }
        if (address.isLoopbackAddress() && !local.isLoopbackAddress() && !trunkIs(InetAddress::isLoopbackAddress)) {
            return Optional.of(text + " is a loopback address, and the trunk is not on this machine");
        }
        if (address.isLinkLocalAddress() && !local.isLinkLocalAddress() && !trunkIs(InetAddress::isLinkLocalAddress)) {
            return Optional.of(text + " is a link-local address, and the trunk is not on this link");
        }
        if (!isUnicast(address)) {
            return Optional.of(text + " is not the address of one machine");
        }
        if (peer.getPort() < FIRST_UNPRIVILEGED_PORT) {
            return Optional.of("port " + peer.getPort() + " is not one for media");
        }
        return Optional.empty();
    }

    private boolean trunkIs(Predicate<InetAddress> kind) {
        return trunk.filter(kind).isPresent();
    }

    private static boolean isUnicast(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        boolean isReservedNet = bytes.length == 4 && (first == 0 || first >= FIRST_RESERVED_NET); // RFC 1122 §3.2.1.3
        return !isReservedNet && !address.isAnyLocalAddress() && !address.isMulticastAddress();
    }
}
