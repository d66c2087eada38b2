package io.ringdown.gateway.call;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.Stroke;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.TrunkEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.Set;

/** What happens to a call: requests of clients, news of trunk and media, and what became of the call's own actions. */
public sealed interface CallEvent {

    // The first event of a call is one of these three.

    /** A client calls a number, over a route that takes it. */
    record Dial(ClientId client, Optional<String> ref, PhoneNumber to, Caller from, String offer, CallRoute route)
            implements CallEvent {}

    /** A trunk calls a number, for which these clients are rung. */
    record Invited(InboundInvite invite, PhoneNumber to, RingPlan plan) implements CallEvent {}

    /** Another call's telephone is to talk to this number, which is called for that, over a route that takes it. */
    record DialAlong(CallId with, PhoneNumber to, Caller from, CallRoute route) implements CallEvent {}

    /** Somebody is rung by these clients of theirs, to call this number when they have taken it. */
    record Originated(PhoneNumber to, Caller from, RingPlan plan) implements CallEvent {}
    // Of a call that waits for a group.

    /** Ring these too, in the name of a group. */
    record RingToo(SequencedSet<ClientId> clients, CallNews.Incoming.OfGroup group) implements CallEvent {}

    /** Those of these that are rung are not any more: they have not answered. */
    record RingNoMore(Set<ClientId> clients) implements CallEvent {}

    /** Nobody is rung any more, and it is over so. */
    record NobodyTakes(EndCause cause) implements CallEvent {}

    // Requests of clients.

    /** Take an incoming call. */
    record Accept(ClientId client, Optional<String> ref, String offer) implements CallEvent {}

    /**
     * A client that is called and answers, as SIP has it, is to have our offer: one that is rung, or whose call it is; {@link
     * CallNews.Offer} follows.
     */
    record WebOfferWanted(ClientId client) implements CallEvent {}

    /**
     * The answer to {@link CallNews.Offer}: takes an incoming call, as {@link Accept} does; of whose call it is, answers a later
     * offer.
     */
    record AcceptWithAnswer(ClientId client, String answer) implements CallEvent {}

    /** Refuse an incoming call. */
    record Reject(ClientId client, Optional<String> ref, boolean busy) implements CallEvent {}

    /** A new offer in mid-call. */
    record Update(ClientId client, Optional<String> ref, String offer) implements CallEvent {}

    /** End it. */
    record HangUp(ClientId client, Optional<String> ref) implements CallEvent {}

    /** End it, whoever has it: the system of whoever runs the gateway has asked. */
    record EndedByOperator() implements CallEvent {}

    /** Press digits. */
    record Press(ClientId client, Optional<String> ref, List<Stroke> strokes, Duration length, Duration gap)
            implements CallEvent {}

    /** Forget the presses that wait. */
    record CancelPresses(ClientId client, Optional<String> ref) implements CallEvent {}

    /** Whether to tell what the trunk's line sounds like; silence once it has lasted so long. */
    record Listen(ClientId client, Optional<String> ref, boolean wanted, Duration silence) implements CallEvent {}

    /** Whether the telephone hears silence. */
    record Mute(ClientId client, Optional<String> ref, boolean muted) implements CallEvent {}

    /** Put the telephone on hold. */
    record Hold(ClientId client, Optional<String> ref) implements CallEvent {}

    /** End that. */
    record Resume(ClientId client, Optional<String> ref) implements CallEvent {}

    /** Transfer the telephone to somebody else. */
    record Transfer(ClientId client, Optional<String> ref, TransferTarget target) implements CallEvent {}

    /** Let the telephone and that of another call of the client's hear each other. */
    record Conference(ClientId client, Optional<String> ref, CallId with) implements CallEvent {}

    /** End that. */
    record EndConference(ClientId client, Optional<String> ref) implements CallEvent {}

    /** Whether digits are kept from those who listen. */
    record SecureInput(ClientId client, Optional<String> ref, boolean wanted) implements CallEvent {}

