package io.ringdown.sip.jain;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPClientTransaction;
import gov.nist.javax.sip.stack.SIPTransaction;
import gov.nist.javax.sip.stack.ServerRequestInterface;
import gov.nist.javax.sip.stack.ServerResponseInterface;
import java.io.IOException;
import java.text.ParseException;
import java.util.function.Consumer;
import javax.sip.message.Request;
import javax.sip.message.Response;

/** Gives the stack what came by a connection, as its own transports do. No state. */
final class StreamInput {
    private StreamInput() {}

    /** Hands the message to the transaction it belongs to, on the reader's thread; {@code traced} sees requests as they came. */
    static void take(SIPMessage message, MessageChannel from, Consumer<SIPRequest> traced) throws IOException {
        if (message instanceof SIPRequest request) {
            request(request, from, traced);
        } else if (message instanceof SIPResponse response) {
            response(response, from);
        }
    }

    private static void request(SIPRequest request, MessageChannel from, Consumer<SIPRequest> traced)
            throws IOException {
        stamp(request.getTopmostVia(), from);
        traced.accept(request);
        if (!"SIP/2.0".equals(request.getRequestLine().getSipVersion())) {
            from.sendMessage(request.createResponse(Response.VERSION_NOT_SUPPORTED));
            return;
        }
        if (!request.getMethod().equalsIgnoreCase(request.getCSeq().getMethod())) {
            from.sendMessage(request.createResponse(Response.BAD_REQUEST));
            return;
        }
        if (request.getMethod().equals(Request.ACK) && request.getTopmostVia().getBranch() == null) {
            return; // the stack looks for what it answers by its branch, and trips where it reads none
        }
        ServerRequestInterface taker = from.getSIPStack().newSIPServerRequest(request, from);
        if (taker == null) {
            return; // the stack is full, or at work on the same transaction
        }
        try {
            taker.processRequest(request, from);
        } finally {
            release(taker);
        }
    }

    // RFC 3261 18.2.1 and 3581 4. rport is written even unasked: what is answered outside of a transaction finds the
    // connection by it.
    private static void stamp(Via via, MessageChannel from) {
        String address = from.getPeerAddress();
        try {
            if (via.hasParameter(Via.RPORT) || !via.getHop().getHost().equals(address)) {
                via.setParameter(Via.RECEIVED, address);
            }
            via.setParameter(Via.RPORT, Integer.toString(from.getPeerPort()));
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void response(SIPResponse response, MessageChannel from) {
        try {
            response.checkHeaders();
        } catch (ParseException e) {
            return; // lacks what a response must have; RFC 3261 18.1.2 has it dropped
        }
        ServerResponseInterface taker = from.getSIPStack().newSIPServerResponse(response, from);
        if (taker == null) {
            return;
        }
        try {
            if (!(taker instanceof SIPClientTransaction client) || client.checkFromTag(response)) {
                taker.processResponse(response, from);
            }
        } finally {
            release(taker);
        }
    }

    // Where the listener is told, the stack lets go by itself afterwards.
    private static void release(Object taker) {
        if (taker instanceof SIPTransaction transaction && !transaction.passToListener()) {
            transaction.releaseSem();
        }
    }
}
