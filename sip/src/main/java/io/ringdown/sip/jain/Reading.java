package io.ringdown.sip.jain;

import gov.nist.javax.sip.message.SIPMessage;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.Geolocation;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.dialog.Bodies;
import io.ringdown.sip.dialog.Extensions;
import io.ringdown.sip.dialog.Geolocations;
import io.ringdown.sip.dialog.InRequest;
import io.ringdown.sip.dialog.InResponse;
import io.ringdown.sip.dialog.InfoRequest;
import io.ringdown.sip.dialog.RAck;
import io.ringdown.sip.dialog.Reason;
import io.ringdown.sip.dialog.Redirect;
import io.ringdown.sip.dialog.ReferRequest;
import io.ringdown.sip.dialog.SessionExpires;
import io.ringdown.sip.dialog.SipText;
import io.ringdown.sip.dialog.Subscribing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import javax.sip.address.SipURI;
import javax.sip.address.TelURL;
import javax.sip.address.URI;
import javax.sip.header.CSeqHeader;
import javax.sip.header.CallIdHeader;
import javax.sip.header.ContactHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.Header;
import javax.sip.header.HeaderAddress;
import javax.sip.header.RSeqHeader;
import javax.sip.header.RecordRouteHeader;
import javax.sip.header.RequireHeader;
import javax.sip.header.RetryAfterHeader;
import javax.sip.header.RouteHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Message;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;

/** From the stack's messages to what the calls understand. No state. */
final class Reading {
    private static final int MAX_VALUES = 32;
    private static final int MAX_TOKEN = 128;

    private Reading() {}

    static String callId(Message message) {
        return ((CallIdHeader) message.getHeader(CallIdHeader.NAME)).getCallId();
    }

    static String fromTag(Message message) {
        return orEmpty(((FromHeader) message.getHeader(FromHeader.NAME)).getTag());
    }

    static String toTag(Message message) {
        return orEmpty(((ToHeader) message.getHeader(ToHeader.NAME)).getTag());
    }

    static CSeqHeader cseq(Message message) {
        return (CSeqHeader) message.getHeader(CSeqHeader.NAME);
    }

    /** What a request and its CANCEL have in common (RFC 3261 9.2). */
    static String transactionKey(Request request) {
        ViaHeader via = (ViaHeader) request.getHeader(ViaHeader.NAME);
        return orEmpty(via.getBranch()).toLowerCase(Locale.ROOT) + "|"
                + via.getHost().toLowerCase(Locale.ROOT) + ":" + via.getPort();
    }