    /**
     * The client's socket is gone, and it may come back. A page that was closed must do so within {@code reload}, for what it
     * closed may only have been loaded again.
     */
    record ClientAway(ClientId client, Duration reload) implements CallEvent {}

    /** It is back, after it was away or even gone. */
    record ClientBack(ClientId client) implements CallEvent {}

    /** The client is gone: it is not waited for any more. */
    record ClientGone(ClientId client) implements CallEvent {}

    /**
     * There are no media towards the browser any more, and it has to offer anew: the call goes on from its written state, or those
     * media were lost with a hand-over that has failed.
     */
    record WebMediaWanted() implements CallEvent {}

    // News of the two legs.

    /** Media. */
    record Media(MediaEvent event) implements CallEvent {}

    /** How media do; told to the owner. */
    record Measured(QualityReport report) implements CallEvent {}

    /** The trunk, of this attempt (0 is the first; inbound calls have only that). */
    record Trunk(int attempt, TrunkEvent event) implements CallEvent {}

    /**
     * The trunk calls, to take the place of the leg {@code replaced}.
     *
     * @param leg the number of its own leg, below zero, so that it is none of the call's own
     * @param offer empty where it wants ours
     */
    record Replacing(
            int leg,
            int replaced,
            String trunk,
            Optional<String> offer,
            Optional<String> callerNumber,
            Optional<String> callerName)
            implements CallEvent {}

    // News of other calls of the client's.

    /** One is being transferred to this one's telephone, or is not any more. */
    record BeingReplaced(boolean isIt) implements CallEvent {}

    /** One was transferred to this one's telephone. */
    record Replaced() implements CallEvent {}

    /** One wants this conference with us; its client is {@code client}. */
    record ConferenceAsked(CallConference.Name name, ClientId client) implements CallEvent {}

    /** This one has joined. */
    record ConferenceJoined(CallConference.Name name, CallId with) implements CallEvent {}

    /** The other of this conference is held or is not any more. */
    record ConferenceHeld(CallConference.Name name, boolean held) implements CallEvent {}

    /** The other has no such conference with us. */
    record ConferenceOver(CallConference.Name name) implements CallEvent {}

    /** A supervisor is heard by the client in this mode from now on, or not any more. */
    record Supervised(Optional<SupervisionMode> mode, String by) implements CallEvent {}

    /** One of this client's is to be joined with this one; {@code telephone} is who is at its other end. */
    record JoinWanted(CallId with, ClientId by, Caller telephone) implements CallEvent {}

    /** One is ready to be joined with this one: its telephone, which is {@code telephone}, hears this one's. */
    record Joined(CallId with, Caller telephone) implements CallEvent {}

    /** The call at the other end of this one, within the house, was joined with one to this telephone, which is there now. */
    record OtherEndIs(Caller telephone) implements CallEvent {}

    /** One will not be joined with this one, or is not any more. */
    record NotJoined(CallId with, Ending how) implements CallEvent {}

    /** How far the call has come that is made for this one; {@code sip} is its trunk's status. */
    record JoinProgress(CallId with, TransferStage stage, OptionalInt sip) implements CallEvent {}

    /** The telephone of the call that this one is joined with has pressed a digit. */
    record PressAlong(CallId with, Digit digit, Duration length) implements CallEvent {}

    // What became of actions.

    /** {@link CallAction.AnswerWeb} gave this answer. */
    record WebAnswered(Optional<String> ref, String sdp) implements CallEvent {}

    /** {@link CallAction.AnswerWeb} found nothing to answer. */
    record WebRefused(Optional<String> ref, String why) implements CallEvent {}

    /** {@link CallAction.OfferWeb} gave this offer. */
    record WebOffered(ClientId client, String sdp) implements CallEvent {}

    /** {@link CallAction.TakeWebAnswer} succeeded; where not, {@link WebRefused} says so. */
    record WebAnswerTaken() implements CallEvent {}

    /** {@link CallAction.AnswerWebWith} gave this answer. */
    record WebCodecAnswered(AudioCodec codec, String sdp) implements CallEvent {}

    /** {@link CallAction.TakeChannel} has got one. */
    record ChannelTaken(int attempt) implements CallEvent {}

