package io.ringdown.gateway.signaling;

import io.ringdown.gateway.agents.Colleague;
import io.ringdown.gateway.agents.GroupSeen;
import io.ringdown.gateway.agents.Roster;
import io.ringdown.gateway.call.Asker;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.SignedIn;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.tokens.Identity;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** All sessions, whether their clients have a socket just now or not, and the numbers that they answer for. Thread-safe. */
public final class Sessions implements SignedIn {
    // So much of what clients were told is kept for those who have not said that it came; beyond, they are told of a
    // gap.
    private static final long MOST_KEPT_BYTES = 64L << 20;
    private static final int MOST_WAITING = 10_000;

    /** What may become of a session. */
    public enum Happening {
        /** Its client has come with another socket. */
        RESUMED,
        /** It went to another socket while it had one. */
        TAKEN_OVER,
        /** Its client has not come back in time. */
        EXPIRED
    }

    private final Map<ClientId, BrowserSession> sessions = new ConcurrentHashMap<>();
    private final Map<String, BrowserSession> byToken = new ConcurrentHashMap<>();
    // By the digits without the +, since trunks write numbers with and without it. Values are never changed, only
    // replaced.
    private final Map<String, List<BrowserSession>> byNumber = new ConcurrentHashMap<>();
    private final Map<Network, Integer> waitingByAddress = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final ReplayBudget budget = new ReplayBudget(MOST_KEPT_BYTES);
    private final Map<Happening, AtomicLong> happened = new EnumMap<>(Happening.class);
    private volatile Optional<Duration> draining = Optional.empty();

    private final Roster roster;

    /** Of people who are none of ours. */
    public Sessions() {
        this(Roster.nobody());
    }

    /** Sessions that are devices of these people. */
    public Sessions(Roster roster) {
        this.roster = roster;
        roster.watch(this::onChange);
        for (Happening happening : Happening.values()) {
            happened.put(happening, new AtomicLong());
        }
    }

    private void onChange(List<Colleague> people, List<GroupSeen> groups) {
        Map<String, Colleague> byName = new LinkedHashMap<>();
        people.forEach(one -> byName.put(one.person().user(), one));
        sessions.values().forEach(session -> session.onChange(byName, groups));
    }

    /** Whose devices they are. */
    Roster roster() {
        return roster;
    }

    void add(BrowserSession session, ResumeTokens tokens) {
        sessions.put(session.id(), session);
        tokens.all().forEach(token -> byToken.put(token, session));
    }

    void remove(BrowserSession session, ResumeTokens tokens) {
        sessions.remove(session.id());
        tokens.all().forEach(byToken::remove);
        answersFor(session, session.numbers(), List.of());
    }

    void renew(BrowserSession session, ResumeTokens before, ResumeTokens now) {
        now.all().forEach(token -> byToken.put(token, session));
        before.all().stream().filter(token -> !now.all().contains(token)).forEach(byToken::remove);
    }

    void answersFor(BrowserSession session, List<PhoneNumber> before, List<PhoneNumber> now) {
        before.stream()
                .filter(number -> !now.contains(number))
                .forEach(number -> byNumber.computeIfPresent(key(number), (_, list) -> without(list, session)));
        now.forEach(number -> byNumber.merge(key(number), List.of(session), Sessions::joined));
    }

    /** The session that this secret opens. */
    Optional<BrowserSession> byToken(String token) {
        return Optional.ofNullable(byToken.get(token));
    }

    /** Whether somebody has a session here to come back to. */
    boolean haveOne(Identity who) {
        return sessions.values().stream().anyMatch(session -> session.identity().equals(who));
    }

    /** What all of them may keep of what they were told. */
    ReplayBudget budget() {
        return budget;
    }

    /** Whether one more client of this address may be waited for; {@link #waitsNoMore} then ends it. */
    boolean mayWait(InetAddress from, SessionRooms.Resumption bounds) {
        boolean isOneTooMany = waiting.incrementAndGet() > MOST_WAITING;
        if (waitingByAddress.merge(Network.around(from), 1, Integer::sum) > bounds.mostOfAddress() || isOneTooMany) {
            waitsNoMore(from);
            return false;
        }
        return true;
    }

    void waitsNoMore(InetAddress from) {
        waiting.decrementAndGet();
        waitingByAddress.merge(Network.around(from), -1, Sessions::sumUnlessZero);
    }

    @SuppressWarnings("NullAway") // null is how merge is told to remove the entry
    private static Integer sumUnlessZero(int before, int change) {
        return before + change == 0 ? null : (Integer) (before + change);
    }

    void count(Happening happening) {
        Optional.ofNullable(happened.get(happening)).ifPresent(AtomicLong::incrementAndGet);
    }

    /** How often this has happened since the start. */
    public long happened(Happening happening) {
        return Optional.ofNullable(happened.get(happening)).map(AtomicLong::get).orElse(0L);
    }

    /**
     * The gateway is about to stop: from now on nobody new is let in, those without a call are sent away, and the others are
     * told that their calls go on for so long at most.
     */
    public void drain(Duration within) {
        draining = Optional.of(within);
        sessions.values().forEach(session -> session.drain(within));
    }

    boolean isDraining() {
        return draining.isPresent();
    }

    /** For how long calls were said to go on, once the gateway is about to stop. */
    Optional<Duration> draining() {
        return draining;
    }

    /** Tells a session; false if it is gone. */
    boolean tell(ClientId client, CallId call, CallNews news) {
        return Optional.ofNullable(sessions.get(client))
                .filter(session -> session.onNews(call, news))
                .isPresent();
    }

    @Override
    public SequencedSet<ClientId> clientsFor(PhoneNumber number) {
        return ringing(byNumber.getOrDefault(key(number), List.of()).stream(), _ -> true);
    }

    @Override
    public Optional<Asker> askerOf(ClientId client) {
        return Optional.ofNullable(sessions.get(client)).map(BrowserSession::asker);
    }

    @Override
    public SequencedSet<ClientId> clientsOf(String user) {
        return ringing(sessions.values().stream(), session -> session.user().equals(user));
    }

    private static SequencedSet<ClientId> ringing(Stream<BrowserSession> all, Predicate<BrowserSession> wanted) {
        SequencedSet<ClientId> clients = new LinkedHashSet<>();
        all.filter(wanted).filter(BrowserSession::mayRing).forEach(session -> clients.add(session.id()));
        return clients;
    }

    /** How many clients are signed in, and have a socket. */
    public int count() {
        return (int) sessions.values().stream()
                .filter(session -> session.state() == Seat.State.PRESENT)
                .count();
    }

    /** How many sessions have no socket just now. */
    public int away() {
        return sessions.size() - count();
    }

    /** Every session, for the admin page. */
    public List<Map<String, Object>> debugState() {
        return sessions.values().stream().map(BrowserSession::debugState).toList();
    }

    private static String key(PhoneNumber number) {
        return number.digits().startsWith("+") ? number.digits().substring(1) : number.digits();
    }

    private static List<BrowserSession> joined(List<BrowserSession> before, List<BrowserSession> added) {
        return Stream.concat(before.stream(), added.stream()).distinct().toList();
    }

    @SuppressWarnings("NullAway") // null is how computeIfPresent is told to remove the entry
    private static List<BrowserSession> without(List<BrowserSession> list, BrowserSession session) {
        List<BrowserSession> left =
                list.stream().filter(other -> other != session).toList();
        return left.isEmpty() ? null : left;
    }
}
