package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.dtmf.Stroke;
import io.ringdown.gateway.agents.GroupSettings;
import io.ringdown.gateway.agents.Roster;
import io.ringdown.gateway.agents.Staff;
import io.ringdown.gateway.api.Api;
import io.ringdown.gateway.api.ApiKey;
import io.ringdown.gateway.api.ApiSettings;
import io.ringdown.gateway.api.EndedCalls;
import io.ringdown.gateway.api.Errands;
import io.ringdown.gateway.call.CallBook;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallRecord;
import io.ringdown.gateway.call.CallSettings;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.ClientsByRoad;
import io.ringdown.gateway.call.EveryBook;
import io.ringdown.gateway.call.EverySignedIn;
import io.ringdown.gateway.call.MediaRoom;
import io.ringdown.gateway.call.SipRoom;
import io.ringdown.gateway.call.Switchboard;
import io.ringdown.gateway.call.Timers;
import io.ringdown.gateway.call.WaitingRoom;
import io.ringdown.gateway.house.House;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.softphones.Phones;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.media.AwaySound;
import io.ringdown.media.EchoSession;
import io.ringdown.media.LoneSession;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.MediaListener;
import io.ringdown.media.MediaSession;
import io.ringdown.media.MediaState;
import io.ringdown.media.MediaStats;
import io.ringdown.media.MediaUnavailableException;
import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.Side;
import io.ringdown.media.SoundLink;
import io.ringdown.media.SoundMonitor;
import io.ringdown.media.Speaking;
import io.ringdown.media.TrunkMedia;
import io.ringdown.media.WebCodecs;
import io.ringdown.media.bridge.BridgeState;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.sdp.Direction;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.Referral;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.trace.MessageTrace;
import io.ringdown.sip.trace.TraceSettings;
import io.ringdown.sip.web.WebSip;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A real web server over real calls, between media and trunks that do as the test says. */
final class Rooms implements AutoCloseable {
    final MessageTrace trace = new MessageTrace(TraceSettings.defaults());
    final FakeMedia media = new FakeMedia();
    final FakeBook book = new FakeBook();
    final BlockingQueue<FakeTrunkCall> invites = new LinkedBlockingQueue<>();
    /** Users who take no calls. */
    final Set<String> busy = ConcurrentHashMap.newKeySet();

    volatile String unknownTrunk = "";
    final Set<String> down = ConcurrentHashMap.newKeySet();
    volatile Runnable whileTrunksAreLookedAt = () -> {};
    final Sessions sessions = new Sessions();
    final FakeWebSip sip = new FakeWebSip();
    /** What phones speak to: one that speaks no SIP, until a test puts a real one there. */
    volatile WebSip stack = sip;

    final Phones phones;
    final Calls calls;
    final WebServer web;
    /** How far the web server's clock is ahead of what it was, in nanoseconds. */
    final AtomicLong ahead = new AtomicLong();

    static final Secret MONITOR_KEY = Secret.parse("an operator's own key");

