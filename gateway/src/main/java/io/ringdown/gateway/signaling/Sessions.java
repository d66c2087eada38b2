package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.SignedIn;
import io.ringdown.gateway.routing.PhoneNumber;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** All greeted sessions, and the numbers that they answer for. Thread-safe. */
public final class Sessions implements SignedIn {
    private final Map<ClientId, BrowserSession> sessions = new ConcurrentHashMap<>();
    // By the digits without the +, since trunks write numbers with and without it. Values are never changed, only
    // replaced.
    private final Map<String, List<BrowserSession>> byNumber = new ConcurrentHashMap<>();

    void signIn(BrowserSession session) {
        sessions.put(session.id(), session);
        session.numbers().forEach(number -> byNumber.merge(key(number), List.of(session), Sessions::joined));
    }

    void remove(BrowserSession session) {
        sessions.remove(session.id());
        session.numbers()
                .forEach(number -> byNumber.computeIfPresent(key(number), (_, list) -> without(list, session)));
    }

    /** Tells a session; false if it is gone. */
    boolean tell(ClientId client, CallId call, CallNews news) {
        Optional<BrowserSession> session = Optional.ofNullable(sessions.get(client));
        session.ifPresent(found -> found.onNews(call, news));
        return session.isPresent();
    }

    @Override
    public SequencedSet<ClientId> clientsFor(PhoneNumber number) {
        SequencedSet<ClientId> clients = new LinkedHashSet<>();
        byNumber.getOrDefault(key(number), List.of()).stream()
                .filter(BrowserSession::mayRing)
                .forEach(session -> clients.add(session.id()));
        return clients;
    }

    @Override
    public Optional<String> userOf(ClientId client) {
        return Optional.ofNullable(sessions.get(client)).flatMap(BrowserSession::user);
    }

    @Override
    public SequencedSet<ClientId> clientsOf(String user) {
        SequencedSet<ClientId> clients = new LinkedHashSet<>();
        sessions.values().stream()
                .filter(session -> session.user().equals(Optional.of(user)))
                .filter(BrowserSession::mayRing)
                .forEach(session -> clients.add(session.id()));
        return clients;
    }

    /** How many clients are signed in. */
    public int count() {
        return sessions.size();
    }

    /** Every session, for the admin page. */
    public List<Map<String, Object>> debugState() {
        return sessions.values().stream().map(Sessions::describe).toList();
    }

    private static Map<String, Object> describe(BrowserSession session) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", session.id().session());
        map.put("calls", session.calls());
        map.put("numbers", session.numbers().stream().map(PhoneNumber::toString).toList());
        return map;
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
