package io.ringdown.gateway.agents;

import io.ringdown.gateway.call.Call;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.ClientId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Who is there, on which devices, and what they are doing: what they said of themselves, and what their calls make of it. Pure; one
 * thread at a time. After each input {@link #changed} says whom it has changed, and {@link #tick} is to be called when
 * {@link #nextWakeup} has come.
 */
final class Attendance {
    private final Map<String, Agent> agents = new LinkedHashMap<>();
    private final Map<ClientId, Agent> byClient = new HashMap<>();
    private final Map<CallId, Set<Agent>> byCall = new HashMap<>();
    private final SequencedSet<String> changed = new LinkedHashSet<>();
    private final Map<String, List<String>> members = new HashMap<>();

    /** One person. */
    private static final class Agent {
        Person person;
        // Each with whether it has a connection just now.
        final Map<ClientId, Boolean> devices = new LinkedHashMap<>();
        final Map<CallId, Theirs> calls = new LinkedHashMap<>();
        Availability chosen = Availability.AVAILABLE;
        Optional<String> reason = Optional.empty();
        long idleSince;
        OptionalLong wrapUpUntil = OptionalLong.empty();
        Standing standing = Standing.OFFLINE;
        long since;

        Agent(Person person, long now) {
            this.person = person;
            this.since = now;
            this.idleSince = now;
        }
    }

    /** A call of theirs. */
    private static final class Theirs {
        // Which of their devices it rings at, and which have it: two while it goes from one of them to another.
        final Set<ClientId> rings = new LinkedHashSet<>();
        final Set<ClientId> at = new LinkedHashSet<>();
        Colleague.Stage stage;
        final Call.Direction direction;
        final Optional<String> with;
        Duration wrapUp = Duration.ZERO;
        boolean wasTaken;
        boolean wasAnswered;
        long since;

        Theirs(Colleague.Stage stage, Call.Direction direction, Optional<String> with, long now) {
            this.stage = stage;
            this.direction = direction;
            this.with = with;
            this.since = now;
        }

        boolean isNowhere() {
            return rings.isEmpty() && at.isEmpty();
        }

        void stage(Colleague.Stage next, long now) {
            if (stage != next) {
                stage = next;
                since = now;
            }
        }
    }

    // ---- people and devices

    /**
     * There is this person, whether they have signed in or not; of who is known already this is true from now on, and where they are in
     * a group still they keep their place.
     */
    void add(Person person, long now) {
        Agent agent = agents.computeIfAbsent(person.user(), _ -> new Agent(person, now));
        Person before = agent.person;
        agent.person = person;
        before.groups().stream()
                .filter(group -> !person.groups().contains(group))
                .forEach(group -> membersOf(group).remove(person.user()));
        person.groups().stream()
                .map(this::membersOf)
                .filter(members -> !members.contains(person.user()))
                .forEach(members -> members.add(person.user()));
        if (!person.equals(before)) {
            refresh(agent, now);
        }
    }

    private List<String> membersOf(String group) {
        return members.computeIfAbsent(group, _ -> new ArrayList<>());
    }

    /** Whether this call rings at them, or is theirs. */
    boolean has(String user, CallId call) {
        return find(user).filter(agent -> agent.calls.containsKey(call)).isPresent();
    }

    /** Whether this person is one of ours. */
    boolean has(String user) {
        return agents.containsKey(user);
    }

    /** A device of theirs is there, or again; the first of them makes them what they are when they sign in. */
    void signedIn(String user, ClientId client, Availability signIn, long now) {
        Agent agent = agents.get(user);
        if (agent == null) {
            return;
        }
        if (agent.devices.isEmpty()) {
            agent.chosen = signIn;
            agent.reason = Optional.empty();
            agent.idleSince = now;
        }
        agent.devices.put(client, true);
        byClient.put(client, agent);
        refresh(agent, now);
    }

    /** It has lost its connection, and may come back. */
    void away(ClientId client, long now) {
        Agent agent = byClient.get(client);
        if (agent != null) {
            agent.devices.put(client, false);
            refresh(agent, now);
        }
    }

    /** It is gone. */
    void signedOut(ClientId client, long now) {
        Agent agent = byClient.remove(client);
        if (agent != null) {
            agent.devices.remove(client);
            refresh(agent, now);
        }
    }

    /** Whose device it is, or was when it was told of this call; empty for nobody's of ours. */
    Optional<String> userOf(ClientId client, CallId call) {
        return agentOf(client, call).map(agent -> agent.person.user());
    }

    private Optional<Agent> agentOf(ClientId client, CallId id) {
        return Optional.ofNullable(byClient.get(client))
                .or(() -> byCall.getOrDefault(id, Set.of()).stream()
                        .filter(agent -> Optional.ofNullable(agent.calls.get(id))
                                .filter(call -> call.rings.contains(client) || call.at.contains(client))
                                .isPresent())
                        .findFirst());
    }

    /** Their devices that can ring. */
    SequencedSet<ClientId> clients(String user) {
        SequencedSet<ClientId> there = new LinkedHashSet<>();
        find(user)
                .ifPresent(agent -> agent.devices.forEach((client, isConnected) -> {
                    if (isConnected) {
                        there.add(client);
                    }
                }));
        return there;
    }

    /** All of their devices. */
    Set<ClientId> devices(String user) {
        return find(user).map(agent -> Set.copyOf(agent.devices.keySet())).orElse(Set.of());
    }

    /** Whether they are signed in. */
    boolean isThere(String user) {
        return find(user).filter(agent -> !agent.devices.isEmpty()).isPresent();
    }

    // ---- what they say

    /** They say this of themselves; false if they are none of ours. */
    boolean choose(String user, Availability said, Optional<String> reason, long now) {
        Optional<Agent> found = find(user);
        found.ifPresent(agent -> {
            agent.chosen = said;
            agent.reason = reason;
            if (said == Availability.AVAILABLE) {
                agent.wrapUpUntil = OptionalLong.empty(); // done early
            }
            refresh(agent, now);
        });
        return found.isPresent();
    }

    // ---- what their calls make of it

    /** A device is told this of a call. */
    void onNews(ClientId client, CallId id, CallNews news, long now) {
        agentOf(client, id).ifPresent(agent -> onNews(agent, client, id, news, now));
    }

    private void onNews(Agent agent, ClientId client, CallId id, CallNews news, long now) {
        switch (news) {
            case CallNews.Incoming incoming -> rings(agent, client, id, incoming, now);
            case CallNews.Answer _, CallNews.Accepted _, CallNews.Progress _, CallNews.Renew _ ->
                theirs(agent, client, id, now);
            case CallNews.Established _ -> talks(agent, client, id, now);
            case CallNews.Held _ -> stage(agent, id, Colleague.Stage.HELD, now);
            case CallNews.Resumed _ -> stage(agent, id, Colleague.Stage.TALKING, now);
            case CallNews.Over _ -> over(agent, client, id, now);
            default -> {
                return; // of what is said in a call nobody else sees anything
            }
        }
        refresh(agent, now);
    }

    private void rings(Agent agent, ClientId client, CallId id, CallNews.Incoming incoming, long now) {
        agent.calls
                .computeIfAbsent(
                        id, _ -> new Theirs(Colleague.Stage.RINGING, Call.Direction.INBOUND, incoming.from(), now))
                .rings
                .add(client);
        byCall.computeIfAbsent(id, _ -> new LinkedHashSet<>()).add(agent);
    }

    private Theirs theirs(Agent agent, ClientId client, CallId id, long now) {
        byCall.computeIfAbsent(id, _ -> new LinkedHashSet<>()).add(agent);
        Theirs call = agent.calls.computeIfAbsent(
                id, _ -> new Theirs(Colleague.Stage.CALLING, Call.Direction.OUTBOUND, Optional.empty(), now));
        call.at.add(client);
        call.wasTaken = true;
        if (call.stage == Colleague.Stage.RINGING) {
            call.stage(Colleague.Stage.CALLING, now);
        }
        return call;
    }

    private void talks(Agent agent, ClientId client, CallId id, long now) {
        Theirs call = theirs(agent, client, id, now);
        call.wasAnswered = true;
        call.stage(Colleague.Stage.TALKING, now);
    }

    private static void stage(Agent agent, CallId id, Colleague.Stage stage, long now) {
        Optional.ofNullable(agent.calls.get(id)).ifPresent(call -> call.stage(stage, now));
    }

    /** Over at one device: it may ring at another of theirs, or be there, also if it was on its way from there to this one. */
    private void over(Agent agent, ClientId client, CallId id, long now) {
        Theirs call = agent.calls.get(id);
        if (call == null) {
            return;
        }
        call.rings.remove(client);
        call.at.remove(client);
        if (call.isNowhere()) {
            forget(agent, id, now);
            Set<Agent> left = byCall.getOrDefault(id, new LinkedHashSet<>());
            left.remove(agent);
            if (left.isEmpty()) {
                byCall.remove(id);
            }
        } else if (call.at.isEmpty()) {
            call.stage(Colleague.Stage.RINGING, now);
        }
    }

    /** The call is over, or not here any more, whatever was told of it. */
    void over(CallId id, long now) {
        Set<Agent> theirs = byCall.remove(id);
        if (theirs != null) {
            theirs.forEach(agent -> {
                forget(agent, id, now);
                refresh(agent, now);
            });
        }
    }

    private static void forget(Agent agent, CallId id, long now) {
        Theirs call = agent.calls.remove(id);
        if (call == null || !call.wasTaken) {
            return;
        }
        agent.idleSince = now;
        if (call.wasAnswered && !call.wrapUp.isZero()) {
            agent.wrapUpUntil = OptionalLong.of(now + call.wrapUp.toNanos());
        }
    }

    /** After this call they are given no other for so long. */
    void owesWrapUp(String user, CallId id, Duration time) {
        find(user).flatMap(agent -> Optional.ofNullable(agent.calls.get(id))).ifPresent(call -> call.wrapUp = time);
    }

    // ---- time

    OptionalLong nextWakeup() {
        return agents.values().stream()
                .filter(agent -> agent.wrapUpUntil.isPresent())
                .mapToLong(agent -> agent.wrapUpUntil.getAsLong())
                .reduce((first, second) -> first - second < 0 ? first : second);
    }

    void tick(long now) {
        for (Agent agent : agents.values()) {
            if (agent.wrapUpUntil.isPresent() && agent.wrapUpUntil.getAsLong() - now <= 0) {
                agent.wrapUpUntil = OptionalLong.empty();
                refresh(agent, now);
            }
        }
    }

    // ---- what is seen of it

    /** Whom the inputs since the last question have changed. */
    List<String> changed() {
        List<String> now = List.copyOf(changed);
        changed.clear();
        return now;
    }

    /** Whether a call of a group may ring at them. */
    boolean isFree(String user) {
        return find(user)
                .filter(agent -> agent.standing == Standing.AVAILABLE)
                .filter(agent -> agent.devices.containsValue(true))
                .isPresent();
    }

    /** Since when they have been without a call. */
    long idleSince(String user) {
        return find(user).orElseThrow().idleSince;
    }

    /** Whether a call to themselves may ring at them. */
    boolean takesCalls(String user) {
        return find(user)
                .filter(agent -> agent.chosen == Availability.BUSY
                        || (agent.standing == Standing.ON_CALL && !agent.person.callWaiting()))
                .isEmpty();
    }

    /** The names of all, in the order in which they became known. */
    Collection<String> users() {
        return agents.keySet();
    }

    /** Who is in this group, in that order. */
    List<String> members(String group) {
        return members.getOrDefault(group, List.of());
    }

    Optional<Colleague> seen(String user, long now) {
        return find(user).map(agent -> seen(agent, now));
    }

    private static Colleague seen(Agent agent, long now) {
        List<Colleague.OnCall> calls = new ArrayList<>();
        agent.calls.forEach((id, call) -> calls.add(
                new Colleague.OnCall(id, call.stage, call.with, call.direction, Duration.ofNanos(now - call.since))));
        return new Colleague(
                agent.person,
                agent.chosen,
                agent.standing,
                agent.reason,
                Duration.ofNanos(now - agent.since),
                agent.devices.size(),
                calls);
    }

    private Optional<Agent> find(String user) {
        return Optional.ofNullable(agents.get(user));
    }

    private void refresh(Agent agent, long now) {
        Standing next = standing(agent);
        if (next != agent.standing) {
            agent.standing = next;
            agent.since = now;
        }
        changed.add(agent.person.user());
    }

    private static Standing standing(Agent agent) {
        if (agent.calls.values().stream().anyMatch(call -> call.stage != Colleague.Stage.RINGING)) {
            return Standing.ON_CALL;
        }
        if (agent.devices.isEmpty()) {
            return Standing.OFFLINE;
        }
        if (!agent.calls.isEmpty()) {
            return Standing.RINGING;
        }
        return agent.wrapUpUntil.isPresent() ? Standing.WRAP_UP : Standing.of(agent.chosen);
    }
}
