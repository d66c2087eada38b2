package io.ringdown.sip.jain;

import gov.nist.javax.sip.header.CSeq;
import gov.nist.javax.sip.header.CallID;
import gov.nist.javax.sip.header.ContentLength;
import gov.nist.javax.sip.header.From;
import gov.nist.javax.sip.header.RequestLine;
import gov.nist.javax.sip.header.StatusLine;
import gov.nist.javax.sip.header.To;
import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.parser.MessageParser;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import io.ringdown.sip.dialog.MessageHead;
import io.ringdown.sip.jain.Counters.Counter;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.sip.message.Request;
import org.jspecify.annotations.Nullable;

/**
 * The stack's parser, from which nothing escapes but a ParseException with a fixed text: the stack writes that text into its
 * 400, and dies of an Error. Safe for all threads.
 */
final class GuardedParser implements MessageParser {
    /** All that a 400 says of what is wrong. */
    static final String FIXED_TEXT = "malformed";

    private static final Set<String> DATAGRAM_VIAS = Set.of("UDP");

    private static final Set<Class<?>> MUST_BE_READ = Set.of(
            From.class,
            To.class,
            CSeq.class,
            Via.class,
            CallID.class,
            ContentLength.class,
            RequestLine.class,
            StatusLine.class);
    private static final Object UNREADABLE = "unreadable";
    private static final String WANTED_BY_SOME_METHOD = """
            Max-Forwards: 70\r
            Contact: <sip:invalid>\r
            Refer-To: <sip:invalid>\r
            Event: none\r
            Subscription-State: active\r
            """;

    private final StringMsgParser parser = new KeyingParser();
    private final Counters counters;

    /** The stack's parser, whose requests know what their transaction is found by. */
    private static final class KeyingParser extends StringMsgParser {
        @Override
        protected SIPMessage processFirstLine(String line, ParseExceptionListener listener, byte[] whole)
                throws ParseException {
            SIPMessage message = super.processFirstLine(line, listener, whole);
            if (!(message instanceof SIPRequest read)) {
                return message;
            }
            KeyedRequest keyed = new KeyedRequest();
            if (read.getRequestLine() != null) {
                keyed.setRequestLine(read.getRequestLine());
            }
            return keyed;
        }
    }

    GuardedParser(Counters counters) {
        this.counters = counters;
    }

    @Override
    public @Nullable SIPMessage parseSIPMessage(
            byte[] bytes, boolean readBody, boolean strict, @Nullable ParseExceptionListener listener)
            throws ParseException {
        return parsed(bytes, readBody, strict, DATAGRAM_VIAS);
    }

    /** One whole message that came by a connection, whose Via must say so (RFC 3261 18.1.1). */
    @Nullable
    SIPMessage parse(byte[] bytes, String transport) throws ParseException {
        return parsed(bytes, true, false, Set.of(transport));
    }

    /** One whole message that came by a WebSocket. */
    @Nullable
    SIPMessage parseFrame(byte[] bytes) throws ParseException {
        return parsed(bytes, true, false, Set.of("WS", "WSS"));
    }

    private @Nullable SIPMessage parsed(byte[] bytes, boolean readBody, boolean strict, Set<String> vias)
            throws ParseException {
        try {
            SIPMessage message = parser.parseSIPMessage(bytes, readBody, strict, GuardedParser::onBadHeader);
            if (message != null) {
                check(message, vias);
            }
            return message;
        } catch (ParseException | RuntimeException | StackOverflowError | LinkageError e) {
            counters.count(Counter.MALFORMED);
            return salvaged(bytes, vias);
        }
    }

    // In place of the stack's listeners: that of a connection closes it, and sends the whole message back.
    private static void onBadHeader(
            ParseException why, SIPMessage message, @Nullable Class<?> header, String text, @Nullable String whole)
            throws ParseException {
        if (header != null && MUST_BE_READ.contains(header)) {
            throw why;
        }
        message.addUnparsed(text);
    }

    /** Whether a request could not be read as it came, and is only there to be refused. */
    static boolean isUnreadable(Request request) {
        return UNREADABLE.equals(((SIPMessage) request).getApplicationData());
    }

    // An exception out of here leaves the sender without an answer over TCP, and the stack takes the body for the next
    // message there. So a request is handed on with what could be read of it, marked to be refused.
    private SIPMessage salvaged(byte[] bytes, Set<String> vias) throws ParseException {
        MessageHead head = MessageHead.of(bytes, 0, bytes.length);
        if (!head.isAnswerable() || head.method().isEmpty()) {
            throw fixed();
        }
        StringBuilder text = new StringBuilder(head.method() + " sip:invalid SIP/2.0\r\n");
        head.headers("via")
                .forEach(via -> text.append(readable(via).orElseGet(() -> withoutParameters(via)))
                        .append("\r\n"));
        append(text, head, "from", "From: <sip:invalid>");
        append(text, head, "to", "To: <sip:invalid>");
        append(text, head, "call-id", "Call-ID: invalid");
        text.append(head.headers("cseq").stream()
                .flatMap(cseq -> readable(cseq).stream())
                .filter(cseq -> cseq.endsWith(head.method()))
                .findFirst()
                .orElse("CSeq: 0 " + head.method()));
        text.append("\r\n");
        append(text, head, "content-length", "Content-Length: 0");
        text.append(WANTED_BY_SOME_METHOD);
        try {
            SIPMessage message = parser.parseSIPMessage(
                    text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1), false, false, null);
            check(message, vias);
            message.setApplicationData(UNREADABLE);
            return message;
        } catch (ParseException | RuntimeException | StackOverflowError | LinkageError e) {
            throw fixed();
        }
    }

    private static void append(StringBuilder text, MessageHead head, String name, String otherwise) {
        text.append(head.headers(name).stream()
                        .flatMap(line -> readable(line).stream())
                        .findFirst()
                        .orElse(otherwise))
                .append("\r\n");
    }

    private static Optional<String> readable(String line) {
        try {
            StringMsgParser.parseSIPHeader(line);
            return Optional.of(line);
        } catch (ParseException | RuntimeException | StackOverflowError | LinkageError e) {
            return Optional.empty();
        }
    }

    private static String withoutParameters(String via) {
        return via.replaceFirst("(?s)[;,].*", "");
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
        if (message instanceof SIPRequest request) {
            request.checkHeaders(); // or the stack makes no transaction for it, and nothing could be answered
        }
    }

    private static ParseException fixed() {
        return new ParseException(FIXED_TEXT, 0);
    }
}