    static final ApiSettings API_KEYS = new ApiSettings(
            Optional.of(Secret.parse("the key of the one system there is")),
            Map.of("board", new ApiKey(Secret.parse("the key of a board that only looks"), ApiKey.May.READ)));

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().factory());

    Rooms(WebSettings settings, TokenVerifier verifier) throws WebStartException {
        this(settings, verifier, 1);
    }

    /** Rooms where what is to be waited for comes so many times sooner. */
    Rooms(WebSettings settings, TokenVerifier verifier, int haste) throws WebStartException {
        this(settings, verifier, haste, CallSettings.defaults(), carrier());
    }

    private static Switchboard carrier() {
        LinkedHashMap<String, List<Prefix>> prefixes = new LinkedHashMap<>();
        prefixes.put("carrier", List.of(new Prefix("+")));
        return Switchboard.byPrefix(prefixes);
    }

    /** Rooms behind another switchboard. */
    Rooms(WebSettings settings, TokenVerifier verifier, int haste, CallSettings callSettings, Switchboard switchboard)
            throws WebStartException {
        CompletableFuture<WebServer> server = new CompletableFuture<>();
        SecureRandom random = new SecureRandom();
        CompletableFuture<Calls> standing = new CompletableFuture<>();
        phones = new Phones(
                standing::join,
                () -> stack,
                switchboard.users(),
                verifier,
                executor,
                System::nanoTime,
                sessions.roster(),
                sessions.directory());
        Timers timers = (delay, task) -> {
            Future<?> future = clock.schedule(task, delay / haste, TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        };
        Errands errands = new Errands(
                (client, call, news) -> server.join().tell(client, call, news),
                () -> UUID.randomUUID().toString());
        EndedCalls ended = new EndedCalls(System::nanoTime);
        calls = new Calls(
                callSettings,
                new Calls.Surroundings(
                        media,
                        new House(new FakeTrunks(), standing::join, executor, random),
                        new ClientsByRoad(errands, phones),
                        new EverySignedIn(List.of(sessions, phones)),
                        new EveryBook(List.of(book, ended)),
                        new NoGroups()),
                switchboard,
                executor,
                timers,
                System::nanoTime,
                random);
        standing.complete(calls);
        web = WebServer.start(
                settings,
                calls,
                sessions,
                verifier,
                new Operations(
                        calls::debugState,
                        () -> "metrics\n",
                        trace,
                        Optional.of(Map.of("number", "+12025550199")),
                        Optional.of(MONITOR_KEY),
                        Optional.of(
                                new Api(API_KEYS, calls, sessions, people(timers), errands, ended, System::nanoTime))),
                timers,
                () -> System.nanoTime() + ahead.get(),
                Optional.of(wire -> stack.accept(wire)));
        server.complete(web);
    }

    /** Ann, of sales; whoever signs in is somebody else. */
    private Roster people(Timers timers) {
        Staff staff = new Staff(
                Map.of("ann", new User(Optional.empty(), List.of(), Optional.empty(), List.of("sales"))),
                Map.of("sales", GroupSettings.defaults()),
                new NumberPlan(Optional.empty()));
        return new Roster(staff, Duration.ofSeconds(60), calls::post, timers, executor, System::nanoTime);
    }

    static WebSettings settings(String... origins) {
        return WebSettings.defaults()
                .withListen(List.of(ListenAddress.parse("127.0.0.1:0"), ListenAddress.parse("127.0.0.1:0")))
                .withOrigins(java.util.Arrays.stream(origins).map(Origin::new).toList());
    }

    /** Usable or not as the test says, and written by nobody but who stands behind it. */
    static final class FakeBook implements CallBook {
        final Queue<CallRecord> records = new ConcurrentLinkedQueue<>();
        final Queue<Beginning> begun = new ConcurrentLinkedQueue<>();
        final Queue<CallId> left = new ConcurrentLinkedQueue<>();
        final Queue<Duration> answered = new ConcurrentLinkedQueue<>();
        volatile boolean usable = true;
        volatile Runnable beforeRecord = () -> {};
        volatile Optional<CallBook> behind = Optional.empty();

        @Override
        public void accept(CallRecord record) {
            beforeRecord.run();
            records.add(record);
        }

        @Override
        public void begun(Beginning call) {
            begun.add(call);
            behind.ifPresent(book -> book.begun(call));
        }

        @Override
        public void answered(Beginning call, Duration after, Optional<String> trunk) {
            answered.add(after);
        }

        @Override
        public void left(CallId call) {
            left.add(call);
        }

        @Override
        public boolean isUsable() {
            return usable;
        }
    }

    /** No call waits, and some users are busy. */
    private final class NoGroups implements WaitingRoom {
        @Override
        public boolean has(String group) {
            return NONE.has(group);
        }

        @Override
        public Optional<String> groupOf(PhoneNumber called) {
            return NONE.groupOf(called);
        }

        @Override
        public Duration longest(String group) {
            return NONE.longest(group);
        }

        @Override
        public boolean takesCalls(String user) {
            return !busy.contains(user);
        }

        @Override
        public void enter(CallId call, String group) {
            NONE.enter(call, group);
        }
    }

    private final class FakeTrunks implements SipRoom {
        @Override
        public TrunkCall invite(OutboundInvite invite, TrunkListener listener) {
            FakeTrunkCall call = new FakeTrunkCall(invite, listener);
            invites.add(call);
            return call;
        }

        @Override
        public TrunkCall restore(DialogState dialog, TrunkListener listener) {
            if (dialog.trunk().equals(unknownTrunk)) {
                throw new IllegalArgumentException("no trunk is named so");
            }
            FakeTrunkCall call = new FakeTrunkCall(
                    new OutboundInvite(dialog.trunk(), "", Optional.empty(), Optional.empty(), ""), listener);
            call.state = Optional.of(dialog);
            invites.add(call);
            return call;
        }

        @Override
        public boolean isReachable(String trunk) {
            whileTrunksAreLookedAt.run();
            return !down.contains(trunk);
        }
    }

    FakeTrunkCall invited() throws InterruptedException {
        FakeTrunkCall call = invites.poll(10, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("no INVITE within 10 s");
        }
        return call;
    }

    /** A call's place is free again a little after its client was told that it is over. */
    void awaitNoCall() {
        awaitCalls(0);
    }

    void awaitCalls(int count) {
        for (int i = 0; i < 1_000 && calls.count() > count; i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(calls.count()).isEqualTo(count);
    }

    @Override
    public void close() {
        calls.close();
        web.close();
        executor.shutdownNow();
        clock.shutdownNow();
    }

    /** Media that answer any offer beginning with v=0, and connect when told. */
    static final class FakeMedia implements MediaRoom {
        final BlockingQueue<FakeSession> opened = new LinkedBlockingQueue<>();
        volatile boolean broken;
        volatile boolean full;
        volatile Optional<Direction> holdOffer = Optional.empty();

        @Override
        public MediaSession open(WebCodecs webCodecs, MediaListener listener) {
            if (broken) {
                throw new IllegalStateException("broken on purpose");
            }
            FakeSession session = new FakeSession(listener);
            opened.add(session);
            return session;
        }

        @Override
        public EchoSession openEcho(Duration longest, MediaListener listener) {
            FakeSession session = new FakeSession(listener);
            opened.add(session);
            return session;
        }

        @Override
        public LoneSession openAlone(MediaListener listener) {
            if (broken) {
                throw new IllegalStateException("broken on purpose");
            }
            FakeSession session = new FakeSession(listener);
            opened.add(session);
            return session;
        }

        @Override
        public MediaSession reopen(MediaState state, String trunk, MediaListener listener)
                throws MediaUnavailableException {
            if (broken) {
                throw new MediaUnavailableException("no port is free");
            }
            FakeSession session = new FakeSession(listener);
            session.given = state.bridge().nextPress();
            opened.add(session);
            return session;
        }

        @Override
        public boolean isFull() {
            return full;
        }

        @Override
        public Optional<String> refusal(String trunk, String offer) {
            return offer.startsWith("v=0") ? Optional.empty() : Optional.of("no audio in it");
        }

        @Override
        public TrunkMedia trunk(String trunk) {
            return new TrunkMedia(InetAddress.getLoopbackAddress(), Optional.empty(), List.of(AudioCodec.PCMU));
        }

        @Override
        public HoldMusic holdMusic() {
            return HoldMusic.SILENCE;
        }

        @Override
        public Optional<Direction> holdOffer(String trunk) {
            return holdOffer;
        }

        @Override
        public WebCodecs webCodecs(String trunk) {
            return WebCodecs.one(List.of(AudioCodec.OPUS));
        }

        FakeSession take() throws InterruptedException {
            FakeSession session = opened.poll(10, TimeUnit.SECONDS);
            if (session == null) {
                throw new AssertionError("no media within 10 s");
            }
            return session;
        }
    }

    static final class FakeSession implements MediaSession, EchoSession, LoneSession {
        final MediaListener listener;
        final BlockingQueue<Digit> pressed = new LinkedBlockingQueue<>();
        private long given;
        final BlockingQueue<Duration> listening = new LinkedBlockingQueue<>();
        final SoundMonitor sound = new SoundMonitor(8_000);
        final BlockingQueue<Boolean> secure = new LinkedBlockingQueue<>();
        final AtomicInteger swaps = new AtomicInteger();
        final AtomicInteger drops = new AtomicInteger();
        volatile boolean isHeard = true;
        volatile boolean closed;
        volatile boolean isLetGo;
        volatile boolean hasBug;
        /** What fails as no contract has it: answer, hear, close. */
        final Set<String> fails = ConcurrentHashMap.newKeySet();

        volatile Runnable whileCut = () -> {};
        volatile Optional<AwaySound> away = Optional.empty();
        volatile boolean held;
        volatile boolean isHeldByTrunk;
        volatile CallQuality quality = CallQuality.NONE;
        volatile boolean webClosed;
        volatile boolean comingDropped;
        final List<Link> links = new CopyOnWriteArrayList<>();

        /** Who hears whom. */
        record Link(Side ear, FakeSession speaker, Side mouth) {}

        FakeSession(MediaListener listener) {
            this.listener = listener;
        }

        private void failOn(String what) {
            if (fails.contains(what)) {
                throw new UnsupportedOperationException("broken on purpose");
            }
        }

        void connect() {
            listener.onEvent(new MediaEvent.WebConnected());
        }

        @Override
        public String answerWeb(String offer) throws SdpRejectedException {
            failOn("answer");
            if (!offer.startsWith("v=0")) {
                throw new SdpRejectedException("line 1 is not v=0");
            }
            return "v=0 web answer";
        }

        @Override
        public String offerWeb() {
            return "v=0 web offer";
        }

        @Override
        public void onWebAnswer(String answer) throws SdpRejectedException {
            answerWeb(answer);
        }

        @Override
        public void closeWeb() {
            webClosed = true;
        }

        @Override
        public boolean dropComingWeb() {
            comingDropped = true;
            return true;
        }

        @Override
        public SoundLink alsoHear(Side ear, Speaking speaker, Side mouth) {
            failOn("hear");
            Link link = new Link(ear, (FakeSession) speaker, mouth);
            links.add(link);
            return () -> links.remove(link);
        }

        @Override
        public Optional<String> answerWebWith(AudioCodec codec) {
            return Optional.of("v=0 web answer with " + codec);
        }

        @Override
        public String offerTrunk(TrunkMedia trunk) {
            return "v=0 trunk offer";
        }

        @Override
        public String offerTrunkAgain() {
            return "v=0 trunk offer";
        }

        @Override
        public String offerTrunkAgain(Direction direction) {
            return "v=0 " + direction.attribute();
        }

        @Override
        public void onTrunkAnswer(String answer) {}

        @Override
        public void onTrunkAnswer(String answer, Direction offered) {}

        @Override
        public void onTrunkAnswerAgain(String answer) {}

        @Override
        public boolean isHeldByTrunk() {
            return isHeldByTrunk;
        }

        @Override
        public void hold(HoldMusic music) {
            held = true;
        }

        @Override
        public void resume() {
            held = false;
        }

        @Override
        public String answerTrunk(TrunkMedia trunk, String offer) {
            return "v=0 trunk answer";
        }

        @Override
        public String offerAside(TrunkMedia trunk) {
            return "v=0 offer aside";
        }

        @Override
        public void onAsideAnswer(String answer) {}

        @Override
        public String answerAside(TrunkMedia trunk, String offer) {
            return "v=0 answer aside";
        }

        @Override
        public void swapTrunks() {
            swaps.incrementAndGet();
        }

        @Override
        public void dropAside() {
            drops.incrementAndGet();
        }

        @Override
        public List<DtmfRoad> digitRoads() {
            return List.of(DtmfRoad.RTP, DtmfRoad.IN_BAND);
        }

        @Override
        public Optional<SoundMonitor> monitor() {
            return isHeard ? Optional.of(sound) : Optional.empty();
        }

        @Override
        public void secureInput(boolean wanted) {
            secure.add(wanted);
        }

        @Override
        public void digitRoad(Optional<DtmfRoad> road, boolean hearTones) {}

        @Override
        public OptionalLong press(List<Stroke> strokes, Duration length, Duration gap) {
            long first = given;
            for (Stroke stroke : strokes) {
                if (stroke instanceof Stroke.Press press) {
                    pressed.add(press.digit());
                    given++;
                }
            }
            return OptionalLong.of(first);
        }

        @Override
        public void cancelPresses() {
            pressed.clear();
        }

        @Override
        public void listen(boolean wanted, Duration silence) {
            listening.add(wanted ? silence : Duration.ZERO);
        }

        @Override
        public void muteWeb(boolean muted) {}

        @Override
        public MediaStats stats() {
            return MediaStats.NONE;
        }

        @Override
        public CallQuality quality() {
            return quality;
        }

        @Override
        public void whileAway(AwaySound sound) {
            away = Optional.of(sound);
        }

        @Override
        public MediaState state() {
            if (hasBug) {
                throw new IllegalStateException("a bug");
            }
            whileCut.run();
            return new MediaState(
                    0,
                    "cname",
                    new BridgeState(
                            new BridgeState.Stream(7, 8, 9, 0, 1, 160),
                            Optional.empty(),
                            true,
                            0,
                            List.of(),
                            given,
                            true,
                            Optional.of(DtmfRoad.RTP),
                            false,
                            OptionalLong.empty(),
                            false,
                            false,
                            true,
                            OptionalLong.empty()),
                    Optional.empty());
        }

        @Override
        public void letGo() {
            isLetGo = true;
        }

        @Override
        public void close() {
            closed = true;
            failOn("close");
        }
    }

    static final class FakeTrunkCall implements TrunkCall {
        final OutboundInvite invite;
        private final TrunkListener listener;
        final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
        final BlockingQueue<Referral> referrals = new LinkedBlockingQueue<>();
        volatile Optional<DialogState> state = Optional.empty();
        volatile Runnable beforeLettingGo = () -> {};
        private final BlockingQueue<String> names = new LinkedBlockingQueue<>();

        FakeTrunkCall(OutboundInvite invite, TrunkListener listener) {
            this.invite = invite;
            this.listener = listener;
        }

        void tell(TrunkEvent event) {
            listener.onEvent(event);
        }

        String name() throws InterruptedException {
            return String.valueOf(names.poll(10, TimeUnit.SECONDS));
        }

        String asked() throws InterruptedException {
            return String.valueOf(asked.poll(10, TimeUnit.SECONDS));
        }

        @Override
        public String callId() {
            return "call-id";
        }

        @Override
        public void knownAs(String name) {
            names.add(name);
        }

        @Override
        public void ring() {
            asked.add("ring");
        }

        @Override
        public void progress(String sdp) {
            asked.add("progress");
        }

        @Override
        public void answer(String sdp) {
            asked.add("answer");
        }

        @Override
        public void reject(Rejection rejection) {
            asked.add("reject " + rejection.status());
        }

        @Override
        public void acceptReoffer(String sdp) {
            asked.add("acceptReoffer");
        }

        @Override
        public void rejectReoffer() {
            asked.add("rejectReoffer");
        }

        @Override
        public void deferReoffer() {
            asked.add("deferReoffer");
        }

        @Override
        public void reoffer(String sdp) {
            asked.add("reoffer " + sdp);
        }

        @Override
        public void info(long handle, InfoBody body) {
            asked.add("info " + handle);
        }

        @Override
        public void refer(Referral referral) {
            asked.add("refer " + referral.getClass().getSimpleName());
            referrals.add(referral);
        }

        @Override
        public void acceptRefer() {
            asked.add("acceptRefer");
        }

        @Override
        public void rejectRefer(int status) {
            asked.add("rejectRefer " + status);
        }

        @Override
        public void referProgress(int status) {
            asked.add("referProgress " + status);
        }

        @Override
        public void hangUp(HangupReason reason) {
            asked.add("hangUp " + reason.q850());
        }

        @Override
        public Optional<DialogState> state() {
            return state;
        }

        @Override
        public CompletableFuture<Optional<DialogState>> letGo() {
            asked.add("letGo");
            beforeLettingGo.run();
            return CompletableFuture.completedFuture(
                    state.filter(dialog -> dialog.course().settled()));
        }

        @Override
        public void abandon() {
            asked.add("abandon");
        }
    }
}
