package io.ringdown.media.ice;

import java.net.InetSocketAddress;

/**
 * One way between a browser and us.
 *
 * @param remote the browser's address, as we see it
 * @param socket which of our sockets; what comes from another one is no answer to the browser. A TCP connection is a socket of its
 *     own, and its number is negative and never used again
 */
public record IcePath(InetSocketAddress remote, int socket) {

    /** Whether it is a TCP connection (RFC 6544), and not UDP. */
    public boolean tcp() {
        return socket < 0;
    }

    @Override
    public String toString() {
        return (tcp() ? "tcp " : "udp ") + remote;
    }
}