    /** An INVITE, as far as what belongs to its transaction repeats it. */
    static DialogState.Invite invite(Request request) {
        List<String> routes = new ArrayList<>();
        Iterator<?> headers = request.getHeaders(RouteHeader.NAME);
        while (headers.hasNext() && routes.size() < MAX_VALUES) {
            if (headers.next() instanceof RouteHeader route) {
                routes.add(route.getAddress().getURI().toString());
            }
        }
        return new DialogState.Invite(
                request.getRequestURI().toString(),
                routes,
                cseq(request).getSeqNumber(),
                values(request, ViaHeader.NAME));
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    static InRequest request(long id, Request request) {
        return new InRequest(
                id,
                request.getMethod(),
                cseq(request).getSeqNumber(),
                fromTag(request),
                contact(request),
                sdp(request),
                Reason.q850(values(request, "Reason")),
                capabilities(request),
                request.getMethod().equals("INFO") ? Optional.of(info(request)) : Optional.empty(),
                extensions(request),
                request.getMethod().equals(Request.REFER) ? Optional.of(refer(request)) : Optional.empty(),
                request.getMethod().equals(Request.NOTIFY)
                                || request.getMethod().equals(Request.SUBSCRIBE)
                        ? Optional.of(subscribing(request))
                        : Optional.empty());
    }

    private static ReferRequest refer(Request request) {
        return new ReferRequest(
                values(request, "Refer-To"),
                request.getHeader("Referred-By") instanceof HeaderAddress by && by.getAddress() != null
                        ? number(by.getAddress().getURI())
                        : Optional.empty());
    }

    private static Subscribing subscribing(Request request) {
        return Subscribing.of(
                first(request, "Event"),
                first(request, "Subscription-State"),
                first(request, "Expires"),
                values(request, ContentTypeHeader.NAME).stream().findFirst(),
                new String(body(request), StandardCharsets.ISO_8859_1));
    }

    private static String first(Message message, String name) {
        return values(message, name).stream().findFirst().orElse("");
    }

    private static InfoRequest info(Request request) {
        byte[] body = body(request);
        return new InfoRequest(request.getHeader("Info-Package") != null, body.length, infoBody(request, body));
    }

    private static Optional<InfoBody> infoBody(Request request, byte[] body) {
        if (body.length == 0
                || body.length > InfoBody.MAX_BYTES
                || !(request.getHeader(ContentTypeHeader.NAME) instanceof ContentTypeHeader type)) {
            return Optional.empty();
        }
        String mediaType = type.getContentType() + "/" + type.getContentSubType();
        return InfoBody.isMediaType(mediaType)
                ? Optional.of(new InfoBody(mediaType, new String(body, StandardCharsets.ISO_8859_1)))
                : Optional.empty();
    }

    private static byte[] body(Message message) {
        byte[] body = ((SIPMessage) message).getRawContent();
        return body == null ? new byte[0] : body;
    }

    /** The media types of Accept, in lower case; empty where there is no Accept. */
    static Optional<List<String>> accepted(Message message) {
        return tokens(message, "Accept");
    }

    private static PeerCapabilities capabilities(Message message) {
        return new PeerCapabilities(tokens(message, "Allow"), tokens(message, "Accept"));
    }

    // Accept is compared without case (RFC 3261 7.3.1), methods with it (7.1); parameters choose between bodies, only
    // q=0
    // refuses one.
    private static Optional<List<String>> tokens(Message message, String name) {
        List<String> tokens = new ArrayList<>();
        for (String value : values(message, name)) {
            for (String one : value.split(",", MAX_VALUES)) {
                String[] parts = one.split(";", MAX_VALUES);
                String token = parts[0].strip();
                if (!token.isEmpty() && token.length() <= MAX_TOKEN && !isRefused(parts)) {
                    tokens.add(name.equals("Accept") ? token.toLowerCase(Locale.ROOT) : token);
                }
            }
        }
        return message.getHeader(name) == null ? Optional.empty() : Optional.of(tokens);
    }

    private static boolean isRefused(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            if (parts[i].strip().toLowerCase(Locale.ROOT).matches("q *= *0(\\.0{0,3})?")) {
                return true;
            }
        }
        return false;
    }

