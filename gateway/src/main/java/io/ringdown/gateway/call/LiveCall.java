package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.PastCall;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.media.MediaSession;
import io.ringdown.media.MediaState;
import io.ringdown.media.MediaUnavailableException;
import io.ringdown.media.Side;
import io.ringdown.media.SoundLink;
import io.ringdown.media.SoundMonitor;
import io.ringdown.media.Speaking;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkCall;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link Call} with its media, its trunk and its clients: performs the actions and brings back what became of them. All of
 * it runs on the call's own {@link Serial}; {@link #post}, {@link #write} and what only looks may be called from any thread.
 */
final class LiveCall {
    private static final Logger LOG = LoggerFactory.getLogger(LiveCall.class);
    // How often a call that is busy is asked again whether it can be written.
    private static final int WRITE_ROUNDS = 20;

    private final Call call;
    private final CallRooms rooms;
    private final Serial serial;
    private final Deque<CallEvent> results = new ArrayDeque<>();
    // Who knows of the call and has not been told that it is over.
    private final Set<ClientId> told = new HashSet<>();
    private final Instant startedAt;
    private CallBook.@Nullable Beginning beginning;
    private final LiveMedia media;
    private final LiveLegs legs;
    private final LiveView view;
    private final LiveHolds holds;
    private final LiveConference conference;
    // Written on the call's thread; others ask for whom it is.
    private volatile Optional<Asker> asker = Optional.empty();
    // Who is rung before their number is called is described media to before it is known by which trunk.
    private Optional<String> expectedTrunk = Optional.empty();
    private @Nullable Runnable cancelWakeup;
    private final boolean emergency;
    // What waits and would be missed, other than how media do and what time it is.
    private final AtomicInteger unheard = new AtomicInteger();
    private boolean over;

    /** A new one; {@code emergency} is whether it calls for help, {@code reserved} what it gives back when it is over. */
    LiveCall(CallId id, boolean emergency, Optional<Reserved> reserved, CallRooms rooms) {
        this(new Call(id, rooms.settings()), emergency, reserved, rooms, Optional.empty());
    }

    /** One that was written down; {@link #goOn} follows. */
    LiveCall(LiveCallState state, CallRooms rooms) {
        this(
                Call.of(state.call(), rooms.settings(), writtenAt(state, rooms)),
                state.beginning().emergency(),
                Optional.empty(),
                rooms,
                Optional.of(state));
        told.addAll(state.told());
        asker = state.asker();
        beginning = state.beginning().of(call);
    }

    private LiveCall(
            Call call,
            boolean emergency,
            Optional<Reserved> reserved,
            CallRooms rooms,
            Optional<LiveCallState> written) {
        this.call = call;
        this.emergency = emergency;
        this.rooms = rooms;
        this.serial = new Serial(rooms.executor());
        this.startedAt = rooms.switchboard().time().instant();
        this.media = new LiveMedia(call.id(), rooms, results::add, event -> post(new CallEvent.Media(event)));
        this.legs = new LiveLegs(call.id(), rooms, results::add, this::post);
        this.holds = new LiveHolds(reserved, rooms, serial, () -> post(new CallEvent.LimitReached()));
        this.conference = new LiveConference(call.id(), rooms, results::add);
        this.view = written.map(state -> new LiveView(call, rooms, media, state, writtenAt(state, rooms)))
                .orElseGet(() -> new LiveView(call, rooms, media));
    }

    /** The moment of writing on the clock of this process, as far as the times of day of both agree. */
    private static long writtenAt(LiveCallState state, CallRooms rooms) {
        long passed = rooms.switchboard().time().millis() - state.writtenAtMillis();
        return rooms.clock().getAsLong()
                - Duration.ofMillis(Math.max(0, passed)).toNanos();
    }

    private Duration sinceWritten(LiveCallState state) {
        return Duration.ofMillis(Math.max(0, rooms.switchboard().time().millis() - state.writtenAtMillis()));
    }

    CallId id() {
        return call.id();
    }

    CallSnapshot snapshot() {
        return view.snapshot();
    }

    /** For whom it is; any thread may ask. */
    Optional<Asker> asker() {
        return asker;
    }

