package io.ringdown.sip.jain;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import io.ringdown.sip.jain.Counters.Counter;
import java.text.ParseException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stack's parser, from which nothing escapes but a ParseException with a fixed text: the stack writes that text into its
 * 400, and dies of an Error. Safe for all threads.
 */
final class GuardedParser implements MessageParser {
    /** All that a 400 says of what is wrong. */
    static final String FIXED_TEXT = "malformed";

    private static final Set<String> DATAGRAM_VIAS = Set.of("UDP", "TCP");

    private final StringMsgParser parser = new StringMsgParser();
    private final Counters counters;

    GuardedParser(Counters counters) {
        this.counters = counters;
    }

    @Override
    public @Nullable SIPMessage parseSIPMessage(
            byte[] bytes, boolean readBody, boolean strict, @Nullable ParseExceptionListener listener)
            throws ParseException {
        return parsed(bytes, readBody, strict, listener, DATAGRAM_VIAS);
    }

    /** One whole message that came by a connection, whose Via must say so (RFC 3261 18.1.1). */
    @Nullable
    SIPMessage parse(byte[] bytes, ParseExceptionListener listener, String transport) throws ParseException {
        return parsed(bytes, true, false, listener, Set.of(transport));
    }

    private @Nullable SIPMessage parsed(
            byte[] bytes, boolean readBody, boolean strict, @Nullable ParseExceptionListener listener, Set<String> vias)
            throws ParseException {
        try {
            SIPMessage message = parser.parseSIPMessage(bytes, readBody, strict, listener);
            if (message != null) {
                check(message, vias);
            }
            return message;
        } catch (ParseException | RuntimeException | StackOverflowError | LinkageError e) {
            counters.count(Counter.MALFORMED);
            throw fixed();
        }
    }

    // What the stack would stumble over later: it takes the transport of the Via for a listening point's.
    private static void check(SIPMessage message, Set<String> vias) throws ParseException {
        Via via = message.getTopmostVia();
        if (via == null
                || message.getFrom() == null
                || message.getTo() == null
                || message.getCallId() == null
                || message.getCSeq() == null) {
            throw fixed();
        }
        if (!vias.contains(String.valueOf(via.getTransport()).toUpperCase(Locale.ROOT))) {
            throw fixed();
        }
        if (message instanceof SIPRequest request
                && (request.getRequestURI() == null || message.getCSeq().getMethod() == null)) {
            throw fixed();
        }
    }

    private static ParseException fixed() {
        return new ParseException(FIXED_TEXT, 0);
    }
}
