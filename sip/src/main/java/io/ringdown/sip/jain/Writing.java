package io.ringdown.sip.jain;

import gov.nist.javax.sip.address.AddressFactoryImpl;
import gov.nist.javax.sip.header.HeaderFactoryImpl;
import gov.nist.javax.sip.header.ViaList;
import gov.nist.javax.sip.message.MessageFactoryImpl;
import gov.nist.javax.sip.parser.StringMsgParser;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.HostPort;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.dialog.LocationPart;
import io.ringdown.sip.dialog.OutRequest;
import io.ringdown.sip.dialog.SipHeader;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.sip.InvalidArgumentException;
import javax.sip.address.AddressFactory;
import javax.sip.address.URI;
import javax.sip.header.CallIdHeader;
import javax.sip.header.ContentTypeHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.HeaderFactory;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Message;
import javax.sip.message.MessageFactory;
import javax.sip.message.Request;
import javax.sip.message.Response;

/** From what the calls want said to the stack's messages. Safe for all threads. */
final class Writing {
    private static final int MAX_FORWARDS = 70;

    private final AddressFactory addresses = new AddressFactoryImpl();
    private final HeaderFactory headers = new HeaderFactoryImpl();
    private final MessageFactory messages = new MessageFactoryImpl();
    private final String userAgent;
    private final RandomGenerator random;

    Writing(String userAgent, RandomGenerator random) {
        this.userAgent = userAgent;
        this.random = random;
    }

    /**
     * Who a call's requests are from and to.
     *
     * @param callId its Call-ID
     * @param local our From as address, without tag
     * @param localTag our tag
     * @param remote the peer's To as address, without tag
     * @param contactUser the user of our Contact; empty for none
     */
    record Identity(String callId, String local, String localTag, String remote, String contactUser) {}

    /** A new unguessable token of 128 bits. */
    String token() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    URI uri(String text) throws ParseException {
        return addresses.createURI(text);
    }

