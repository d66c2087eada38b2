package io.ringdown.sip.jain;

import gov.nist.core.net.NetworkLayer;
import gov.nist.javax.sip.SipStackImpl;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Gives the stack guarded datagram sockets, and nothing else: connections are {@link StreamProcessor}'s. Safe for all threads. */
final class GuardedNetwork implements NetworkLayer {
    private static final byte[] LINE_ENDS = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Gatekeeper gatekeeper;
    private final Map<InetSocketAddress, DatagramSocket> sockets = new ConcurrentHashMap<>();

    GuardedNetwork(Gatekeeper gatekeeper) {
        this.gatekeeper = gatekeeper;
    }

    @Override
    public DatagramSocket createDatagramSocket(int port, InetAddress address) throws SocketException {
        DatagramSocket socket = new GuardedDatagramSocket(port, address, gatekeeper);
        sockets.put(new InetSocketAddress(address, port), socket);
        return socket;
    }

    /** Sends line ends from a listening address, which keep its way through NAT open (RFC 5626 3.5.1). */
    void keepOpen(InetSocketAddress from, InetSocketAddress to) throws IOException {
        DatagramSocket socket = sockets.get(from);
        if (socket != null) {
            socket.send(new DatagramPacket(LINE_ENDS, LINE_ENDS.length, to));
        }
    }

    @Override
    public DatagramSocket createDatagramSocket() throws SocketException {
        throw new SocketException("only listening addresses have sockets");
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
        throw notHere();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, @Nullable InetAddress local) throws IOException {
        throw notHere();
    }

    @Override
    public Socket createSocket(InetAddress address, int port) throws IOException {
        throw notHere();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress local, int localPort) throws IOException {
        throw notHere();
    }

    @Override
    public SSLServerSocket createSSLServerSocket(int port, int backlog, InetAddress address) throws IOException {
        throw notHere();
    }

    @Override
    public SSLSocket createSSLSocket(InetAddress address, int port) throws IOException {
        throw notHere();
    }

    @Override
    public SSLSocket createSSLSocket(InetAddress address, int port, InetAddress local) throws IOException {
        throw notHere();
    }

    private static IOException notHere() {
        return new IOException("the stack opens no connections by itself");
    }

    @Override
    public void setSipStack(SipStackImpl stack) {}
}
