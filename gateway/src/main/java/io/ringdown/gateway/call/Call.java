package io.ringdown.gateway.call;

import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.media.MediaEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SequencedSet;

/**
 * One call: a pure state machine. An event and the time go in, actions come out; whoever performs them brings back what
 * became of them as further events, and a {@link CallEvent.Tick} when {@link #nextWakeup} has come. Not thread-safe: one
 * thread at a time.
 *
 * <pre>
 *  outbound  NEW ─▶ CONNECTING ─▶ DIALLING ─▶ TRYING ─▶ RINGING ─▶ EARLY_MEDIA ─▶ ESTABLISHED ─▶ ENDED
 *                   ICE and DTLS  INVITE      100       180        18x with SDP    200
 *  inbound   NEW ─▶ OFFERED ─▶ ACCEPTING ─▶ CONNECTING ─▶ ANSWERING ─▶ ESTABLISHED ─▶ ENDED
 *                   browsers   one accepts  ICE and DTLS  our answer    200 is sent
 *                   ring
 * </pre>
 *
 * A call out that is begun for somebody is OFFERED to them first ({@link CallOrigination}).
 *
 * Every state can go to ENDED; then nothing is done any more, whatever still arrives.
 */
public final class Call {
    /** Where a call stands, in the order of the protocol. */
    public enum State {
        NEW,
        OFFERED,
        ACCEPTING,
        CONNECTING,
        ANSWERING,
        DIALLING,
        TRYING,
        RINGING,
        EARLY_MEDIA,
        ESTABLISHED,
        ENDED;

        /** As the HTTP API writes it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Which way a call goes, seen from the browser. */
    public enum Direction {
        OUTBOUND,
        INBOUND
    }

    private final CallId id;
    private final CallFacts facts;
    private final CallDigits digits;
    private final CallHold hold;
    private final CallOut out;
    private final CallIn in;
    private final CallTrunk trunk;
    private final CallMove move;
    private final CallTransfer transfer;
    private final CallConference conference;
    private final CallHandOver handOver;
    private final CallJoin join;
    private final CallRequests requests;
    private final CallOrigination origination;
    private final CallWeb web;

    private Optional<Ending> ending;

    /** A new one. */
    public Call(CallId id, CallSettings settings) {
        this(CallState.begun(id), settings, 0);
    }

    private Call(CallState state, CallSettings settings, long now) {
        this.id = state.id();
        this.facts = new CallFacts(state.facts(), settings, this::end, now);
        this.digits = new CallDigits(state.digits(), facts::tellOwner, facts::act, now);
        this.hold = new CallHold(state.hold(), facts::tellOwner, facts::act, this::mayOffer);
        this.out = new CallOut(state.out(), facts, digits, hold);
        this.in = new CallIn(state.in(), facts, out);
        this.move = new CallMove(state.move(), facts, digits, hold);
        this.requests = new CallRequests(state.requests(), facts, in, digits, hold);
        this.handOver = new CallHandOver(state.handOver(), facts, in, digits, hold, requests);
        this.join = new CallJoin(state.join(), id, facts, in, digits, hold, requests);
        this.transfer = new CallTransfer(state.transfer(), facts, move, handOver, join);
        this.conference = new CallConference(state.conference(), id, facts, hold, move, transfer);
        this.trunk = new CallTrunk(state.trunk(), facts, out, in, digits, hold, move, transfer);
        this.origination = new CallOrigination(facts, in, out);
        this.web = new CallWeb(state.web(), facts, out, in, requests, handOver, origination);
        this.ending = state.ending();
    }

    /** The one that was written down, going on at {@code now}: it does what that one would have done. */
    static Call of(CallState state, CallSettings settings, long now) {
        return new Call(state, settings, now);
    }

    /** All of it at {@code now}, with nothing left to be done: between two events. */
    CallState state(long now) {
        return new CallState(
                id,
                facts.state(now),
                digits.state(now),
                hold.state(),
                out.state(),
                in.state(),
                trunk.state(),
                move.state(),
                transfer.state(),
                requests.state(),
                web.state(),
                handOver.state(),
                join.state(),
                ending,
                conference.state());
    }

    /**
     * Whether nothing is under way but talk: the call was answered, no offer is open in either direction, no transfer, no conference and
     * no press is under way. What is under way is also with transactions and queues that only this process has.
     */
    boolean isSettled() {
        return facts.state == State.ESTABLISHED
                && facts.inviteOpen
                && facts.trunkMedia
                && !facts.reofferOpen
                && !hold.isOut()
                && move.isIdle()
                && !transfer.isUnderWay()
                && !conference.isUnderWay()
                && !join.isAlone()
                && !digits.isUnderWay();
    }

