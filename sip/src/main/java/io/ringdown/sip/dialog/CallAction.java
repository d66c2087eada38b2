package io.ringdown.sip.dialog;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.TrunkEvent;
import java.util.List;
import java.util.Optional;

/** What is to be done for a call, in this order. */
public sealed interface CallAction {

    /** Send this INVITE in a new transaction. */
    record SendInvite(OutRequest request) implements CallAction {}

    /** Send this ACK for a 2xx: no transaction, sent again when the 2xx comes again. */
    record SendAck(OutRequest request) implements CallAction {}

    /** Cancel the INVITE sent last. */
    record SendCancel(HangupReason reason) implements CallAction {}

    /**
     * Do not send the INVITE sent last again: nobody waits for it any more, and a peer that wakes up must not ring for nothing.
     * What it says to those that it has is still heard.
     */
    record StopRepeating() implements CallAction {}

    /** Forget the transaction of the INVITE sent last: whatever comes for it now is late. */
    record ForgetInvite() implements CallAction {}

    /** Send this request within its dialog, in a new transaction. */
    record Send(OutRequest request) implements CallAction {}

    /** Answer the request of this id. */
    record Respond(long id, int status, List<SipHeader> headers, Optional<String> sdp) implements CallAction {}

    /** Send the 2xx to the INVITE of this id again, outside of its transaction (RFC 3261 13.3.1.4). */
    record ResendAnswer(long id) implements CallAction {}

    /** Tell the listener. */
    record Tell(TrunkEvent event) implements CallAction {}

    /** Nothing can come any more that would need an answer: forget the call. */
    record Forget() implements CallAction {}
}
