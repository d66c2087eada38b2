package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * A {@link Call} whose owner has its telephone go to somebody else in the house. It goes on as it is until one of those who are rung
 * has taken it and media run to them; then it is theirs. The telephone's trunk notices nothing. Pure, as the call is.
 *
 * <pre>
 *        ring                accept              our answer                media run
 *  IDLE ──────▶ RINGING ───────────────▶ TAKING ────────────▶ CONNECTING ────────────▶ IDLE, with another owner
 *    ▲             │  ▲                    │                      │
 *    │ nobody, late│  └── an offer that is no good                │ late, gone, hung up
 *    └─────────────┴──────────────────────────────────────────────┘  the owner is told: failed
 * </pre>
 *
 * Who was taking it when that failed is dropped by media: nothing of theirs is heard later.
 */
final class CallHandOver {
    private final CallFacts facts;
    private final CallIn in;
    private final CallDigits digits;
    private final CallHold hold;
    private final CallRequests requests;
    private Ringing ringing;
    private Optional<Asked> asked;
    private Optional<Taker> taker;

    /**
     * What was asked.
     *
     * @param to the extension
     * @param by who has asked, as those who are rung are told
     * @param each how long each stage but the last rings
     */
    record Asked(Optional<String> ref, PhoneNumber to, String by, Duration each) {}

    /**
     * Who takes it.
     *
     * @param isAnswered whether they have our answer to their offer
     * @param isOwnerLeft whether the owner has answered an offer of ours meanwhile, and has a peer connection that we know nothing of
     */
    record Taker(ClientId client, Optional<String> ref, boolean isAnswered, boolean isOwnerLeft) {}

    /** All of it, to be written down. */
    record State(Ringing.State ringing, Optional<Asked> asked, Optional<Taker> taker) {
        static final State BEGUN = new State(Ringing.State.NOBODY, Optional.empty(), Optional.empty());
    }

    CallHandOver(State state, CallFacts facts, CallIn in, CallDigits digits, CallHold hold, CallRequests requests) {
        this.facts = facts;
        this.in = in;
        this.digits = digits;
        this.hold = hold;
        this.requests = requests;
        this.ringing = new Ringing(state.ringing);
        this.asked = state.asked;
        this.taker = state.taker;
    }

    State state() {
        return new State(ringing.state(), asked, taker);
    }

    boolean isUnderWay() {
        return asked.isPresent();
    }

    /** Whether somebody is about to have it: until then nothing else is answered. */
    boolean isBeingTaken() {
        return taker.isPresent();
    }

    boolean rings(ClientId client) {
        return ringing.rings(client);
    }

    /** The owner wants it; nothing of this kind is under way. */
    void ring(Optional<String> ref, TransferTarget.Colleague to, long now) {
        RingPlan plan = to.plan().only(client -> !facts.owns(client));
        asked = Optional.of(new Asked(ref, to.extension(), to.by(), plan.each()));
        ringing = new Ringing(Ringing.State.NOBODY);
        ringing.plan(plan);
        facts.wake(CallFacts.Timer.HAND_OVER, plan.timeout().orElse(facts.settings.ringTimeout()), now);
        tellOwner(TransferStage.ASKED);
        if (ringing.hasMore()) {
            tellOwner(TransferStage.RINGING);
        }
        ringNext(now);
    }

    private void ringNext(long now) {
        SequencedSet<ClientId> stage = ringing.next();
        facts.stop(CallFacts.Timer.HAND_OVER_STAGE);
        if (stage.isEmpty()) {
            fail(Ending.of(ringing.outcome()));
            return;
        }
        Asked wanted = asked.orElseThrow();
        if (ringing.hasMore()) {
            facts.wake(CallFacts.Timer.HAND_OVER_STAGE, wanted.each, now);
        }
        CallNews incoming = incoming(wanted);
        stage.forEach(client -> facts.tell(client, incoming));
    }