    /** The event package of Event, without parameters. */
    static Optional<String> event(Message message) {
        return values(message, "Event").stream()
                .findFirst()
                .map(value -> value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }

    /** What a message says of extensions. */
    static Extensions extensions(Message message) {
        return new Extensions(
                Set.copyOf(optionTags(message, "Supported")),
                Set.copyOf(optionTags(message, "Require")),
                values(message, "Session-Expires").stream().findFirst().flatMap(SessionExpires::parse),
                values(message, "Min-SE").stream()
                        .findFirst()
                        .map(SessionExpires::seconds)
                        .orElse(OptionalLong.empty()),
                values(message, "RAck").stream().findFirst().flatMap(RAck::parse),
                event(message),
                values(message, "Refer-Sub").stream().findFirst().flatMap(Extensions::referSub),
                values(message, "P-Early-Media").stream().findFirst().flatMap(Extensions::earlyMedia));
    }

    static InResponse response(Response response, boolean fromTrunk, List<Redirect> redirects) {
        List<String> challenges = new ArrayList<>();
        if (fromTrunk) {
            challenges.addAll(values(response, "WWW-Authenticate"));
            challenges.addAll(values(response, "Proxy-Authenticate"));
        }
        String toTag = toTag(response);
        return new InResponse(
                response.getStatusCode(),
                cseq(response).getMethod(),
                cseq(response).getSeqNumber(),
                toTag.isEmpty() ? Optional.empty() : Optional.of(toTag),
                contact(response),
                recordRoute(response),
                rseq(response),
                q850(response),
                List.copyOf(challenges),
                sdp(response),
                capabilities(response),
                extensions(response),
                redirects,
                retryAfter(response));
    }

    private static OptionalInt retryAfter(Response response) {
        return response.getHeader(RetryAfterHeader.NAME) instanceof RetryAfterHeader header
                        && header.getRetryAfter() >= 0
                ? OptionalInt.of(header.getRetryAfter())
                : OptionalInt.empty();
    }

    private static OptionalInt q850(Response response) {
        return Reason.q850(values(response, "Reason"));
    }

    private static OptionalLong rseq(Response response) {
        if (response.getHeader(RSeqHeader.NAME) instanceof RSeqHeader rseq
                && optionTags(response, RequireHeader.NAME).contains("100rel")) {
            return OptionalLong.of(Integer.toUnsignedLong(rseq.getSequenceNumber()));
        }
        return OptionalLong.empty();
    }

    static List<String> optionTags(Message message, String header) {
        List<String> tags = new ArrayList<>();
        for (String value : values(message, header)) {
            for (String tag : value.split(",", MAX_VALUES)) {
                if (!tag.isBlank()) {
                    tags.add(tag.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        return tags;
    }

    static Optional<String> contact(Message message) {
        if (message.getHeader(ContactHeader.NAME) instanceof ContactHeader contact
                && contact.getAddress() != null
                && contact.getAddress().getURI() instanceof SipURI uri) {
            return Optional.of(uri.toString());
        }
        return Optional.empty();
    }

    static List<String> recordRoute(Message message) {
        List<String> routes = new ArrayList<>();
        Iterator<?> headers = message.getHeaders(RecordRouteHeader.NAME);
        while (headers.hasNext() && routes.size() < MAX_VALUES) {
            if (headers.next() instanceof RecordRouteHeader route) {
                routes.add(route.getAddress().getURI().toString());
            }
        }
        return routes;
    }

    /** The values of all headers of a name, as text. */
    static List<String> values(Message message, String name) {
        List<String> values = new ArrayList<>();
        Iterator<?> headers = message.getHeaders(name);
        while (headers.hasNext() && values.size() < MAX_VALUES) {
            String text = headers.next().toString();
            int colon = text.indexOf(':');
            if (colon > 0) {
                values.add(text.substring(colon + 1).strip());
            }
        }
        return values;
    }

    static boolean hasBody(Message message) {
        return body(message).length > 0;
    }

    static Optional<String> sdp(Message message) {
        Header type = message.getHeader(ContentTypeHeader.NAME);
        if (type == null) {
            return Optional.empty();
        }
        String text = type.toString();
        return Bodies.sdp(text.substring(text.indexOf(':') + 1), body(message));
    }

    /** Where a caller is, as an INVITE says it. */
    static Optional<Geolocation> place(Request request) {
        return Geolocations.of(
                values(request, "Geolocation"),
                values(request, "Content-Type").stream().findFirst(),
                body(request));
    }

    /** The number of a SIP or tel URI: unescaped, without parameters; empty where there is none. */
    static Optional<String> number(URI uri) {
        String user = uri instanceof SipURI sip
                ? sip.getUser()
                : uri instanceof TelURL tel ? (tel.isGlobal() ? "+" : "") + tel.getPhoneNumber() : null;
        if (user == null) {
            return Optional.empty();
        }
        int parameters = user.indexOf(';');
        String number = SipText.cleaned(SipText.unescaped(parameters < 0 ? user : user.substring(0, parameters)));
        return number.isEmpty() ? Optional.empty() : Optional.of(number);
    }
}
