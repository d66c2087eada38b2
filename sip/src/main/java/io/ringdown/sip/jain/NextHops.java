package io.ringdown.sip.jain;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.stack.HopImpl;
import io.ringdown.sip.SipTransport;
import java.net.InetAddress;
import java.util.List;
import java.util.ListIterator;
import javax.sip.SipException;
import javax.sip.address.Hop;
import javax.sip.address.Router;
import javax.sip.message.Request;
import org.jspecify.annotations.Nullable;

/** Sends each request where we have said: the hop goes with the request. No names are resolved here. */
final class NextHops implements Router {

    static Hop hop(InetAddress address, int port, SipTransport transport) {
        return new HopImpl(address.getHostAddress(), port, transport.uriName());
    }

    static void set(Request request, Hop hop) {
        ((SIPMessage) request).setApplicationData(hop);
    }

    @Override
    public Hop getNextHop(Request request) throws SipException {
        if (((SIPMessage) request).getApplicationData() instanceof Hop hop) {
            return hop;
        }
        throw new SipException("a request without a hop");
    }

    @Override
    public @Nullable Hop getOutboundProxy() {
        return null;
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still wants it
    public ListIterator<Hop> getNextHops(Request request) {
        return List.<Hop>of().listIterator();
    }
}
