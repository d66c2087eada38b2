package io.ringdown.sip.jain;

import io.ringdown.sip.HeaderRules;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.Replacement;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.dialog.Methods;
import io.ringdown.sip.dialog.SipHeader;
import io.ringdown.sip.dialog.SipText;
import io.ringdown.sip.dialog.Terms;
import io.ringdown.sip.web.WebSipInvite;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sip.address.Address;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.FromHeader;
import javax.sip.header.ToHeader;
import javax.sip.message.Request;

/** What an INVITE to a softphone says, and what one of a softphone does. */
final class PhoneInvite {
    // RFC 3323 4.1.1.3
    private static final String NOBODY = "anonymous";
    private static final String NOWHERE = "anonymous.invalid";
    private static final String ANONYMOUS = "\"Anonymous\" <sip:" + NOBODY + "@" + NOWHERE + ">";

    // What a phone may say of how it wants to call (RFC 3325 9.2, RFC 3323 4.2), and of what it wants to be told.
    private static final List<String> TOLD = List.of("P-Preferred-Identity", "Privacy", "X-Ringdown-Receipts");

    private final Phone phone;
    private final WebSipInvite invite;
    private final Terms terms;
    private final Writing writing;

    PhoneInvite(Phone phone, WebSipInvite invite, Terms terms, Writing writing) {
        this.phone = phone;
        this.invite = invite;
        this.terms = terms;
        this.writing = writing;
    }

    /** Who it is from and to. */
    Writing.Identity identity() {
        return new Writing.Identity(
                writing.token(), from(), writing.token(), "<" + phone.uri(invite.calledNumber()) + ">", "");
    }

    private String from() {
        String name = invite.callerName()
                .map(SipText::quoted)
                .filter(quoted -> quoted.length() > 2)
                .map(quoted -> quoted + " ")
                .orElse("");
        return invite.callerNumber()
                .map(number -> name + "<" + phone.uri(number) + ">")
                .orElse(ANONYMOUS);
    }

    /** What it carries besides. */
    List<SipHeader> headers() {
        List<SipHeader> headers = new ArrayList<>(Methods.ofInvite(terms));
        for (Map.Entry<String, String> one : invite.headers().entrySet()) {
            if (HeaderRules.isClientHeader(one.getKey(), one.getValue())) {
                headers.add(new SipHeader(one.getKey(), one.getValue()));
            }
        }
        invite.replaces().flatMap(PhoneInvite::named).ifPresent(replaced -> {
            headers.add(new SipHeader("Replaces", replaced.headerValue()));
            headers.add(new SipHeader("Require", "replaces"));
        });
        return headers;
    }

    private static Optional<Replacement> named(TrunkCall call) {
        return call instanceof JainCall known ? known.seenByPeer() : Optional.empty();
    }

    /** What an INVITE of a softphone says; {@code replaces} is the call that it is to take the place of. */
    static InboundInvite read(Request request, Optional<TrunkCall> replaces) {
        Address from = ((FromHeader) request.getHeader(FromHeader.NAME)).getAddress();
        return new InboundInvite(
                        "",
                        Reading.number(request.getRequestURI()).orElse(""),
                        isAnonymous(from.getURI()) ? Optional.of(NOBODY) : Reading.number(from.getURI()),
                        Optional.ofNullable(from.getDisplayName())
                                .map(SipText::cleaned)
                                .filter(name -> !name.isEmpty()),
                        Reading.sdp(request),
                        told(request),
                        Optional.empty(),
                        Optional.empty())
                .withReplaces(replaces);
    }

    /** Whether it is an address that names nobody (RFC 3323 4.1.1.3). */
    static boolean isAnonymous(URI uri) {
        return Reading.number(uri).filter(NOBODY::equalsIgnoreCase).isPresent()
                || (uri instanceof SipURI sip && NOWHERE.equalsIgnoreCase(sip.getHost()));
    }

    private static Map<String, String> told(Request request) {
        Map<String, String> told = new LinkedHashMap<>();
        for (String name : TOLD) {
            Reading.values(request, name).stream()
                    .findFirst()
                    .map(HeaderRules::told)
                    .filter(value -> !value.isEmpty())
                    .ifPresent(value -> told.put(name, value));
        }
        return told;
    }

    /** Who a dialog that a softphone begins is from and to, as we say it. */
    static Writing.Identity identity(Request request, Writing writing) {
        String to = ((ToHeader) request.getHeader(ToHeader.NAME)).getAddress().toString();
        String from =
                ((FromHeader) request.getHeader(FromHeader.NAME)).getAddress().toString();
        return new Writing.Identity(Reading.callId(request), to, writing.token(), from, "");
    }
}
