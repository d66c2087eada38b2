package io.ringdown.gateway.call;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.Stroke;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.Rejection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a call wants done, in this order. */
public sealed interface CallAction {

    /** Tell a client. */
    record Tell(ClientId client, CallNews news) implements CallAction {}

    /** Answer a browser's offer; the first one opens the call's media. */
    record AnswerWeb(Optional<String> ref, String offer) implements CallAction {}

    /** Answer the browser's last offer again, so that it sends this codec. */
    record AnswerWebWith(AudioCodec codec) implements CallAction {}

    /** Make an offer for this client; the first description opens the call's media. */
    record OfferWeb(ClientId client) implements CallAction {}

    /** Take a client's answer to that. */
    record TakeWebAnswer(String answer) implements CallAction {}

    /** Take a channel of this trunk, {@code anyway} for help: it is held until the leg is forgotten. */
    record TakeChannel(int attempt, String trunk, boolean anyway) implements CallAction {}

    /** Leave this trunk alone for so long: it asked for that. */
    record RestTrunk(String trunk, Duration asked) implements CallAction {}

    /** Look whether who has taken the call may call this number, and by which trunks. */
    record RouteDial(PhoneNumber to, Caller from) implements CallAction {}

    /** Make an offer for this trunk. */
    record OfferTrunk(int attempt, String trunk) implements CallAction {}

    /** Send INVITE. */
    record Invite(int attempt, String trunk, TrunkLines.Leaving call, String sdp) implements CallAction {}

    /** Let media flow as the trunk's answer says. */
    record TakeTrunkAnswer(int attempt, String sdp) implements CallAction {}

    /** Answer a trunk's offer, the first or a later one. */
    record AnswerTrunk(String trunk, String offer) implements CallAction {}

    /** Make an offer for the trunk's re-INVITE that has none. */
    record OfferAgain() implements CallAction {}

    /** 180 to an inbound call. */
    record RingTrunk() implements CallAction {}

    /** The trunk has answered our last description, which a refresh said again, in another way than before. */
    record TakeRefresh(int attempt, String sdp) implements CallAction {}

    /** Let it wait until somebody of this group can be rung. */
    record WaitInGroup(String group) implements CallAction {}

    /** 200 to an inbound call. */
    record AcceptTrunk(String sdp) implements CallAction {}

    /** A final response to an inbound call: its INVITE is over. */
    record RejectTrunk(Rejection rejection) implements CallAction {}

    /** CANCEL or BYE: the INVITE of this attempt is over. */
    record HangUpTrunk(int attempt, HangupReason reason) implements CallAction {}

    /** 200 to a re-INVITE. */
    record AcceptReoffer(int attempt, String sdp) implements CallAction {}

    /** 488 to a re-INVITE. */
    record RejectReoffer(int attempt) implements CallAction {}

    // Transfers. Legs with a trunk are numbered as attempts are: each has its own, and none is used again.

    /** Ask the trunk of this leg to call somebody else, on behalf of this number: REFER. */
    record Refer(int attempt, String trunk, TransferTarget target, Optional<PhoneNumber> by) implements CallAction {}

    /** Let the telephone hear that of another call, which hears it by its own. */
    record HearOther(CallId call) implements CallAction {}

    /** It hears it no more. */
    record HearNoOther() implements CallAction {}
    /** Make a call that is to be joined with this one. */
    record DialAlong(CallId as, CallEvent.DialAlong dial) implements CallAction {}

    /** Open the media of a call with this trunk that has no client. */
    record OpenMedia(String trunk) implements CallAction {}

    /** Nobody is at the browser's side any more. */
    record CloseWeb() implements CallAction {}

    /** Who was described to last, and is not connected yet, is not to come: who was there before stays. */
    record DropComingWeb() implements CallAction {}

    /** The telephone of this call hears that of another from here on. */
    record JoinSound(CallId with) implements CallAction {}

    /** Tell the call at the other end of the line, where that is in the house too. */
    record TellOtherEnd(CallEvent event) implements CallAction {}

    /** Tell another call of ours. */
    record TellCall(CallId call, CallEvent event) implements CallAction {}

    /** Look whether this trunk may have the call go to this number, as if the client called it. */
    record RouteReferral(String trunk, String calledNumber, boolean inPlaceOfAnother) implements CallAction {}

    /** 202 to a REFER. */
    record AcceptRefer(int attempt) implements CallAction {}

    /** A refusal of a REFER. */
    record RejectRefer(int attempt, int status) implements CallAction {}

    /** NOTIFY to who has asked. */
    record TellReferrer(int attempt, int status) implements CallAction {}

    /** Make an offer for a second leg, beside the one that is heard. */
    record OfferAside(int attempt, String trunk) implements CallAction {}

    /** Send the INVITE that a REFER has asked for. */
    record InviteReferred(int attempt, String trunk, TrunkLines.Leaving call, String sdp, ReferTarget target)
            implements CallAction {}

    /** Let media be with the second leg, as its answer says. */
    record TakeAsideAnswer(int attempt, String sdp) implements CallAction {}

    /** Answer the offer of a second leg, and let media be with it. */
    record AnswerAside(int attempt, String trunk, String offer) implements CallAction {}

    /** 200 to an INVITE with Replaces. */
    record AcceptLeg(int attempt, String sdp) implements CallAction {}

    /** A refusal of an INVITE with Replaces. */
    record RejectLeg(int attempt, int status, HangupReason reason) implements CallAction {}

    /** Let media be with the first leg again, and let the second go. */
    record HearFirst() implements CallAction {}

    /** Let the leg go that media are not with. */
    record DropAside() implements CallAction {}

    /** This leg is over: give its channel back. */
    record ForgetLeg(int attempt) implements CallAction {}

    /** Choose the road for digits, now that media were agreed with this trunk. */
    record ChooseRoad(String trunk, PeerCapabilities peer) implements CallAction {}

    /** Press digits towards the trunk. */
    record Press(Optional<String> ref, List<Stroke> strokes, Duration length, Duration gap) implements CallAction {}

    /** Forget the presses that wait. */
    record CancelPresses() implements CallAction {}

    /** Send a press by INFO; what becomes of it is told under its number. */
    record SignalPress(long press, Digit digit, Duration length) implements CallAction {}

    /** Remember of this trunk how it takes digits. */
    record LearnOfTrunk(String trunk, DigitRoads.Lesson lesson) implements CallAction {}

    /** Count a press of this trunk's, or towards it. */
    record NoteDigit(String trunk, DtmfRoad road, Way way) implements CallAction {
        /** From where to where. */
        public enum Way {
            HEARD,
            SENT
        }
    }

    /** Whether media tell what the trunk's line sounds like. */
    record Listen(boolean wanted, Duration silence) implements CallAction {}

    /** Whether digits are kept from those who listen. */
    record SecureInput(boolean wanted) implements CallAction {}

    /** Whether the trunk hears silence. */
    record MuteWeb(boolean muted) implements CallAction {}

    /** The trunk hears music in place of the browser, and the browser nothing. */
    record HoldMedia() implements CallAction {}

    /** Both hear each other again. */
    record ResumeMedia() implements CallAction {}

    /** Tell the trunk that it is held, or that it is not any more, where it is one that is told: re-INVITE. */
    record OfferHold(boolean held) implements CallAction {}

    /** Let media flow as the trunk's answer to that says. */
    record TakeHoldAnswer(boolean held, String sdp) implements CallAction {}

    /** End media on both legs. */
    record CloseMedia() implements CallAction {}

    /** The call is over: write its record and forget it. The last action of every call. */
    record Finish(Ending ending) implements CallAction {}
}
