package io.ringdown.sip.jain;

import io.ringdown.sip.tls.PeerTls;
import java.net.InetAddress;
import java.util.Optional;

/**
 * The other end of a connection. Connections are shared by what is for the same peer, so what we show it and expect of it
 * belongs to it. Immutable.
 *
 * @param address its address
 * @param port its port
 * @param tls how we speak TLS to it; empty for TCP, and for connections that it has opened
 */
record Peer(InetAddress address, int port, Optional<PeerTls> tls) {

    @Override
    public String toString() {
        return address.getHostAddress() + " port " + port;
    }
}