    /** What is seen of it from outside. */
    LiveView view() {
        return view;
    }

    /** Looks at how media do, and tells the owner where that is due; on one thread at a time. */
    void watchMedia(long now) {
        view.onLook(now).ifPresent(report -> post(new CallEvent.Measured(report)));
    }

    /** What both parties say from now on; empty while there is nothing to be heard. */
    CompletableFuture<Optional<SoundMonitor>> monitor() {
        return CompletableFuture.supplyAsync(view::monitor, serial);
    }

    /** Its media, for those who are to hear it; empty while there are none. */
    Optional<MediaSession> speaking() {
        return media.open();
    }

    /** Lets one of its sides hear somebody else; any thread may ask. */
    CompletableFuture<SoundLink> hear(Side ear, Speaking speaker, Side mouth) {
        return CompletableFuture.supplyAsync(() -> media.session().alsoHear(ear, speaker, mouth), serial);
    }

    /** Counts a supervisor in what is kept of the call. */
    void onSupervised(String by) {
        serial.execute(() -> view.onSupervised(by));
    }

    int depth() {
        return serial.depth();
    }

    /** The number of a leg that a trunk opens in the place of another: no other leg has it. */
    int newInboundLeg() {
        return legs.newInbound();
    }

    /** The trunk's end of a call from it, the channel that it has there, and the event that it comes with. */
    void adopt(int leg, TrunkCall inbound, TrunkLoads.Channel taken, CallEvent invited) {
        serial.execute(() -> {
            if (over) {
                inbound.reject(EndCause.UNAVAILABLE.rejection());
                taken.give();
            } else {
                legs.adopt(leg, inbound, taken);
                if (invited instanceof CallEvent.Invited first) {
                    begun(new CallBook.Beginning(
                            call.id(),
                            startedAt,
                            Call.Direction.INBOUND,
                            first.invite().callerNumber(),
                            Optional.of(first.to()),
                            Optional.of(first.invite().trunk()),
                            false,
                            Optional.empty()));
                }
                take(invited);
            }
        });
    }

    /** The number of this leg; empty if it is none of the call's. */
    OptionalInt legOf(TrunkCall trunk) {
        return legs.of(trunk);
    }

    /** The leg that is talked to; empty if there is none. */
    Optional<TrunkCall> talkingLeg() {
        return legs.find(snapshot().attempt());
    }

    /** The first event of a call that a client makes: it is told of the end whatever happens. */
    void begin(CallEvent.Dial dial) {
        serial.execute(() -> {
            if (over) {
                // The gateway ended its calls just then, and this one did not know yet whom to tell.
                CallNews news = new CallNews.Over(dial.ref(), call.ending().orElse(Ending.of(EndCause.SHUTDOWN)));
                rooms.clients().tell(dial.client(), call.id(), news);
                return;
            }
            told.add(dial.client());
            asker = dial.route().asker();
            begun(new CallBook.Beginning(
                    call.id(),
                    startedAt,
                    Call.Direction.OUTBOUND,
                    dial.from().number().map(PhoneNumber::digits),
                    Optional.of(dial.to()),
                    Optional.empty(),
                    dial.route().emergency(),
                    dial.route()
                            .asker()
                            .filter(_ -> !dial.route().emergency())
                            .map(who -> PastCall.Who.of(who.wish(dial.to(), dial.from())))));
            take(dial);
        });
    }

    /** The first event of a call that somebody is rung for before their number is called, who asks for it as this. */
    void ring(CallEvent.Originated first, Asker who, Optional<String> likelyTrunk) {
        serial.execute(() -> {
            if (over) {
                return;
            }
            asker = Optional.of(who);
            expectedTrunk = likelyTrunk;
            begun(new CallBook.Beginning(
                    call.id(),
                    startedAt,
                    Call.Direction.OUTBOUND,
                    first.from().number().map(PhoneNumber::digits),
                    Optional.of(first.to()),
                    Optional.empty(),
                    false,
                    Optional.of(PastCall.Who.of(who.wish(first.to(), first.from())))));
            take(first);
        });
    }