    /** Who is there, as the owner was told of them. */
    private CallNews.Incoming incoming(Asked wanted) {
        Optional<CallNews.Incoming> first = in.incoming();
        Optional<String> number =
                facts.isOutbound() ? facts.to.map(PhoneNumber::digits) : first.flatMap(CallNews.Incoming::from);
        return new CallNews.Incoming(
                wanted.to,
                number,
                first.flatMap(CallNews.Incoming::name),
                first.map(CallNews.Incoming::headers).orElse(Map.of()),
                first.flatMap(CallNews.Incoming::diverted),
                Optional.empty(),
                Optional.of(wanted.by),
                false);
    }

    /** A client takes a call, by this being done; true if it is this that it takes, or is told why not. */
    boolean onAccept(ClientId client, Optional<String> ref, CallAction taken) {
        if (!ringing.rings(client)) {
            return false;
        }
        if (taker.isPresent()) {
            facts.refuse(client, ref, ErrorCode.WRONG_STATE, "Somebody else is taking this call.");
        } else {
            taker = Optional.of(new Taker(client, ref, false, false));
            facts.act(taken);
        }
        return true;
    }

    /**
     * The owner has answered an offer of ours that is older than this. SIP has no way of refusing that; what they have before it
     * serves on as long as they keep it, and if the call stays with them they are asked for another one.
     */
    void onOwnersAnswer() {
        taker = taker.map(who -> new Taker(who.client, who.ref, who.isAnswered, true));
    }

    /** Media have an answer; true if it is that of who takes it. */
    boolean onWebAnswered(CallEvent.WebAnswered answered, long now) {
        boolean isTakers = taker.filter(one -> !one.isAnswered).isPresent();
        if (isTakers) {
            facts.tell(taker.orElseThrow().client, new CallNews.Answer(answered.ref(), answered.sdp()));
            agreed(now);
        }
        return isTakers;
    }

    /** Media have taken an answer; true if it is that of who takes it. */
    boolean onWebAnswerTaken(long now) {
        boolean isTakers = taker.filter(one -> !one.isAnswered).isPresent();
        if (isTakers) {
            facts.tell(taker.orElseThrow().client, new CallNews.Accepted());
            agreed(now);
        }
        return isTakers;
    }

    private void agreed(long now) {
        Taker who = taker.orElseThrow();
        ClientId client = who.client;
        taker = Optional.of(new Taker(client, who.ref, true, who.isOwnerLeft));
        tellOthers(client, Ending.of(EndCause.ANSWERED_ELSEWHERE));
        ringing.clear();
        facts.stop(CallFacts.Timer.HAND_OVER_STAGE);
        facts.wake(CallFacts.Timer.HAND_OVER, facts.settings.connectTimeout(), now);
    }

    /** Media have none; true if it was for who takes it, for whom it rings on then. */
    boolean onWebRefused(CallEvent.WebRefused refused) {
        if (taker.isEmpty() || taker.get().isAnswered) {
            return false;
        }
        ClientId client = taker.get().client;
        taker = Optional.empty();
        facts.refuse(client, refused.ref(), ErrorCode.BAD_SDP, refused.why());
        return true;
    }

    /** Media run to a client; true if it is to who takes it, whose call it is from here on. */
    boolean onConnected() {
        if (taker.isEmpty() || !taker.get().isAnswered) {
            return false;
        }
        ClientId client = taker.get().client;
        digits.onOtherOwner();
        tellOwner(TransferStage.DONE);
        facts.tellOwner(new CallNews.Over(Optional.empty(), Ending.of(EndCause.TRANSFERRED)));
        forget();
        facts.owner = Optional.of(client);
        facts.tell(client, new CallNews.Established());
        requests.onOtherOwner();
        hold.onOtherOwner();
        return true;
    }

    /** A leg of a browser's will never come up; true if it is that of who takes it. */
    boolean onFailed(MediaEvent.WebFailed.Cause cause) {
        if (taker.isEmpty() || !taker.get().isAnswered) {
            return false;
        }
        Ending why = CallWeb.ending(cause);
        facts.tell(taker.get().client, new CallNews.Over(Optional.empty(), why));
        fail(why);
        return true;
    }

