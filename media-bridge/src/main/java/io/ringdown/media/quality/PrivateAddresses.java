package io.ringdown.media.quality;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Addresses that mean something only inside a network. Stateless. */
final class PrivateAddresses {
    private PrivateAddresses() {}

    /**
     * 10/8, 172.16/12 and 192.168/16 (RFC 1918), 100.64/10 (RFC 6598), fc00::/7 (RFC 4193), and what is only on a link or a
     * machine.
     */
    static boolean contain(InetAddress address) {
        if (address.isLoopbackAddress() || address.isLinkLocalAddress()) {
            return true;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address
                ? address.isSiteLocalAddress() || (bytes[0] == 100 && (bytes[1] & 0xC0) == 64)
                : (bytes[0] & 0xFE) == 0xFC;
    }
}
