package io.ringdown.sip.jain;

import gov.nist.javax.sip.SipStackImpl;
import gov.nist.javax.sip.stack.MessageProcessor;
import io.ringdown.sip.HostPort;
import io.ringdown.sip.ListenAddress;
import io.ringdown.sip.SipTransport;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TooManyListenersException;
import javax.sip.InvalidArgumentException;
import javax.sip.PeerUnavailableException;
import javax.sip.SipException;
import javax.sip.SipListener;
import javax.sip.SipProvider;

/** JAIN-SIP's stack over WebSockets alone, with the same parser and router as that of the trunks. */
final class WebStack extends SipStackImpl {
    private static final InetAddress NOWHERE = InetAddress.ofLiteral("127.0.0.1");

    WebStack(GuardedParser parser, String name, int maxTransactions, Map<InetAddress, WebChannel> channels)
            throws PeerUnavailableException {
        super(GuardedStack.properties(name, maxTransactions));
        setMessageParserFactory(_ -> parser);
        setMessageProcessorFactory((stack, address, port, transport) -> processor(address, port, transport, channels));
        setRouter(new NextHops());
    }

    private MessageProcessor processor(
            InetAddress address, int port, String transport, Map<InetAddress, WebChannel> channels) {
        return new WebProcessor(this, address, port, transport, channels);
    }

    /** What sockets belong to, whatever their Vias say. */
    WebProcessor processor() {
        for (MessageProcessor one : getMessageProcessors()) {
            if (one instanceof WebProcessor web && web.getTransport().equalsIgnoreCase(SipTransport.WSS.uriName())) {
                return web;
            }
        }
        throw new IllegalStateException("not open");
    }

    /** Begins to serve: what goes out says that we are at this host. */
    Listening open(HostPort advertised, SipListener listener) {
        try {
            // Both names, since Vias have both: a page that is served without TLS says WS.
            SipProvider provider = createSipProvider(
                    createListeningPoint(NOWHERE.getHostAddress(), WebProcessor.PORT, SipTransport.WSS.uriName()));
            provider.addListeningPoint(createListeningPoint(NOWHERE.getHostAddress(), WebProcessor.PORT, "ws"));
            provider.addSipListener(listener);
            ListenAddress settings = new ListenAddress(
                    NOWHERE, WebProcessor.PORT, Set.of(SipTransport.WSS), Optional.of(advertised), Optional.empty());
            return new Listening(
                    settings, WebProcessor.PORT, new HostPort(advertised.host(), OptionalInt.empty()), provider);
        } catch (InvalidArgumentException | SipException | TooManyListenersException e) {
            throw new IllegalStateException("the stack does not take WebSockets", e);
        }
    }
}
