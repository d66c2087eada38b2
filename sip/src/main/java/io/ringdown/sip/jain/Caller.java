package io.ringdown.sip.jain;

import io.ringdown.sip.Diverted;
import io.ringdown.sip.HeaderRules;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.TrunkSettings;
import io.ringdown.sip.dialog.Diversions;
import io.ringdown.sip.dialog.SipText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.sip.address.Address;
import javax.sip.address.SipURI;
import javax.sip.address.URI;
import javax.sip.header.FromHeader;
import javax.sip.header.HeaderAddress;
import javax.sip.message.Request;

/** Who calls, and where the call was before, by the headers of a trunk's INVITE. No state. */
final class Caller {
    private static final int MAX_TOKENS = 32;
    // RFC 3323 4.2, RFC 3325 9.3: each of them asks that the called is not told who calls.
    private static final Set<String> WITHHOLDING = Set.of("id", "user", "header");

    private Caller() {}

    static InboundInvite invite(String trunk, TrunkSettings settings, Request request) {
        Address from = ((FromHeader) request.getHeader(FromHeader.NAME)).getAddress();
        Address identity = settings.trustIdentity() ? asserted(request).orElse(from) : from;
        boolean withheld = asksForPrivacy(request) || isAnonymous(identity.getURI());
        return new InboundInvite(
                trunk,
                Reading.number(request.getRequestURI()).orElse(""),
                withheld ? Optional.empty() : Reading.number(identity.getURI()),
                withheld ? Optional.empty() : name(identity).or(() -> name(from)),
                Reading.sdp(request),
                listed(settings.headersIn(), request),
                settings.trustIdentity() ? diverted(request) : Optional.empty(),
                Reading.place(request));
    }

    private static Optional<Diverted> diverted(Request request) {
        return Diversions.of(
                Reading.values(request, "History-Info"),
                Reading.values(request, "Diversion"),
                Reading.values(request, "Privacy"));
    }

    private static Optional<Address> asserted(Request request) {
        return request.getHeader("P-Asserted-Identity") instanceof HeaderAddress header
                ? Optional.ofNullable(header.getAddress())
                : Optional.empty();
    }

    private static boolean asksForPrivacy(Request request) {
        for (String privacy : Reading.values(request, "Privacy")) {
            for (String token : privacy.toLowerCase(Locale.ROOT).split("[;,\\s]+", MAX_TOKENS)) {
                if (WITHHOLDING.contains(token)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isAnonymous(URI uri) {
        return uri instanceof SipURI sip
                && ("anonymous".equalsIgnoreCase(sip.getUser()) || "anonymous.invalid".equalsIgnoreCase(sip.getHost()));
    }

    private static Optional<String> name(Address identity) {
        String display = identity.getDisplayName();
        if (display == null) {
            return Optional.empty();
        }
        String name = SipText.cleaned(display.replaceAll("\\\\(.)", "$1"));
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    private static Map<String, String> listed(List<String> names, Request request) {
        Map<String, String> told = new LinkedHashMap<>();
        for (String name : names) {
            Reading.values(request, name).stream()
                    .map(HeaderRules::told)
                    .filter(value -> !value.isEmpty())
                    .findFirst()
                    .ifPresent(value -> told.put(name, value));
        }
        return told;
    }
}
