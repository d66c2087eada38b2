package io.ringdown.sip.jain;

import gov.nist.javax.sip.SipStackImpl;
import gov.nist.javax.sip.stack.MessageProcessor;
import gov.nist.javax.sip.stack.OIOMessageProcessorFactory;
import gov.nist.javax.sip.stack.SIPTransactionStack;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.locate.Target;
import io.ringdown.sip.tls.ServerTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import javax.sip.PeerUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** JAIN-SIP's stack with our sockets, connections, parser and router, and dialogs of our own (docs/adr/). */
final class GuardedStack extends SipStackImpl {
    private static final Logger LOG = LoggerFactory.getLogger(GuardedStack.class);

    private final Tracing tracing;
    private final Streams streams;
    private final GuardedNetwork network;
    private final Map<InetSocketAddress, ServerTls> serving = new ConcurrentHashMap<>();

    GuardedStack(Streams streams, Tracing tracing, String name, int maxTransactions) throws PeerUnavailableException {
        super(properties(name, maxTransactions));
        this.tracing = tracing;
        this.streams = streams;
        network = new GuardedNetwork(streams.gatekeeper());
        networkLayer = network;
        setMessageParserFactory(_ -> streams.parser());
        setMessageProcessorFactory(this::processor);
        setRouter(new NextHops());
    }

    Tracing tracing() {
        return tracing;
    }

    GuardedNetwork network() {
        return network;
    }

    /** Whether a connection that a peer has opened from there still stands. */
    boolean isConnected(Target from) {
        return Stream.of(getMessageProcessors())
                .anyMatch(one -> one instanceof StreamProcessor streams && streams.isConnected(from));
    }

    /** To be said before TLS is listened for there. */
    void serveTls(InetSocketAddress at, ServerTls tls) {
        serving.put(at, tls);
    }

    // Datagrams are the stack's; its own connections lack what docs/trunks.md promises of them.
    private MessageProcessor processor(SIPTransactionStack stack, InetAddress address, int port, String transport)
            throws IOException {
        SipTransport kind = SipTransport.valueOf(transport.toUpperCase(Locale.ROOT));
        return switch (kind) {
            case UDP -> new OIOMessageProcessorFactory().createMessageProcessor(stack, address, port, transport);
            case TCP, TLS ->
                new StreamProcessor(
                        stack,
                        address,
                        port,
                        kind,
                        Optional.ofNullable(serving.get(new InetSocketAddress(address, port))),
                        streams);
            case WSS -> throw new IOException("trunks have no WebSockets");
        };
    }

    /**
     * Stops the stack, also where a listening point could not be bound: the stack keeps its processor all the same, and
     * stumbles over it when it stops. Each try takes one processor out, so the next comes further.
     */
    void stopAll() {
        int processors = getMessageProcessors().length;
        for (int i = 0; i <= processors; i++) {
            try {
                stop();
                return;
            } catch (NullPointerException neverBound) {
                LOG.debug("a listening point had not been bound: {}", neverBound.getMessage());
            }
        }
    }

    static Properties properties(String name, int maxTransactions) {
        Properties p = new Properties();
        p.setProperty("javax.sip.STACK_NAME", name);
        p.setProperty("gov.nist.javax.sip.STACK_LOGGER", StackLog.class.getName());
        p.setProperty("gov.nist.javax.sip.SERVER_LOGGER", WireLog.class.getName());
        // Dialogs are ours: pure, countable, and able to be written down.
        p.setProperty("javax.sip.AUTOMATIC_DIALOG_SUPPORT", "off");
        p.setProperty("gov.nist.javax.sip.AUTOMATIC_DIALOG_ERROR_HANDLING", "false");
        p.setProperty("javax.sip.USE_ROUTER_FOR_ALL_URIS", "true");
        p.setProperty("gov.nist.javax.sip.DELIVER_UNSOLICITED_NOTIFY", "true");
        // A restarted gateway cancels INVITEs whose transactions went with the one before.
        p.setProperty("gov.nist.javax.sip.CANCEL_CLIENT_TRANSACTION_CHECKED", "false");
        // Unset, the stack makes a thread for each datagram.
        p.setProperty("gov.nist.javax.sip.THREAD_POOL_SIZE", "1");
        // Our listener only hands over, so it may be called on the reader's thread.
        p.setProperty("gov.nist.javax.sip.REENTRANT_LISTENER", "true");
        p.setProperty("gov.nist.javax.sip.RECEIVE_UDP_BUFFER_SIZE", Integer.toString(4 << 20));
        p.setProperty("gov.nist.javax.sip.SEND_UDP_BUFFER_SIZE", Integer.toString(1 << 20));
        p.setProperty("gov.nist.javax.sip.MAX_MESSAGE_SIZE", "16384");
        p.setProperty("gov.nist.javax.sip.MAX_SERVER_TRANSACTIONS", Integer.toString(maxTransactions));
        p.setProperty("gov.nist.javax.sip.RFC_2543_SUPPORT_ENABLED", "false");
        return p;
    }
}
