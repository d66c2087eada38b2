package io.ringdown.sip;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a trunk tells us of a call, in the order it happened. Every call gets exactly one of {@link Failed} (an outgoing call
 * before its answer) and {@link Ended}, whoever ended it; nothing comes after.
 */
public sealed interface TrunkEvent {

    /** 100 Trying, or anything that proves that the trunk has the INVITE. */
    record Trying() implements TrunkEvent {}

    /**
     * A provisional response above 100.
     *
     * @param status 101 to 199; 180 is ringing
     * @param sdp the answer carried by it: media flow from here (early media)
     */
    record Progress(int status, Optional<String> sdp) implements TrunkEvent {}

    /** 2xx; already acknowledged. Without SDP where a reliable provisional response has carried the answer. */
    record Answered(Optional<String> sdp) implements TrunkEvent {}

    /**
     * The trunk has acknowledged our 200 (inbound calls).
     *
     * @param sdp the answer in the ACK, where the INVITE had no offer and our 200 carried it (RFC 3261 §13.2.1)
     */
    record Confirmed(Optional<String> sdp) implements TrunkEvent {}

    /**
     * The trunk's answer to the offer that {@link OfferWanted} has got, carried by its ACK (RFC 3261 14.2): what it says
     * holds from now on.
     */
    record AnswerInAck(String sdp) implements TrunkEvent {}

    /**
     * The trunk's answer to a refresh of the session by re-INVITE with our last description (RFC 4028 7.4), where it says another
     * thing than the trunk's last: it holds from now on (RFC 3264 8).
     */
    record RefreshAnswered(String sdp) implements TrunkEvent {}

    /** The call never came to be. */
    record Failed(TrunkFailure failure) implements TrunkEvent {}

    /** The call is over: BYE or CANCEL from the trunk, a dialog that died, or we hung up or rejected it. */
    record Ended(OptionalInt q850, String reason) implements TrunkEvent {}

    /** A re-INVITE or UPDATE with an offer; answer by {@link TrunkCall#acceptReoffer} or {@link TrunkCall#rejectReoffer}. */
    record Reoffer(String sdp) implements TrunkEvent {}

    /**
     * A re-INVITE without an offer, which asks for ours (RFC 3261 14.2): what we can do, not what was last agreed, for it may
     * end a hold. Give it by {@link TrunkCall#acceptReoffer}, or refuse by {@link TrunkCall#rejectReoffer}.
     */
    record OfferWanted() implements TrunkEvent {}

    /** The peer's answer to the offer of {@link TrunkCall#reoffer}; already acknowledged. */
    record ReofferAnswered(String sdp) implements TrunkEvent {}

    /**
     * The offer of {@link TrunkCall#reoffer} was refused, or never answered; the session is as it was.
     *
     * @param status 300 to 699; empty where no answer came or where it was not sent
     */
    record ReofferRefused(OptionalInt status) implements TrunkEvent {}

    /**
     * What the peer says that it understands: told before the first {@link Progress} with SDP, {@link Answered} or
     * {@link Confirmed} for which it is known, and again when the dialog that is heard says something else. Not told while the
     * peer says nothing.
     */
    record Capabilities(PeerCapabilities peer) implements TrunkEvent {}

    /** An INFO request with a body that our side understands ({@link InfoRules}); already answered by 200. */
    record InfoReceived(InfoBody body) implements TrunkEvent {}

    /** What became of the INFO that {@link TrunkCall#info} was given with this handle. */
    record InfoAnswered(long handle, InfoOutcome outcome) implements TrunkEvent {}

    /**
     * What the peer says of the call that {@link TrunkCall#refer} has asked it to make, by a NOTIFY with a sipfrag (RFC 3515
     * 2.4.5). Told when it changes.
     *
     * @param status 100 to 199
     */
    record ReferProgress(int status) implements TrunkEvent {}

    /**
     * What became of {@link TrunkCall#refer}; exactly one for each.
     *
     * @param status 200 to 699, of the peer's last sipfrag or of its refusal of the REFER itself. 202: it has agreed, and has said
     *     that it will tell nothing more (RFC 4488). 405: its Allow has no REFER, so that none was sent. 481: the other call of
     *     {@link Referral.Attended} is not established. 491: another one is under way. Empty where nobody knows: the REFER had no
     *     answer or could not leave, its subscription ended without a final word, or the call has ended first
     */
    record ReferEnded(OptionalInt status) implements TrunkEvent {}

    /**
     * The peer asks us to call somebody else in place of this call, by REFER (RFC 3515); only on a trunk with {@code
     * transfer.accept}. Answer by {@link TrunkCall#acceptRefer} or {@link TrunkCall#rejectRefer} within 5 s, or it is declined
     * (603): a REFER can be answered but once, and soon (RFC 4320). One at a time: others meet 491 meanwhile.
     */
    record Referred(ReferTarget target) implements TrunkEvent {}
}
