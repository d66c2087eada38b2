package io.ringdown.gateway.agents;

import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.EndCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Gives the calls of groups to their people: the call that has waited longest first, nobody two at once. Pure; one thread at a
 * time. After each input the answered actions are to be done, in order, and {@link #tick} is to be called when
 * {@link #nextWakeup} has come.
 *
 * <pre>
 *  enter ─▶ waits ◀──────▶ rings ─▶ taken
 *             │  declined,   │
 *             │  unanswered  │       it is over at any time
 *             └──▶ too late ◀┘ ─▶ another group · one user · ended
 * </pre>
 */
final class GroupDesk {
    private final Map<String, GroupSettings> groups;
    private final Duration usualTimeout;
    private final Function<String, List<String>> members;
    private final Predicate<String> isThere;

    // In the order in which they came, whatever group they are at by now.
    private final Map<CallId, Waiting> waiting = new LinkedHashMap<>();
    // Since when each of them has been without a call.
    private final Map<String, Long> free = new HashMap<>();
    // For how many calls each of them is: a user to whom calls overflow may be for several.
    private final Map<String, Integer> rung = new HashMap<>();
    private final Map<String, Integer> unanswered = new HashMap<>();
    private final Map<String, Counts> counts = new HashMap<>();
    private final List<DeskAction> actions = new ArrayList<>();

    /** One call. */
    private static final class Waiting {
        final CallId call;
        final long since;
        // Where it has been, so that it never comes back there.
        final Set<String> been = new HashSet<>();
        // Who has declined it, or let it ring.
        final Set<String> passed = new HashSet<>();
        // Until when each of them is rung; those of a call that rings all, until it is too late for it.
        final Map<String, Long> rings = new LinkedHashMap<>();
        String group;
        Optional<String> user = Optional.empty();
        long deadline;

        Waiting(CallId call, String group, long since) {
            this.call = call;
            this.group = group;
            this.since = since;
        }
    }

    /** What became of a group's calls since the start. */
    static final class Counts {
        long answered;
        long overflowed;
        long abandoned;
    }

    /** Why a group does not take a call. */
    private enum Reason {
        TOO_LATE(EndCause.NO_ANSWER),
        TOO_MANY(EndCause.BUSY),
        NOBODY(EndCause.UNAVAILABLE);

        private final EndCause cause;

        Reason(EndCause cause) {
            this.cause = cause;
        }
    }

    /**
     * A desk where nothing waits.
     *
     * @param groups by name
     * @param usualTimeout how long a call waits at a group that does not say
     * @param members who is in a group, in the order of the configuration
     * @param isThere whether a person has signed in
     */
    GroupDesk(
            Map<String, GroupSettings> groups,
            Duration usualTimeout,
            Function<String, List<String>> members,
            Predicate<String> isThere) {
        this.groups = groups;
        this.usualTimeout = usualTimeout;
        this.members = members;
        this.isThere = isThere;
        groups.keySet().forEach(group -> counts.put(group, new Counts()));
    }

    // ---- calls

    /** A call has come for this group, which is one of ours. */
    List<DeskAction> enter(CallId call, String group, long now) {
        Waiting one = new Waiting(call, group, now);
        waiting.put(call, one);
        arrive(one, group, now);
        return act(now);
    }

    /** This person does not want it: it rings the next. */
    List<DeskAction> declined(CallId call, String user, long now) {
        Waiting one = waiting.get(call);
        if (one != null && one.rings.containsKey(user)) {
            stop(one, user);
            one.passed.add(user);
            if (one.user.isPresent()) {
                end(one, EndCause.DECLINED);
            }
        }
        return act(now);
    }

    /** This person's devices are gone; should they come back, it may ring there again. */
    List<DeskAction> left(CallId call, String user, long now) {
        Waiting one = waiting.get(call);
        if (one != null && one.rings.containsKey(user)) {
            ringNoMore(one, user);
            if (one.user.isPresent()) {
                end(one, EndCause.UNAVAILABLE);
            }
        }
        return act(now);
    }

    /** This person has it, rung or not any more: answers the group whose person they are; empty if it did not wait for one. */
    Optional<String> taken(CallId call, String user) {
        Waiting one = waiting.remove(call);
        if (one == null) {
            return Optional.empty();
        }
        List.copyOf(one.rings.keySet()).forEach(other -> ringNoMore(one, other));
        unanswered.remove(user);
        if (one.user.isPresent()) {
            return Optional.empty();
        }
        countsOf(one).answered++;
        return Optional.of(one.group);
    }

    /** It is over, whoever ended it. */
    List<DeskAction> over(CallId call, long now) {
        Waiting one = waiting.remove(call);
        if (one != null) {
            List.copyOf(one.rings.keySet()).forEach(user -> ringNoMore(one, user));
            countsOf(one).abandoned++;
        }
        return act(now);
    }

    // ---- people

    /** This person can be given a call, and has been without one since then. */
    void free(String user, long idleSince) {
        free.put(user, idleSince);
    }

    /** This person cannot. */
    void notFree(String user) {
        free.remove(user);
    }

    /** This person has said that they are there. */
    void seen(String user) {
        unanswered.remove(user);
    }

    /** After changes of people. */
    List<DeskAction> act(long now) {
        match(now);
        List<DeskAction> wanted = List.copyOf(actions);
        actions.clear();
        return wanted;
    }

    // ---- time

    OptionalLong nextWakeup() {
        return waiting.values().stream()
                .mapToLong(GroupDesk::nextWakeup)
                .reduce((first, second) -> first - second < 0 ? first : second);
    }

    private static long nextWakeup(Waiting one) {
        return one.rings.values().stream().reduce(one.deadline, (first, second) -> first - second < 0 ? first : second);
    }

    /** The time has come; harmless if it has not. */
    List<DeskAction> tick(long now) {
        for (Waiting one : List.copyOf(waiting.values())) {
            if (one.deadline - now <= 0) {
                tooLate(one, now);
            } else {
                List.copyOf(one.rings.entrySet()).stream()
                        .filter(ring -> ring.getValue() - now <= 0)
                        .forEach(ring -> letRing(one, ring.getKey()));
            }
        }
        return act(now);
    }

    private void tooLate(Waiting one, long now) {
        List.copyOf(one.rings.keySet()).forEach(user -> letRing(one, user));
        if (one.user.isPresent()) {
            end(one, EndCause.NO_ANSWER);
        } else {
            overflow(one, Reason.TOO_LATE, now);
        }
    }

    /** This person has not answered. */
    private void letRing(Waiting one, String user) {
        stop(one, user);
        one.passed.add(user);
        int most = settings(one).awayAfter();
        if (most > 0 && one.user.isEmpty() && unanswered.merge(user, 1, Integer::sum) >= most) {
            unanswered.remove(user);
            actions.add(new DeskAction.SetAway(user));
            free.remove(user);
        }
    }

    // ---- where a call goes

    private void arrive(Waiting one, String group, long now) {
        one.group = group;
        one.been.add(group);
        one.deadline = now + settings(one).timeout().orElse(usualTimeout).toNanos();
        if (members.apply(group).stream().noneMatch(isThere)) {
            overflow(one, Reason.NOBODY, now);
            return;
        }
        match(now);
        if (one.rings.isEmpty() && othersWaitingAt(one) >= settings(one).mostWaiting()) {
            overflow(one, Reason.TOO_MANY, now);
        }
    }

    /** Those that ring nobody. */
    private long othersWaitingAt(Waiting one) {
        return waiting.values().stream()
                .filter(other -> other != one && other.user.isEmpty() && other.group.equals(one.group))
                .filter(other -> other.rings.isEmpty())
                .count();
    }

    private void overflow(Waiting one, Reason why, long now) {
        countsOf(one).overflowed++;
        GroupSettings.Overflow to = settings(one).overflow();
        if (to.group().filter(next -> !one.been.contains(next)).isPresent()) {
            arrive(one, to.group().get(), now);
        } else if (to.user().filter(isThere).isPresent()) {
            String user = to.user().get();
            one.user = to.user();
            one.deadline = now + settings(one).timeout().orElse(usualTimeout).toNanos();
            ring(one, user, one.deadline, now);
        } else if (to.user().isPresent()) {
            end(one, EndCause.UNAVAILABLE);
        } else {
            end(one, to.cause().map(GroupDesk::causeOf).orElse(why.cause));
        }
    }

    private static EndCause causeOf(GroupSettings.Overflow.Cause cause) {
        return switch (cause) {
            case BUSY -> EndCause.BUSY;
            case NO_ANSWER -> EndCause.NO_ANSWER;
            case UNAVAILABLE -> EndCause.UNAVAILABLE;
        };
    }

    private void end(Waiting one, EndCause cause) {
        waiting.remove(one.call);
        actions.add(new DeskAction.End(one.call, cause));
    }

    private void stop(Waiting one, String user) {
        ringNoMore(one, user);
        actions.add(new DeskAction.Stop(one.call, user));
    }

    @SuppressWarnings("NullAway") // null is how computeIfPresent is told to remove the entry
    private void ringNoMore(Waiting one, String user) {
        if (one.rings.remove(user) != null) {
            rung.computeIfPresent(user, (_, calls) -> calls == 1 ? null : (Integer) (calls - 1));
        }
    }

    // ---- whom a call rings

    private void match(long now) {
        for (Waiting one : waiting.values()) {
            if (rung.size() >= free.size() && rung.keySet().containsAll(free.keySet())) {
                return;
            }
            if (one.user.isEmpty()) {
                match(one, now);
            }
        }
    }

    private void match(Waiting one, long now) {
        GroupSettings how = settings(one);
        List<String> able = members.apply(one.group).stream()
                .filter(user -> free.containsKey(user) && !rung.containsKey(user) && !one.passed.contains(user))
                .toList();
        if (how.ring() == GroupSettings.Ring.ALL) {
            able.forEach(user -> ring(one, user, one.deadline, now));
        } else if (one.rings.isEmpty()) {
            next(able, how.ring(), now)
                    .ifPresent(user -> ring(one, user, now + how.each().toNanos(), now));
        }
    }

    private Optional<String> next(List<String> able, GroupSettings.Ring ring, long now) {
        return ring == GroupSettings.Ring.IN_ORDER
                ? able.stream().findFirst()
                : able.stream().max(Comparator.comparingLong(user -> idle(user, now)));
    }

    private long idle(String user, long now) {
        return now - free.getOrDefault(user, now);
    }

    private void ring(Waiting one, String user, long until, long now) {
        one.rings.put(user, until);
        rung.merge(user, 1, Integer::sum);
        actions.add(new DeskAction.Ring(one.call, user, one.group, Duration.ofNanos(now - one.since)));
    }

    // ---- what is seen of it

    /** Whether the call rings at this person by this desk. */
    boolean rings(CallId call, String user) {
        Waiting one = waiting.get(call);
        return one != null && one.rings.containsKey(user);
    }

    /** Which groups there are. */
    Collection<String> groups() {
        return groups.keySet();
    }

    /** How many calls wait for this group, those that ring among them. */
    int waiting(String group) {
        return at(group).size();
    }

    private List<Waiting> at(String group) {
        return waiting.values().stream()
                .filter(one -> one.user.isEmpty() && one.group.equals(group))
                .toList();
    }

    GroupSeen seen(String group, long now) {
        GroupSettings how = settings(group);
        List<Waiting> here = at(group);
        Counts sums = counts.getOrDefault(group, new Counts());
        return new GroupSeen(
                group,
                how.extension(),
                here.size(),
                here.stream().map(one -> Duration.ofNanos(now - one.since)).max(Comparator.naturalOrder()),
                sums.answered,
                sums.overflowed,
                sums.abandoned);
    }

    private Counts countsOf(Waiting one) {
        return counts.getOrDefault(one.group, new Counts());
    }

    private GroupSettings settings(Waiting one) {
        return settings(one.group);
    }

    private GroupSettings settings(String group) {
        return Optional.ofNullable(groups.get(group)).orElseThrow();
    }
}
