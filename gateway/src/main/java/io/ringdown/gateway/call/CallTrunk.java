package io.ringdown.gateway.call;

import io.ringdown.sip.TrunkEvent;
import java.util.Optional;
import java.util.OptionalInt;

/** The trunk's side of a call: what it says on the way to an answer, what it changes afterwards, its end. Pure, as the call is. */
final class CallTrunk {
    private final CallFacts facts;
    private final CallOut out;
    private final CallIn in;
    private final CallDigits digits;
    private final CallHold hold;
    private final CallMove move;
    private final CallTransfer transfer;
    private boolean isBeingReplaced;

    /** All of it, to be written down. */
    record State(boolean isBeingReplaced) {
        static final State BEGUN = new State(false);
    }

    CallTrunk(
            State state,
            CallFacts facts,
            CallOut out,
            CallIn in,
            CallDigits digits,
            CallHold hold,
            CallMove move,
            CallTransfer transfer) {
        this.facts = facts;
        this.out = out;
        this.in = in;
        this.digits = digits;
        this.hold = hold;
        this.move = move;
        this.transfer = transfer;
        this.isBeingReplaced = state.isBeingReplaced;
    }

    State state() {
        return new State(isBeingReplaced);
    }

    void on(int ofAttempt, TrunkEvent event, long now) {
        if (move.isOf(ofAttempt)) {
            move.on(event, now);
            move.waitForOldLeg(now);
        } else if (!move.onOld(ofAttempt, event) && ofAttempt == facts.attempt && facts.inviteOpen) {
            onTalking(event, now);
        }
    }

    private void onTalking(TrunkEvent event, long now) {
        switch (event) {
            case TrunkEvent.Trying _ -> out.onTrying();
            case TrunkEvent.Progress progress -> out.onProgress(progress);
            case TrunkEvent.Answered answered -> out.onAnswered(answered.sdp(), now);
            case TrunkEvent.Confirmed confirmed -> in.onConfirmed(confirmed.sdp());
            case TrunkEvent.AnswerInAck answer -> onAnswerWithin(answer.sdp());
            case TrunkEvent.RefreshAnswered answer -> onRefreshed(answer.sdp());
            case TrunkEvent.Failed failed -> out.onFailed(failed.failure());
            case TrunkEvent.Ended ended -> onEnded(ended.q850());
            case TrunkEvent.Reoffer reoffer -> onReoffer(new CallAction.AnswerTrunk(facts.trunkNow(), reoffer.sdp()));
            case TrunkEvent.OfferWanted _ -> onReoffer(new CallAction.OfferAgain());
            case TrunkEvent.ReofferAnswered answered -> hold.onAnswer(answered.sdp());
            case TrunkEvent.ReofferRefused refused -> hold.onRefused(refused.status());
            case TrunkEvent.Capabilities said ->
                digits.onCapabilities(said.peer(), facts.trunkMedia ? facts.trunk : Optional.empty());
            case TrunkEvent.InfoReceived info -> digits.onInfo(facts.trunkNow(), info.body(), now);
            case TrunkEvent.InfoAnswered answered ->
                digits.onInfoAnswered(facts.trunkNow(), answered.handle(), answered.outcome());
            case TrunkEvent.ReferProgress progress -> transfer.onProgress(progress.status());
            case TrunkEvent.ReferEnded ended -> transfer.onOutcome(ended.status(), now);
            case TrunkEvent.Referred referred ->
                move.onReferred(referred.target(), transfer.isUnderWay() || facts.owner.isEmpty());
        }
    }

    private void onAnswerWithin(String sdp) {
        if (facts.trunkMedia && !move.isHeard()) {
            facts.act(new CallAction.TakeTrunkAnswer(facts.attempt, sdp));
        }
    }

    private void onRefreshed(String sdp) {
        if (facts.trunkMedia && !move.isHeard()) {
            facts.act(new CallAction.TakeRefresh(facts.attempt, sdp));
        }
    }

    void onAnswerTaken(int ofAttempt, long now) {
        if (move.isOf(ofAttempt)) {
            move.onAnswerTaken();
            move.waitForOldLeg(now);
            return;
        }
        if (ofAttempt != facts.attempt || !facts.inviteOpen) {
            return;
        }
        facts.trunkMedia = true;
        if (facts.trunkAnswered) {
            out.establish();
        }
        digits.onAgreed(facts.trunkNow());
    }

    void onAnswerRefused(int ofAttempt) {
        if (move.isOf(ofAttempt)) {
            move.onAnswerRefused();
            return;
        }
        boolean lastAgreementHolds = facts.state == Call.State.ESTABLISHED && facts.trunkMedia; // of a re-INVITE
        if (ofAttempt == facts.attempt && facts.inviteOpen && !lastAgreementHolds) {
            facts.end(Ending.of(EndCause.MEDIA_NOT_ACCEPTABLE));
        }
    }

    private void onEnded(OptionalInt q850) {
        facts.inviteOpen = false;
        if (move.isUnderWay() || transfer.onTrunkGone()) {
            return;
        }
        if (isBeingReplaced) {
            facts.end(Ending.of(EndCause.TRANSFERRED));
            return;
        }
        EndCause cause;
        if (facts.trunkAnswered) {
            cause = EndCause.ofTrunkEnd(q850);
        } else {
            cause = facts.isOutbound() ? EndCause.UNAVAILABLE : EndCause.CANCELLED;
        }
        facts.end(new Ending(cause, OptionalInt.empty(), q850, Optional.empty()));
    }

    /** What is asked in mid-call waits for the media's word. */
    private void onReoffer(CallAction ask) {
        if (!facts.trunkMedia || facts.reofferOpen || move.isHeard()) {
            facts.act(new CallAction.RejectReoffer(facts.attempt));
        } else {
            facts.reofferOpen = true;
            facts.act(ask);
        }
    }

    /** Media have a description for the trunk: for its re-INVITE, or the 200 to its INVITE. */
    void onOfferAnswered(String sdp) {
        if (facts.reofferOpen) {
            onReofferSettled(new CallAction.AcceptReoffer(facts.attempt, sdp));
        } else {
            facts.trunkMedia = true;
            in.accept(sdp);
        }
        digits.onAgreed(facts.trunkNow());
    }

    /** Media have none: a call that is up goes on as it was, any other ends so. */
    void onNotDescribed(EndCause cause) {
        if (facts.reofferOpen) {
            onReofferSettled(new CallAction.RejectReoffer(facts.attempt));
        } else {
            facts.end(Ending.of(cause));
        }
    }

    // The leg may have ended meanwhile, while the call is on its way to another.
    private void onReofferSettled(CallAction answer) {
        facts.reofferOpen = false;
        if (facts.inviteOpen) {
            facts.act(answer);
        }
        hold.say();
    }

    /** Whether another call of the client's is being transferred to this one's telephone, whose end is no loss then. */
    void onBeingReplaced(boolean isIt) {
        isBeingReplaced = isIt;
    }

    /** The call is over, and so is what the trunk has of it. */
    void end(EndCause cause) {
        if (!facts.inviteOpen) {
            return;
        }
        facts.inviteOpen = false;
        facts.act(
                !facts.isOutbound() && !facts.trunkAnswered
                        ? new CallAction.RejectTrunk(cause.rejection())
                        : new CallAction.HangUpTrunk(facts.attempt, cause.hangupReason()));
    }
}