    /** A client refuses a call, or hangs it up; true if it is this. */
    boolean onReject(ClientId client, EndCause cause, long now) {
        if (isTakenBy(client)) {
            facts.tell(client, new CallNews.Over(Optional.empty(), Ending.of(EndCause.NORMAL)));
            tellOthers(client, Ending.of(EndCause.CANCELLED));
            fail(Ending.of(cause));
            return true;
        }
        return remove(client, cause, Ending.of(cause), now);
    }

    /** A client is gone; true if it was rung, or about to have it. */
    boolean onGone(ClientId client, long now) {
        if (isTakenBy(client)) {
            tellOthers(client, Ending.of(EndCause.CANCELLED));
            facts.tell(client, new CallNews.Over(Optional.empty(), Ending.of(EndCause.SOCKET_LOST)));
            fail(Ending.of(EndCause.UNAVAILABLE));
            return true;
        }
        return remove(client, EndCause.UNAVAILABLE, Ending.of(EndCause.SOCKET_LOST), now);
    }

    private boolean isTakenBy(ClientId client) {
        return taker.filter(one -> one.client.equals(client)).isPresent();
    }

    private boolean remove(ClientId client, EndCause cause, Ending told, long now) {
        boolean rang = ringing.remove(client, cause);
        if (rang) {
            facts.tell(client, new CallNews.Over(Optional.empty(), told));
            if (ringing.isNobody()) {
                ringNext(now);
            }
        }
        return rang;
    }

    /** Who was rung so far has not answered. */
    void onStageOver(long now) {
        if (asked.isPresent() && taker.isEmpty()) {
            ringing.nobodyAnswered();
            tellRung(Ending.of(EndCause.NO_ANSWER));
            ringNext(now);
        }
    }

    /** It has rung, or its new leg has waited for media, for long enough. */
    void onTimeout() {
        if (asked.isEmpty()) {
            return;
        }
        Ending why = Ending.of(
                taker.filter(Taker::isAnswered).isPresent() ? EndCause.MEDIA_UNREACHABLE : EndCause.NO_ANSWER);
        everybody().forEach(client -> facts.tell(client, new CallNews.Over(Optional.empty(), why)));
        fail(why);
    }

    private void tellRung(Ending how) {
        ringing.all().forEach(client -> facts.tell(client, new CallNews.Over(Optional.empty(), how)));
    }

    private void tellOthers(ClientId but, Ending how) {
        ringing.all().stream()
                .filter(client -> !client.equals(but))
                .forEach(client -> facts.tell(client, new CallNews.Over(Optional.empty(), how)));
    }

    private void fail(Ending how) {
        Optional<String> ref = asked.flatMap(Asked::ref);
        Optional<Taker> dropped = taker;
        if (dropped.isPresent()) {
            // Its media would take the telephone over as soon as they are up, however late.
            facts.act(new CallAction.DropComingWeb());
        }
        forget();
        facts.tellOwner(CallNews.Transfer.failed(CallNews.Transfer.By.BROWSER, how, ref));
        if (dropped.filter(Taker::isOwnerLeft).isPresent()) {
            facts.tellOwner(new CallNews.Renew());
        }
    }

    private void tellOwner(TransferStage stage) {
        Asked wanted = asked.orElseThrow();
        facts.tellOwner(CallNews.Transfer.of(CallNews.Transfer.By.BROWSER, stage, wanted.ref)
                .withNumber(wanted.to.digits()));
    }

    private void forget() {
        asked = Optional.empty();
        taker = Optional.empty();
        ringing.clear();
        facts.stop(CallFacts.Timer.HAND_OVER);
        facts.stop(CallFacts.Timer.HAND_OVER_STAGE);
    }

    /** The call is over: those who are rung for it, or about to have it, who are not any more. */
    List<ClientId> end() {
        List<ClientId> rung = everybody();
        taker = Optional.empty();
        ringing.clear();
        return rung;
    }

    private List<ClientId> everybody() {
        List<ClientId> rung = new ArrayList<>(ringing.all());
        taker.map(Taker::client).filter(client -> !rung.contains(client)).ifPresent(rung::add);
        return rung;
    }
}
