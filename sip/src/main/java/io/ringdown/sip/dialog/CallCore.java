package io.ringdown.sip.dialog;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.Rejection;
import java.util.List;
import java.util.Optional;

/**
 * One call with a trunk, sans-IO. Not safe for threads. After each input drain {@link #takeActions}, perform them in order,
 * then wait for the next input or for {@link #nextWakeup}; all times are of one monotonic clock in nanoseconds.
 *
 * <p>Inputs that make no sense in the call's state have lost a race: they are counted ({@link #ignored}) and change nothing.
 */
public sealed interface CallCore permits OutboundCall, InboundCall {
    /** What {@link #nextWakeup} says when nothing is waited for. */
    long NEVER = Long.MAX_VALUE;

    /** A response to a request of ours, also a late one whose transaction is gone. */
    void onResponse(InResponse response, long now);

    /** A request within the call: the edge has matched it by Call-ID and our tag, or it is the ACK. */
    void onRequest(InRequest request, long now);

    /** The transaction of a request of ours ended without a final response (timers B and F of RFC 3261 17.1). */
    void onTimeout(OutRequest request, long now);

    /** A request of ours could not be sent. */
    void onSendFailed(OutRequest request, String detail, long now);

    /**
     * The peer cannot be reached: what is sent waits at the edge, and neither a refresh nor the session is late, until {@link #onBack}
     * or {@link #hangUp}.
     */
    void onAway();

    /** The peer can be reached again, and what has waited is sent. */
    void onBack(long now);

    /** Our side ends the call, in any state. */
    void hangUp(HangupReason reason, long now);

    /** Our side rings. */
    void ring(long now);

    /** Our side sends SDP before it answers. */
    void progress(String sdp, long now);

    /** Our side answers. */
    void answer(String sdp, long now);

    /** Our side refuses. */
    void reject(Rejection rejection, long now);

    /** Our side takes the offer in the call. */
    void acceptReoffer(String sdp, long now);

    /** Our side refuses the offer in the call. */
    void rejectReoffer(long now);

    /** Our side puts the offer in the call off. */
    void deferReoffer(long now);

    /** Our side makes an offer in the call. */
    void reoffer(String sdp, long now);

    /** Our side sends an INFO; its outcome is told with this handle. */
    void info(long handle, InfoBody body, long now);

    /**
     * Our side asks the peer to call elsewhere.
     *
     * @param said Refer-To, and what else the REFER says
     */
    void refer(List<SipHeader> said, long now);

    /** Our side agrees to the peer's REFER. */
    void acceptRefer(long now);

    /** Our side refuses the peer's REFER. */
    void rejectRefer(int status, long now);

    /** Our side tells how the call that the peer asked for is getting on. */
    void referProgress(int status, long now);

    /** How its dialogs stand, for who would put another call in the place of one. */
    List<Standing> standings();

    /** What its dialog has come to, as it is written down; empty once nothing is left to be done for it. */
    Optional<DialogState.Course> written(long now);

    /** Time has passed; does nothing before {@link #nextWakeup}. */
    void onTime(long now);

    /** When {@link #onTime} wants to be called next, or {@link #NEVER}. */
    long nextWakeup();

    /** Takes what is to be done. */
    List<CallAction> takeActions();

    /** The state's name, for the log and the admin port. */
    String stateName();

    /** How many inputs were ignored. */
    int ignored();
}
