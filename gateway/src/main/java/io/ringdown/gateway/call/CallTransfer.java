package io.ringdown.gateway.call;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A transfer that the client of a {@link Call} has asked for: the trunk is asked by REFER to call somebody else, and this call goes
 * on as it is until that has succeeded (RFC 5589 6 and 7); or the gateway does it itself, by {@link CallHandOver} and {@link
 * CallJoin}. Pure, as the call is.
 *
 * <pre>
 *        ask: REFER          NOTIFY 2xx, or the trunk hangs up after any NOTIFY
 *  NONE ────────────▶ ASKED ──────────────────────────────────▶ the call ends: transferred
 *    ▲                  │
 *    └──────────────────┘ refused, NOTIFY 300 and above, no outcome in time
 * </pre>
 */
final class CallTransfer {
    // Who says nothing more may still hang up, which is an answer too; the two follow each other.
    private static final Duration LAST_WORD = Duration.ofSeconds(2);

    private final CallFacts facts;
    private final CallMove move;
    private final CallHandOver handOver;
    private final CallJoin join;
    private Optional<Asked> asked;
    private boolean hasLastWord;

    /** What was asked, and how far the trunk says that it has come. */
    record Asked(Optional<String> ref, TransferTarget target, Optional<TransferStage> furthest) {}

    /** All of it, to be written down. */
    record State(Optional<Asked> asked, boolean hasLastWord) {
        static final State BEGUN = new State(Optional.empty(), false);
    }

    CallTransfer(State state, CallFacts facts, CallMove move, CallHandOver handOver, CallJoin join) {
        this.facts = facts;
        this.move = move;
        this.handOver = handOver;
        this.join = join;
        this.asked = state.asked;
        this.hasLastWord = state.hasLastWord;
    }

    State state() {
        return new State(asked, hasLastWord);
    }

    boolean isUnderWay() {
        return asked.isPresent() || handOver.isUnderWay() || join.isAsking();
    }

    /** A client wants it. */
    void onWanted(CallEvent.Transfer wanted, long now) {
        Optional<String> ref = wanted.ref();
        if (!facts.owns(wanted.client()) || facts.state != Call.State.ESTABLISHED || !facts.trunkMedia) {
            facts.refuse(
                    wanted.client(), ref, ErrorCode.WRONG_STATE, "Only a call that was answered can be transferred.");
        } else if (isUnderWay() || !move.isIdle()) {
            facts.refuse(wanted.client(), ref, ErrorCode.WRONG_STATE, "A transfer of this call is under way.");
        } else {
            switch (wanted.target()) {
                case TransferTarget.Impossible impossible ->
                    facts.refuse(wanted.client(), ref, ErrorCode.NO_TRANSFER, impossible.why());
                case TransferTarget.Refused refused ->
                    facts.tellOwner(
                            CallNews.Transfer.failed(CallNews.Transfer.By.BROWSER, Ending.of(refused.cause()), ref));
                case TransferTarget.Dialled number -> ask(ref, number, now);
                case TransferTarget.Consulted other -> ask(ref, other, now);
                case TransferTarget.Colleague colleague -> handOver.ring(ref, colleague, now);
                case TransferTarget.Joined other -> join.ask(ref, other, wanted.client(), now);
                case TransferTarget.Along number -> join.ask(ref, number, now);
            }
        }
    }

    private void ask(Optional<String> ref, TransferTarget target, long now) {
        asked = Optional.of(new Asked(ref, target, Optional.empty()));
        hasLastWord = false;
        facts.wake(CallFacts.Timer.TRANSFER, facts.settings.transferTimeout(), now);
        tellOther(new CallEvent.BeingReplaced(true));
        facts.act(new CallAction.Refer(facts.attempt, facts.trunkNow(), target, facts.ourNumber()));
        facts.tellOwner(CallNews.Transfer.of(CallNews.Transfer.By.BROWSER, TransferStage.ASKED, ref));
    }

    /** The trunk tells how far its call has come; the client hears it where that is further than before. */
    void onProgress(int status) {
        asked.ifPresent(now -> {
            TransferStage stage = status == 180 ? TransferStage.RINGING : TransferStage.TRYING;
            if (now.furthest.filter(told -> told.compareTo(stage) >= 0).isEmpty()) {
                asked = Optional.of(new Asked(now.ref, now.target, Optional.of(stage)));
                facts.tellOwner(CallNews.Transfer.of(CallNews.Transfer.By.BROWSER, stage, now.ref)
                        .withSip(status));
            }
        });
    }

    /** The trunk's last word on it; empty: there will be none. */
    void onOutcome(OptionalInt status, long now) {
        if (asked.isEmpty()) {
            return;
        }
        if (status.isEmpty()) {
            hasLastWord = true;
            facts.wake(CallFacts.Timer.TRANSFER, LAST_WORD, now);
        } else if (status.getAsInt() < 300) {
            succeed();
        } else {
            fail(new Ending(
                    EndCause.ofStatus(status.getAsInt(), OptionalInt.empty()),
                    status,
                    OptionalInt.empty(),
                    Optional.empty()));
        }
    }

    /** The other call, to whose telephone it should have gone, is over. */
    void onOtherGone() {
        if (asked.isPresent()) {
            fail(Ending.of(EndCause.UNAVAILABLE));
        }
    }

    /** It has taken too long. */
    void onTimeout() {
        if (asked.isPresent()) {
            fail(Ending.of(hasLastWord ? EndCause.UNAVAILABLE : EndCause.NO_ANSWER));
        }
    }

    /**
     * The trunk has hung up; true if that is how the transfer ends. Only where it had agreed: RFC 3515 2.4.4 has a NOTIFY at once
     * then; before that somebody has just hung up. A consulted call is left to the trunk, whose INVITE may still be on its way.
     */
    boolean onTrunkGone() {
        boolean isOutcome = asked.flatMap(Asked::furthest).isPresent();
        if (isOutcome) {
            tellDone();
            leave();
        }
        return isOutcome;
    }

    private void succeed() {
        tellDone();
        tellOther(new CallEvent.Replaced());
        leave();
    }

    private void tellDone() {
        Optional<String> ref = asked.flatMap(Asked::ref);
        facts.tellOwner(CallNews.Transfer.of(CallNews.Transfer.By.BROWSER, TransferStage.DONE, ref));
    }

    private void leave() {
        asked = Optional.empty();
        facts.end(Ending.of(EndCause.TRANSFERRED));
    }

    private void fail(Ending how) {
        Optional<String> ref = asked.flatMap(Asked::ref);
        tellOther(new CallEvent.BeingReplaced(false));
        asked = Optional.empty();
        facts.stop(CallFacts.Timer.TRANSFER);
        facts.tellOwner(CallNews.Transfer.failed(CallNews.Transfer.By.BROWSER, how, ref));
    }

    /** The call is over before its transfer. */
    void end() {
        tellOther(new CallEvent.BeingReplaced(false));
        asked = Optional.empty();
    }

    private void tellOther(CallEvent event) {
        if (asked.map(Asked::target).orElse(null) instanceof TransferTarget.Consulted other) {
            facts.act(new CallAction.TellCall(other.with(), event));
        }
    }
}
