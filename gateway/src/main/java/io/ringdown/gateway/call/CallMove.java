package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.Optional;

/**
 * A {@link Call} on its way to another leg with a trunk, because the trunk has asked for that by REFER (RFC 5589 6), or puts a call
 * of its own in the place of this one (RFC 3891 3). The browser notices nothing but other sound. Pure, as the call is.
 *
 * <pre>
 *        REFER            may go there: 202                INVITE                 200: the call is with
 *  IDLE ───────▶ ASKING ────────────────────▶ DIALLING ───────────▶ INVITED ────▶ the new leg, IDLE;
 *    ▲              │ may not: 603, 403         │ no line, no port    │ refused     the old leg has 5 s for its BYE
 *    └──────────────┴───────────────────────────┴─────────────────────┘
 *  IDLE ─ INVITE with Replaces ─▶ JOINING ─ media answer it: 200, BYE to the old leg ─▶ IDLE
 * </pre>
 *
 * While INVITED, the new leg is heard once it describes its media; the old one otherwise. The old one's BYE meanwhile ends nothing:
 * who transfers without waiting hangs up at once (RFC 5589 6.1).
 */
final class CallMove {
    private static final int REQUEST_PENDING = 491; // RFC 3261 §21.4.27
    private static final int DECLINE = 603;
    private static final int NO_SUCH_CALL = 481; // RFC 3891 §3
    private static final Duration OLD_LEG_ENDS = Duration.ofSeconds(5);

    enum Step {
        IDLE,
        ASKING,
        DIALLING,
        INVITED,
        JOINING
    }

    private final CallFacts facts;
    private final CallDigits digits;
    private final CallHold hold;

    private Step step;
    private ReferTarget target;
    private Optional<PhoneNumber> to;
    private CallRoute route;
    private int tried;
    // The leg whose trunk has asked, the new one, and the old one once it is only waited for.
    private int asker;
    private int leg;
    private Optional<Integer> old;
    private String trunk;
    private Optional<CallEvent.Replacing> replacing;
    private boolean isOpen;
    private boolean isAnswered;
    private boolean isHeard;
    private boolean isHolding;
    private boolean hasRung;
    // Whether the longest time of the call runs for this move only; of one under way, which is never written down.
    private boolean isBoundHere;
    private Optional<String> described;
    private PeerCapabilities peer;
    private PeerCapabilities oldPeer;

    CallMove(CallMoveState state, CallFacts facts, CallDigits digits, CallHold hold) {
        this.facts = facts;
        this.digits = digits;
        this.hold = hold;
        this.step = state.step();
        this.target = state.target().target();
        this.to = state.to();
        this.route = state.route();
        this.tried = state.tried();
        this.asker = state.asker();
        this.leg = state.leg();
        this.old = state.old();
        this.trunk = state.trunk();
        this.replacing = state.replacing();
        this.isOpen = state.isOpen();
        this.isAnswered = state.isAnswered();
        this.isHeard = state.isHeard();
        this.isHolding = state.isHolding();
        this.hasRung = state.hasRung();
        this.described = state.described();
        this.peer = state.peer();
        this.oldPeer = state.oldPeer();
    }

    CallMoveState state() {
        return new CallMoveState(
                step,
                CallMoveState.Wanted.of(target),
                to,
                route,
                tried,
                asker,
                leg,
                old,
                trunk,
                replacing.map(CallMove::withoutOffer),
                isOpen,
                isAnswered,
                isHeard,
                isHolding,
                hasRung,
                described,
                peer,
                oldPeer);
    }

    // Which was answered at once, and may have keys in it.
    private static CallEvent.Replacing withoutOffer(CallEvent.Replacing call) {
        return new CallEvent.Replacing(
                call.leg(), call.replaced(), call.trunk(), Optional.empty(), call.callerNumber(), call.callerName());
    }

    boolean isIdle() {
        return step == Step.IDLE && old.isEmpty();
    }

