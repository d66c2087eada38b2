package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.media.SoundMonitor;
import io.ringdown.media.quality.Signalled;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkCall;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
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
    private final LiveMedia media;
    private final QualityWatch watch = new QualityWatch();
    private final LiveLegs legs;
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
        this.media = new LiveMedia(id, rooms, results::add, event -> post(new CallEvent.Media(event)));
        this.legs = new LiveLegs(id, rooms, results::add, this::post);
        this.startedNanos = rooms.clock().getAsLong();
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
        return media.quality().map(quality -> watch.report(quality, signalled()));
    }

    /** Looks at how media do, and tells the owner where that is due. */
    void watchMedia(long now) {
        String before = watch.toldCode();
        media.quality()
                .flatMap(quality -> watch.onLook(quality, signalled(), now))
                .ifPresent(report -> {
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
                    Optional<SoundMonitor> monitor = media.monitor();
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
        return legs.find(snapshot.attempt());
    }

    /** The first event of a call that a client makes: it is told of the end whatever happens. */
    void begin(CallEvent.Dial dial) {
        serial.execute(() -> {
            told.add(dial.client());
            user = dial.route().user();
        });
        post(dial);
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
            case CallAction.AnswerWeb answer -> media.answerWeb(answer, theTrunkName());
            case CallAction.AnswerWebWith answer -> media.answerWebWith(answer);
            case CallAction.TakeChannel take -> legs.takeChannel(take);
            case CallAction.RestTrunk rest -> legs.rest(rest);
            case CallAction.OfferTrunk offer -> media.offerTrunk(offer);
            case CallAction.Invite invite -> legs.invite(invite, user);
            case CallAction.TakeTrunkAnswer answer -> media.takeTrunkAnswer(answer);
            case CallAction.TakeRefresh answer -> media.takeRefresh(answer);
            case CallAction.AnswerTrunk answer -> media.answerTrunk(answer);
            case CallAction.OfferAgain _ -> media.offerAgain();
            case CallAction.RingTrunk _ -> theTrunk().ring();
            case CallAction.AcceptTrunk accept -> theTrunk().answer(accept.sdp());
            case CallAction.RejectTrunk reject -> theTrunk().reject(reject.rejection());
            case CallAction.HangUpTrunk hangUp -> legs.get(hangUp.attempt()).hangUp(hangUp.reason());
            case CallAction.AcceptReoffer accept -> legs.get(accept.attempt()).acceptReoffer(accept.sdp());
            case CallAction.RejectReoffer reject -> legs.get(reject.attempt()).rejectReoffer();
            case CallAction.Refer refer -> legs.refer(refer);
            case CallAction.TellCall tell ->
                rooms.others().apply(tell.call()).ifPresent(other -> other.post(tell.event()));
            case CallAction.RouteReferral wish ->
                results.add(rooms.transfers().referral(wish, user, rooms.sip()::isReachable));
            case CallAction.AcceptRefer accept -> legs.get(accept.attempt()).acceptRefer();
            case CallAction.RejectRefer reject -> legs.get(reject.attempt()).rejectRefer(reject.status());
            case CallAction.TellReferrer tell -> legs.get(tell.attempt()).referProgress(tell.status());
            case CallAction.OfferAside offer -> media.offerAside(offer);
            case CallAction.InviteReferred invite -> legs.inviteReferred(invite, user);
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
        secureInput = wanted;
        LOG.info("call {} secure input {}", call.id(), wanted ? "on" : "off");
    }

    private void finish(Ending ending) {
        over = true;
        results.clear();
        stopWaking();
        legs.forgetAll();
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
                media.lastQuality(),
                listeners.get()));
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
        return call.trunk().orElseThrow();
    }
}
