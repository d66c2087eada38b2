package io.ringdown.media.transport;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which addresses of this machine to listen on. Each gets a socket of its own: a browser takes an answer only from the address
 * to which it had sent, and a socket on all addresses would answer from whichever the route gives.
 */
final class LocalAddresses {

    private LocalAddresses() {}

    /** What was configured, with the wildcards and the empty list written out. IPv4 before IPv6. */
    static List<InetAddress> of(List<InetAddress> configured) throws SocketException {
        if (configured.isEmpty()) {
            return ofThisMachine(true, true);
        }
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (InetAddress address : configured) {
            if (address.isAnyLocalAddress()) {
                addresses.addAll(ofThisMachine(true, address instanceof Inet6Address));
            } else {
                addresses.add(address);
            }
        }
        return List.copyOf(addresses);
    }

    private static List<InetAddress> ofThisMachine(boolean four, boolean six) throws SocketException {
        List<InetAddress> outside = new ArrayList<>();
        List<InetAddress> loopback = new ArrayList<>();
        for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
            if (!network.isUp()) {
                continue;
            }
            for (InetAddress address : network.inetAddresses().toList()) {
                boolean wanted = address instanceof Inet4Address ? four : six;
                if (wanted && !address.isLinkLocalAddress()) {
                    (address.isLoopbackAddress() ? loopback : outside).add(address);
                }
            }
        }
        List<InetAddress> chosen = outside.isEmpty() ? loopback : outside;
        chosen.sort((a, b) -> Boolean.compare(a instanceof Inet6Address, b instanceof Inet6Address));
        return chosen;
    }
}
