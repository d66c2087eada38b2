package io.ringdown.sip.jain;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.dialog.SipHeader;
import java.net.InetAddress;
import java.text.ParseException;
import java.util.Locale;
import java.util.Optional;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;

/**
 * An INVITE of ours whose transaction was another process's: what the stack would know of it is written down. Its messages go where
 * it went, and by what (RFC 3261 9.1, 17.1.1.3).
 *
 * @param invite as it left
 * @param identity who it was from and to
 * @param address where it went
 * @param port the port there
 */
record OrphanedInvite(DialogState.Invite invite, Writing.Identity identity, InetAddress address, int port) {

    /** Its CANCEL. */
    Request cancel(Writing writing, SipHeader reason) throws ParseException {
        Request cancel = writing.ofInvite(Request.CANCEL, invite, identity, Optional.empty());
        writing.addReason(cancel, reason);
        return routed(cancel);
    }

    /** The ACK to this response; empty where it is none that refuses the INVITE. */
    Optional<Request> ack(Writing writing, Response response) throws ParseException {
        boolean refusal = response.getStatusCode() >= 300
                && Reading.cseq(response).getMethod().equals(Request.INVITE)
                && Reading.cseq(response).getSeqNumber() == invite.cseq();
        return refusal
                ? Optional.of(
                        routed(writing.ofInvite(Request.ACK, invite, identity, Optional.of(Reading.toTag(response)))))
                : Optional.empty();
    }

    private Request routed(Request request) {
        String by = ((ViaHeader) request.getHeader(ViaHeader.NAME)).getTransport();
        NextHops.set(request, NextHops.hop(address, port, SipTransport.valueOf(by.toUpperCase(Locale.ROOT))));
        return request;
    }
}