    /** Whether it is asked for another leg, or has one that is not the call's yet. */
    boolean isMoving() {
        return step != Step.IDLE;
    }

    /** Whether a new leg is being set up: then neither the old one's end nor its silence is that of the call. */
    boolean isUnderWay() {
        return step != Step.IDLE && step != Step.ASKING;
    }

    /** Whether media are with the new leg already, before the call is. */
    boolean isHeard() {
        return isHeard;
    }

    /** Whether this is the new leg. */
    boolean isOf(int ofLeg) {
        return isUnderWay() && ofLeg == leg;
    }

    /** The leg that media and digits are with. */
    int heardLeg() {
        return isHeard ? leg : facts.attempt;
    }

    // ---- REFER

    /** The trunk asks; {@code isBusy} where it has been asked itself. */
    void onReferred(ReferTarget wanted, boolean isBusy) {
        if (isBusy || !isIdle()) {
            facts.act(new CallAction.RejectRefer(facts.attempt, REQUEST_PENDING));
        } else if (facts.state != Call.State.ESTABLISHED || wanted.ours().isPresent()) {
            // A call of ours in its place would join two browsers, and there is no bridge for that.
            facts.act(new CallAction.RejectRefer(facts.attempt, DECLINE));
        } else {
            step = Step.ASKING;
            target = wanted;
            facts.act(new CallAction.RouteReferral(
                    facts.trunkNow(), wanted.calledNumber(), wanted.replaces().isPresent()));
        }
    }

    /** It may not go there. */
    void onNotRouted(int status) {
        if (step == Step.ASKING) {
            step = Step.IDLE;
            facts.act(new CallAction.RejectRefer(facts.attempt, status));
        }
    }

    /** It may. */
    void onRouted(CallEvent.ReferralRouted routed, long now) {
        if (step != Step.ASKING) {
            return;
        }
        to = Optional.of(routed.to());
        route = routed.route();
        tried = 0;
        asker = facts.attempt;
        oldPeer = digits.peer();
        facts.act(new CallAction.AcceptRefer(asker));
        facts.wake(CallFacts.Timer.TRANSFER, facts.settings.transferTimeout(), now);
        // A call in is bound only from here on: now it may cost something.
        isBoundHere = route.longest().isPresent() && !facts.isSet(CallFacts.Timer.LONGEST);
        route.longest().ifPresent(most -> facts.wakeUnlessSet(CallFacts.Timer.LONGEST, most, now));
        facts.tellOwner(told(TransferStage.REFERRED).withNumber(routed.to().digits()));
        dialNext();
    }

    private void dialNext() {
        step = Step.DIALLING;
        begin(facts.newLeg(), route.trunks().get(tried));
        facts.act(new CallAction.TakeChannel(leg, trunk, false));
    }

    private void begin(int newLeg, String with) {
        leg = newLeg;
        trunk = with;
        isOpen = false;
        isAnswered = false;
        isHeard = false;
        isHolding = false;
        hasRung = false;
        described = Optional.empty();
        peer = PeerCapabilities.UNKNOWN;
    }

    void onChannelTaken() {
        if (step == Step.DIALLING) {
            facts.act(new CallAction.OfferAside(leg, trunk));
        }
    }

    void onTrunkFull() {
        if (step == Step.DIALLING && !goOn()) {
            fail(Ending.of(EndCause.CONGESTION));
        }
    }

    private boolean goOn() {
        if (tried + 1 >= route.trunks().size()) {
            return false;
        }
        tried++;
        facts.act(new CallAction.ForgetLeg(leg));
        dialNext();
        return true;
    }

    /** Our offer for the new leg. */
    void onOffered(String sdp) {
        if (step == Step.DIALLING) {
            step = Step.INVITED;
            isOpen = true;
            facts.act(new CallAction.InviteReferred(
                    leg, trunk, new TrunkLines.Leaving(to.orElseThrow(), facts.shown(), false), sdp, target));
        } else if (step == Step.JOINING) {
            isAnswered = true;
            facts.act(new CallAction.AcceptLeg(leg, sdp));
        }
    }