    /** The first event of a call that is made for another: that is told of the end whatever happens. */
    void begin(CallEvent.DialAlong dial) {
        serial.execute(() -> {
            if (over) {
                Ending how = call.ending().orElse(Ending.of(EndCause.SHUTDOWN));
                tellCall(dial.with(), new CallEvent.NotJoined(call.id(), how));
                return;
            }
            asker = dial.route().asker();
            begun(new CallBook.Beginning(
                    call.id(),
                    startedAt,
                    Call.Direction.OUTBOUND,
                    dial.from().number().map(PhoneNumber::digits),
                    Optional.of(dial.to()),
                    Optional.empty(),
                    false,
                    dial.route().asker().map(who -> PastCall.Who.of(who.wish(dial.to(), dial.from())))));
            take(dial);
        });
    }

    private void tellCall(CallId other, CallEvent event) {
        rooms.others().apply(other).ifPresent(found -> found.post(event));
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
                        call.id(),
                        startedAt,
                        call.direction(),
                        Optional.empty(),
                        call.to(),
                        Optional.empty(),
                        false,
                        Optional.empty())
                : known;
    }

    /** Whether its talk is counted, or bound: then only we may have it. */
    boolean isBound() {
        return holds.isBound();
    }

    /** A client wants it transferred, for which this was reserved. */
    void transfer(CallEvent.Transfer wanted, Optional<Reserved> reserved) {
        unheard.incrementAndGet();
        serial.execute(() -> {
            unheard.decrementAndGet();
            if (over) {
                reserved.ifPresent(held -> held.hold().withdraw());
            } else {
                reserved.ifPresent(holds::onHandOver);
                take(wanted);
            }
        });
    }

    /** Whether it calls for help: a stop of the gateway does not cut it off. */
    boolean isEmergency() {
        return emergency;
    }

    void post(CallEvent event) {
        if (event instanceof CallEvent.Measured || event instanceof CallEvent.Tick) {
            serial.execute(() -> take(event));
        } else {
            unheard.incrementAndGet();
            serial.execute(() -> {
                unheard.decrementAndGet();
                take(event);
            });
        }
    }

    private void take(CallEvent event) {
        if (over) {
            conference.onLate(event);
            return;
        }
        try {
            results.add(event);
            while (!results.isEmpty()) {
                long now = rooms.clock().getAsLong();
                Call.State before = call.state();
                List<CallAction> actions = call.on(results.poll(), now);
                onEvent(before, now);
                actions.forEach(this::perform);
            }
            wakeLater();
        } catch (Throwable bug) {
            abort(bug);
        }
    }

    private void onEvent(Call.State before, long now) {
        if (before == Call.State.ESTABLISHED
                && !call.owner().equals(view.snapshot().owner())) {
            LOG.info(
                    "call {} is {}", call.id(), call.owner().isPresent() ? "somebody else's" : "left to its telephone");
            Optional<Asker> taker = askerOfOwner();
            Optional<String> had = asker.map(Asker::subject);
            taker.map(Asker::subject)
                    .filter(who -> !had.equals(Optional.of(who))) // to another device of one's own is to nobody else
                    .ifPresent(who -> view.onHandedOver(who, now));
            asker = taker.or(() -> asker);
        }
        view.onEvent(before, now);
        holds.onStep(call, now);
        if (call.state() != before && call.state() == Call.State.ESTABLISHED) {
            rooms.book().answered(beginning(), view.lasted(now), call.trunk());
            // While its session is there: a transfer is allowed to who has it, whatever becomes of the socket.
            asker = asker.or(this::askerOfOwner);
            holds.onAnswered(now);
        }
    }

    private Optional<Asker> askerOfOwner() {
        return call.owner().flatMap(owner -> rooms.signedIn().askerOf(owner, call.id()));
    }

    // ---- written down, and read back

    /** Writes the call down and lets it go, if it can be just now: {@link Calls#write}. */
    CompletableFuture<Optional<String>> write() {
        CompletableFuture<Optional<String>> written = new CompletableFuture<>();
        serial.execute(() -> write(written, WRITE_ROUNDS));
        return written;
    }

    private void write(CompletableFuture<Optional<String>> written, int rounds) {
        if (serial.depth() > 1 && rounds > 0) {
            // What waits behind us is part of the call and has to be in what is written.
            serial.execute(() -> write(written, rounds - 1));
            return;
        }
        Optional<String> json = Optional.empty();
        try {
            if (!over && serial.depth() == 1 && call.isSettled() && areLegsSettled()) {
                json = writeAndLetGo();
            }
        } catch (Throwable bug) {
            abort(bug);
        }
        written.complete(json);
    }

    private boolean areLegsSettled() {
        return legs.state()
                .filter(states ->
                        states.stream().allMatch(leg -> leg.dialog().course().settled()))
                .isPresent();
    }

    // What the trunk says from here on either waits behind us, since it was not let go, or is for whoever goes on.
    private Optional<String> writeAndLetGo() throws MediaUnavailableException {
        Optional<List<LiveCallState.Leg>> gone = legs.letGo();
        if (gone.isEmpty()) {
            return Optional.empty();
        }
        String json;
        try {
            MediaState cut = media.session().state();
            json = CallJson.write(stateWith(gone.get(), cut));
            if (unheard.get() > 0) {
                stay(gone.get(), cut);
                return Optional.empty();
            }
        } catch (RuntimeException | Error bug) {
            legs.takeBack(gone.get());
            throw bug;
        }
        over = true;
        holds.end(rooms.clock().getAsLong(), false);
        legs.forgetAll();
        media.letGo();
        stopWaking();
        view.over();
        LOG.info("call {} is written down and is not here any more", call.id());
        rooms.left(call.id());
        return Optional.of(json);
    }

    /** What was said meanwhile would be lost with us: the call stays, and goes on from where it was cut. */
    private void stay(List<LiveCallState.Leg> gone, MediaState cut) throws MediaUnavailableException {
        legs.takeBack(gone);
        media.letGo();
        media.reopen(cut, theTrunkName());
        post(new CallEvent.WebMediaWanted());
    }

    private LiveCallState stateWith(List<LiveCallState.Leg> gone, MediaState cut) {
        long now = rooms.clock().getAsLong();
        return new LiveCallState(
                rooms.switchboard().time().millis(),
                call.state(now),
                LiveCallState.Began.of(beginning()),
                view.lasted(now),
                Duration.ofNanos(now - view.snapshot().sinceNanos()),
                view.talked(now).orElseThrow(),
                asker,
                holds.now().filter(held -> !held.hold().isWithin()).map(Reserved::wish),
                holds.talked(now),
                List.copyOf(told),
                legs.adopted(),
                view.listeners(),
                gone,
                cut,
                view.supervised(),
                view.handedOver());
    }

    /** Opens again what was let go, and tells the client to offer anew; events that come meanwhile wait. */
    void goOn(LiveCallState state) throws CallNotReadException {
        try {
            CompletableFuture.runAsync(() -> reopen(state), serial).join();
        } catch (CompletionException failed) {
            Throwable cause = Objects.requireNonNullElse(failed.getCause(), failed);
            throw new CallNotReadException("call " + call.id() + " cannot go on here: " + said(cause), cause);
        }
        LOG.info("call {} goes on from what was written", call.id());
        post(new CallEvent.WebMediaWanted());
    }

    private void reopen(LiveCallState state) {
        try {
            legs.restore(state.legs(), state.adopted());
            theTrunk();
            media.reopen(state.media(), theTrunkName());
            rooms.book().begun(beginning());
            long now = rooms.clock().getAsLong();
            Duration untilAnswer = view.lasted(now).minus(view.talked(now).orElseThrow());
            rooms.book().answered(beginning(), untilAnswer, call.trunk());
            state.held().ifPresent(wish -> holds.keep(wish, state.heldTalk().plus(sinceWritten(state)), now));
        } catch (MediaUnavailableException | RuntimeException cannot) {
            over = true;
            legs.abandon();
            media.letGo();
            rooms.book().left(call.id());
            throw new CompletionException(cannot);
        }
    }

    private static String said(Throwable failure) {
        return Objects.requireNonNullElse(failure.getMessage(), "no reason given");
    }

    private void perform(CallAction action) {
        switch (action) {
            case CallAction.Tell tell -> tell(tell.client(), tell.news());
            case CallAction.RouteDial wish -> routeDial(wish);
            case CallAction.AnswerWeb answer -> media.answerWeb(answer, theTrunkName());
            case CallAction.OfferWeb offer -> media.offerWeb(offer, theTrunkName());
            case CallAction.TakeWebAnswer answer -> media.takeWebAnswer(answer);
            case CallAction.AnswerWebWith answer -> media.answerWebWith(answer);
            case CallAction.TakeChannel take -> legs.takeChannel(take);
            case CallAction.RestTrunk rest -> legs.rest(rest);
            case CallAction.OfferTrunk offer -> media.offerTrunk(offer);
            case CallAction.Invite invite -> {
                holds.onInvited();
                legs.invite(invite, holds.now());
            }
            case CallAction.TakeTrunkAnswer answer -> media.takeTrunkAnswer(answer);
            case CallAction.TakeRefresh answer -> media.takeRefresh(answer);
            case CallAction.AnswerTrunk answer -> media.answerTrunk(answer);
            case CallAction.OfferAgain _ -> media.offerAgain();
            case CallAction.RingTrunk _ -> theTrunk().ring();
            case CallAction.WaitInGroup wait -> rooms.waiting().enter(call.id(), wait.group());
            case CallAction.AcceptTrunk accept -> theTrunk().answer(accept.sdp());
            case CallAction.RejectTrunk reject -> theTrunk().reject(reject.rejection());
            case CallAction.HangUpTrunk hangUp -> legs.get(hangUp.attempt()).hangUp(hangUp.reason());
            case CallAction.AcceptReoffer accept -> legs.get(accept.attempt()).acceptReoffer(accept.sdp());
            case CallAction.RejectReoffer reject -> legs.get(reject.attempt()).rejectReoffer();
            case CallAction.Refer refer -> {
                holds.onHandingOver();
                legs.refer(refer);
            }
            case CallAction.TellCall tell ->
                rooms.others()
                        .apply(tell.call())
                        .ifPresentOrElse(other -> other.post(tell.event()), () -> conference.onNobody(tell));
            case CallAction.TellOtherEnd tell ->
                rooms.otherEnds().apply(call.id()).ifPresent(other -> other.post(tell.event()));
            case CallAction.HearOther hear -> conference.hear(hear.call(), media.session());
            case CallAction.HearNoOther _ -> conference.hush();
            case CallAction.DialAlong dial -> rooms.along().dial(dial, holds.handOn());
            case CallAction.OpenMedia open -> media.open(open.trunk());
            case CallAction.CloseWeb _ -> media.session().closeWeb();
            case CallAction.DropComingWeb _ -> media.dropComingWeb();
            case CallAction.JoinSound join -> conference.join(join.with(), media.session());
            case CallAction.RouteReferral wish -> routeReferral(wish);
            case CallAction.AcceptRefer accept -> legs.get(accept.attempt()).acceptRefer();
            case CallAction.RejectRefer reject -> legs.get(reject.attempt()).rejectRefer(reject.status());
            case CallAction.TellReferrer tell -> legs.get(tell.attempt()).referProgress(tell.status());
            case CallAction.OfferAside offer -> media.offerAside(offer);
            case CallAction.InviteReferred invite -> {
                holds.onReferredInvited();
                legs.inviteReferred(invite, holds.latest());
            }
            case CallAction.TakeAsideAnswer answer -> media.takeAsideAnswer(answer);
            case CallAction.AnswerAside answer -> media.answerAside(answer);
            case CallAction.AcceptLeg accept -> legs.get(accept.attempt()).answer(accept.sdp());
            case CallAction.RejectLeg reject ->
                legs.get(reject.attempt()).reject(new Rejection(reject.status(), reject.reason()));
            case CallAction.HearFirst _ -> media.hearFirst();
            case CallAction.DropAside _ -> media.session().dropAside();
            case CallAction.ForgetLeg forget -> legs.forget(forget.attempt());
            case CallAction.ChooseRoad choose -> media.chooseRoad(choose);
            case CallAction.Press press -> media.press(press);
            case CallAction.CancelPresses _ -> media.session().cancelPresses();
            case CallAction.SignalPress press -> legs.signal(press, call.heardLeg(), call.trunk());
            case CallAction.LearnOfTrunk learn -> learn(learn);
            case CallAction.NoteDigit note -> note(note);
            case CallAction.Listen listen -> media.session().listen(listen.wanted(), listen.silence());
            case CallAction.MuteWeb mute -> media.session().muteWeb(mute.muted());
            case CallAction.HoldMedia _ -> media.session().hold(rooms.media().holdMusic());
            case CallAction.ResumeMedia _ -> media.session().resume();
            case CallAction.OfferHold offer -> offerHold(offer.held());
            case CallAction.TakeHoldAnswer answer -> media.takeHoldAnswer(answer, call.attempt(), theTrunkName());
            case CallAction.SecureInput secure -> secureInput(secure.wanted());
            case CallAction.CloseMedia _ -> media.close();
            case CallAction.Finish finish -> finish(finish.ending());
        }
    }

    private void routeReferral(CallAction.RouteReferral wish) {
        Predicate<String> isReachable = rooms.sip()::isReachable;
        TransferRules.Answer answer = emergency
                ? rooms.transfers().referralOfHelp(wish, asker, isReachable)
                : rooms.transfers().referral(wish, asker, call.shown(), isReachable);
        answer.reserved().ifPresent(reserved -> holds.onReferred(reserved, call.attempt()));
        results.add(answer.event());
    }

    /** By what they may do who have taken it: their token may say more than that the call was begun for them. */
    private void routeDial(CallAction.RouteDial wish) {
        Asker who = askerOfOwner().or(() -> asker).orElseThrow();
        asker = Optional.of(who);
        DialRules.Answer answer = rooms.dials().route(wish, who.ordered(), rooms.sip()::isReachable);
        answer.reserved().ifPresent(holds::onDialled);
        results.add(answer.event());
    }

    private void tell(ClientId client, CallNews news) {
        if (news instanceof CallNews.Over) {
            told.remove(client);
        } else {
            told.add(client);
        }
        boolean reached = rooms.clients().tell(client, call.id(), news);
        if (!reached && (news instanceof CallNews.Incoming || news instanceof CallNews.Renew)) {
            // It left between our look at who is signed in and now, or while the call was nowhere, and will not tell
            // us.
            results.add(new CallEvent.ClientGone(client));
        }
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
        media.holdOffer(theTrunkName(), held)
                .ifPresentOrElse(
                        offer -> theTrunk().reoffer(offer),
                        () -> results.add(new CallEvent.HoldNotOffered(call.attempt())));
    }

    private void secureInput(boolean wanted) {
        media.session().secureInput(wanted);
        view.onSecureInput(wanted);
    }

    private void finish(Ending ending) {
        over = true;
        long now = rooms.clock().getAsLong();
        // First of all: what is not given back is kept from others for good.
        holds.end(now, ending.cause() == EndCause.TRANSFERRED);
        results.clear();
        stopWaking();
        legs.forgetAll();
        view.over();
        rooms.ended(new CallRecord(
                call.id(),
                call.direction(),
                call.to(),
                call.trunk(),
                call.attempts(),
                ending,
                view.lasted(now),
                view.talked(now),
                media.lastQuality(),
                view.listeners(),
                beginning(),
                holds.price(),
                holds.counted(),
                view.supervised(),
                view.handedOver()));
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
        quietly(media::close);
        call.joinedWith()
                .ifPresent(other -> quietly(() -> tellCall(other, new CallEvent.NotJoined(call.id(), ending))));
        legs.all().forEach(leg -> quietly(() -> leg.hangUp(EndCause.INTERNAL.hangupReason())));
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

    /** The leg that is talked to. */
    private TrunkCall theTrunk() {
        return legs.get(call.attempt());
    }

    private String theTrunkName() {
        return call.trunk().or(() -> expectedTrunk).orElseThrow();
    }
}
