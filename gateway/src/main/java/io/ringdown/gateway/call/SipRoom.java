package io.ringdown.gateway.call;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkListener;

/** What calls need of the trunks. */
public interface SipRoom {
    /** Calls out; what follows comes to the listener. */
    TrunkCall invite(OutboundInvite invite, TrunkListener listener);

    /**
     * Goes on with a leg that was written down; what follows comes to the listener. IllegalArgumentException if its trunk is not
     * configured any more, IllegalStateException if the trunks are being closed.
     */
    TrunkCall restore(DialogState dialog, TrunkListener listener);

    /** Whether calls to this trunk have anywhere to go, as far as is known now. */
    default boolean isReachable(String trunk) {
        return true;
    }
}
