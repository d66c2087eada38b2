package io.ringdown.media.quality;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The way between gateway and trunk at one moment.
 *
 * @param target where packets go: where the trunk's description says, or where it was latched to; empty before there is one
 * @param weSend whether that description lets us send
 * @param theySend whether it lets the trunk send
 * @param unreachable how often the trunk's machine said that nobody listens there (ICMP port unreachable)
 * @param refused how many packets of the trunk's SRTP did not open
 * @param stranger another address from which RTP comes to the call's port, as far as we have looked: {@code target} alone
 *     is heard, and only while nothing comes from there do we look at others at all
 */
public record TrunkPath(
        Optional<InetSocketAddress> target,
        boolean weSend,
        boolean theySend,
        long unreachable,
        long refused,
        Optional<InetSocketAddress> stranger) {
    /** There is no trunk yet. */
    public static final TrunkPath NONE = new TrunkPath(Optional.empty(), false, false, 0, 0, Optional.empty());
}
