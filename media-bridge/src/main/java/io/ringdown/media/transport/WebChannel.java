package io.ringdown.media.transport;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One socket towards browsers and which browser is where on it: a UDP port, or one TCP connection. Each has a number of its own, so
 * that the same address and port by the one is another place than by the other. On its loop's thread.
 */
sealed interface WebChannel permits UdpChannel, TcpConnection {

    /** Its number among the loop's sockets: see {@link io.ringdown.media.ice.IcePath#socket}. */
    int index();

    /** The call whose browser has passed a check from there. */
    @Nullable
    CallMedia callAt(InetSocketAddress remote);

    /** A browser has passed a check from there. */
    void place(InetSocketAddress remote, CallMedia call);
}
