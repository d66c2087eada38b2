package io.ringdown.gateway.call;

import io.ringdown.dtmf.DtmfBody;
import io.ringdown.dtmf.DtmfSettings;
import io.ringdown.dtmf.Stroke;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.media.MediaSession;
import io.ringdown.media.MediaUnavailableException;
import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.SoundMonitor;
import io.ringdown.media.TrunkMedia;
import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.quality.Signalled;
import io.ringdown.media.sdp.Direction;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.RedirectJudge;
import io.ringdown.sip.Referral;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Call} with its media, its trunk and its clients: performs the actions and brings back what became of them. All of
 * it runs on the call's own {@link Serial}; {@link #post}, {@link #snapshot} and {@link #quality} may be called from any thread,
 * {@link #watchMedia} from one at a time.
 */
final class LiveCall {
    private static final Logger LOG = LoggerFactory.getLogger(LiveCall.class);

    private final Call call;
    private final CallRooms rooms;
    private final Serial serial;
    private final Deque<CallEvent> results = new ArrayDeque<>();
    // Who knows of the call and has not been told that it is over.
    private final Set<ClientId> told = new HashSet<>();
    private final long startedNanos;
    private final Instant startedAt;
    private volatile CallBook.@Nullable Beginning beginning;
    private volatile @Nullable MediaSession media;
    private final QualityWatch watch = new QualityWatch();
    private Optional<CallQuality> lastQuality = Optional.empty();
    // The legs with trunks by their numbers, and the channels that they have there.
    private final Map<Integer, TrunkCall> legs = new ConcurrentHashMap<>();
    private final Map<Integer, TrunkLoads.Channel> channels = new HashMap<>();
    private final AtomicInteger adopted = new AtomicInteger();
    private Optional<String> user = Optional.empty();
    private @Nullable Runnable cancelWakeup;
    private long answeredNanos;
    private boolean answered;
    private boolean over;
    private volatile CallSnapshot snapshot;
    private volatile boolean secureInput;
    private final AtomicInteger listeningNow = new AtomicInteger();
    private final AtomicInteger listeners = new AtomicInteger();

    LiveCall(CallId id, CallRooms rooms) {
        this.call = new Call(id, rooms.settings());
        this.rooms = rooms;
        this.serial = new Serial(rooms.executor());
        this.startedNanos = rooms.clock().getAsLong();
        this.startedAt = rooms.switchboard().time().instant();
        this.snapshot = look(startedNanos);
    }

    CallId id() {
        return call.id();
    }

    CallSnapshot snapshot() {
        return snapshot;
    }

    /** How media do just now; empty while there are none. */
    Optional<QualityReport> quality() {
        return Optional.ofNullable(media).map(open -> watch.report(open.quality(), signalled()));
    }

    /** Looks at how media do, and tells the owner where that is due. */
    void watchMedia(long now) {
        MediaSession open = media;
        if (open == null) {
            return;
        }
        String before = watch.toldCode();
        watch.onLook(open.quality(), signalled(), now).ifPresent(report -> {
            if (!report.verdict().about().code().equals(before)) {
                LOG.info("call {} sounds: {}", call.id(), report.verdict());
            }
            post(new CallEvent.Measured(report));
        });
    }

    private Signalled signalled() {
        CallSnapshot seen = snapshot;
        boolean isTalking = seen.state() == Call.State.EARLY_MEDIA || seen.state() == Call.State.ESTABLISHED;
        return new Signalled(
                isTalking,
                seen.trunk().flatMap(name -> rooms.media().trunk(name).peers().trunk()));
    }

    /** Whether digits are kept from those who listen. */
    boolean secureInput() {
        return secureInput;
    }

    /** How many listen beside the call just now. */
    int listeningNow() {
        return listeningNow.get();
    }

    /** Whether one more may listen; who has been let in says {@link #leave} when it has gone. */
    boolean admit(int most) {
        boolean isAdmitted = listeningNow.incrementAndGet() <= most;
        if (!isAdmitted) {
            listeningNow.decrementAndGet();
        }
        return isAdmitted;
    }

    void leave() {
        listeningNow.decrementAndGet();
    }

    /** What both parties say from now on; empty while there is nothing to be heard. */
    CompletableFuture<Optional<SoundMonitor>> monitor() {
        return CompletableFuture.supplyAsync(
                () -> {
                    Optional<SoundMonitor> monitor = Optional.ofNullable(media).flatMap(MediaSession::monitor);
                    monitor.ifPresent(_ -> listeners.incrementAndGet());
                    return monitor;
                },
                serial);
    }

    int depth() {
        return serial.depth();
    }

    /** The number of a leg that a trunk opens in the place of another: no other leg has it. */
    int newInboundLeg() {
        return adopted.decrementAndGet();
    }

    /** The trunk's end of a call from it, the channel that it has there, and the event that it comes with. */
    void adopt(int leg, TrunkCall inbound, TrunkLoads.Channel taken, CallEvent invited) {
        serial.execute(() -> {
            if (over) {
                inbound.reject(EndCause.UNAVAILABLE.rejection());
                taken.give();
            } else {
                legs.put(leg, inbound);
                channels.put(leg, taken);
                if (invited instanceof CallEvent.Invited first) {
                    begun(new CallBook.Beginning(
                            call.id(),
                            startedAt,
                            Call.Direction.INBOUND,
                            first.invite().callerNumber(),
                            Optional.of(first.to()),
                            Optional.of(first.invite().trunk()),
                            false));
                }
                take(invited);
            }
        });
    }

    /** The number of this leg; empty if it is none of the call's. */
    OptionalInt legOf(TrunkCall trunk) {
        return legs.entrySet().stream()
                .filter(leg -> leg.getValue().equals(trunk))
                .mapToInt(Map.Entry::getKey)
                .findFirst();
    }

    /** The leg that is talked to; empty if there is none. */
    Optional<TrunkCall> talkingLeg() {
        return Optional.ofNullable(legs.get(snapshot.attempt()));
    }

    /** The first event of a call that a client makes: it is told of the end whatever happens. */
    void begin(CallEvent.Dial dial) {
        serial.execute(() -> {
            told.add(dial.client());
            user = dial.route().user();
            begun(new CallBook.Beginning(
                    call.id(),
                    startedAt,
                    Call.Direction.OUTBOUND,
                    dial.from().number().map(PhoneNumber::digits),
                    Optional.of(dial.to()),
                    Optional.empty(),
                    dial.route().emergency()));
        });
        post(dial);
    }

    /** Written down before anything leaves. */
    private void begun(CallBook.Beginning how) {
        beginning = how;
        rooms.book().begun(how);
    }

    private CallBook.Beginning beginning() {
        CallBook.Beginning known = beginning;
        return known == null
                ? new CallBook.Beginning(
                        call.id(), startedAt, call.direction(), Optional.empty(), call.to(), Optional.empty(), false)
                : known;
    }

    /** Whether it calls for help: a stop of the gateway does not cut it off. */
    boolean isEmergency() {
        CallBook.Beginning known = beginning;
        return known != null && known.emergency();
    }

    void post(CallEvent event) {
        serial.execute(() -> take(event));
    }

    private void take(CallEvent event) {
        if (over) {
            return;
        }
        try {
            results.add(event);
            while (!results.isEmpty()) {
                long now = rooms.clock().getAsLong();
                Call.State before = call.state();
                List<CallAction> actions = call.on(results.poll(), now);
                noteStage(before, now);
                noteChange();
                actions.forEach(this::perform);
            }
            wakeLater();
        } catch (Throwable bug) {
            abort(bug);
        }
    }

    private void noteStage(Call.State before, long now) {
        if (call.state() == before) {
            return;
        }
        if (call.state() == Call.State.ESTABLISHED) {
            answered = true;
            answeredNanos = now;
            rooms.book().answered(beginning(), Duration.ofNanos(now - startedNanos), call.trunk());
            // While its session is there: a transfer is allowed to who has it, whatever becomes of the socket.
            user = user.or(() -> call.owner().flatMap(rooms.signedIn()::userOf));
        }
        snapshot = look(now);
        LOG.info(
                "call {} {} {} trunk {} after {} ms",
                call.id(),
                call.state().code(),
                call.to().map(Object::toString).orElse("-"),
                call.trunk().orElse("-"),
                Duration.ofNanos(now - startedNanos).toMillis());
    }

    private void noteChange() {
        CallSnapshot before = snapshot;
        if (call.holder() != before.holder()) {
            snapshot = look(before.sinceNanos());
            LOG.info("call {} held by {}", call.id(), call.holder().code());
        }
        if (call.attempt() != before.attempt()) {
            snapshot = look(before.sinceNanos());
            LOG.info("call {} is on trunk {}", call.id(), call.trunk().orElse("-"));
        }
        if (!call.face().equals(before.face())) {
            snapshot = look(before.sinceNanos());
        }
    }

    private CallSnapshot look(long now) {
        return new CallSnapshot(
                call.id(),
                call.direction(),
                call.state(),
                now,
                call.to(),
                call.trunk(),
                call.attempt(),
                call.owner(),
                call.ending(),
                call.holder(),
                answered ? OptionalLong.of(answeredNanos) : OptionalLong.empty(),
                call.face());
    }

    private void perform(CallAction action) {
        switch (action) {
            case CallAction.Tell tell -> tell(tell.client(), tell.news());
            case CallAction.AnswerWeb answer -> answerWeb(answer);
            case CallAction.AnswerWebWith answer ->
                theMedia()
                        .answerWebWith(answer.codec())
                        .ifPresent(sdp -> results.add(new CallEvent.WebCodecAnswered(answer.codec(), sdp)));
            case CallAction.TakeChannel take -> takeChannel(take);
            case CallAction.RestTrunk rest -> restTrunk(rest);
            case CallAction.OfferTrunk offer -> offerTrunk(offer);
            case CallAction.Invite invite -> invite(invite);
            case CallAction.TakeTrunkAnswer answer -> takeTrunkAnswer(answer);
            case CallAction.TakeRefresh answer -> takeRefresh(answer);
            case CallAction.AnswerTrunk answer -> answerTrunk(answer);
            case CallAction.OfferAgain _ ->
                results.add(new CallEvent.TrunkOfferAnswered(theMedia().offerTrunkAgain()));
            case CallAction.RingTrunk _ -> theTrunk().ring();
            case CallAction.AcceptTrunk accept -> theTrunk().answer(accept.sdp());
            case CallAction.RejectTrunk reject -> theTrunk().reject(reject.rejection());
            case CallAction.HangUpTrunk hangUp -> leg(hangUp.attempt()).hangUp(hangUp.reason());
            case CallAction.AcceptReoffer accept -> leg(accept.attempt()).acceptReoffer(accept.sdp());
            case CallAction.RejectReoffer reject -> leg(reject.attempt()).rejectReoffer();
            case CallAction.Refer refer -> refer(refer);
            case CallAction.TellCall tell ->
                rooms.others().apply(tell.call()).ifPresent(other -> other.post(tell.event()));
            case CallAction.RouteReferral wish ->
                results.add(rooms.transfers().referral(wish, user, rooms.sip()::isReachable));
            case CallAction.AcceptRefer accept -> leg(accept.attempt()).acceptRefer();
            case CallAction.RejectRefer reject -> leg(reject.attempt()).rejectRefer(reject.status());
            case CallAction.TellReferrer tell -> leg(tell.attempt()).referProgress(tell.status());
            case CallAction.OfferAside offer -> offerAside(offer);
            case CallAction.InviteReferred invite -> inviteReferred(invite);
            case CallAction.TakeAsideAnswer answer -> takeAsideAnswer(answer);
            case CallAction.AnswerAside answer -> answerAside(answer);
            case CallAction.AcceptLeg accept -> leg(accept.attempt()).answer(accept.sdp());
            case CallAction.RejectLeg reject ->
                leg(reject.attempt()).reject(new Rejection(reject.status(), reject.reason()));
            case CallAction.HearFirst _ -> {
                theMedia().swapTrunks();
                theMedia().dropAside();
            }
            case CallAction.DropAside _ -> theMedia().dropAside();
            case CallAction.ForgetLeg forget -> forgetLeg(forget.attempt());
            case CallAction.ChooseRoad choose -> chooseRoad(choose);
            case CallAction.Press press -> press(press);
            case CallAction.CancelPresses _ -> theMedia().cancelPresses();
            case CallAction.SignalPress press -> signal(press);
            case CallAction.LearnOfTrunk learn -> learn(learn);
            case CallAction.NoteDigit note -> note(note);
            case CallAction.Listen listen -> theMedia().listen(listen.wanted(), listen.silence());
            case CallAction.MuteWeb mute -> theMedia().muteWeb(mute.muted());
            case CallAction.HoldMedia _ -> theMedia().hold(rooms.media().holdMusic());
            case CallAction.ResumeMedia _ -> theMedia().resume();
            case CallAction.OfferHold offer -> offerHold(offer.held());
            case CallAction.TakeHoldAnswer answer -> takeHoldAnswer(answer);
            case CallAction.SecureInput secure -> secureInput(secure.wanted());
            case CallAction.CloseMedia _ -> closeMedia();
            case CallAction.Finish finish -> finish(finish.ending());
        }
    }

    private void tell(ClientId client, CallNews news) {
        if (news instanceof CallNews.Over) {
            told.remove(client);
        } else {
            told.add(client);
        }
        boolean reached = rooms.clients().tell(client, call.id(), news);
        if (!reached && news instanceof CallNews.Incoming) {
            // It left between our look at who is signed in and now, and will not tell us.
            results.add(new CallEvent.ClientGone(client));
        }
    }

    private void answerWeb(CallAction.AnswerWeb action) {
        if (media == null) {
            media = rooms.media()
                    .open(
                            rooms.media().webCodecs(call.trunk().orElseThrow()),
                            event -> post(new CallEvent.Media(event)));
        }
        try {
            results.add(new CallEvent.WebAnswered(action.ref(), theMedia().answerWeb(action.offer())));
        } catch (SdpRejectedException rejected) {
            results.add(new CallEvent.WebRefused(action.ref(), said(rejected)));
        }
    }

    private void takeChannel(CallAction.TakeChannel action) {
        TrunkLoads loads = rooms.switchboard().loads();
        long now = rooms.clock().getAsLong();
        Optional<TrunkLoads.Channel> taken = action.anyway()
                ? Optional.of(loads.takeOutAnyway(action.trunk(), now))
                : loads.takeOut(action.trunk(), now);
        taken.ifPresent(found -> channels.put(action.attempt(), found));
        if (taken.isEmpty()) {
            LOG.info("call {}: trunk {} has no line free just now", call.id(), action.trunk());
        }
        results.add(
                taken.isPresent()
                        ? new CallEvent.ChannelTaken(action.attempt())
                        : new CallEvent.TrunkFull(action.attempt()));
    }

    private void forgetLeg(int leg) {
        legs.remove(leg);
        TrunkLoads.Channel channel = channels.remove(leg);
        if (channel != null) {
            channel.give();
        }
    }

    private void restTrunk(CallAction.RestTrunk action) {
        LOG.info(
                "call {}: trunk {} asks to be left alone for {} s",
                call.id(),
                action.trunk(),
                action.asked().toSeconds());
        rooms.switchboard()
                .loads()
                .rest(action.trunk(), action.asked(), rooms.clock().getAsLong());
    }

    private void offerTrunk(CallAction.OfferTrunk action) {
        try {
            String offer = theMedia().offerTrunk(rooms.media().trunk(action.trunk()));
            results.add(new CallEvent.TrunkOffered(action.attempt(), offer));
        } catch (MediaUnavailableException unavailable) {
            results.add(unavailable(unavailable));
        }
    }

    private void invite(CallAction.Invite action) {
        int attempt = action.attempt();
        OutboundInvite invite = rooms.switchboard().lines().invite(action.trunk(), action.call(), action.sdp());
        invite(attempt, invite, redirects(action.trunk(), action.call()));
    }

    private void invite(int attempt, OutboundInvite invite, RedirectJudge redirects) {
        OutboundInvite judged = invite.withRedirects(redirects);
        TrunkCall trunk = rooms.sip().invite(judged, event -> post(new CallEvent.Trunk(attempt, event)));
        trunk.knownAs(call.id().toString());
        legs.put(attempt, trunk);
        LOG.info("call {} is SIP call {} on trunk {}", call.id(), trunk.callId(), invite.trunk());
    }

    private void refer(CallAction.Refer action) {
        Optional<String> by =
                action.by().map(number -> rooms.switchboard().lines().shown(action.trunk(), number));
        switch (action.target()) {
            case TransferTarget.Dialled number ->
                leg(action.attempt())
                        .refer(rooms.switchboard().lines().referral(action.trunk(), number.to(), action.by()));
            case TransferTarget.Consulted consulted ->
                rooms.others()
                        .apply(consulted.with())
                        .flatMap(LiveCall::talkingLeg)
                        .ifPresentOrElse(
                                other -> leg(action.attempt()).refer(new Referral.Attended(other, by)),
                                () -> results.add(new CallEvent.OtherCallGone()));
            case TransferTarget.Refused _, TransferTarget.Impossible _ ->
                throw new IllegalStateException("nobody is asked for what may not be");
        }
        LOG.info("call {}: trunk {} is asked to transfer it", call.id(), action.trunk());
    }

    private void offerAside(CallAction.OfferAside action) {
        try {
            String offer = theMedia().offerAside(rooms.media().trunk(action.trunk()));
            results.add(new CallEvent.TrunkOffered(action.attempt(), offer));
        } catch (MediaUnavailableException unavailable) {
            LOG.warn("call {}: {}", call.id(), unavailable.getMessage());
            results.add(new CallEvent.AsideUnavailable(action.attempt()));
        }
    }

    private void inviteReferred(CallAction.InviteReferred action) {
        OutboundInvite plain = rooms.switchboard().lines().invite(action.trunk(), action.call(), action.sdp());
        OutboundInvite placed =
                action.target().replaces().map(plain::withReplaces).orElse(plain);
        invite(
                action.attempt(),
                action.target()
                        .referredBy()
                        .filter(by -> PhoneNumber.of(by).isPresent())
                        .map(placed::withReferredBy)
                        .orElse(placed),
                redirects(action.trunk(), action.call()));
    }

    private void takeAsideAnswer(CallAction.TakeAsideAnswer action) {
        try {
            theMedia().onAsideAnswer(action.sdp());
            theMedia().swapTrunks();
            results.add(
                    new CallEvent.AsideAnswerTaken(action.attempt(), theMedia().isHeldByTrunk()));
        } catch (SdpRejectedException rejected) {
            LOG.warn("call {}: the new trunk's answer does not fit: {}", call.id(), said(rejected));
            results.add(new CallEvent.AsideAnswerRefused(action.attempt()));
        }
    }

    private void answerAside(CallAction.AnswerAside action) {
        try {
            String answer = theMedia().answerAside(rooms.media().trunk(action.trunk()), action.offer());
            theMedia().swapTrunks();
            results.add(new CallEvent.AsideAnswered(
                    action.attempt(), answer, theMedia().isHeldByTrunk()));
        } catch (SdpRejectedException rejected) {
            LOG.info("call {}: the offer of the call in its place is refused: {}", call.id(), said(rejected));
            results.add(new CallEvent.AsideRefused(action.attempt()));
        } catch (MediaUnavailableException unavailable) {
            LOG.warn("call {}: {}", call.id(), unavailable.getMessage());
            results.add(new CallEvent.AsideUnavailable(action.attempt()));
        }
    }

    /** Nothing holds up a call for help, least of all where its own trunk knows better who helps. */
    private RedirectJudge redirects(String trunk, TrunkLines.Leaving leaving) {
        if (leaving.emergency()) {
            return _ -> true;
        }
        RedirectJudge judge = rooms.switchboard().redirects(trunk, user);
        return number -> {
            boolean mayCall = judge.mayCall(number);
            LOG.info(
                    "call {}: trunk {} redirects it to {}, which is {}",
                    call.id(),
                    trunk,
                    PhoneNumber.of(number).map(PhoneNumber::toString).orElse("no number"),
                    mayCall ? "followed" : "refused: its caller could not dial that there");
            return mayCall;
        };
    }

    private void takeTrunkAnswer(CallAction.TakeTrunkAnswer action) {
        taken(action.attempt(), () -> theMedia().onTrunkAnswer(action.sdp()));
    }

    private void takeRefresh(CallAction.TakeRefresh action) {
        taken(action.attempt(), () -> theMedia().onTrunkAnswerAgain(action.sdp()));
    }

    /** What media make of an answer. */
    private interface Taking {
        void take() throws SdpRejectedException;
    }

    private void taken(int attempt, Taking answer) {
        try {
            answer.take();
            results.add(new CallEvent.TrunkAnswerTaken(attempt));
            results.add(new CallEvent.TrunkHolds(theMedia().isHeldByTrunk()));
        } catch (SdpRejectedException rejected) {
            LOG.warn("call {}: the trunk's answer does not fit: {}", call.id(), said(rejected));
            results.add(new CallEvent.TrunkAnswerRefused(attempt, said(rejected)));
        }
    }

    private void answerTrunk(CallAction.AnswerTrunk action) {
        TrunkMedia how = rooms.media().trunk(action.trunk());
        try {
            results.add(new CallEvent.TrunkOfferAnswered(theMedia().answerTrunk(how, action.offer())));
            results.add(new CallEvent.TrunkHolds(theMedia().isHeldByTrunk()));
        } catch (SdpRejectedException rejected) {
            LOG.info("call {}: the trunk's offer is refused: {}", call.id(), said(rejected));
            results.add(new CallEvent.TrunkOfferRefused(said(rejected)));
        } catch (MediaUnavailableException unavailable) {
            results.add(unavailable(unavailable));
        }
    }

    private CallEvent unavailable(MediaUnavailableException unavailable) {
        LOG.warn("call {}: {}", call.id(), unavailable.getMessage());
        return new CallEvent.MediaUnavailable("no port");
    }

    private void chooseRoad(CallAction.ChooseRoad action) {
        DtmfSettings settings = rooms.media().trunk(action.trunk()).digits();
        DigitRoads.Choice choice =
                rooms.roads().choose(action.trunk(), settings, theMedia().digitRoads(), action.peer());
        theMedia().digitRoad(choice.road(), choice.hearTones());
        results.add(new CallEvent.RoadChosen(choice));
    }

    private void press(CallAction.Press action) {
        OptionalLong first = theMedia().press(action.strokes(), action.length(), action.gap());
        int count = (int)
                action.strokes().stream().filter(Stroke.Press.class::isInstance).count();
        results.add(
                first.isPresent()
                        ? new CallEvent.PressTaken(action.ref(), first.getAsLong(), count)
                        : new CallEvent.PressRefused(action.ref()));
    }

    private void signal(CallAction.SignalPress action) {
        DtmfSettings.InfoForm form = call.trunk()
                .map(name -> rooms.media().trunk(name).digits().infoForm())
                .orElse(DtmfSettings.InfoForm.DTMF_RELAY);
        InfoBody body = switch (form) {
            case DTMF_RELAY ->
                new InfoBody(
                        DtmfBody.DTMF_RELAY,
                        DtmfBody.relay(action.digit(), action.length().toMillis()));
            case DTMF -> new InfoBody(DtmfBody.DTMF, DtmfBody.dtmf(action.digit()));
        };
        leg(call.heardLeg()).info(action.press(), body);
    }

    private void learn(CallAction.LearnOfTrunk action) {
        rooms.roads().onLesson(action.trunk(), action.lesson());
        if (action.lesson() == DigitRoads.Lesson.INFO_REFUSED) {
            LOG.info("call {}: trunk {} does not understand digits by INFO", call.id(), action.trunk());
        }
    }

    private void note(CallAction.NoteDigit action) {
        switch (action.way()) {
            case HEARD -> rooms.roads().onHeard(action.trunk(), action.road());
            case SENT -> rooms.roads().onSent(action.trunk(), action.road());
        }
    }

    private void offerHold(boolean held) {
        holdOffer(held)
                .ifPresentOrElse(
                        direction -> theTrunk().reoffer(theMedia().offerTrunkAgain(direction)),
                        () -> results.add(new CallEvent.HoldNotOffered(call.attempt())));
    }

    private void takeHoldAnswer(CallAction.TakeHoldAnswer action) {
        try {
            theMedia().onTrunkAnswer(action.sdp(), holdOffer(action.held()).orElseThrow());
            results.add(new CallEvent.HoldAnswerTaken(call.attempt()));
            results.add(new CallEvent.TrunkHolds(theMedia().isHeldByTrunk()));
        } catch (SdpRejectedException rejected) {
            LOG.warn("call {}: the trunk's answer does not fit: {}", call.id(), said(rejected));
            results.add(new CallEvent.HoldAnswerRefused(call.attempt()));
        }
    }

    /** Empty for a trunk that is told nothing of holds. */
    private Optional<Direction> holdOffer(boolean held) {
        return rooms.media()
                .holdOffer(call.trunk().orElseThrow())
                .map(direction -> held ? direction : Direction.SENDRECV);
    }

    private void secureInput(boolean wanted) {
        theMedia().secureInput(wanted);
        secureInput = wanted;
        LOG.info("call {} secure input {}", call.id(), wanted ? "on" : "off");
    }

    private void closeMedia() {
        MediaSession open = media;
        if (open != null) {
            lastQuality = Optional.of(open.quality());
            open.close();
            media = null;
        }
    }

    private void finish(Ending ending) {
        over = true;
        results.clear();
        stopWaking();
        List.copyOf(channels.keySet()).forEach(this::forgetLeg);
        legs.clear();
        long now = rooms.clock().getAsLong();
        Optional<Duration> talked = answered ? Optional.of(Duration.ofNanos(now - answeredNanos)) : Optional.empty();
        rooms.ended(new CallRecord(
                call.id(),
                call.direction(),
                call.to(),
                call.trunk(),
                call.attempts(),
                ending,
                Duration.ofNanos(now - startedNanos),
                talked,
                lastQuality,
                listeners.get(),
                beginning()));
    }

    private void wakeLater() {
        stopWaking();
        if (!over) {
            call.nextWakeup().ifPresent(when -> {
                long delayNanos = Math.max(0, when - rooms.clock().getAsLong());
                cancelWakeup = rooms.timers().after(delayNanos, () -> post(new CallEvent.Tick()));
            });
        }
    }

    private void stopWaking() {
        if (cancelWakeup != null) {
            cancelWakeup.run();
            cancelWakeup = null;
        }
    }

    /** Our own bug ends this call and no other: everything that it holds is let go, without asking the state machine. */
    private void abort(Throwable bug) {
        LOG.error("call {} ends by an error of ours in state {}", call.id(), call.state(), bug);
        Ending ending = call.ending().orElse(Ending.of(EndCause.INTERNAL));
        quietly(this::closeMedia);
        legs.values().forEach(leg -> quietly(() -> leg.hangUp(EndCause.INTERNAL.hangupReason())));
        CallNews news = new CallNews.Over(Optional.empty(), ending);
        told.forEach(client -> quietly(() -> rooms.clients().tell(client, call.id(), news)));
        quietly(() -> finish(ending));
    }

    private void quietly(Runnable step) {
        try {
            step.run();
        } catch (Throwable again) {
            LOG.error("call {}: and while letting go", call.id(), again);
        }
    }

    private MediaSession theMedia() {
        MediaSession open = media;
        if (open == null) {
            throw new IllegalStateException("no media are open");
        }
        return open;
    }

    /** The leg that is talked to. */
    private TrunkCall theTrunk() {
        return leg(call.attempt());
    }

    private TrunkCall leg(int number) {
        TrunkCall leg = legs.get(number);
        if (leg == null) {
            throw new IllegalStateException("there is no leg " + number + " with a trunk");
        }
        return leg;
    }

    private static String said(Exception exception) {
        return Optional.ofNullable(exception.getMessage()).orElse("no reason given");
    }
}