    public CallId id() {
        return id;
    }

    public State state() {
        return facts.state;
    }

    public Direction direction() {
        return facts.direction;
    }

    /** The number called. */
    public Optional<PhoneNumber> to() {
        return facts.to;
    }

    /** The trunk that is, or was last, tried; empty before the first. */
    public Optional<String> trunk() {
        return facts.trunk;
    }

    /** The number of the leg with that trunk; before an answer also how many trunks were given up. */
    public int attempt() {
        return facts.attempt;
    }

    /** How many trunks were tried, those of transfers too. */
    int attempts() {
        return facts.attempts();
    }

    /** Whether a trunk has asked that it go elsewhere, and that is not decided yet. */
    boolean isMoving() {
        return move.isMoving();
    }

    /** Whether its trunk was asked to go on with it by itself, and has not answered yet. */
    boolean isTransferring() {
        return transfer.isUnderWay();
    }

    /** The call that it is joined with, or is made for. */
    Optional<CallId> joinedWith() {
        return join.with();
    }

    /** The call whose telephone this one's hears in a conference. */
    Optional<CallId> conferenceWith() {
        return conference.heard();
    }

    /** Who calls, as the called is to see it. */
    Caller shown() {
        return facts.shown();
    }

    /** The leg that media are with: that of a transfer before the call itself, where it has early media. */
    int heardLeg() {
        return move.heardLeg();
    }

    /** Whose call it is; empty while nobody has accepted it. */
    public Optional<ClientId> owner() {
        return facts.owner;
    }

    /** Who has put it on hold. */
    public Holder holder() {
        return hold.holder();
    }

    /** What its clients may be shown of it. */
    CallFace face() {
        return new CallFace(
                in.incoming(),
                facts.isOutbound() ? facts.from.number() : Optional.empty(),
                requests.isMuted(),
                requests.secureInput(),
                web.isMediaWanted(),
                conference.with());
    }

    /** How it ended, once it has. */
    public Optional<Ending> ending() {
        return ending;
    }

    /** When {@link CallEvent.Tick} is due, on the clock of {@code now}; empty for never. */
    public OptionalLong nextWakeup() {
        return facts.nextWakeup();
    }

    /** Takes an event at {@code now} (nanoseconds of any steady clock) and answers what to do, in order. */
    public List<CallAction> on(CallEvent event, long now) {
        if (facts.state != State.ENDED) {
            handle(event, now);
            conference.look();
        }
        return facts.drain();
    }

