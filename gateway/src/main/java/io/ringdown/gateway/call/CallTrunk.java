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

    CallTrunk(CallFacts facts, CallOut out, CallIn in, CallDigits digits, CallHold hold) {
        this.facts = facts;
        this.out = out;
        this.in = in;
        this.digits = digits;
        this.hold = hold;
    }

    void on(int ofAttempt, TrunkEvent event, long now) {
        if (ofAttempt != facts.attempt || !facts.inviteOpen) {
            return;
        }
        switch (event) {
            case TrunkEvent.Trying _ -> out.onTrying();
            case TrunkEvent.Progress progress -> out.onProgress(progress);
            case TrunkEvent.Answered answered -> out.onAnswered(answered.sdp());
            case TrunkEvent.Confirmed confirmed -> in.onConfirmed(confirmed.sdp());
            case TrunkEvent.AnswerInAck answer -> onAnswerWithin(answer.sdp());
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
            case TrunkEvent.Referred _ -> facts.act(new CallAction.RejectRefer(facts.attempt, 603));
            case TrunkEvent.ReferProgress _, TrunkEvent.ReferEnded _ -> {} // no call asks for a transfer yet
        }
    }

    private void onAnswerWithin(String sdp) {
        if (facts.trunkMedia) {
            facts.act(new CallAction.TakeTrunkAnswer(facts.attempt, sdp));
        }
    }

    void onAnswerTaken(int ofAttempt) {
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
        boolean lastAgreementHolds = facts.state == Call.State.ESTABLISHED && facts.trunkMedia; // of a re-INVITE
        if (ofAttempt == facts.attempt && facts.inviteOpen && !lastAgreementHolds) {
            facts.end(Ending.of(EndCause.MEDIA_NOT_ACCEPTABLE));
        }
    }

    private void onEnded(OptionalInt q850) {
        facts.inviteOpen = false;
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
        if (!facts.trunkMedia || facts.reofferOpen) {
            facts.act(new CallAction.RejectReoffer(facts.attempt));
        } else {
            facts.reofferOpen = true;
            facts.act(ask);
        }
    }

    /** Media have a description for the trunk: for its re-INVITE, or the 200 to its INVITE. */
    void onOfferAnswered(String sdp) {
        if (facts.reofferOpen) {
            facts.reofferOpen = false;
            facts.act(new CallAction.AcceptReoffer(facts.attempt, sdp));
            hold.say();
        } else {
            facts.trunkMedia = true;
            in.accept(sdp);
        }
        digits.onAgreed(facts.trunkNow());
    }

    /** Media have none: a call that is up goes on as it was, any other ends so. */
    void onNotDescribed(EndCause cause) {
        if (facts.reofferOpen) {
            facts.reofferOpen = false;
            facts.act(new CallAction.RejectReoffer(facts.attempt));
            hold.say();
        } else {
            facts.end(Ending.of(cause));
        }
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
