package io.ringdown.gateway.call;

import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    private enum Timer {
        CONNECT,
        RING,
        ANSWER,
        NEXT_STAGE
    }

    // Above the longest time that a trunk's own no-answer-after can be set to.
    private static final Duration ANSWER_BACKSTOP = Duration.ofMinutes(11);

    private final CallId id;
    private final CallSettings settings;
    private final List<CallAction> actions = new ArrayList<>();
    private final Map<Timer, Long> deadlines = new EnumMap<>(Timer.class);
    private final CallDigits digits = new CallDigits(this::tellOwner, actions::add);
    private final CallHold hold = new CallHold(this::tellOwner, actions::add, this::mayOffer);
    private final Ringing ringing = new Ringing();

    private State state = State.NEW;
    private Direction direction = Direction.OUTBOUND;
    private Optional<ClientId> owner = Optional.empty();
    private Optional<String> ref = Optional.empty();
    private Optional<PhoneNumber> to = Optional.empty();
    private Caller from = Caller.UNSAID;
    private Optional<CallNews> incoming = Optional.empty();
    private Duration eachStage = Duration.ZERO;
    private Optional<String> trunkOffer = Optional.empty();
    private List<String> trunks = List.of();
    private CallRoute route = CallRoute.over(List.of());
    private Optional<TrunkFailure> lastFailure = Optional.empty();
    private Optional<CallNews.Progress.Stage> furthest = Optional.empty();
    private Optional<Ending> ending = Optional.empty();
    private int attempt;
    private boolean inviteOpen;
    private boolean mediaOpen;
    private boolean webConnected;
    private boolean webSilent;
    private boolean webClosed;
    private boolean ownerGone;
    private boolean answerTold;
    private boolean trunkAnswered;
    private boolean trunkMedia;
    private boolean reofferOpen;
    private boolean secureInput;

    public Call(CallId id, CallSettings settings) {
        this.id = id;
        this.settings = settings;
        this.secureInput = settings.secureInput() == CallSettings.SecureInput.ALWAYS;
    }

    public CallId id() {
        return id;
    }

    public State state() {
        return state;
    }

    public Direction direction() {
        return direction;
    }

    /** The number called. */
    public Optional<PhoneNumber> to() {
        return to;
    }

    /** The trunk that is, or was last, tried; empty before the first. */
    public Optional<String> trunk() {
        return attempt < trunks.size() ? Optional.of(trunks.get(attempt)) : Optional.empty();
    }

    /** How many trunks were given up before this one. */
    public int attempt() {
        return attempt;
    }

    /** Whose call it is; empty while nobody has accepted it. */
    public Optional<ClientId> owner() {
        return owner;
    }

    /** Who has put it on hold. */
    public Holder holder() {
        return hold.holder();
    }

    /** How it ended, once it has. */
    public Optional<Ending> ending() {
        return ending;
    }

    /** When {@link CallEvent.Tick} is due, on the clock of {@code now}; empty for never. */
    public OptionalLong nextWakeup() {
        return deadlines.values().stream()
                .mapToLong(Long::longValue)
                .reduce((first, second) -> first - second < 0 ? first : second);
    }

    /** Takes an event at {@code now} (nanoseconds of any steady clock) and answers what to do, in order. */
    public List<CallAction> on(CallEvent event, long now) {
        actions.clear();
        if (state != State.ENDED) {
            handle(event, now);
        }
        return List.copyOf(actions);
    }

    private void handle(CallEvent event, long now) {
        switch (event) {
            case CallEvent.Dial dial -> onDial(dial, now);
            case CallEvent.Invited invited -> onInvited(invited, now);
            case CallEvent.Accept accept -> onAccept(accept);
            case CallEvent.Reject reject ->
                onReject(reject.client(), reject.ref(), reject.busy() ? EndCause.BUSY : EndCause.DECLINED, now);
            case CallEvent.Update update -> onUpdate(update);
            case CallEvent.HangUp hangUp -> onHangUp(hangUp, now);
            case CallEvent.Press press -> onPress(press);
            case CallEvent.CancelPresses cancel -> onCancelPresses(cancel);
            case CallEvent.Listen listen -> onListen(listen);
            case CallEvent.Mute mute -> onMute(mute);
            case CallEvent.Hold held -> {
                if (mayHold(held.client(), held.ref())) {
                    hold.hold(held.ref());
                }
            }
            case CallEvent.Resume resume -> {
                if (mayHold(resume.client(), resume.ref())) {
                    hold.resume(resume.ref());
                }
            }
            case CallEvent.SecureInput secure -> onSecureInput(secure);
            case CallEvent.ClientGone gone -> onClientGone(gone.client(), now);
            case CallEvent.Media media -> onMedia(media.event(), now);
            case CallEvent.Measured measured -> onMeasured(measured.report());
            case CallEvent.Trunk trunk -> onTrunk(trunk.attempt(), trunk.event(), now);
            case CallEvent.WebAnswered answered -> onWebAnswered(answered, now);
            case CallEvent.WebRefused refused -> onWebRefused(refused);
            case CallEvent.WebCodecAnswered answered -> tellOwner(new CallNews.Codec(answered.codec(), answered.sdp()));
            case CallEvent.ChannelTaken taken -> onChannelTaken(taken.attempt());
            case CallEvent.TrunkFull full -> onTrunkFull(full.attempt());
            case CallEvent.TrunkOffered offered -> onTrunkOffered(offered, now);
            case CallEvent.TrunkAnswerTaken taken -> onTrunkAnswerTaken(taken.attempt());
            case CallEvent.TrunkAnswerRefused refused -> onTrunkAnswerRefused(refused);
            case CallEvent.TrunkOfferAnswered answered -> onTrunkOfferAnswered(answered.sdp());
            case CallEvent.TrunkOfferRefused _ -> onTrunkOfferRefused();
            case CallEvent.HoldNotOffered _ -> hold.onTaken();
            case CallEvent.HoldAnswerTaken _ -> {
                hold.onTaken();
                digits.onAgreed(trunkNow());
            }
            case CallEvent.HoldAnswerRefused _ -> hold.onRefused(OptionalInt.empty());
            case CallEvent.TrunkHolds trunk -> hold.onTrunk(trunk.holds());
            case CallEvent.MediaUnavailable _ -> onMediaUnavailable();
            case CallEvent.PressTaken taken -> digits.onTaken(taken.ref(), taken.first(), taken.count());
            case CallEvent.PressRefused refused -> onPressRefused(refused.ref());
            case CallEvent.RoadChosen chosen -> digits.onChosen(chosen.choice());
            case CallEvent.Tick _ -> onTick(now);
            case CallEvent.Shutdown _ -> end(Ending.of(EndCause.SHUTDOWN));
        }
    }

    // ---- how a call begins

    private void onDial(CallEvent.Dial dial, long now) {
        if (state != State.NEW) {
            return;
        }
        owner = Optional.of(dial.client());
        ref = dial.ref();
        to = Optional.of(dial.to());
        from = dial.from();
        route = dial.route();
        trunks = route.trunks();
        state = State.CONNECTING;
        if (trunks.isEmpty()) {
            end(Ending.of(EndCause.NO_ROUTE));
            return;
        }
        deadlines.put(Timer.CONNECT, now + settings.connectTimeout().toNanos());
        answerWeb(dial.ref(), dial.offer());
    }

    private void onInvited(CallEvent.Invited invited, long now) {
        if (state != State.NEW) {
            return;
        }
        direction = Direction.INBOUND;
        to = Optional.of(invited.to());
        trunks = List.of(invited.invite().trunk());
        trunkOffer = invited.invite().sdp();
        inviteOpen = true;
        state = State.OFFERED;
        ringing.plan(invited.plan());
        if (!ringing.hasMore()) {
            end(Ending.of(EndCause.UNAVAILABLE));
            return;
        }
        eachStage = invited.plan().each();
        deadlines.put(
                Timer.RING,
                now + invited.plan().timeout().orElse(settings.ringTimeout()).toNanos());
        actions.add(new CallAction.RingTrunk());
        incoming = Optional.of(new CallNews.Incoming(
                invited.to(),
                invited.invite().callerNumber(),
                invited.invite().callerName(),
                invited.invite().headers(),
                invited.invite().diverted()));
        ringNext(now);
    }

    /** Rings the next stage, or ends the call as those have it who were rung. */
    private void ringNext(long now) {
        SequencedSet<ClientId> stage = ringing.next();
        deadlines.remove(Timer.NEXT_STAGE);
        if (stage.isEmpty()) {
            end(Ending.of(ringing.outcome()));
            return;
        }
        if (ringing.hasMore()) {
            deadlines.put(Timer.NEXT_STAGE, now + eachStage.toNanos());
        }
        stage.forEach(client -> tell(client, incoming.orElseThrow()));
    }

    private void onStageOver(long now) {
        if (state == State.OFFERED) {
            ringing.nobodyAnswered();
            CallNews over = new CallNews.Over(Optional.empty(), Ending.of(EndCause.NO_ANSWER));
            ringing.all().forEach(client -> tell(client, over));
            ringNext(now);
        }
    }

    // ---- the browser's side

    private void onAccept(CallEvent.Accept accept) {
        if (state != State.OFFERED || !ringing.rings(accept.client())) {
            refuse(accept.client(), accept.ref(), ErrorCode.WRONG_STATE, "This call does not wait for an accept.");
            return;
        }
        owner = Optional.of(accept.client());
        state = State.ACCEPTING;
        answerWeb(accept.ref(), accept.offer());
    }

    /** One person's no is no answer for the others. */
    private void onReject(ClientId client, Optional<String> forRef, EndCause cause, long now) {
        if ((state != State.OFFERED && state != State.ACCEPTING) || !ringing.rings(client)) {
            refuse(client, forRef, ErrorCode.WRONG_STATE, "This call does not ring here.");
            return;
        }
        if (owner.equals(Optional.of(client))) {
            end(Ending.of(cause));
        } else {
            ringing.remove(client, cause);
            tell(client, new CallNews.Over(Optional.empty(), Ending.of(cause)));
            goOnWhenNobodyRings(now);
        }
    }

    private void goOnWhenNobodyRings(long now) {
        if (ringing.isNobody()) {
            ringNext(now);
        }
    }

    private void onUpdate(CallEvent.Update update) {
        if (!owns(update.client()) || !answerTold) {
            refuse(update.client(), update.ref(), ErrorCode.WRONG_STATE, "This call has no media yet.");
        } else {
            answerWeb(update.ref(), update.offer());
        }
    }

    private void onHangUp(CallEvent.HangUp hangUp, long now) {
        if (owns(hangUp.client())) {
            EndCause unanswered = direction == Direction.INBOUND ? EndCause.DECLINED : EndCause.CANCELLED;
            end(Ending.of(trunkAnswered ? EndCause.NORMAL : unanswered));
        } else {
            onReject(hangUp.client(), hangUp.ref(), EndCause.DECLINED, now);
        }
    }

    private void onMute(CallEvent.Mute mute) {
        if (owns(mute.client()) && mediaOpen) {
            actions.add(new CallAction.MuteWeb(mute.muted()));
        } else {
            refuse(mute.client(), mute.ref(), ErrorCode.WRONG_STATE, "This call has no media yet.");
        }
    }

    private boolean mayOffer() {
        return !reofferOpen;
    }

    private boolean mayHold(ClientId client, Optional<String> forRef) {
        boolean may = owns(client) && state == State.ESTABLISHED && trunkMedia;
        if (!may) {
            refuse(client, forRef, ErrorCode.WRONG_STATE, "Only a call that was answered can be held.");
        }
        return may;
    }

    /** Who only rings may ask for it, so that it holds from the first sound on; to take it back is the owner's. */
    private void onSecureInput(CallEvent.SecureInput secure) {
        boolean mayAsk = owns(secure.client()) || (secure.wanted() && ringing.rings(secure.client()));
        if (!mayAsk) {
            refuse(secure.client(), secure.ref(), ErrorCode.WRONG_STATE, "This call is not yours.");
            return;
        }
        boolean before = secureInput;
        secureInput = secure.wanted() || settings.secureInput() == CallSettings.SecureInput.ALWAYS;
        if (mediaOpen && secureInput != before) {
            actions.add(new CallAction.SecureInput(secureInput));
        }
        tell(secure.client(), new CallNews.SecureInput(secure.ref(), secureInput));
    }

    private void onClientGone(ClientId client, long now) {
        if (owns(client)) {
            ownerGone = true;
            // An established call lives as long as its media; one that is still being set up has nobody to talk to.
            if (state != State.ESTABLISHED || webClosed || webSilent) {
                end(Ending.of(EndCause.SOCKET_LOST));
            }
        } else if (ringing.remove(client, EndCause.UNAVAILABLE)) {
            goOnWhenNobodyRings(now);
        }
    }

    private void answerWeb(Optional<String> forRef, String offer) {
        boolean isNew = !mediaOpen;
        mediaOpen = true;
        actions.add(new CallAction.AnswerWeb(forRef, offer));
        if (isNew && secureInput) {
            actions.add(new CallAction.SecureInput(true));
        }
    }

    private void onWebAnswered(CallEvent.WebAnswered answered, long now) {
        if (owner.isEmpty()) {
            return;
        }
        tell(owner.get(), new CallNews.Answer(answered.ref(), answered.sdp()));
        webClosed = false;
        boolean first = !answerTold;
        answerTold = true;
        if (first && secureInput) {
            tell(owner.get(), new CallNews.SecureInput(Optional.empty(), true));
        }
        if (state == State.ACCEPTING) {
            onAccepted(now);
        } else if (first && direction == Direction.OUTBOUND && settings.dial() == CallSettings.Dial.AT_ONCE) {
            dialNext();
        }
    }

    private void onAccepted(long now) {
        state = State.CONNECTING;
        deadlines.remove(Timer.RING);
        deadlines.remove(Timer.NEXT_STAGE);
        deadlines.put(Timer.CONNECT, now + settings.connectTimeout().toNanos());
        CallNews elsewhere = new CallNews.Over(Optional.empty(), Ending.of(EndCause.ANSWERED_ELSEWHERE));
        ringing.all().stream().filter(client -> !owns(client)).forEach(client -> tell(client, elsewhere));
        ringing.clear();
        if (webConnected) {
            deadlines.remove(Timer.CONNECT);
            answerInbound();
        }
    }

    private void onWebRefused(CallEvent.WebRefused refused) {
        if (owner.isEmpty()) {
            return;
        }
        ClientId client = owner.get();
        if (state == State.ACCEPTING) {
            state = State.OFFERED;
            owner = Optional.empty();
            refuse(client, refused.ref(), ErrorCode.BAD_SDP, refused.why());
        } else if (answerTold) {
            refuse(client, refused.ref(), ErrorCode.BAD_SDP, refused.why());
        } else {
            end(Ending.of(EndCause.MEDIA_REFUSED, refused.why()));
        }
    }

    // ---- media

    private void onMedia(MediaEvent event, long now) {
        switch (event) {
            case MediaEvent.WebConnected _ -> onWebConnected();
            case MediaEvent.WebFailed failed -> onWebFailed(failed.cause());
            case MediaEvent.WebClosed _ -> onWebClosed();
            case MediaEvent.WebSilent _ -> onWebSilent();
            case MediaEvent.WebHeard _ -> webSilent = false;
            case MediaEvent.WebCodecWanted wanted -> onWebCodecWanted(wanted.codec());
            case MediaEvent.TrunkSilent _ -> end(Ending.of(EndCause.TRUNK_SILENT));
            case MediaEvent.DigitFromTrunk press -> digits.onHeard(trunkNow(), press, now);
            case MediaEvent.FlashFromTrunk _ -> tellOwner(new CallNews.Flashed(DtmfRoad.RTP));
            case MediaEvent.Press press -> digits.onReceipt(trunkNow(), press.press(), press.receipt());
            case MediaEvent.PressToSignal press -> {
                if (inviteOpen && trunkMedia) {
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

    /** The answer is the first thing that a client hears of its call. */
    private void onMeasured(QualityReport report) {
        if (answerTold) {
            tellOwner(new CallNews.Quality(report));
        }
    }

    private void onWebConnected() {
        deadlines.remove(Timer.CONNECT);
        if (webConnected) {
            return;
        }
        webConnected = true;
        if (state == State.CONNECTING) {
            if (direction == Direction.OUTBOUND) {
                dialNext();
            } else {
                answerInbound();
            }
        }
    }

    private void onWebCodecWanted(AudioCodec codec) {
        if (mediaOpen && answerTold) {
            actions.add(new CallAction.AnswerWebWith(codec));
        }
    }

    private void onWebFailed(MediaEvent.WebFailed.Cause cause) {
        end(
                switch (cause) {
                    case FINGERPRINT_MISMATCH ->
                        Ending.of(
                                EndCause.MEDIA_REFUSED,
                                "The certificate of the DTLS handshake is not the one of the offer's fingerprint.");
                    case HANDSHAKE_FAILED ->
                        Ending.of(EndCause.MEDIA_UNREACHABLE, "The DTLS handshake with the browser failed.");
                });
    }

    private void onWebClosed() {
        webClosed = true;
        if (owner.isPresent() && owner.get().road() == ClientId.Road.HTTP) {
            end(Ending.of(trunkAnswered ? EndCause.NORMAL : EndCause.CANCELLED));
        } else if (ownerGone) {
            end(Ending.of(EndCause.SOCKET_LOST));
        }
    }

    /** Told twice in a silence: at 10 s, which ends the call if its socket is gone too, and at 30 s, which ends it anyway. */
    private void onWebSilent() {
        if (ownerGone) {
            end(Ending.of(EndCause.SOCKET_LOST));
        } else if (webSilent) {
            end(Ending.of(EndCause.MEDIA_LOST));
        } else {
            webSilent = true;
        }
    }

    // ---- the trunk's side, outbound

    private void dialNext() {
        state = State.DIALLING;
        actions.add(new CallAction.TakeChannel(attempt, trunks.get(attempt), route.emergency()));
    }

    private void onChannelTaken(int ofAttempt) {
        if (ofAttempt == attempt && !inviteOpen && state == State.DIALLING) {
            actions.add(new CallAction.OfferTrunk(attempt, trunks.get(attempt)));
        }
    }

    private void onTrunkFull(int ofAttempt) {
        if (ofAttempt != attempt || inviteOpen || state != State.DIALLING) {
            return;
        }
        if (attempt + 1 < trunks.size()) {
            attempt++;
            dialNext();
        } else {
            end(lastFailure
                    .map(Call::endingOf)
                    .orElse(Ending.of(
                            EndCause.CONGESTION, "Every line for this number is in use; try again in a moment.")));
        }
    }

    private void onTrunkOffered(CallEvent.TrunkOffered offered, long now) {
        if (offered.attempt() != attempt) {
            return;
        }
        if (direction == Direction.INBOUND) {
            acceptInbound(offered.sdp());
        } else if (!inviteOpen && state == State.DIALLING) {
            inviteOpen = true;
            deadlines.putIfAbsent(Timer.ANSWER, now + ANSWER_BACKSTOP.toNanos());
            TrunkLines.Leaving leaving = new TrunkLines.Leaving(to.orElseThrow(), from, route.emergency());
            actions.add(new CallAction.Invite(attempt, trunks.get(attempt), leaving, offered.sdp()));
        }
    }

    private void onTrunk(int ofAttempt, TrunkEvent event, long now) {
        if (ofAttempt != attempt || !inviteOpen) {
            return;
        }
        switch (event) {
            case TrunkEvent.Trying _ -> advance(State.TRYING, CallNews.Progress.Stage.TRYING, OptionalInt.of(100));
            case TrunkEvent.Progress progress -> onProgress(progress);
            case TrunkEvent.Answered answered -> onTrunkAnswered(answered.sdp());
            case TrunkEvent.Confirmed confirmed -> onConfirmed(confirmed.sdp());
            case TrunkEvent.AnswerInAck answer -> onAnswerWithin(answer.sdp());
            case TrunkEvent.RefreshAnswered answer -> onRefreshed(answer.sdp());
            case TrunkEvent.Failed failed -> onTrunkFailed(failed.failure());
            case TrunkEvent.Ended ended -> onTrunkEnded(ended.q850());
            case TrunkEvent.Reoffer reoffer ->
                onReoffer(new CallAction.AnswerTrunk(trunks.get(attempt), reoffer.sdp()));
            case TrunkEvent.OfferWanted _ -> onReoffer(new CallAction.OfferAgain());
            case TrunkEvent.ReofferAnswered answered -> hold.onAnswer(answered.sdp());
            case TrunkEvent.ReofferRefused refused -> hold.onRefused(refused.status());
            case TrunkEvent.Capabilities said ->
                digits.onCapabilities(said.peer(), trunkMedia ? trunk() : Optional.empty());
            case TrunkEvent.InfoReceived info -> digits.onInfo(trunkNow(), info.body(), now);
            case TrunkEvent.InfoAnswered answered ->
                digits.onInfoAnswered(trunkNow(), answered.handle(), answered.outcome());
            case TrunkEvent.ReferProgress _, TrunkEvent.ReferEnded _ -> {
                // Nothing was asked for.
            }
            case TrunkEvent.Referred _ -> {
                // Left without an answer it is declined.
            }
        }
    }

    private void onProgress(TrunkEvent.Progress progress) {
        if (trunkAnswered || direction == Direction.INBOUND) {
            return;
        }
        OptionalInt status = OptionalInt.of(progress.status());
        if (progress.sdp().isPresent()) {
            takeTrunkAnswer(progress.sdp().get());
            advance(State.EARLY_MEDIA, CallNews.Progress.Stage.EARLY_MEDIA, status);
        } else if (progress.status() == 180) {
            advance(State.RINGING, CallNews.Progress.Stage.RINGING, status);
        } else {
            advance(State.TRYING, CallNews.Progress.Stage.TRYING, status);
        }
    }

    /** Forward only: a late 100 or a 180 after early media changes nothing. */
    private void advance(State next, CallNews.Progress.Stage stage, OptionalInt status) {
        if (direction == Direction.OUTBOUND && !trunkAnswered && state.compareTo(next) < 0) {
            state = next;
            // What a trunk said that was given up stands: the next one is told of only where it gets further.
            if (furthest.isEmpty() || furthest.get().compareTo(stage) < 0) {
                furthest = Optional.of(stage);
                tellOwner(new CallNews.Progress(stage, status));
            }
        }
    }

    private void onTrunkAnswered(Optional<String> sdp) {
        if (trunkAnswered || direction == Direction.INBOUND) {
            return;
        }
        trunkAnswered = true;
        deadlines.remove(Timer.ANSWER);
        if (sdp.isPresent()) {
            takeTrunkAnswer(sdp.get());
        } else if (trunkMedia) {
            establish();
        } else {
            end(Ending.of(EndCause.MEDIA_NOT_ACCEPTABLE));
        }
    }

    private void onAnswerWithin(String sdp) {
        if (trunkMedia) {
            takeTrunkAnswer(sdp);
        }
    }

    private void onRefreshed(String sdp) {
        if (trunkMedia) {
            actions.add(new CallAction.TakeRefresh(attempt, sdp));
        }
    }

    private void takeTrunkAnswer(String sdp) {
        actions.add(new CallAction.TakeTrunkAnswer(attempt, sdp));
    }

    private void onTrunkAnswerTaken(int ofAttempt) {
        if (ofAttempt != attempt || !inviteOpen) {
            return;
        }
        trunkMedia = true;
        if (trunkAnswered) {
            establish();
        }
        digits.onAgreed(trunkNow());
    }

    private void onTrunkAnswerRefused(CallEvent.TrunkAnswerRefused refused) {
        boolean lastAgreementHolds = state == State.ESTABLISHED && trunkMedia; // of a re-INVITE
        if (refused.attempt() == attempt && inviteOpen && !lastAgreementHolds) {
            end(Ending.of(EndCause.MEDIA_NOT_ACCEPTABLE));
        }
    }

    private void establish() {
        if (state != State.ESTABLISHED) {
            state = State.ESTABLISHED;
            tellOwner(new CallNews.Established());
            hold.onEstablished();
        }
    }

    private void onTrunkFailed(TrunkFailure failure) {
        inviteOpen = false;
        lastFailure = Optional.of(failure);
        CrankBack.rest(failure).ifPresent(time -> actions.add(new CallAction.RestTrunk(trunks.get(attempt), time)));
        boolean rang = state == State.RINGING;
        if (direction == Direction.OUTBOUND
                && !trunkMedia
                && attempt + 1 < trunks.size()
                && CrankBack.mayGoOn(failure, route, rang)) {
            attempt++;
            digits.onOtherTrunk();
            dialNext();
        } else {
            end(endingOf(failure));
        }
    }

    private static Ending endingOf(TrunkFailure failure) {
        EndCause cause = EndCause.of(failure);
        return switch (failure) {
            case TrunkFailure.Refused refused ->
                new Ending(cause, OptionalInt.of(refused.status()), refused.q850(), Optional.empty());
            case TrunkFailure.Unauthorized unauthorized ->
                new Ending(cause, OptionalInt.of(unauthorized.status()), OptionalInt.empty(), Optional.empty());
            case TrunkFailure.Silent _,
                    TrunkFailure.Unreachable _,
                    TrunkFailure.Unanswered _,
                    TrunkFailure.Cancelled _ -> Ending.of(cause);
        };
    }

    private void onTrunkEnded(OptionalInt q850) {
        inviteOpen = false;
        EndCause cause;
        if (trunkAnswered) {
            cause = EndCause.ofTrunkEnd(q850);
        } else {
            cause = direction == Direction.INBOUND ? EndCause.CANCELLED : EndCause.UNAVAILABLE;
        }
        end(new Ending(cause, OptionalInt.empty(), q850, Optional.empty()));
    }

    /** What is asked in mid-call waits for the media's word. */
    private void onReoffer(CallAction ask) {
        if (!trunkMedia || reofferOpen) {
            actions.add(new CallAction.RejectReoffer(attempt));
        } else {
            reofferOpen = true;
            actions.add(ask);
        }
    }

    // ---- the trunk's side, inbound

    private void answerInbound() {
        state = State.ANSWERING;
        String trunk = trunks.getFirst();
        actions.add(
                trunkOffer.isPresent()
                        ? new CallAction.AnswerTrunk(trunk, trunkOffer.get())
                        : new CallAction.OfferTrunk(attempt, trunk));
    }

    /** The ACK of our 200; it carries the answer if the 200 carried our offer. */
    private void onConfirmed(Optional<String> sdp) {
        if (trunkAnswered && trunkOffer.isEmpty() && direction == Direction.INBOUND && !trunkMedia) {
            sdp.ifPresentOrElse(this::takeTrunkAnswer, () -> end(Ending.of(EndCause.MEDIA_NOT_ACCEPTABLE)));
        }
    }

    private void onTrunkOfferAnswered(String sdp) {
        if (reofferOpen) {
            reofferOpen = false;
            actions.add(new CallAction.AcceptReoffer(attempt, sdp));
            hold.say();
        } else {
            trunkMedia = true;
            acceptInbound(sdp);
        }
        digits.onAgreed(trunkNow());
    }

    private void acceptInbound(String sdp) {
        if (state == State.ANSWERING) {
            trunkAnswered = true;
            actions.add(new CallAction.AcceptTrunk(sdp));
            establish();
        }
    }

    private void onTrunkOfferRefused() {
        if (!isReofferRejected()) {
            end(Ending.of(EndCause.MEDIA_NOT_ACCEPTABLE));
        }
    }

    /** No port is left: a call that is up goes on as it was. */
    private void onMediaUnavailable() {
        if (!isReofferRejected()) {
            end(Ending.of(EndCause.OVERLOADED));
        }
    }

    private boolean isReofferRejected() {
        boolean wasOpen = reofferOpen;
        if (wasOpen) {
            reofferOpen = false;
            actions.add(new CallAction.RejectReoffer(attempt));
            hold.say();
        }
        return wasOpen;
    }

    // ---- digits, and what is heard

    private void onPress(CallEvent.Press press) {
        if (!owns(press.client()) || !trunkMedia) {
            refuse(press.client(), press.ref(), ErrorCode.WRONG_STATE, "The telephone cannot hear digits yet.");
        } else {
            actions.add(new CallAction.Press(press.ref(), press.strokes(), press.length(), press.gap()));
        }
    }

    private void onPressRefused(Optional<String> ofRef) {
        owner.ifPresent(client -> refuse(
                client,
                ofRef,
                ErrorCode.NO_TELEPHONE_EVENT,
                "No road for digits leads to the trunk just now, or too many are waiting."));
    }

    private void onCancelPresses(CallEvent.CancelPresses cancel) {
        if (owns(cancel.client()) && trunkMedia) {
            actions.add(new CallAction.CancelPresses());
        } else {
            refuse(cancel.client(), cancel.ref(), ErrorCode.WRONG_STATE, "This call has no digits yet.");
        }
    }

    private void onListen(CallEvent.Listen listen) {
        if (owns(listen.client()) && mediaOpen) {
            digits.listen(listen.wanted(), listen.silence());
        } else {
            refuse(listen.client(), listen.ref(), ErrorCode.WRONG_STATE, "This call has no media yet.");
        }
    }

    /** The trunk that media and digits are with. */
    private String trunkNow() {
        return trunk().orElseThrow();
    }

    // ---- time and the end

    private void onTick(long now) {
        for (Timer timer : Timer.values()) {
            Long deadline = deadlines.get(timer);
            if (deadline != null && deadline - now <= 0 && state != State.ENDED) {
                deadlines.remove(timer);
                onTimer(timer, now);
            }
        }
    }

    private void onTimer(Timer timer, long now) {
        switch (timer) {
            case NEXT_STAGE -> onStageOver(now);
            case CONNECT -> end(Ending.of(EndCause.MEDIA_UNREACHABLE));
            case RING, ANSWER -> end(Ending.of(EndCause.NO_ANSWER));
        }
    }

    private void end(Ending how) {
        digits.end();
        endInvite(how.cause());
        if (mediaOpen) {
            mediaOpen = false;
            actions.add(new CallAction.CloseMedia());
        }
        CallNews over = new CallNews.Over(answerTold ? Optional.empty() : ref, how);
        SequencedSet<ClientId> toTell = ringing.all();
        owner.ifPresent(toTell::add);
        toTell.forEach(client -> tell(client, over));
        ringing.clear();
        deadlines.clear();
        state = State.ENDED;
        ending = Optional.of(how);
        actions.add(new CallAction.Finish(how));
    }

    private void endInvite(EndCause cause) {
        if (!inviteOpen) {
            return;
        }
        inviteOpen = false;
        actions.add(
                direction == Direction.INBOUND && !trunkAnswered
                        ? new CallAction.RejectTrunk(cause.rejection())
                        : new CallAction.HangUpTrunk(attempt, cause.hangupReason()));
    }

    private boolean owns(ClientId client) {
        return state != State.ACCEPTING && owner.equals(Optional.of(client));
    }

    private void tellOwner(CallNews news) {
        owner.ifPresent(client -> tell(client, news));
    }

    private void tell(ClientId client, CallNews news) {
        actions.add(new CallAction.Tell(client, news));
    }

    private void refuse(ClientId client, Optional<String> forRef, ErrorCode code, String text) {
        tell(client, new CallNews.Refused(forRef, code, text));
    }
}
