package io.ringdown.gateway.signaling;

import io.ringdown.gateway.agents.Colleague;
import io.ringdown.gateway.agents.GroupSeen;
import io.ringdown.gateway.call.Asker;
import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.ErrorCode;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.tokens.Admission;
import io.ringdown.gateway.tokens.Grant;
import io.ringdown.gateway.tokens.Identity;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client over all the sockets that it comes with, one at a time: its calls, its numbers, what it was told. Thread-safe:
 * one lock of its own, under which nothing waits.
 */
final class BrowserSession {
    private static final Logger LOG = LoggerFactory.getLogger(BrowserSession.class);

    private final ClientId id;
    private final Identity identity;
    private final SessionRooms rooms;
    private final ReentrantLock lock = new ReentrantLock();
    private final Seat<Visit> seat;
    private final Replay replay;
    private final ClientRequests requests;
    private final AgentSeat agent;
    private final Set<CallId> calls = ConcurrentHashMap.newKeySet();
    // Changed under the lock; whoever asks who is calling looks at both on any thread.
    private volatile Grant grant; // of the token shown last
    private volatile Visit visit;
    private ResumeTokens tokens;
    private ClientMessage.Hello hello;
    private Optional<InetAddress> waitsFor = Optional.empty();
    private long taken;
    private OptionalLong drainedNanos = OptionalLong.empty();
    private boolean isForgotten;
    private Runnable cancelWakeup = () -> {};
    // For those who only look, on any thread.
    private volatile List<PhoneNumber> numbers = List.of();
    private volatile Seat.State state = Seat.State.PRESENT;
    private volatile long awaySince;

    private BrowserSession(SessionRooms rooms, Admission admission, Visit first, ClientMessage.Hello hello) {
        this.id = new ClientId(rooms.newToken().get(), ClientId.Road.SOCKET);
        this.identity = admission.identity();
        this.grant = admission.grant();
        this.rooms = rooms;
        this.seat = new Seat<>(first, hello.page(), waits(rooms, hello));
        this.replay = new Replay(rooms.sessions().budget());
        this.agent = new AgentSeat(id, rooms.sessions().roster(), this::tell);
        this.requests = new ClientRequests(id, this::asker, rooms.calls(), calls, this::tell);
        this.tokens = ResumeTokens.first(rooms.newToken().get());
        this.hello = hello;
        this.visit = first;
    }

    /** Who asks for what it asks for. */
    Asker asker() {
        return new Asker(identity.subject(), grant, visit.from());
    }

    private static Duration waits(SessionRooms rooms, ClientMessage.Hello says) {
        return says.resumable() ? rooms.resumption().within() : Duration.ZERO;
    }

    /** A client comes in that nobody knows yet. */
    static void begin(SessionRooms rooms, Admission admission, Visit visit, ClientMessage.Hello hello) {
        BrowserSession session = new BrowserSession(rooms, admission, visit, hello);
        session.lock.lock();
        try {
            rooms.sessions().add(session, session.tokens);
            session.welcome(visit, hello, false);
            session.leaveIfGone(visit);
            session.wakeLater();
            rooms.sessions().draining().ifPresent(session::drain); // a stop that began meanwhile has not seen it
        } finally {
            session.lock.unlock();
        }
    }

    ClientId id() {
        return id;
    }

    Identity identity() {
        return identity;
    }

    /** Whom the token named. */
    String user() {
        return identity.subject();
    }

    List<PhoneNumber> numbers() {
        return numbers;
    }

    Seat.State state() {
        return state;
    }

    /** Whether another call may ring here: who is only just away may be loading its page, and hears of it then. */
    boolean mayRing() {
        boolean isThere = switch (state) {
            case PRESENT -> true;
            case AWAY ->
                rooms.clock().getAsLong() - awaySince
                        < rooms.resumption().reload().toNanos();
            case GONE -> false;
        };
        return isThere && calls.size() < ClientRequests.MOST_CALLS;
    }

    // ---- sockets