    /** There is no port for the new leg. */
    void onUnavailable() {
        if (step == Step.DIALLING) {
            fail(Ending.of(EndCause.OVERLOADED));
        } else if (step == Step.JOINING) {
            reject(EndCause.OVERLOADED);
        }
    }

    // ---- Replaces

    /** The trunk calls, to take the place of this call. */
    void onReplacing(CallEvent.Replacing call, boolean isBusy) {
        boolean isOurs = facts.state == Call.State.ESTABLISHED && call.replaced() == facts.attempt;
        if (isBusy || !isIdle() || !isOurs) {
            int status = isOurs ? REQUEST_PENDING : NO_SUCH_CALL;
            facts.act(new CallAction.RejectLeg(call.leg(), status, EndCause.UNAVAILABLE.hangupReason()));
            facts.act(new CallAction.ForgetLeg(call.leg()));
            return;
        }
        step = Step.JOINING;
        replacing = Optional.of(call);
        oldPeer = digits.peer();
        begin(call.leg(), call.trunk());
        isOpen = true;
        facts.act(
                call.offer().isPresent()
                        ? new CallAction.AnswerAside(leg, trunk, call.offer().get())
                        : new CallAction.OfferAside(leg, trunk));
    }

    /** Media have an answer for it, and are with it. */
    void onAnswered(String sdp, boolean holds) {
        if (step == Step.JOINING) {
            isAnswered = true;
            isHolding = holds;
            facts.act(new CallAction.AcceptLeg(leg, sdp));
            join();
        }
    }

    /** Media have none. */
    void onNotAnswered() {
        if (step == Step.JOINING) {
            reject(EndCause.MEDIA_NOT_ACCEPTABLE);
        }
    }

    private void reject(EndCause cause) {
        isOpen = false;
        facts.act(new CallAction.RejectLeg(leg, cause.sip(), cause.hangupReason()));
        facts.act(new CallAction.ForgetLeg(leg));
        leave();
        if (!facts.inviteOpen) { // the leg that it was to replace has ended meanwhile
            facts.end(Ending.of(cause));
        }
    }

    // ---- what the new leg says

    void on(TrunkEvent event, long now) {
        switch (event) {
            case TrunkEvent.Progress progress -> onProgress(progress);
            case TrunkEvent.Answered answered -> onAccepted(answered.sdp());
            case TrunkEvent.Confirmed confirmed -> onConfirmed(confirmed.sdp());
            case TrunkEvent.Failed failed -> onFailed(failed.failure());
            case TrunkEvent.Ended _ -> {
                isOpen = false;
                fail(Ending.of(EndCause.UNAVAILABLE));
            }
            case TrunkEvent.Capabilities said -> {
                peer = said.peer();
                if (isHeard) {
                    digits.onCapabilities(peer, Optional.of(trunk));
                }
            }
            case TrunkEvent.InfoReceived info -> digits.onInfo(trunk, info.body(), now);
            case TrunkEvent.InfoAnswered answered ->
                digits.onInfoAnswered(trunk, answered.handle(), answered.outcome());
            case TrunkEvent.Reoffer _, TrunkEvent.OfferWanted _ -> facts.act(new CallAction.RejectReoffer(leg));
            case TrunkEvent.Referred _ -> facts.act(new CallAction.RejectRefer(leg, REQUEST_PENDING));
            case TrunkEvent.Trying _,
                    TrunkEvent.AnswerInAck _,
                    TrunkEvent.RefreshAnswered _,
                    TrunkEvent.ReofferAnswered _,
                    TrunkEvent.ReofferRefused _,
                    TrunkEvent.ReferProgress _,
                    TrunkEvent.ReferEnded _ -> {}
        }
    }