    /** Throws ParseException where what a peer gave us as its address cannot be said again. */
    Request request(OutRequest out, Identity identity, Listening listening, SipTransport transport)
            throws ParseException {
        try {
            CallIdHeader callId = headers.createCallIdHeader(identity.callId());
            FromHeader from = headers.createFromHeader(addresses.createAddress(identity.local()), identity.localTag());
            ToHeader to = headers.createToHeader(
                    addresses.createAddress(identity.remote()), out.toTag().orElse(null));
            Request request = messages.createRequest(
                    uri(out.target()),
                    out.method(),
                    callId,
                    headers.createCSeqHeader(out.cseq(), out.method()),
                    from,
                    to,
                    List.of(via(listening, transport)),
                    headers.createMaxForwardsHeader(MAX_FORWARDS));
            for (String route : out.routes()) {
                request.addHeader(headers.createRouteHeader(addresses.createAddress(uri(route))));
            }
            if (hasContact(out.method())) {
                addContact(request, identity.contactUser(), listening, transport);
            }
            add(request, out.headers());
            if (!userAgent.isEmpty()) {
                add(request, List.of(new SipHeader("User-Agent", userAgent)));
            }
            if (out.place().isPresent()) {
                multipartBody(request, out.place().get(), out.body());
            } else {
                body(request, out.sdp());
            }
            infoBody(request, out.info());
            sipfrag(request, out.sipfrag());
            return request;
        } catch (InvalidArgumentException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static boolean hasContact(String method) {
        // RFC 3261 20.10, RFC 3311, RFC 3515 2.2, RFC 6665 8.1.1: what may refresh the target.
        return method.equals("INVITE")
                || method.equals("UPDATE")
                || method.equals("REFER")
                || method.equals("NOTIFY")
                || method.equals("SUBSCRIBE");
    }

    private ViaHeader via(Listening listening, SipTransport transport) throws ParseException, InvalidArgumentException {
        HostPort at = listening.advertised();
        ViaHeader via = headers.createViaHeader(
                at.uriHost(),
                at.port().orElse(listening.port()),
                transport.uriName().toUpperCase(Locale.ROOT),
                "z9hG4bK" + token());
        via.setRPort();
        return via;
    }

    private void addContact(Message message, String user, Listening listening, SipTransport transport)
            throws ParseException {
        String at = (user.isEmpty() ? "" : user + "@") + listening.advertised();
        message.addHeader(headers.createContactHeader(
                addresses.createAddress("<sip:" + at + transportParameter(transport) + ">")));
    }

    /** What a URI of ours says of this transport: nothing for UDP. */
    static String transportParameter(SipTransport transport) {
        return switch (transport) {
            case UDP -> "";
            case TCP, TLS -> ";transport=" + transport.uriName();
            case WSS -> ";transport=ws"; // RFC 7118 5.2.1: whatever the socket
        };
    }

    /** A response, with our tag, Contact and body where they belong. */
    Response response(
            Request request,
            int status,
            List<SipHeader> extra,
            Optional<String> sdp,
            Identity identity,
            Listening listening,
            SipTransport transport)
            throws ParseException {
        Response response = plain(request, status, extra);
        if (status > 100) {
            ((ToHeader) response.getHeader(ToHeader.NAME)).setTag(identity.localTag());
        }
        if (status > 100 && status < 300 && hasContact(request.getMethod())) {
            addContact(response, identity.contactUser(), listening, transport);
        }
        body(response, sdp);
        return response;
    }

    /** A response outside of any call. */
    Response plain(Request request, int status, List<SipHeader> extra) throws ParseException {
        Response response = messages.createResponse(status, request);
        add(response, extra);
        if (!userAgent.isEmpty()) {
            add(response, List.of(new SipHeader("Server", userAgent)));
        }
        return response;
    }

    /**
     * A request of the transaction of an INVITE of ours that has left and is written down: its CANCEL (RFC 3261 9.1), or the ACK to its
     * refusal (17.1.1.3).
     *
     * @param toTag the tag of the refusal
     */
    Request ofInvite(String method, DialogState.Invite invite, Identity identity, Optional<String> toTag)
            throws ParseException {
        Request request = repeated(
                method,
                invite,
                identity.callId(),
                headers.createFromHeader(addresses.createAddress(identity.local()), identity.localTag()),
                headers.createToHeader(addresses.createAddress(identity.remote()), toTag.orElse(null)));
        for (String route : invite.routes()) {
            request.addHeader(headers.createRouteHeader(addresses.createAddress(uri(route))));
        }
        if (!userAgent.isEmpty()) {
            add(request, List.of(new SipHeader("User-Agent", userAgent)));
        }
        return request;
    }

    /** An INVITE of the peer as it was written down, as far as a response repeats it (RFC 3261 8.2.6.2). */
    Request received(DialogState.Invite invite, Identity identity, String remoteTag) throws ParseException {
        return repeated(
                Request.INVITE,
                invite,
                identity.callId(),
                headers.createFromHeader(addresses.createAddress(identity.remote()), remoteTag),
                headers.createToHeader(addresses.createAddress(identity.local()), null));
    }

    private Request repeated(String method, DialogState.Invite invite, String callId, FromHeader from, ToHeader to)
            throws ParseException {
        try {
            List<ViaHeader> vias = new ArrayList<>();
            for (String via : invite.via()) {
                vias.add((ViaHeader) ((ViaList) StringMsgParser.parseSIPHeader("Via: " + via)).getFirst());
            }
            return messages.createRequest(
                    uri(invite.requestUri()),
                    method,
                    headers.createCallIdHeader(callId),
                    headers.createCSeqHeader(invite.cseq(), method),
                    from,
                    to,
                    vias,
                    headers.createMaxForwardsHeader(MAX_FORWARDS));
        } catch (InvalidArgumentException e) {
            throw new IllegalArgumentException(e);
        }
    }

    void addReason(Request request, SipHeader reason) throws ParseException {
        add(request, List.of(reason));
    }

    private void add(Message message, List<SipHeader> extra) throws ParseException {
        for (SipHeader header : extra) {
            message.addHeader(StringMsgParser.parseSIPHeader(header.name() + ": " + header.value()));
        }
    }

    private void body(Message message, Optional<String> sdp) throws ParseException {
        if (sdp.isPresent()) {
            ContentTypeHeader type = headers.createContentTypeHeader("application", "sdp");
            message.setContent(sdp.get().getBytes(StandardCharsets.UTF_8), type);
        }
    }

    private void sipfrag(Message message, Optional<String> told) throws ParseException {
        if (told.isPresent()) {
            ContentTypeHeader type = headers.createContentTypeHeader("message", "sipfrag");
            type.setParameter("version", "2.0"); // RFC 3420 4.2
            message.setContent(told.get().getBytes(StandardCharsets.UTF_8), type);
        }
    }

    private void multipartBody(Message message, LocationPart place, byte[] body) throws ParseException {
        add(message, List.of(new SipHeader("MIME-Version", "1.0"))); // RFC 3261 20.24
        ContentTypeHeader type =
                (ContentTypeHeader) StringMsgParser.parseSIPHeader("Content-Type: " + place.contentType());
        message.setContent(body, type);
    }

    private void infoBody(Message message, Optional<InfoBody> info) throws ParseException {
        if (info.isPresent()) {
            String[] type = info.get().mediaType().split("/", 2);
            message.setContent(
                    info.get().text().getBytes(StandardCharsets.ISO_8859_1),
                    headers.createContentTypeHeader(type[0], type[1]));
        }
    }
}
