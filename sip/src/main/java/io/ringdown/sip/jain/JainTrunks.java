package io.ringdown.sip.jain;

import io.ringdown.sip.InboundCalls;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.SipSettings;
import io.ringdown.sip.SipStartException;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.TrunkSettings;
import java.util.Map;

/** The trunks on a JAIN-SIP stack. */
public final class JainTrunks {
    private final Map<String, TrunkSettings> trunks;

    private JainTrunks(Map<String, TrunkSettings> trunks) {
        this.trunks = trunks;
    }

    /** Starts the stack. */
    public static JainTrunks start(SipSettings settings, Map<String, TrunkSettings> trunks, InboundCalls inbound)
            throws SipStartException {
        if (trunks.isEmpty()) {
            throw new SipStartException("no trunk is configured");
        }
        return new JainTrunks(Map.copyOf(trunks));
    }

    /** Calls out. */
    public TrunkCall invite(OutboundInvite invite, TrunkListener listener) {
        if (trunks.containsKey(invite.trunk())) {
            throw new IllegalStateException("calls are not built yet");
        }
        throw new IllegalArgumentException("trunk " + invite.trunk() + " is not built yet: " + listener);
    }

    /** For the admin port. */
    public Map<String, Object> debugState() {
        return Map.of("trunks", trunks.keySet());
    }

    /** Ends all calls and the stack. */
    public void close() {}
}