    private void onProgress(TrunkEvent.Progress progress) {
        if (step != Step.INVITED || isAnswered) {
            return;
        }
        if (progress.status() == 180 && !hasRung) {
            hasRung = true;
            facts.act(new CallAction.TellReferrer(asker, 180));
            facts.tellOwner(told(TransferStage.RINGING).withSip(180));
        }
        progress.sdp().ifPresent(sdp -> {
            described = progress.sdp();
            // An answer of the old leg's that is under way would be taken for one of the new.
            if (isHeard) {
                facts.act(new CallAction.TakeTrunkAnswer(leg, sdp));
            } else if (!facts.reofferOpen && !hold.isOut()) {
                facts.act(new CallAction.TakeAsideAnswer(leg, sdp));
            }
        });
    }

    private void onAccepted(Optional<String> sdp) {
        if (step != Step.INVITED || isAnswered) {
            return;
        }
        isAnswered = true;
        described = sdp.or(() -> described);
        if (isHeard && sdp.isPresent()) {
            facts.act(new CallAction.TakeTrunkAnswer(leg, sdp.get()));
        } else if (isHeard) {
            join();
        } else if (described.isPresent()) {
            facts.act(new CallAction.TakeAsideAnswer(leg, described.get()));
        } else {
            onAnswerRefused();
        }
    }

    /** The ACK of our 200 has the answer to the offer in it. */
    private void onConfirmed(Optional<String> sdp) {
        if (step == Step.JOINING) {
            sdp.ifPresentOrElse(
                    answer -> facts.act(new CallAction.TakeAsideAnswer(leg, answer)), this::onAnswerRefused);
        }
    }

    /** Media are with the new leg. */
    void onHeard(boolean holds) {
        isHolding = holds;
        if (!isHeard) {
            isHeard = true;
            digits.onOtherTrunk(peer);
            digits.onAgreed(trunk);
        }
        if (isAnswered) {
            join();
        }
    }

    /** Another answer of the new leg that is heard was taken. */
    void onAnswerTaken() {
        if (isAnswered) {
            join();
        }
    }

    /** Whether the leg that is heard holds us. */
    void onHolds(boolean holds) {
        isHolding = holds;
    }

    /** An answer of the new leg does not fit; one to come may. */
    void onAnswerRefused() {
        if (isAnswered) {
            fail(Ending.of(EndCause.MEDIA_NOT_ACCEPTABLE));
        }
    }

    private void onFailed(TrunkFailure failure) {
        isOpen = false;
        CrankBack.rest(failure).ifPresent(time -> facts.act(new CallAction.RestTrunk(trunk, time)));
        boolean mayGoOn = described.isEmpty() && CrankBack.mayGoOn(failure, route, hasRung);
        if (step != Step.INVITED || !mayGoOn || !goOn()) {
            fail(Ending.of(failure));
        }
    }

    // ---- how it ends

    /** The call is with the new leg. */
    private void join() {
        int before = facts.attempt;
        boolean isOldOpen = facts.inviteOpen;
        facts.attempt = leg;
        facts.trunk = Optional.of(trunk);
        facts.inviteOpen = true;
        facts.trunkAnswered = true;
        facts.trunkMedia = true;
        facts.reofferOpen = false;
        facts.act(new CallAction.DropAside());
        if (replacing.isEmpty()) {
            facts.act(new CallAction.TellReferrer(asker, 200));
        }
        if (isOldOpen && replacing.isEmpty()) {
            old = Optional.of(before);
        } else if (isOldOpen) {
            facts.act(new CallAction.HangUpTrunk(before, HangupReason.NORMAL));
        }
        if (old.isEmpty()) {
            facts.act(new CallAction.ForgetLeg(before));
        }
        boolean wasHeard = isHeard;
        CallNews.Transfer done = told(TransferStage.DONE);
        facts.tellOwner(replacing
                .map(call -> done.withCaller(call.callerNumber(), call.callerName()))
                .orElseGet(() -> done.withNumber(to.orElseThrow().digits())));
        leave();
        if (!wasHeard) {
            digits.onOtherTrunk(peer);
            digits.onAgreed(trunk);
        }
        hold.onOtherLeg(isHolding);
    }

