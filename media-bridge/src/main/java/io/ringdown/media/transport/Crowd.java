package io.ringdown.media.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Those who have connected and not shown yet that they belong to a call, by network: what one network may hold is bounded, and
 * whoever brings many gives way before who brings few. Pure, owned by one thread.
 */
final class Crowd<T> {
    private static final int NETWORK_OCTETS = 8; // RFC 6177 §2: a customer gets a /64 at least, and can use all of it

    private final int most;
    private final int mostOfNetwork;
    private final ArrayDeque<T> inOrder = new ArrayDeque<>();
    private final Map<Long, ArrayDeque<T>> byNetwork = new HashMap<>();

    Crowd(int most, int mostOfNetwork) {
        this.most = most;
        this.mostOfNetwork = mostOfNetwork;
    }

    /** What one party can be supposed to have: an address of IPv4, the /64 around one of IPv6. */
    static long network(InetAddress address) {
        byte[] octets = address.getAddress();
        return address instanceof Inet6Address
                ? ByteBuffer.wrap(octets, 0, NETWORK_OCTETS).getLong()
                : ByteBuffer.wrap(octets).getInt();
    }

    void add(T one, long network) {
        inOrder.add(one);
        byNetwork.computeIfAbsent(network, number -> new ArrayDeque<>()).add(one);
    }

    /** Nothing happens if it is not there. */
    void remove(T one, long network) {
        ArrayDeque<T> ofNetwork = byNetwork.get(network);
        if (ofNetwork != null && ofNetwork.remove(one)) {
            inOrder.remove(one);
            if (ofNetwork.isEmpty()) {
                byNetwork.remove(network);
            }
        }
    }

    int size() {
        return inOrder.size();
    }

    /** Who has been there for the longest. */
    @Nullable
    T first() {
        return inOrder.peekFirst();
    }

    /**
     * Who must go before one more of this network comes; null if there is room. It is the oldest, who has had the most time: of the
     * same network if that has all that it may have, else of the one that has the most.
     */
    @Nullable
    T inTheWayOf(long network) {
        ArrayDeque<T> ofNetwork = byNetwork.get(network);
        if (ofNetwork != null && ofNetwork.size() >= mostOfNetwork) {
            return ofNetwork.peekFirst();
        }
        if (inOrder.size() < most) {
            return null;
        }
        ArrayDeque<T> largest = null;
        for (ArrayDeque<T> each : byNetwork.values()) {
            if (largest == null || each.size() > largest.size()) {
                largest = each;
            }
        }
        return largest == null ? null : largest.peekFirst();
    }
}
