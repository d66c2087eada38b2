package io.ringdown.sip.trace;

import io.ringdown.sip.SipTransport;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * One message as it went over the wire, without secrets and digits.
 *
 * @param at when
 * @param sent by us
 * @param transport what carried it
 * @param from the sender's address
 * @param to the receiver's
 * @param trunk the trunk that it was with; empty where that is not known
 * @param callId its Call-ID
 * @param text its lines, ended by CRLF
 */
public record TracedMessage(
        Instant at,
        boolean sent,
        SipTransport transport,
        InetSocketAddress from,
        InetSocketAddress to,
        Optional<String> trunk,
        String callId,
        String text) {

    /** Of a message as it was encoded, {@link Redaction} done here. */
    public static TracedMessage of(
            Instant at,
            boolean sent,
            SipTransport transport,
            InetSocketAddress from,
            InetSocketAddress to,
            Optional<String> trunk,
            String callId,
            String message) {
        return new TracedMessage(at, sent, transport, from, to, trunk, callId, Redaction.of(message));
    }

    /** Its first line. */
    public String firstLine() {
        int end = text.indexOf('\r');
        return end < 0 ? text : text.substring(0, end);
    }

    /** Whether this, received, answers that, sent: a response to a request, or the ACK of a response (RFC 3261 17.1.1.3). */
    boolean answers(TracedMessage that) {
        return !sent
                && that.sent
                && callId.equals(that.callId)
                && (isResponse()
                        ? !that.isResponse() && cseq().equals(that.cseq())
                        : that.isResponse() && isAckOf(that));
    }

    private boolean isAckOf(TracedMessage answer) {
        return text.startsWith("ACK ") && cseq().equals(answer.cseq().replace(" INVITE", " ACK"));
    }

    private boolean isResponse() {
        return text.startsWith("SIP/2.0 ");
    }

    /** Number and method of CSeq. */
    private String cseq() {
        int at = text.indexOf("\nCSeq: ");
        return at < 0 ? "" : text.substring(at + 7, text.indexOf('\r', at)).strip();
    }

    /** Who sent what, for a log: the text has numbers in it. */
    @Override
    public String toString() {
        return (sent ? "sent " : "received ") + text.length() + " characters over " + transport;
    }
}