    private void handle(CallEvent event, long now) {
        switch (event) {
            case CallEvent.Dial dial -> onDial(dial, now);
            case CallEvent.Invited invited -> onInvited(invited, now);
            case CallEvent.Originated wanted -> {
                if (facts.state == State.NEW) {
                    origination.onOriginated(wanted, now);
                }
            }
            case CallEvent.RingToo too -> in.onRingToo(too);
            case CallEvent.RingNoMore these -> in.onRingNoMore(these.clients());
            case CallEvent.NobodyTakes nobody -> in.onNobodyTakes(nobody.cause());
            case CallEvent.DialAlong dial -> onDialAlong(dial);
            case CallEvent.Accept accept -> onAccept(accept);
            case CallEvent.WebOfferWanted wanted -> web.onOfferWanted(wanted.client());
            case CallEvent.AcceptWithAnswer accept -> onAccept(accept);
            case CallEvent.Reject reject ->
                onReject(reject.client(), reject.ref(), reject.busy() ? EndCause.BUSY : EndCause.DECLINED, now);
            case CallEvent.Update update -> onUpdate(update);
            case CallEvent.HangUp hangUp -> onHangUp(hangUp, now);
            case CallEvent.EndedByOperator _ -> end(Ending.of(hungUp()));
            case CallEvent.Press press -> requests.onPress(press);
            case CallEvent.CancelPresses cancel -> requests.onCancelPresses(cancel);
            case CallEvent.Listen listen -> requests.onListen(listen);
            case CallEvent.Mute mute -> requests.onMute(mute);
            case CallEvent.Hold wanted -> requests.onHold(wanted, handOver.isBeingTaken());
            case CallEvent.Resume wanted -> requests.onResume(wanted, handOver.isBeingTaken());
            case CallEvent.Transfer wanted -> transfer.onWanted(wanted, now);
            case CallEvent.Conference wanted -> conference.onWanted(wanted);
            case CallEvent.EndConference wanted -> conference.onEndWanted(wanted);
            case CallEvent.SecureInput secure -> requests.onSecureInput(secure, handOver.rings(secure.client()));
            case CallEvent.ClientAway away -> web.onClientAway(away.client(), away.reload(), now);
            case CallEvent.ClientBack back -> web.onClientBack(back.client(), now);
            case CallEvent.ClientGone gone -> {
                if (!handOver.onGone(gone.client(), now)) {
                    web.onClientGone(gone.client(), now);
                }
            }
            case CallEvent.WebMediaWanted _ -> web.onMediaWanted();
            case CallEvent.Media media -> onMedia(media.event(), now);
            case CallEvent.Measured measured -> web.onMeasured(measured.report());
            case CallEvent.Replacing call -> {
                move.onReplacing(call, transfer.isUnderWay() || join.isAlone());
                move.waitForOldLeg(now);
            }
            case CallEvent.BeingReplaced being -> trunk.onBeingReplaced(being.isIt());
            case CallEvent.Replaced _ -> end(Ending.of(EndCause.TRANSFERRED));
            case CallEvent.ConferenceAsked asked -> conference.onAsked(asked);
            case CallEvent.ConferenceJoined other -> conference.onJoined(other);
            case CallEvent.ConferenceHeld other -> conference.onOtherHeld(other);
            case CallEvent.ConferenceOver other -> conference.onOver(other);
            case CallEvent.ConferenceNotHeard _ -> conference.onNotHeard();
            case CallEvent.Supervised said -> facts.tellOwner(new CallNews.Supervised(said.mode(), said.by()));
            case CallEvent.OtherCallGone _ -> transfer.onOtherGone();
            case CallEvent.JoinWanted wanted -> join.onWanted(wanted, transfer.isUnderWay() || !move.isIdle());
            case CallEvent.Joined joined -> join.onJoined(joined.with(), joined.telephone());
            case CallEvent.OtherEndIs other -> join.onOtherEnd(other.telephone());
            case CallEvent.NotJoined not -> join.onNotJoined(not.with(), not.how());
            case CallEvent.JoinProgress progress -> join.onProgress(progress);
            case CallEvent.PressAlong press -> join.onPressed(press.with(), press.digit(), press.length());
            case CallEvent.ReferralRouted routed -> move.onRouted(routed, now);
            case CallEvent.ReferralRefused refused -> move.onNotRouted(refused.status());
            case CallEvent.DialRouted routed -> origination.onRouted(routed);
            case CallEvent.DialRefused refused -> origination.onRefused(refused.why());
            case CallEvent.Trunk said -> {
                if (facts.trunk.isPresent()) {
                    trunk.on(said.attempt(), said.event(), now);
                }
            }
            case CallEvent.WebAnswered answered -> {
                if (!handOver.onWebAnswered(answered, now)) {
                    web.onAnswered(answered, now);
                }
            }
            case CallEvent.WebOffered offered -> web.onOffered(offered);
            case CallEvent.WebAnswerTaken _ -> {
                if (!handOver.onWebAnswerTaken(now)) {
                    web.onAnswerTaken(now);
                }
            }
            case CallEvent.WebRefused refused -> {
                if (!handOver.onWebRefused(refused)) {
                    web.onRefused(refused);
                }
            }
            case CallEvent.WebCodecAnswered answered ->
                facts.tellOwner(new CallNews.Codec(answered.codec(), answered.sdp()));
            case CallEvent.ChannelTaken taken -> {
                if (move.isOf(taken.attempt())) {
                    move.onChannelTaken();
                } else {
                    out.onChannelTaken(taken.attempt());
                }
            }
            case CallEvent.TrunkFull full -> {
                if (move.isOf(full.attempt())) {
                    move.onTrunkFull();
                } else {
                    out.onTrunkFull(full.attempt());
                }
            }
            case CallEvent.AsideAnswerTaken taken -> {
                if (move.isOf(taken.attempt())) {
                    move.onHeard(taken.holds());
                    move.waitForOldLeg(now);
                }
            }
            case CallEvent.AsideAnswerRefused refused -> {
                if (move.isOf(refused.attempt())) {
                    move.onAnswerRefused();
                }
            }
            case CallEvent.AsideAnswered answered -> {
                if (move.isOf(answered.attempt())) {
                    move.onAnswered(answered.sdp(), answered.holds());
                }
            }
            case CallEvent.AsideRefused refused -> {
                if (move.isOf(refused.attempt())) {
                    move.onNotAnswered();
                }
            }
            case CallEvent.AsideUnavailable unavailable -> {
                if (move.isOf(unavailable.attempt())) {
                    move.onUnavailable();
                }
            }
            case CallEvent.TrunkOffered offered -> onTrunkOffered(offered, now);
            case CallEvent.TrunkAnswerTaken taken -> trunk.onAnswerTaken(taken.attempt(), now);
            case CallEvent.TrunkAnswerRefused refused -> trunk.onAnswerRefused(refused.attempt());
            case CallEvent.TrunkOfferAnswered answered -> trunk.onOfferAnswered(answered.sdp());
            case CallEvent.TrunkOfferRefused _ -> trunk.onNotDescribed(EndCause.MEDIA_NOT_ACCEPTABLE);
            case CallEvent.MediaUnavailable _ -> trunk.onNotDescribed(EndCause.OVERLOADED);
            // What became of an offer to a leg that the call has left meanwhile is nothing to the one that it is with.
            case CallEvent.HoldNotOffered told -> {
                if (told.attempt() == facts.attempt) {
                    hold.onTaken();
                }
            }
            case CallEvent.HoldAnswerTaken taken -> {
                if (taken.attempt() == facts.attempt) {
                    hold.onTaken();
                    digits.onAgreed(facts.trunkNow());
                }
            }
            case CallEvent.HoldAnswerRefused refused -> {
                if (refused.attempt() == facts.attempt) {
                    hold.onRefused(OptionalInt.empty());
                }
            }
            case CallEvent.TrunkHolds said -> {
                if (move.isHeard()) {
                    move.onHolds(said.holds());
                } else {
                    hold.onTrunk(said.holds());
                }
            }
            case CallEvent.PressTaken taken -> digits.onTaken(taken.ref(), taken.first(), taken.count());
            case CallEvent.PressRefused refused -> requests.onPressRefused(refused.ref());
            case CallEvent.RoadChosen chosen -> digits.onChosen(chosen.choice());
            case CallEvent.Tick _ -> onTick(now);
            case CallEvent.LimitReached _ -> end(Ending.of(EndCause.LIMIT_REACHED));
            case CallEvent.Shutdown _ -> end(Ending.of(EndCause.SHUTDOWN));
        }
    }

