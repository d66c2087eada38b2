package io.ringdown.gateway.call;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.Stroke;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A {@link Call} whose telephone talks to that of another call, without a client: how the gateway transfers where no trunk does. Of
 * two calls of one client, or of one and a call that is made for this, each knows the other by its id, and they talk by {@link
 * CallAction.TellCall}. Pure, as the call is.
 *
 * <pre>
 *        transfer: the other is asked     it agrees           either telephone hangs up
 *  ALONE ───────────────────────▶ ASKING ─────────▶ TOGETHER ──────────────────────────▶ both calls end
 *    ▲                              │ it does not, or is not answered
 *    └──────────────────────────────┘
 *  ALONE ── asked to, and willing ─▶ TOGETHER
 *  ALONE ── made for the other ─▶ CALLING ── answered ─▶ TOGETHER
 * </pre>
 *
 * While TOGETHER nobody owns it: what its client would be told, this takes.
 */
final class CallJoin {
    // The other call is in this process; so late it is over.
    private static final Duration ANSWERS = Duration.ofSeconds(5);

    private final CallId id;
    private final CallFacts facts;
    private final CallIn in;
    private final CallDigits digits;
    private final CallHold hold;
    private final CallRequests requests;
    private Optional<Asked> asked;
    private Optional<CallId> with;
    private boolean isTogether;

    /** What the client has asked, and how far a call that is made for it has come. */
    record Asked(Optional<String> ref, CallId with, Optional<TransferStage> furthest) {}

    /** All of it, to be written down. */
    record State(Optional<Asked> asked, Optional<CallId> with, boolean isTogether) {
        static final State BEGUN = new State(Optional.empty(), Optional.empty(), false);
    }

    CallJoin(
            State state,
            CallId id,
            CallFacts facts,
            CallIn in,
            CallDigits digits,
            CallHold hold,
            CallRequests requests) {
        this.id = id;
        this.facts = facts;
        this.in = in;
        this.digits = digits;
        this.hold = hold;
        this.requests = requests;
        this.asked = state.asked;
        this.with = state.with;
        this.isTogether = state.isTogether;
        facts.withoutOwner(this::onNews);
    }

    State state() {
        return new State(asked, with, isTogether);
    }

    /** Whether its client has asked for it, and waits. */
    boolean isAsking() {
        return asked.isPresent();
    }

    /** Whether it is with another call, and so without a client. */
    boolean isAlone() {
        return with.isPresent();
    }

    /** The other call. */
    Optional<CallId> with() {
        return with;
    }

    // ---- the client asks

    /** It is to be joined with another call of the client's. */
    void ask(Optional<String> ref, TransferTarget.Joined other, ClientId by, long now) {
        begin(ref, other.with());
        facts.wake(CallFacts.Timer.TRANSFER, ANSWERS, now);
        tell(other.with(), new CallEvent.JoinWanted(id, by, telephone()));
    }

    /** It is to be joined with a number, which is called for that. */
    void ask(Optional<String> ref, TransferTarget.Along other, long now) {
        begin(ref, other.as());
        facts.wake(CallFacts.Timer.TRANSFER, facts.settings.transferTimeout(), now);
        facts.act(new CallAction.DialAlong(
                other.as(), new CallEvent.DialAlong(id, other.to(), other.from(), other.route())));
    }

    private void begin(Optional<String> ref, CallId other) {
        asked = Optional.of(new Asked(ref, other, Optional.empty()));
        facts.tellOwner(CallNews.Transfer.of(CallNews.Transfer.By.BROWSER, TransferStage.ASKED, ref));
    }

    /** It has taken too long. */
    void onTimeout() {
        asked.ifPresent(wanted -> {
            tell(wanted.with, new CallEvent.NotJoined(id, Ending.of(EndCause.NO_ANSWER)));
            fail(wanted, Ending.of(EndCause.NO_ANSWER));
        });
    }

    private void fail(Asked wanted, Ending how) {
        asked = Optional.empty();
        facts.stop(CallFacts.Timer.TRANSFER);
        facts.tellOwner(CallNews.Transfer.failed(CallNews.Transfer.By.BROWSER, how, wanted.ref));
    }

    // ---- what the other call says

    /** Another call of the same client's is to be joined with this one; {@code isBusy} where this is on its way elsewhere. */
    void onWanted(CallEvent.JoinWanted wanted, boolean isBusy) {
        boolean isReady = facts.owns(wanted.by()) && facts.state == Call.State.ESTABLISHED && facts.trunkMedia;
        if (isReady && !isBusy) {
            tell(wanted.with(), new CallEvent.Joined(id, telephone()));
            leave(wanted.with(), wanted.telephone());
        } else {
            tell(wanted.with(), new CallEvent.NotJoined(id, Ending.of(EndCause.UNAVAILABLE)));
        }
    }