    /** {@link CallAction.TakeChannel} has found none: the trunk is full, or asked to be left alone. */
    record TrunkFull(int attempt) implements CallEvent {}

    /** {@link CallAction.OfferTrunk} gave this offer. */
    record TrunkOffered(int attempt, String sdp) implements CallEvent {}

    /** {@link CallAction.TakeTrunkAnswer} succeeded: media flow. */
    record TrunkAnswerTaken(int attempt) implements CallEvent {}

    /** {@link CallAction.TakeTrunkAnswer} found an answer that does not fit. */
    record TrunkAnswerRefused(int attempt, String why) implements CallEvent {}

    /** {@link CallAction.AnswerTrunk} gave this answer, or {@link CallAction.OfferAgain} this offer. */
    record TrunkOfferAnswered(String sdp) implements CallEvent {}

    /** {@link CallAction.AnswerTrunk} found nothing to answer, or no port. */
    record TrunkOfferRefused(String why) implements CallEvent {}

    /** {@link CallAction.OfferHold} found a trunk that is told nothing of holds. */
    record HoldNotOffered(int attempt) implements CallEvent {}

    /** {@link CallAction.TakeHoldAnswer} succeeded. */
    record HoldAnswerTaken(int attempt) implements CallEvent {}

    /** {@link CallAction.TakeHoldAnswer} found an answer that does not fit. */
    record HoldAnswerRefused(int attempt) implements CallEvent {}

    /** Whether the trunk holds us, after each of its descriptions that was accepted. */
    record TrunkHolds(boolean holds) implements CallEvent {}

    /** {@link CallAction.HearOther} was not to be had. */
    record ConferenceNotHeard() implements CallEvent {}

    /** {@link CallAction.Refer} found the other call over. */
    record OtherCallGone() implements CallEvent {}

    /** {@link CallAction.RouteReferral}: it may go there. */
    record ReferralRouted(PhoneNumber to, CallRoute route) implements CallEvent {}

    /** {@link CallAction.RouteReferral}: it may not; {@code status} for who has asked. */
    record ReferralRefused(int status) implements CallEvent {}

    /** {@link CallAction.RouteDial}: it goes there. */
    record DialRouted(PhoneNumber to, CallRoute route) implements CallEvent {}

    /** {@link CallAction.RouteDial}: it may not. */
    record DialRefused(EndCause why) implements CallEvent {}

    /** {@link CallAction.TakeAsideAnswer} succeeded; {@code holds} is whether that leg holds us. */
    record AsideAnswerTaken(int attempt, boolean holds) implements CallEvent {}

    /** {@link CallAction.TakeAsideAnswer} found an answer that does not fit. */
    record AsideAnswerRefused(int attempt) implements CallEvent {}

    /** {@link CallAction.AnswerAside} gave this answer. */
    record AsideAnswered(int attempt, String sdp, boolean holds) implements CallEvent {}

    /** {@link CallAction.AnswerAside} found nothing to answer. */
    record AsideRefused(int attempt) implements CallEvent {}

    /** {@link CallAction.OfferAside} or {@link CallAction.AnswerAside} found no port. */
    record AsideUnavailable(int attempt) implements CallEvent {}

    /** No port or socket for media. */
    record MediaUnavailable(String why) implements CallEvent {}

    /** {@link CallAction.Press} was taken: so many presses, numbered from {@code first}. */
    record PressTaken(Optional<String> ref, long first, int count) implements CallEvent {}

    /** {@link CallAction.Press} was not taken. */
    record PressRefused(Optional<String> ref) implements CallEvent {}

    /** {@link CallAction.ChooseRoad} has chosen. */
    record RoadChosen(DigitRoads.Choice choice) implements CallEvent {}

    // The rest.

    /** The time that {@link Call#nextWakeup} asked for has come; harmless if it comes early. */
    record Tick() implements CallEvent {}

    /** The guard has no more talk for it. */
    record LimitReached() implements CallEvent {}

    /** The process is going down. */
    record Shutdown() implements CallEvent {}
}
