package io.ringdown.sip.dialog;

import io.ringdown.sip.InfoRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What we say we can do; one place, so that Allow and Accept are the same everywhere. */
public final class Methods {
    // NOTIFY: of the subscriptions that our REFERs make.
    private static final String ALWAYS = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, PRACK, NOTIFY";

    /** The extensions of a trunk whose transfers are taken (RFC 3891, RFC 4488). */
    public static final List<String> OF_TRANSFERS = List.of("replaces", "norefersub");

    private Methods() {}

    static SipHeader allow(Terms terms) {
        return allow(terms.transfers());
    }

    /** Allow, with REFER where the peer's is taken. */
    public static SipHeader allow(boolean transfers) {
        return new SipHeader("Allow", transfers ? ALWAYS + ", REFER" : ALWAYS);
    }

    /**
     * What a request or response of an INVITE says: Allow, Accept where there is more to take than SDP, Supported where calls may
     * be transferred.
     */
    public static List<SipHeader> ofInvite(Terms terms) {
        List<SipHeader> headers = new ArrayList<>();
        headers.add(allow(terms));
        if (!terms.info().mediaTypes().isEmpty()) {
            headers.add(accept(terms.info()));
        }
        if (terms.transfers()) {
            headers.add(new SipHeader("Supported", String.join(", ", OF_TRANSFERS)));
        }
        return List.copyOf(headers);
    }

    /** What the answer to OPTIONS says (RFC 3261 11.2). */
    public static List<SipHeader> ofOptions(InfoRules info, boolean transfers) {
        String more = transfers ? ", " + String.join(", ", OF_TRANSFERS) : "";
        return List.of(allow(transfers), accept(info), new SipHeader("Supported", "100rel, timer" + more));
    }

    /**
     * How a NOTIFY is refused: we have subscribed to nothing, and know of no event package but that of REFER, which makes a
     * subscription by itself (RFC 6665 4.1.3, 8.3.2).
     */
    public static int refusalOfNotify(Optional<String> eventPackage) {
        return eventPackage.equals(Optional.of("refer")) ? 481 : 489;
    }

    private static SipHeader accept(InfoRules info) {
        List<String> types = new ArrayList<>();
        types.add("application/sdp");
        types.addAll(info.mediaTypes());
        return new SipHeader("Accept", String.join(", ", types));
    }
}
