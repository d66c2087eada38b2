package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A call out until its answer: one trunk of its route after the other. Pure, as the call is. */
final class CallOut {
    // Above the longest time that a trunk's own no-answer-after can be set to.
    private static final Duration ANSWER_BACKSTOP = Duration.ofMinutes(11);

    private final CallFacts facts;
    private final CallDigits digits;
    private final CallHold hold;
    private CallRoute route;
    private Optional<TrunkFailure> lastFailure;
    private Optional<CallNews.Progress.Stage> furthest;

    /** All of it, to be written down. */
    record State(CallRoute route, Optional<TrunkFailure> lastFailure, Optional<CallNews.Progress.Stage> furthest) {
        static final State BEGUN = new State(CallRoute.over(List.of()), Optional.empty(), Optional.empty());
    }

    CallOut(State state, CallFacts facts, CallDigits digits, CallHold hold) {
        this.facts = facts;
        this.digits = digits;
        this.hold = hold;
        this.route = state.route;
        this.lastFailure = state.lastFailure;
        this.furthest = state.furthest;
    }

    State state() {
        return new State(route, lastFailure, furthest);
    }

    /** A client calls; true if there is any trunk for it. */
    boolean onDial(CallEvent.Dial dial, long now) {
        facts.owner = Optional.of(dial.client());
        facts.ref = dial.ref();
        facts.to = Optional.of(dial.to());
        facts.from = dial.from();
        route = dial.route();
        facts.state = Call.State.CONNECTING;
        if (route.trunks().isEmpty()) {
            facts.end(Ending.of(EndCause.NO_ROUTE));
            return false;
        }
        facts.trunk = Optional.of(route.trunks().getFirst());
        facts.wake(CallFacts.Timer.CONNECT, facts.settings.connectTimeout(), now);
        return true;
    }

    /** Where a call goes that was begun for who has just taken it. */
    void goBy(CallRoute taken) {
        route = taken;
        if (route.trunks().isEmpty()) {
            facts.end(Ending.of(EndCause.NO_ROUTE));
            return;
        }
        facts.trunk = Optional.of(route.trunks().getFirst());
        if (facts.webConnected || facts.settings.dial() == CallSettings.Dial.AT_ONCE) {
            dialNext();
        }
    }

    /** The client can be heard: the number is called, if it is known where. */
    void onWebConnected() {
        if (facts.trunk.isPresent()) {
            dialNext();
        }
    }

    /** It is called for another call: at once, as nobody here is waited for. */
    void onDialAlong(CallEvent.DialAlong dial) {
        facts.to = Optional.of(dial.to());
        facts.from = dial.from();
        route = dial.route();
        if (route.trunks().isEmpty()) {
            facts.end(Ending.of(EndCause.NO_ROUTE));
            return;
        }
        facts.trunk = Optional.of(route.trunks().getFirst());
        facts.act(new CallAction.OpenMedia(facts.trunkNow()));
        facts.mediaOpen = true;
        facts.webConnected = true; // as there is nobody whose media would have to be waited for
        dialNext();
    }

    /**
     * The client has our answer. One that called by SIP has called already: its INVITE goes on at once, and its media may well wait
     * for our 200, for not everybody takes a description before that.
     */
    void onWebAnswered() {
        boolean isSip = facts.owner.map(ClientId::road).equals(Optional.of(ClientId.Road.SIP));
        if (isSip) {
            facts.stop(CallFacts.Timer.CONNECT);
        }
        if (isSip || facts.settings.dial() == CallSettings.Dial.AT_ONCE) {
            dialNext();
        }
    }

    void dialNext() {
        facts.state = Call.State.DIALLING;
        facts.act(new CallAction.TakeChannel(facts.attempt, facts.trunkNow(), route.emergency()));
    }

    void onChannelTaken(int ofAttempt) {
        if (isBeforeInvite(ofAttempt)) {
            facts.act(new CallAction.OfferTrunk(facts.attempt, facts.trunkNow()));
        }
    }

    void onTrunkFull(int ofAttempt) {
        if (!isBeforeInvite(ofAttempt)) {
            return;
        }
        if (goOn()) {
            dialNext();
        } else {
            facts.end(lastFailure
                    .map(Ending::of)
                    .orElse(Ending.of(
                            EndCause.CONGESTION, "Every line for this number is in use; try again in a moment.")));
        }
    }

