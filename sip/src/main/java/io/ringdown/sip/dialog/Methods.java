package io.ringdown.sip.dialog;

import io.ringdown.sip.InfoRules;
import java.util.ArrayList;
import java.util.List;

/** What we say we can do; one place, so that Allow and Accept are the same everywhere. */
public final class Methods {
    /** The value of Allow. */
    public static final String ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO, PRACK";

    private Methods() {}

    static SipHeader allow() {
        return new SipHeader("Allow", ALLOW);
    }

    /** What a response in or to an INVITE says: Allow, and Accept where there is more to take than SDP. */
    public static List<SipHeader> ofInvite(InfoRules info) {
        return info.mediaTypes().isEmpty() ? List.of(allow()) : ofOptions(info);
    }

    /** What the answer to OPTIONS says (RFC 3261 11.2). */
    public static List<SipHeader> ofOptions(InfoRules info) {
        List<String> types = new ArrayList<>();
        types.add("application/sdp");
        types.addAll(info.mediaTypes());
        return List.of(allow(), new SipHeader("Accept", String.join(", ", types)));
    }
}
