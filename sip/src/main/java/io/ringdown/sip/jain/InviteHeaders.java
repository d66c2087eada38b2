package io.ringdown.sip.jain;

import io.ringdown.sip.CallerIdentity;
import io.ringdown.sip.EmergencyCall;
import io.ringdown.sip.HeaderRules;
import io.ringdown.sip.HostPort;
import io.ringdown.sip.InviteForm;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TrunkSettings;
import io.ringdown.sip.dialog.LocationPart;
import io.ringdown.sip.dialog.Methods;
import io.ringdown.sip.dialog.SipHeader;
import io.ringdown.sip.dialog.SipText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an INVITE of ours says besides where it goes: who calls, and what trunk, configuration and client want added. */
final class InviteHeaders {
    // RFC 3323 4.1.1.3
    private static final String ANONYMOUS = "\"Anonymous\" <sip:anonymous@anonymous.invalid>";

    // RFC 5031 4.2
    private static final String SOS = "urn:service:sos";

    private final Trunk trunk;
    private final OutboundInvite invite;
    private final InviteForm form;

    InviteHeaders(Trunk trunk, OutboundInvite invite) {
        this.trunk = trunk;
        this.invite = invite;
        this.form = invite.form();
    }

    /** The user part of the Request-URI and To, with what belongs to a number that is only known somewhere. */
    static String calledUser(OutboundInvite invite) {
        String context = invite.form()
                .phoneContext()
                .filter(_ -> !invite.calledNumber().startsWith("+"))
                .map(where -> ";phone-context=" + where)
                .orElse("");
        return SipText.user(invite.calledNumber()) + context;
    }

    /** What follows the host and port of a URI with a number. */
    static String userPhone(OutboundInvite invite) {
        return invite.form().userPhone() ? ";user=phone" : "";
    }

    /** Whether the INVITE asks for emergency service, whoever gives it, and not for a number. */
    static boolean asksForTheService(OutboundInvite invite) {
        return invite.form().emergency().filter(EmergencyCall::sosUrn).isPresent();
    }

    /** The Request-URI. */
    static String target(Trunk trunk, OutboundInvite invite) {
        if (asksForTheService(invite)) {
            return SOS;
        }
        int port = trunk.settings().address().port();
        SipTransport transport = trunk.settings().address().transport();
        return "sip:" + calledUser(invite) + "@"
                + trunk.settings().address().uriHost()
                + (port == transport.defaultPort() ? "" : ":" + port)
                + Writing.transportParameter(transport)
                + userPhone(invite);
    }

    /** To as address, without tag. */
    static String to(Trunk trunk, OutboundInvite invite) {
        return asksForTheService(invite)
                ? "<" + SOS + ">" // RFC 6881 9.2
                : "<sip:" + calledUser(invite) + "@"
                        + trunk.settings().address().uriHost() + userPhone(invite) + ">";
    }

    /** From as address, without tag. */
    String from() {
        if (form.caller().withheld()) {
            return ANONYMOUS;
        }
        return name() + "<" + callerUri() + ">";
    }

    /** All others that the INVITE alone has; {@code place} is that of its body. */
    List<SipHeader> all(Optional<LocationPart> place) {
        TrunkSettings settings = trunk.settings();
        List<SipHeader> headers = new ArrayList<>(Methods.ofInvite(trunk.terms()));
        if (settings.reliableProvisional()) {
            headers.add(new SipHeader("Supported", "100rel"));
        }
        headers.add(new SipHeader("P-Early-Media", "supported")); // RFC 5009 8
        identity(headers);
        succession(headers);
        form.emergency().ifPresent(emergency -> emergency(headers, emergency, place));
        settings.headers().forEach((name, value) -> headers.add(new SipHeader(name, value)));
        for (String name : settings.headersOut()) {
            client(name).ifPresent(value -> headers.add(new SipHeader(name, value)));
        }
        return headers;
    }

    private void identity(List<SipHeader> headers) {
        CallerIdentity caller = form.caller();
        String party = (caller.withheld() ? "" : name()) + "<" + callerUri() + ">";
        if (caller.asserted() || trunk.settings().assertedIdentity()) {
            headers.add(new SipHeader("P-Asserted-Identity", party));
        }
        if (caller.remotePartyId()) {
            headers.add(new SipHeader(
                    "Remote-Party-ID",
                    party + ";party=calling;screen=yes;privacy=" + (caller.withheld() ? "full" : "off")));
        }
        if (caller.withheld()) {
            headers.add(new SipHeader("Privacy", caller.historyInfo().isPresent() ? "id;history" : "id"));
        }
        caller.diversion()
                .ifPresent(number -> headers.add(new SipHeader(
                        "Diversion",
                        "<" + uri(SipText.user(number)) + ">;reason=unconditional"
                                + (caller.withheld() ? ";privacy=full" : ""))));
        caller.historyInfo().ifPresent(number -> headers.add(new SipHeader("History-Info", history(number))));
    }

    // RFC 3891 4, RFC 5589 7.
    private void succession(List<SipHeader> headers) {
        invite.replaces().ifPresent(call -> {
            headers.add(new SipHeader("Replaces", call.headerValue()));
            headers.add(new SipHeader("Require", "replaces"));
        });
        invite.referredBy().ifPresent(number -> headers.add(referredBy(number)));
    }

    /** Referred-By with a number at our domain (RFC 3892 3). */
    SipHeader referredBy(String number) {
        return new SipHeader("Referred-By", "<" + uri(SipText.user(number)) + ">");
    }

    // RFC 7044 5: the number that was called, and where it led, by a mapping of that (mp), unconditionally (RFC 4458
    // 2).
    private String history(String number) {
        return "<" + uri(SipText.user(number)) + ">;index=1, <" + target(trunk, invite) + ";cause=302>;index=1.1;mp=1";
    }

    private static void emergency(List<SipHeader> headers, EmergencyCall emergency, Optional<LocationPart> place) {
        List<String> places = new ArrayList<>();
        place.map(LocationPart::geolocation).ifPresent(places::add);
        emergency.location().map(uri -> "<" + uri + ">").ifPresent(places::add);
        if (!places.isEmpty()) {
            headers.add(new SipHeader("Geolocation", String.join(", ", places)));
            headers.add(new SipHeader("Geolocation-Routing", "yes")); // RFC 6442 4.2
            headers.add(new SipHeader("Supported", "geolocation")); // RFC 6881 9.2
        }
    }

    private Optional<String> client(String listed) {
        return form.headers().entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(listed))
                .map(Map.Entry::getValue)
                .filter(value -> HeaderRules.isClientHeader(listed, value))
                .findFirst();
    }

    private String name() {
        return invite.callerName()
                .map(SipText::quoted)
                .filter(quoted -> quoted.length() > 2)
                .map(quoted -> quoted + " ")
                .orElse("");
    }

    private String callerUri() {
        return uri(invite.callerNumber()
                .or(trunk.settings()::fromUser)
                .or(trunk.settings()::username)
                .map(SipText::user)
                .orElse("anonymous"));
    }

    private String uri(String user) {
        String domain = trunk.settings()
                .fromDomain()
                .map(written -> HostPort.parse(written).toString())
                .orElse(trunk.listening().advertised().uriHost());
        return "sip:" + user + "@" + domain + userPhone(invite);
    }
}
