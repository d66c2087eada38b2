package io.ringdown.media.transport;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;

/**
 * Opens sockets the way all of ours are: of one address family, not blocking, what leaves marked for the routers on its way
 * (RFC 2474). Java sets IPv6's traffic class by the option that is named after IPv4's.
 */
final class Datagrams {
    private static final int ECN_BITS = 2; // RFC 3168 §5: they share the octet

    private Datagrams() {}

    static DatagramChannel open(InetSocketAddress local, int dscp) throws IOException {
        DatagramChannel channel = DatagramChannel.open(
                local.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.IP_TOS, dscp << ECN_BITS);
            channel.bind(local);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Asks for a receive buffer; answers what was granted. */
    static int receiveBuffer(DatagramChannel channel, int bytes) throws IOException {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, bytes);
        return channel.getOption(StandardSocketOptions.SO_RCVBUF);
    }
}