    /** The old leg has this long for its BYE. */
    void waitForOldLeg(long now) {
        if (old.isPresent()) {
            facts.wakeUnlessSet(CallFacts.Timer.OLD_LEG, OLD_LEG_ENDS, now);
        }
    }

    void onOldLegLate() {
        old.ifPresent(before -> {
            facts.act(new CallAction.HangUpTrunk(before, HangupReason.NORMAL));
            forgetOld(before);
        });
    }

    /** What the old leg says while it is waited for; true if it is that one. */
    boolean onOld(int ofLeg, TrunkEvent event) {
        boolean isOld = old.equals(Optional.of(ofLeg));
        if (isOld) {
            switch (event) {
                case TrunkEvent.Ended _, TrunkEvent.Failed _ -> forgetOld(ofLeg);
                case TrunkEvent.Reoffer _, TrunkEvent.OfferWanted _ -> facts.act(new CallAction.RejectReoffer(ofLeg));
                case TrunkEvent.Referred _ -> facts.act(new CallAction.RejectRefer(ofLeg, DECLINE));
                default -> {} // of a leg that carries nothing any more
            }
        }
        return isOld;
    }

    private void forgetOld(int before) {
        old = Optional.empty();
        facts.stop(CallFacts.Timer.OLD_LEG);
        facts.act(new CallAction.ForgetLeg(before));
    }

    void onTimeout() {
        if (isUnderWay()) {
            fail(Ending.of(EndCause.NO_ANSWER));
        }
    }

    /** There is no new leg: the call goes on with the old one, or is over if that has gone. */
    private void fail(Ending how) {
        boolean isReferral = replacing.isEmpty();
        int failed = leg;
        String first = facts.trunkNow();
        close(how);
        if (isHeard) {
            facts.act(new CallAction.HearFirst());
        } else {
            facts.act(new CallAction.DropAside());
        }
        facts.act(new CallAction.ForgetLeg(failed));
        if (isReferral) {
            facts.act(new CallAction.TellReferrer(asker, status(how)));
            facts.tellOwner(CallNews.Transfer.failed(CallNews.Transfer.By.TELEPHONE, how, Optional.empty()));
        }
        if (isReferral && isBoundHere) {
            facts.stop(CallFacts.Timer.LONGEST);
        }
        boolean wasHeard = isHeard;
        leave();
        if (!facts.inviteOpen) {
            facts.end(how);
        } else {
            if (wasHeard) {
                digits.onOtherTrunk(oldPeer);
                digits.onAgreed(first);
            }
            hold.say();
        }
    }

    private void close(Ending how) {
        if (!isOpen) {
            return;
        }
        isOpen = false;
        facts.act(
                replacing.isPresent() && !isAnswered
                        ? new CallAction.RejectLeg(
                                leg, how.cause().sip(), how.cause().hangupReason())
                        : new CallAction.HangUpTrunk(leg, how.cause().hangupReason()));
    }

    private void leave() {
        step = Step.IDLE;
        isOpen = false;
        isHeard = false;
        replacing = Optional.empty();
        facts.stop(CallFacts.Timer.TRANSFER);
    }

    /** The call is over in the middle of it. */
    void end(Ending how) {
        if (isUnderWay()) {
            if (replacing.isEmpty()) {
                facts.act(new CallAction.TellReferrer(asker, status(how)));
            }
            close(how);
            leave();
        }
        old.ifPresent(before -> facts.act(new CallAction.HangUpTrunk(before, HangupReason.NORMAL)));
        old = Optional.empty();
        step = Step.IDLE;
    }

    private static int status(Ending how) {
        return how.sip().orElse(how.cause().sip());
    }

    private static CallNews.Transfer told(TransferStage stage) {
        return CallNews.Transfer.of(CallNews.Transfer.By.TELEPHONE, stage, Optional.empty());
    }
}