    /** A socket shows this session's token; false if the session is none any more. */
    boolean onKnock(Visit who, ClientMessage.Hello says) {
        lock.lock();
        try {
            if (isForgotten) {
                return false;
            }
            who.waitAt(this);
            seat.onKnock(who, says.page(), says.takeOver(), now()).forEach(this::perform);
            wakeLater();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A sign of life of one that was asked for it. */
    void onAnswer(Visit who) {
        perform(() -> seat.onAnswer(who));
    }

    /** Who waits at the door goes away; false if it has been let in. */
    boolean onWithdrawn(Visit who) {
        lock.lock();
        try {
            if (serves(who)) {
                return false;
            }
            seat.onLost(who, now());
            wakeLater();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A client has signed out. */
    void onLeft(Visit who) {
        perform(() -> seat.onLeft(who, now()));
    }

    /** A socket is gone. */
    void onLost(Visit who) {
        perform(() -> seat.onLost(who, now()));
    }

    private void onWakeup() {
        perform(() -> seat.tick(now()));
    }

    /** Something that the seat answers with actions. */
    private interface Asking {
        List<Seat.Action<Visit>> ask();
    }

    private void perform(Asking asking) {
        lock.lock();
        try {
            if (!isForgotten) {
                asking.ask().forEach(this::perform);
                wakeLater();
            }
        } finally {
            lock.unlock();
        }
    }

    private void perform(Seat.Action<Visit> action) {
        switch (action) {
            case Seat.Action.Ask<Visit> ask -> ask.who().ask();
            case Seat.Action.InUse<Visit> inUse -> inUse.who().onInUse(calls.size());
            case Seat.Action.TakenOver<Visit> over -> {
                over.who().onTakenOver();
                rooms.sessions().count(Sessions.Happening.TAKEN_OVER);
                LOG.info("session {} is taken over by another socket", id.session());
            }
            case Seat.Action.Serve<Visit> serve -> onServed(serve.who());
            case Seat.Action.Away<Visit> _ -> onAway();
            case Seat.Action.Gone<Visit> _ -> onGone();
        }
    }

    private void onServed(Visit who) {
        Seat.State before = state;
        stopWaiting();
        visit = who;
        if (before != Seat.State.PRESENT) {
            LOG.info(
                    "session {} is back after {} ms",
                    id.session(),
                    Duration.ofNanos(now() - awaySince).toMillis());
        }
        rooms.sessions().count(Sessions.Happening.RESUMED);
        // Also from a socket that was still there: its network may be long dead, and the calls silent with it. Before
        // the
        // client knows that it is back, so that a call which falls silent just then does not end for its absence.
        tellCalls(new CallEvent.ClientBack(id));
        welcome(who, who.hello(), true);
        drainedNanos.ifPresent(until -> tell(ServerMessage.Draining.of(Duration.ofNanos(Math.max(0, until - now())))));
        leaveIfGone(who);
    }

    private void onAway() {
        state = Seat.State.AWAY;
        rooms.calls().echoes().leave(id);
        rooms.calls().supervisions().leave(id);
        awaySince = now();
        InetAddress from = visit.from();
        if (!rooms.sessions().mayWait(from, rooms.resumption())) {
            seat.giveUp().forEach(this::perform);
            return;
        }
        waitsFor = Optional.of(from);
        agent.onAway();
        LOG.info("session {} is away with {} calls", id.session(), calls.size());
        tellCalls(whereItIs());
    }

    /** A call that was written down and is not here is none of this session's until it is read, and then says so. */
    private void tellCalls(CallEvent event) {
        calls.removeIf(call -> !rooms.calls().post(call, event));
    }

    private CallEvent whereItIs() {
        return switch (state) {
            case PRESENT -> new CallEvent.ClientBack(id);
            case AWAY -> new CallEvent.ClientAway(id, rooms.resumption().reload());
            case GONE -> new CallEvent.ClientGone(id);
        };
    }

    private void onGone() {
        if (waitsFor.isPresent()) {
            rooms.sessions().count(Sessions.Happening.EXPIRED);
            LOG.info("session {} has not come back, with {} calls", id.session(), calls.size());
        }
        stopWaiting();
        state = Seat.State.GONE;
        rooms.calls().echoes().leave(id);
        agent.onGone();
        rooms.calls().supervisions().leave(id);
        tellCalls(whereItIs());
        forgetIfOver();
    }

    private void stopWaiting() {
        waitsFor.ifPresent(rooms.sessions()::waitsNoMore);
        waitsFor = Optional.empty();
    }

    /** It is gone, and its last call is over. */
    private void forgetIfOver() {
        if (state == Seat.State.GONE && calls.isEmpty() && !isForgotten) {
            forget();
        }
    }

    private void forget() {
        isForgotten = true;
        agent.onGone();
        cancelWakeup.run();
        replay.clear();
        rooms.sessions().remove(this, tokens);
    }

    private void wakeLater() {
        cancelWakeup.run();
        OptionalLong when = seat.nextWakeup();
        cancelWakeup =
                when.isEmpty() ? () -> {} : rooms.timers().after(Math.max(0, when.getAsLong() - now()), this::onWakeup);
    }

    // ---- the welcome

    private void welcome(Visit who, ClientMessage.Hello says, boolean isResumed) {
        state = Seat.State.PRESENT;
        hello = says;
        seat.waits(waits(rooms, says));
        List<PhoneNumber> before = numbers;
        numbers = rooms.calls().answeringFor(identity.subject(), grant.isOfToken() ? List.of() : says.numbers());
        rooms.sessions().answersFor(this, before, numbers);
        if (isResumed) {
            renewTokens(says.resume().orElseThrow());
        }
        Replay.Missed missed = replay.since(says.received());
        who.enter(this);
        who.say(new ServerMessage.Welcome(
                says.ref().orElse(null),
                id.session(),
                tokens.fresh(),
                numbers.stream().map(PhoneNumber::digits).toList(),
                rooms.iceServers().told(identity.subject()),
                new ServerMessage.Limits(
                        MessageReader.LONGEST_MESSAGE, Visit.MESSAGES_PER_SECOND, ClientRequests.MOST_CALLS),
                isResumed
                        ? ServerMessage.Resumption.of(seat.waits(), taken, missed.gap(), shownCalls())
                        : ServerMessage.Resumption.none(seat.waits()),
                ServerMessage.TokenLife.of(grant, rooms.verifier()),
                agent.signIn(identity.subject(), numbers).orElse(null)));
        missed.messages().forEach(who::send);
        agent.onWelcomed();
        if (isResumed && says.received().isEmpty()) {
            endUnbegun();
        }
    }

    /** It may have gone while we greeted it, when it could not yet say so. */
    private void leaveIfGone(Visit who) {
        if (who.isGone()) {
            seat.onLost(who, now()).forEach(this::perform);
        }
    }

    private void renewTokens(String used) {
        ResumeTokens renewed = tokens.next(used, rooms.newToken().get());
        rooms.sessions().renew(this, tokens, renewed);
        tokens = renewed;
    }

    // A page that was loaded anew knows nothing of a call that waits to begin, and cannot be shown one.
    private void endUnbegun() {
        calls.stream()
                .filter(call -> rooms.calls().snapshot(call).isEmpty())
                .toList()
                .forEach(call -> rooms.calls().post(call, new CallEvent.HangUp(id, Optional.empty())));
    }

    private List<ShownCall> shownCalls() {
        return calls.stream()
                .flatMap(call -> rooms.calls().snapshot(call).stream())
                .flatMap(call -> ShownCall.of(call, id, now()).stream())
                .toList();
    }

    // ---- what it says

    void onMessage(Visit who, Received received) {
        // Before the lock, for a signature takes its time and nothing is to wait for it.
        Optional<Admission> shown = received.message() instanceof ClientMessage.Authorize another
                ? rooms.verifier().verify(who.presents(Optional.of(another.token())))
                : Optional.empty();
        lock.lock();
        try {
            if (!serves(who)) {
                return;
            }
            received.ack().ifPresent(replay::acknowledge);
            if (take(received.seq())) {
                onTaken(received.message(), shown);
            }
        } finally {
            lock.unlock();
        }
    }

    private void onTaken(ClientMessage message, Optional<Admission> shown) {
        if (message instanceof ClientMessage.Availability said) {
            agent.on(said);
        } else if (message instanceof ClientMessage.Watch watch) {
            agent.on(watch);
        } else if (message instanceof ClientMessage.Authorize another) {
            authorize(another, shown.filter(admission -> admission.identity().equals(identity)));
        } else if (begins(message) && rooms.verifier().isSpent(grant)) {
            tell(ServerMessage.Problem.of(
                    message.ref(),
                    Optional.empty(),
                    ErrorCode.TOKEN_EXPIRED,
                    "The token has run out, or it was for one call; authorize with another."));
        } else {
            requests.on(message);
        }
    }

    /** Whether it begins a call that the token has to open; one for help needs none. */
    private boolean begins(ClientMessage message) {
        return message instanceof ClientMessage.Transfer
                || (message instanceof ClientMessage.Start start
                        && !rooms.calls().isEmergency(start.to()));
    }

    /** Another token of the same subject; one that is not leaves the session as it is. */
    private void authorize(ClientMessage.Authorize another, Optional<Admission> shown) {
        if (shown.isEmpty()) {
            tell(ServerMessage.Problem.of(another.ref(), Optional.empty(), ErrorCode.UNAUTHORIZED, Reply.UNAUTHORIZED));
        } else {
            grant = shown.get().grant();
            tell(new ServerMessage.Authorized(
                    another.ref().orElse(null), ServerMessage.TokenLife.of(grant, rooms.verifier())));
        }
    }

    void onRejected(Visit who, RejectedMessageException rejected) {
        lock.lock();
        try {
            if (serves(who) && take(rejected.seq())) {
                tell(ServerMessage.Problem.of(rejected.ref(), Optional.empty(), rejected.code(), rejected.text()));
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean serves(Visit who) {
        return !isForgotten && seat.serves(who);
    }

    /** Whether it is new: what a client says again after it was lost may have come before. */
    private boolean take(OptionalLong seq) {
        if (seq.isPresent() && seq.getAsLong() <= taken) {
            return false;
        }
        taken = seq.orElse(taken);
        return true;
    }

    void refuse(Visit who, ErrorCode code, String text) {
        lock.lock();
        try {
            if (serves(who)) {
                tell(ServerMessage.Problem.of(Optional.empty(), Optional.empty(), code, text));
            }
        } finally {
            lock.unlock();
        }
    }

    // ---- what it is told

    /** What happened to a call of this session; false if there is no such session any more, or nobody whom a call could ring. */
    boolean onNews(CallId call, CallNews news) {
        lock.lock();
        try {
            if (isForgotten || (state == Seat.State.GONE && news instanceof CallNews.Incoming)) {
                return false;
            }
            if (news instanceof CallNews.Renew) {
                // What is written of where we are may not be true any more.
                calls.add(call);
                rooms.calls().post(call, whereItIs());
            } else if (news instanceof CallNews.Incoming) {
                calls.add(call);
            } else if (news instanceof CallNews.Over) {
                calls.remove(call);
            }
            if (!(news instanceof CallNews.Quality) || hello.quality()) {
                tell(ServerMessage.of(call, news));
            }
            forgetIfOver();
            dismissIfDrained();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** These people, by name, and groups have changed. */
    void onChange(Map<String, Colleague> people, List<GroupSeen> groups) {
        lock.lock();
        try {
            if (!isForgotten) {
                agent.onChange(people, groups);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The gateway is about to stop: calls have so long at most. */
    void drain(Duration within) {
        lock.lock();
        try {
            if (!isForgotten) {
                drainedNanos = OptionalLong.of(now() + within.toNanos());
                tell(ServerMessage.Draining.of(within));
                dismissIfDrained();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A gateway that is about to stop keeps nobody without a call, so that they find another. */
    private void dismissIfDrained() {
        if (!rooms.sessions().isDraining() || !calls.isEmpty() || isForgotten) {
            return;
        }
        Optional<Visit> waiting = seat.dismissed();
        Optional<Visit> served = Optional.of(visit).filter(_ -> state == Seat.State.PRESENT);
        stopWaiting();
        state = Seat.State.GONE;
        forget(); // before any socket is closed: that may be told at once, and would let in who waits
        served.ifPresent(Visit::dismiss);
        waiting.ifPresent(Visit::dismiss);
    }

    /** Under the lock, so that numbers and their order on the wire are the same. */
    private void tell(ServerMessage message) {
        boolean isThere = state == Seat.State.PRESENT;
        if (message instanceof ServerMessage.Quality
                || message instanceof ServerMessage.Pong
                || message instanceof ServerMessage.OfAgents) {
            if (isThere) {
                visit.say(message); // old news are none
            }
            return;
        }
        String text = replay.add(seq -> rooms.writer().write(message, seq));
        if (isThere) {
            visit.send(text);
        }
    }

    /** For the admin page; nothing in it opens the session. */
    Map<String, Object> debugState() {
        lock.lock();
        try {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("id", id.session());
            map.put("state", state.name().toLowerCase(Locale.ROOT));
            if (state != Seat.State.PRESENT) {
                map.put("awayMillis", Duration.ofNanos(now() - awaySince).toMillis());
            }
            map.put("calls", calls.size());
            map.put("numbers", numbers.stream().map(PhoneNumber::toString).toList());
            map.put("told", replay.last());
            map.put("kept", replay.keptMessages());
            map.put("keptBytes", replay.keptBytes());
            map.put("taken", taken);
            return map;
        } finally {
            lock.unlock();
        }
    }

    private long now() {
        return rooms.clock().getAsLong();
    }
}
