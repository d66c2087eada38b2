package io.ringdown.sip.jain;

import gov.nist.core.HostPort;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.ringdown.sip.SipTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * WebSockets as a transport of the stack. Nobody listens here and nothing is connected: a web server has opened them. Each stands
 * under an address of its own that no network has, by which the stack finds it. Safe for all threads.
 */
final class WebProcessor extends MessageProcessor {
    /** The one port of all those addresses. */
    static final int PORT = SipTransport.WSS.defaultPort();

    private final Map<InetAddress, WebChannel> channels;

    /** {@code channels} are those that are open. */
    WebProcessor(
            SIPTransactionStack stack,
            InetAddress address,
            int port,
            String transport,
            Map<InetAddress, WebChannel> channels) {
        super(address, port, transport, stack);
        this.channels = channels;
    }

    /** An address that no other open socket has. */
    static InetAddress address(int number) {
        // RFC 1112 4: class E, which nobody routes.
        byte[] bytes = {
            (byte) (0xf0 | (number >> 24 & 0x0f)), (byte) (number >> 16), (byte) (number >> 8), (byte) number
        };
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<InetAddress, WebChannel> noChannels() {
        return new ConcurrentHashMap<>();
    }

    @Override
    public MessageChannel createMessageChannel(HostPort target) throws IOException {
        try {
            return createMessageChannel(InetAddress.ofLiteral(target.getHost().getHostname()), target.getPort());
        } catch (IllegalArgumentException name) {
            throw new IOException("no address", name);
        }
    }

    @Override
    public MessageChannel createMessageChannel(InetAddress address, int port) throws IOException {
        return Optional.ofNullable(channels.get(address)).orElseThrow(() -> new IOException("the socket is closed"));
    }

    @Override
    public void start() {
        // The web server listens.
    }

    @Override
    public void stop() {
        // Sockets are closed by whoever has them.
    }

    @Override
    public SIPTransactionStack getSIPStack() {
        return sipStack;
    }

    @Override
    public int getDefaultTargetPort() {
        return PORT;
    }

    @Override
    public boolean isSecure() {
        return true;
    }

    @Override
    public int getMaximumMessageSize() {
        return Integer.MAX_VALUE;
    }

    @Override
    public boolean inUse() {
        return !channels.isEmpty();
    }
}