    /** The other one is ready: its telephone hears this one's. */
    void onJoined(CallId other, Caller telephone) {
        Optional<Asked> wanted = asked.filter(one -> one.with.equals(other));
        if (wanted.isEmpty()) {
            // Meanwhile this was given up.
            tell(other, new CallEvent.NotJoined(id, Ending.of(EndCause.NORMAL)));
            return;
        }
        asked = Optional.empty();
        facts.tellOwner(CallNews.Transfer.of(CallNews.Transfer.By.BROWSER, TransferStage.DONE, wanted.get().ref));
        leave(other, telephone);
    }

    /** The other one will not be joined with this, or is over. */
    void onNotJoined(CallId other, Ending how) {
        if (with.equals(Optional.of(other))) {
            facts.end(Ending.of(isTogether ? EndCause.NORMAL : EndCause.CANCELLED));
        } else {
            asked.filter(wanted -> wanted.with.equals(other)).ifPresent(wanted -> fail(wanted, how));
        }
    }

    /** How far the call that is made for this has come. */
    void onProgress(CallEvent.JoinProgress progress) {
        asked.filter(wanted -> wanted.with.equals(progress.with())).ifPresent(wanted -> {
            TransferStage stage = progress.stage();
            if (wanted.furthest.filter(told -> told.compareTo(stage) >= 0).isEmpty()) {
                asked = Optional.of(new Asked(wanted.ref, wanted.with, Optional.of(stage)));
                CallNews.Transfer told = CallNews.Transfer.of(CallNews.Transfer.By.BROWSER, stage, wanted.ref);
                facts.tellOwner(
                        progress.sip().isPresent() ? told.withSip(progress.sip().getAsInt()) : told);
            }
        });
    }

    /** The other's telephone has pressed a digit, which this one's is to hear. */
    void onPressed(CallId other, Digit digit, Duration length) {
        if (isTogether && with.equals(Optional.of(other)) && facts.trunkMedia) {
            facts.act(new CallAction.Press(Optional.empty(), List.of(new Stroke.Press(digit)), length, Duration.ZERO));
        }
    }

    // ---- without a client

    /** This call is made for another, whose telephone it is to be joined with. */
    void onDialAlong(CallId other) {
        with = Optional.of(other);
    }

    /** What the client would be told, if there were one. */
    private void onNews(CallNews news) {
        with.ifPresent(other -> {
            switch (news) {
                case CallNews.Pressed pressed
                when isTogether -> tell(other, new CallEvent.PressAlong(id, pressed.digit(), pressed.length()));
                case CallNews.Progress progress when !isTogether -> tell(other, progress(progress));
                case CallNews.Established _
                when !isTogether -> {
                    isTogether = true;
                    facts.act(new CallAction.JoinSound(other));
                    tell(other, new CallEvent.Joined(id, telephone()));
                }
                default -> {} // of no use to a telephone
            }
        });
    }

    private CallEvent progress(CallNews.Progress progress) {
        TransferStage stage =
                progress.stage() == CallNews.Progress.Stage.TRYING ? TransferStage.TRYING : TransferStage.RINGING;
        return new CallEvent.JoinProgress(id, stage, progress.sip());
    }

    /** The client leaves it to both telephones. */
    private void leave(CallId other, Caller telephone) {
        digits.onOtherOwner();
        facts.tellOwner(new CallNews.Over(Optional.empty(), Ending.of(EndCause.TRANSFERRED)));
        facts.owner = Optional.empty();
        with = Optional.of(other);
        isTogether = true;
        facts.stop(CallFacts.Timer.TRANSFER);
        facts.stop(CallFacts.Timer.CONNECT);
        facts.stop(CallFacts.Timer.RELOAD);
        facts.stop(CallFacts.Timer.RETURN);
        facts.act(new CallAction.CloseWeb());
        requests.onOtherOwner();
        hold.onOtherOwner();
        facts.act(new CallAction.JoinSound(other));
        facts.act(new CallAction.TellOtherEnd(new CallEvent.OtherEndIs(telephone)));
    }

    /** Who is at the other end, as far as this call knows. */
    private Caller telephone() {
        return facts.isOutbound()
                ? Caller.of(facts.to, Optional.empty())
                : Caller.of(
                        in.incoming().flatMap(CallNews.Incoming::from).flatMap(PhoneNumber::of),
                        in.incoming().flatMap(CallNews.Incoming::name));
    }

    /** A colleague who had called this client, or was called, has left the line to somebody else. */
    void onOtherEnd(Caller who) {
        if (facts.state == Call.State.ESTABLISHED) {
            in.onOtherEnd(who);
            facts.tellOwner(CallNews.Transfer.of(CallNews.Transfer.By.TELEPHONE, TransferStage.DONE, Optional.empty())
                    .withCaller(who.number().map(PhoneNumber::digits), who.name()));
        }
    }

    /** The call is over. */
    void end(Ending how) {
        asked.ifPresent(wanted -> tell(wanted.with, new CallEvent.NotJoined(id, how)));
        with.ifPresent(other -> tell(other, new CallEvent.NotJoined(id, how)));
        asked = Optional.empty();
        with = Optional.empty();
    }

    private void tell(CallId other, CallEvent event) {
        facts.act(new CallAction.TellCall(other, event));
    }
}
