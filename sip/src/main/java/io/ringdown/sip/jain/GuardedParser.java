package io.ringdown.sip.jain;

import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import io.ringdown.sip.jain.Counters.Counter;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/**
 * The stack's parser, from which nothing escapes but a ParseException with a fixed text: the stack writes that text into its
 * 400, and dies of an Error. Safe for all threads.
 */
final class GuardedParser implements MessageParser {
    /** All that a 400 says of what is wrong. */
    static final String FIXED_TEXT = "malformed";

    private final StringMsgParser parser = new StringMsgParser();
    private final Counters counters;

    GuardedParser(Counters counters) {
        this.counters = counters;
    }

    @Override
    public @Nullable SIPMessage parseSIPMessage(
            byte[] bytes, boolean readBody, boolean strict, @Nullable ParseExceptionListener listener)
            throws ParseException {
        try {
            SIPMessage message = parser.parseSIPMessage(bytes, readBody, strict, listener);
            if (message != null) {
                check(message);
            }
            return message;
        } catch (ParseException | RuntimeException | StackOverflowError | LinkageError e) {
            counters.count(Counter.MALFORMED);
            throw fixed();
        }
    }

    // What the stack would stumble over later: it takes the transport of the Via for a listening point's.
    private static void check(SIPMessage message) throws ParseException {
        Via via = message.getTopmostVia();
        if (via == null
                || message.getFrom() == null
                || message.getTo() == null
                || message.getCallId() == null
                || message.getCSeq() == null) {
            throw fixed();
        }
        String transport = via.getTransport();
        if (!"UDP".equalsIgnoreCase(transport) && !"TCP".equalsIgnoreCase(transport)) {
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
