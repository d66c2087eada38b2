package io.ringdown.media.transport;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The bound sockets of a media loop towards browsers.
 *
 * @param datagrams one for each address, of the same port
 * @param listeners for TCP connections; likewise, or none
 * @param dscp that marks what leaves
 */
record WebSockets(List<DatagramChannel> datagrams, List<ServerSocketChannel> listeners, int dscp) {
    // Connections that the kernel holds ready: as many as are taken in about a second.
    private static final int WAITING = 256;

    WebSockets {
        datagrams = List.copyOf(datagrams);
        listeners = List.copyOf(listeners);
    }

    /**
     * Binds them on each of these addresses, or none.
     *
     * @param udp port; 0 is the system's choice
     * @param tcp likewise; empty for no TCP
     * @throws IOException says which one cannot be had
     */
    static WebSockets bind(List<InetAddress> addresses, int udp, OptionalInt tcp, int dscp) throws IOException {
        List<DatagramChannel> datagrams = new ArrayList<>();
        List<ServerSocketChannel> listeners = new ArrayList<>();
        String at = "UDP port " + udp;
        try {
            int bound = udp;
            for (InetAddress address : addresses) {
                DatagramChannel channel = Datagrams.open(new InetSocketAddress(address, bound), dscp);
                datagrams.add(channel);
                bound = port(channel); // 0 is the system's choice, once
            }
            if (tcp.isPresent()) {
                at = "TCP port " + tcp.getAsInt();
                bound = tcp.getAsInt();
                for (InetAddress address : addresses) {
                    ServerSocketChannel listener = listen(new InetSocketAddress(address, bound));
                    listeners.add(listener);
                    bound = port(listener);
                }
            }
            return new WebSockets(datagrams, listeners, dscp);
        } catch (IOException e) {
            close(datagrams);
            close(listeners);
            throw new IOException(e.getMessage() + " (" + at + ")", e);
        }
    }

    private static ServerSocketChannel listen(InetSocketAddress local) throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(
                local.getAddress() instanceof Inet4Address
                        ? StandardProtocolFamily.INET
                        : StandardProtocolFamily.INET6);
        try {
            listener.configureBlocking(false);
            listener.bind(local, WAITING);
            return listener;
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
    }

    private static int port(NetworkChannel channel) throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    private static void close(List<? extends NetworkChannel> channels) throws IOException {
        for (NetworkChannel channel : channels) {
            channel.close();
        }
    }
}