    // ---- how a call begins

    private void onDial(CallEvent.Dial dial, long now) {
        if (facts.state == State.NEW && out.onDial(dial, now)) {
            web.answer(dial.ref(), dial.offer());
        }
    }

    private void onDialAlong(CallEvent.DialAlong dial) {
        if (facts.state == State.NEW) {
            join.onDialAlong(dial.with());
            out.onDialAlong(dial);
        }
    }

    private void onInvited(CallEvent.Invited invited, long now) {
        if (facts.state == State.NEW) {
            in.onInvited(invited, now);
        }
    }

    private void onAccept(CallEvent.Accept accept) {
        CallAction taken = new CallAction.AnswerWeb(accept.ref(), accept.offer());
        if (!handOver.onAccept(accept.client(), accept.ref(), taken) && in.onAccept(accept.client(), accept.ref())) {
            web.onOwned();
            web.answer(accept.ref(), accept.offer());
        }
    }

    private void onAccept(CallEvent.AcceptWithAnswer accept) {
        CallAction taken = new CallAction.TakeWebAnswer(accept.answer());
        if (!handOver.onAccept(accept.client(), Optional.empty(), taken)) {
            web.onAccept(accept);
        }
    }

    private void onTrunkOffered(CallEvent.TrunkOffered offered, long now) {
        if (move.isOf(offered.attempt())) {
            move.onOffered(offered.sdp());
        } else if (facts.isOutbound()) {
            out.onOffered(offered, now);
        } else if (offered.attempt() == facts.attempt) {
            in.accept(offered.sdp());
        }
    }

    // ---- the browser's side, and media

    private void onHangUp(CallEvent.HangUp hangUp, long now) {
        if (facts.owns(hangUp.client())) {
            end(Ending.of(hungUp()));
        } else {
            onReject(hangUp.client(), hangUp.ref(), EndCause.DECLINED, now);
        }
    }

    private void onReject(ClientId client, Optional<String> ref, EndCause cause, long now) {
        if (!handOver.onReject(client, cause, now)) {
            in.onReject(client, ref, cause, now);
        }
    }

    private void onUpdate(CallEvent.Update update) {
        if (handOver.isBeingTaken()) {
            facts.refuse(update.client(), update.ref(), ErrorCode.WRONG_STATE, "Somebody is taking this call over.");
        } else {
            web.onUpdate(update);
        }
    }

    private EndCause hungUp() {
        EndCause unanswered = facts.isOutbound() ? EndCause.CANCELLED : EndCause.DECLINED;
        return facts.trunkAnswered ? EndCause.NORMAL : unanswered;
    }

