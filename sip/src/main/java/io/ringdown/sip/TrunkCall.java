package io.ringdown.sip;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Our end of one call with a trunk. Methods return at once and may be called from any thread; what follows arrives as
 * {@link TrunkEvent}. A request that makes no sense in the call's state (an answer after the call has ended) is ignored
 * and counted, because it lost a race.
 */
public interface TrunkCall {

    /** The Call-ID of the dialog, for the log and the record. */
    String callId();

    /** The application's own name of the call, by which its messages are found too ({@link SipTrunks#trace}). */
    void knownAs(String name);

    /** Inbound, before the answer: 180 Ringing. */
    void ring();

    /** Inbound, before the answer: 183 Session Progress with this SDP. */
    void progress(String sdp);

    /** Inbound: 200 OK with this SDP. */
    void answer(String sdp);

    /** Inbound, before the answer: a final response of 400 to 699, with a Reason header (RFC 3326) where a Q.850 cause is known. */
    void reject(Rejection rejection);

    /** Answers {@link TrunkEvent.Reoffer} or {@link TrunkEvent.OfferWanted} with this SDP. */
    void acceptReoffer(String sdp);

    /** Refuses either: 488 Not Acceptable Here; the call lives on as it was. */
    void rejectReoffer();

    /** Puts either off: 491 Request Pending, after which the peer asks again (RFC 3261 14.1); the call lives on as it was. */
    void deferReoffer();

    /**
     * Makes an offer of ours within the established call, by re-INVITE (RFC 3261 14.1). Exactly one of
     * {@link TrunkEvent.ReofferAnswered} and {@link TrunkEvent.ReofferRefused} follows for each, in the order of the calls,
     * unless the call ends first. One is under way at a time; of those that wait for it the latest wins, and the others are
     * told as refused without a status. After a collision with the peer's (491) it is sent again after the RFC's wait; if an
     * offer of the peer is accepted while one of ours waits, ours is refused with 491, since it was made from what does not
     * hold any more.
     */
    void reoffer(String sdp);

    /**
     * Sends this body by INFO (RFC 6086, legacy usage) in the dialog whose media are heard: the early one that carried SDP last,
     * or the established one. They leave in the order given, each when the one before it has its final answer; 64 may wait.
     * Exactly one {@link TrunkEvent.InfoAnswered} with this handle follows, unless the call is over already; those outstanding
     * at the call's end get theirs before its final event.
     *
     * @param handle names it in the event; the caller's choice
     */
    void info(long handle, InfoBody body);

    /**
     * Asks the peer of an established call to call somebody else, by REFER (RFC 3515). {@link TrunkEvent.ReferProgress} may follow,
     * and exactly one {@link TrunkEvent.ReferEnded}, unless the call is over already; where the call ends first, before its final
     * event. An {@link TrunkEvent.Ended} by the peer while a transfer is under way most often means that it went well: many
     * hang up as soon as the new call stands, without a last word. The call is not ended by any of this; hang it up after success.
     *
     * <p>One at a time: another meanwhile is told as ended by 491 at once, before the one under way. It leaves when no offer is
     * open in either direction, and the nonce of a challenge is answered as for any request.
     *
     * @throws IllegalArgumentException for a number that is none, and a call that is not of the same {@link SipTrunks}
     */
    void refer(Referral referral);

    /**
     * Agrees to {@link TrunkEvent.Referred}: 202, and NOTIFY {@code SIP/2.0 100 Trying}. The peer is told of the new call by {@link
     * #referProgress} from then on, unless it has said that it does not want to be (RFC 4488).
     */
    void acceptRefer();

    /**
     * Refuses {@link TrunkEvent.Referred}; the call lives on as it was.
     *
     * @param status 400 to 699; 603 says no more than no
     */
    void rejectRefer(int status);

    /**
     * Tells the peer whose REFER was accepted how the new call is getting on, in our own words (RFC 3515 2.4.5); a final status is
     * the last. It may be told for up to 32 s after the end of this call (RFC 5057 3: a transferor most often hangs up at once);
     * what comes later, or after the final status, or where nobody listens, is ignored.
     *
     * @param status 100 to 699
     */
    void referProgress(int status);

    /**
     * Ends the call in whatever state it is: CANCEL, BYE or a rejection, with RFC 3326 Reason. What crosses it on the wire
     * (a late 1xx, a 2xx after our CANCEL) is taken care of here. {@link TrunkEvent.Ended} follows only if the call was not
     * over already.
     */
    void hangUp(HangupReason reason);

    /**
     * The dialog as it was after the last input that was worked off, for {@link SipTrunks#restore}; empty before its INVITE has
     * left or been taken, and once nothing is left to be done for it.
     */
    Optional<DialogState> state();

    /**
     * Gives the call to somebody else: after everything that has come before is worked off, its state, with which the call is not
     * here any more, without any message and without a further event. Empty where something is under way or it is over: then
     * nothing has changed, and its events go on. Once the state is given the dialog may be restored, in the same {@link SipTrunks}
     * too. Never fails.
     */
    CompletableFuture<Optional<DialogState>> letGo();

    /**
     * Forgets the call here without any message and without a further event, whatever is under way: somebody else has its state, and
     * what has come of it since is lost. The dialog may be restored at once.
     */
    void abandon();
}