    void onOffered(CallEvent.TrunkOffered offered, long now) {
        if (isBeforeInvite(offered.attempt())) {
            facts.inviteOpen = true;
            facts.wakeUnlessSet(CallFacts.Timer.ANSWER, ANSWER_BACKSTOP, now);
            TrunkLines.Leaving leaving = new TrunkLines.Leaving(facts.to.orElseThrow(), facts.from, route.emergency());
            facts.act(new CallAction.Invite(facts.attempt, facts.trunkNow(), leaving, offered.sdp()));
        }
    }

    private boolean isBeforeInvite(int ofAttempt) {
        return ofAttempt == facts.attempt && !facts.inviteOpen && facts.state == Call.State.DIALLING;
    }

    /** Goes on to the next trunk of the route; false if there is none. */
    private boolean goOn() {
        if (facts.attempt + 1 >= route.trunks().size()) {
            return false;
        }
        facts.act(new CallAction.ForgetLeg(facts.attempt));
        facts.attempt = facts.newLeg();
        facts.trunk = Optional.of(route.trunks().get(facts.attempt));
        return true;
    }

    void onTrying() {
        advance(Call.State.TRYING, CallNews.Progress.Stage.TRYING, OptionalInt.of(100));
    }

    void onProgress(TrunkEvent.Progress progress) {
        if (facts.trunkAnswered || !facts.isOutbound()) {
            return;
        }
        OptionalInt status = OptionalInt.of(progress.status());
        if (progress.sdp().isPresent()) {
            takeAnswer(progress.sdp().get());
            advance(Call.State.EARLY_MEDIA, CallNews.Progress.Stage.EARLY_MEDIA, status);
        } else if (progress.status() == 180) {
            advance(Call.State.RINGING, CallNews.Progress.Stage.RINGING, status);
        } else {
            advance(Call.State.TRYING, CallNews.Progress.Stage.TRYING, status);
        }
    }

    /** Forward only: a late 100 or a 180 after early media changes nothing. */
    private void advance(Call.State next, CallNews.Progress.Stage stage, OptionalInt status) {
        if (facts.isOutbound() && !facts.trunkAnswered && facts.state.compareTo(next) < 0) {
            facts.state = next;
            // What a trunk said that was given up stands: the next one is told of only where it gets further.
            if (furthest.isEmpty() || furthest.get().compareTo(stage) < 0) {
                furthest = Optional.of(stage);
                facts.tellOwner(new CallNews.Progress(stage, status));
            }
        }
    }

    void onAnswered(Optional<String> sdp, long now) {
        if (facts.trunkAnswered || !facts.isOutbound()) {
            return;
        }
        facts.trunkAnswered = true;
        facts.stop(CallFacts.Timer.ANSWER);
        if (!facts.webConnected) {
            facts.wakeUnlessSet(CallFacts.Timer.CONNECT, facts.settings.connectTimeout(), now);
        }
        route.longest().ifPresent(most -> facts.wake(CallFacts.Timer.LONGEST, most, now));
        if (sdp.isPresent()) {
            takeAnswer(sdp.get());
        } else if (facts.trunkMedia) {
            establish();
        } else {
            facts.end(Ending.of(EndCause.MEDIA_NOT_ACCEPTABLE));
        }
    }

    private void takeAnswer(String sdp) {
        facts.act(new CallAction.TakeTrunkAnswer(facts.attempt, sdp));
    }

    void establish() {
        if (facts.state != Call.State.ESTABLISHED) {
            facts.state = Call.State.ESTABLISHED;
            facts.tellOwner(new CallNews.Established());
            hold.onEstablished();
        }
    }

    void onFailed(TrunkFailure failure) {
        facts.inviteOpen = false;
        lastFailure = Optional.of(failure);
        CrankBack.rest(failure).ifPresent(time -> facts.act(new CallAction.RestTrunk(facts.trunkNow(), time)));
        boolean rang = facts.state == Call.State.RINGING;
        boolean mayGoOn = facts.isOutbound() && !facts.trunkMedia && CrankBack.mayGoOn(failure, route, rang);
        if (mayGoOn && goOn()) {
            digits.onOtherTrunk();
            dialNext();
        } else {
            facts.end(Ending.of(failure));
        }
    }
}
