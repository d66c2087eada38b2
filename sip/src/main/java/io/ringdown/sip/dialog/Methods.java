package io.ringdown.sip.dialog;

import io.ringdown.sip.InfoRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What we say we can do; one place, so that Allow and Accept are the same everywhere. */
public final class Methods {
    /** The value of Allow. */
    public static final String ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, PRACK";

    private Methods() {}

    static SipHeader allow() {
        return new SipHeader("Allow", ALLOW);
    }

    /** What a request or response of an INVITE says: Allow, and Accept where there is more to take than SDP. */
    public static List<SipHeader> ofInvite(InfoRules info) {
        return info.mediaTypes().isEmpty() ? List.of(allow()) : List.of(allow(), accept(info));
    }

    /** What the answer to OPTIONS says (RFC 3261 11.2). */
    public static List<SipHeader> ofOptions(InfoRules info) {
        return List.of(allow(), accept(info), new SipHeader("Supported", "100rel, timer"));
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