    private void onMedia(MediaEvent event, long now) {
        switch (event) {
            // What is still told of a leg that was closed is nothing to anybody.
            case MediaEvent.WebConnected _,
                    MediaEvent.WebFailed _,
                    MediaEvent.WebClosed _,
                    MediaEvent.WebSilent _,
                    MediaEvent.WebHeard _,
                    MediaEvent.WebCodecWanted _
            when join.isAlone() -> {}
            case MediaEvent.WebConnected _ -> {
                if (handOver.onConnected()) {
                    web.onOwned();
                }
                web.onConnected();
            }
            case MediaEvent.WebFailed failed -> {
                if (!handOver.onFailed(failed.cause())) {
                    web.onFailed(failed.cause());
                }
            }
            case MediaEvent.WebClosed _ -> web.onClosed(now);
            case MediaEvent.WebSilent silent -> web.onSilent(silent.isTooLong());
            case MediaEvent.WebHeard _ -> web.onHeard();
            case MediaEvent.WebCodecWanted wanted -> web.onCodecWanted(wanted.codec());
            case MediaEvent.TrunkSilent _ -> onTrunkSilent();
            case MediaEvent.DigitFromTrunk press -> facts.trunk.ifPresent(name -> digits.onHeard(name, press, now));
            case MediaEvent.FlashFromTrunk _ -> facts.tellOwner(new CallNews.Flashed(DtmfRoad.RTP));
            case MediaEvent.Press press ->
                facts.trunk.ifPresent(name -> digits.onReceipt(name, press.press(), press.receipt()));
            case MediaEvent.PressToSignal press -> {
                if ((facts.inviteOpen || move.isHeard()) && facts.trunkMedia) {
                    digits.onSignal(press);
                }
            }
            case MediaEvent.SoundBegan _ ->
                digits.onLine(new CallNews.Heard(CallNews.Heard.What.SOUND, Optional.empty(), OptionalInt.empty()));
            case MediaEvent.SoundEnded ended ->
                digits.onLine(new CallNews.Heard(
                        CallNews.Heard.What.SILENCE, Optional.of(ended.length()), OptionalInt.empty()));
            case MediaEvent.Beeped beep ->
                digits.onLine(
                        new CallNews.Heard(CallNews.Heard.What.BEEP, Optional.of(beep.length()), OptionalInt.of((int)
                                Math.round(beep.hertz()))));
        }
    }

    /** Who transfers, and who is being transferred, may well say nothing for a while; if it lasts, it is told again. */
    private void onTrunkSilent() {
        if (!move.isUnderWay() && !transfer.isUnderWay()) {
            end(Ending.of(EndCause.TRUNK_SILENT));
        }
    }

    private boolean mayOffer() {
        return facts.inviteOpen && !facts.reofferOpen && !move.isHeard();
    }

    // ---- time and the end

    private void onTick(long now) {
        for (CallFacts.Timer timer : CallFacts.Timer.values()) {
            if (facts.state != State.ENDED && facts.isDue(timer, now)) {
                onTimer(timer, now);
            }
        }
    }

    private void onTimer(CallFacts.Timer timer, long now) {
        switch (timer) {
            case NEXT_STAGE -> in.onStageOver(now);
            case CONNECT -> end(Ending.of(EndCause.MEDIA_UNREACHABLE));
            case RING, ANSWER -> end(Ending.of(EndCause.NO_ANSWER));
            case TRANSFER -> {
                transfer.onTimeout();
                join.onTimeout();
                move.onTimeout();
            }
            case HAND_OVER -> handOver.onTimeout();
            case HAND_OVER_STAGE -> handOver.onStageOver(now);
            case OLD_LEG -> move.onOldLegLate();
            case RELOAD -> web.onReloadLate();
            case RETURN -> web.onReturnLate();
            case LONGEST -> end(Ending.of(EndCause.TIME_IS_UP));
        }
    }

    private void end(Ending how) {
        digits.end();
        conference.end();
        transfer.end();
        join.end(how);
        move.end(how);
        trunk.end(how.cause());
        if (facts.mediaOpen) {
            facts.mediaOpen = false;
            facts.act(new CallAction.CloseMedia());
        }
        CallNews over = new CallNews.Over(facts.answerTold ? Optional.empty() : facts.ref, how);
        SequencedSet<ClientId> toTell = new LinkedHashSet<>(in.end());
        toTell.addAll(handOver.end());
        facts.owner.ifPresent(toTell::add);
        toTell.forEach(client -> facts.tell(client, over));
        facts.stopAll();
        facts.state = State.ENDED;
        ending = Optional.of(how);
        facts.act(new CallAction.Finish(how));
    }
}
