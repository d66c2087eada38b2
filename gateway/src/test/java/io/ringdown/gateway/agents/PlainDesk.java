package io.ringdown.gateway.agents;

import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.EndCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link GroupDesk} is to do, said as plainly as can be and without a thought of its cost: everything is looked at from the
 * start, again and again, until nobody more can be rung.
 */
final class PlainDesk {
    private final Map<String, GroupSettings> groups;
    private final Map<String, List<String>> members;
    final List<One> calls = new ArrayList<>();
    final Map<String, Long> free = new TreeMap<>();
    final Map<CallId, EndCause> ended = new LinkedHashMap<>();
    final Map<String, Integer> unanswered = new TreeMap<>();
    final List<String> setAway = new ArrayList<>();
    final Set<String> there = new TreeSet<>();
    // Whom it has had rung, in any order.
    final List<DeskAction.Ring> rung = new ArrayList<>();
    final Map<String, Integer> answered = new TreeMap<>();
    final Map<String, Integer> overflowed = new TreeMap<>();
    final Map<String, Integer> abandoned = new TreeMap<>();

    /** A call that waits. */
    static final class One {
        final CallId id;
        final long since;
        final List<String> been = new ArrayList<>();
        final Set<String> passed = new TreeSet<>();
        final Map<String, Long> rings = new TreeMap<>();

        @Nullable
        String user;

        long deadline;

        One(CallId id, long since) {
            this.id = id;
            this.since = since;
        }

        String group() {
            return been.getLast();
        }
    }

    PlainDesk(Map<String, GroupSettings> groups, Map<String, List<String>> members) {
        this.groups = groups;
        this.members = members;
    }

    private GroupSettings of(One one) {
        return Objects.requireNonNull(groups.get(one.group()));
    }

    private List<String> membersOf(String group) {
        return Objects.requireNonNull(members.get(group));
    }

    void enter(CallId id, String group, long now) {
        One one = new One(id, now);
        calls.add(one);
        go(one, group, now);
    }

    private void go(One one, String group, long now) {
        one.been.add(group);
        one.deadline = now + of(one).timeout().orElseThrow().toNanos();
        if (membersOf(group).stream().noneMatch(there::contains)) {
            leave(one, EndCause.UNAVAILABLE, now);
            return;
        }
        ringAll(now);
        long idle = calls.stream()
                .filter(other -> other.user == null && other.group().equals(group))
                .filter(other -> other != one && other.rings.isEmpty())
                .count();
        if (one.rings.isEmpty() && idle >= of(one).mostWaiting()) {
            leave(one, EndCause.BUSY, now);
        }
    }

    private void leave(One one, EndCause why, long now) {
        overflowed.merge(one.group(), 1, Integer::sum);
        GroupSettings.Overflow to = of(one).overflow();
        Optional<String> next = to.group().filter(group -> !one.been.contains(group));
        if (next.isPresent()) {
            go(one, next.get(), now);
        } else if (to.user().isPresent() && there.contains(to.user().get())) {
            one.user = to.user().get();
            one.deadline = now + of(one).timeout().orElseThrow().toNanos();
            ring(one, to.user().get(), one.deadline, now);
        } else if (to.user().isPresent()) {
            end(one, EndCause.UNAVAILABLE);
        } else {
            end(one, to.cause().map(cause -> EndCause.valueOf(cause.name())).orElse(why));
        }
    }

    private void ring(One one, String user, long until, long now) {
        one.rings.put(user, until);
        rung.add(new DeskAction.Ring(one.id, user, one.group(), Duration.ofNanos(now - one.since)));
    }

    private void end(One one, EndCause cause) {
        calls.remove(one);
        ended.put(one.id, cause);
    }

    One find(CallId id) {
        return calls.stream().filter(one -> one.id.equals(id)).findFirst().orElseThrow();
    }

    void declined(CallId id, String user) {
        One one = find(id);
        one.rings.remove(user);
        one.passed.add(user);
        if (one.user != null) {
            end(one, EndCause.DECLINED);
        }
    }

    void left(CallId id, String user) {
        One one = find(id);
        one.rings.remove(user);
        if (one.user != null) {
            end(one, EndCause.UNAVAILABLE);
        }
    }

    Optional<String> taken(CallId id, String user) {
        One one = find(id);
        calls.remove(one);
        unanswered.remove(user);
        if (one.user != null) {
            return Optional.empty();
        }
        answered.merge(one.group(), 1, Integer::sum);
        return Optional.of(one.group());
    }

    void abandoned(CallId id) {
        One one = find(id);
        calls.remove(one);
        abandoned.merge(one.group(), 1, Integer::sum);
    }

    /** When it has something to do next. */
    OptionalLong nextWakeup() {
        return calls.stream()
                .flatMap(one -> Stream.concat(Stream.of(one.deadline), one.rings.values().stream()))
                .mapToLong(Long::longValue)
                .min();
    }

    /** Those that wait for this group. */
    List<One> at(String group) {
        return calls.stream()
                .filter(one -> one.user == null && one.group().equals(group))
                .toList();
    }

    void time(long now) {
        for (One one : List.copyOf(calls)) {
            boolean late = one.deadline <= now;
            for (String user : List.copyOf(one.rings.keySet())) {
                if (late || Objects.requireNonNull(one.rings.get(user)) <= now) {
                    one.rings.remove(user);
                    one.passed.add(user);
                    int most = of(one).awayAfter();
                    if (most > 0 && one.user == null && unanswered.merge(user, 1, Integer::sum) >= most) {
                        unanswered.remove(user);
                        setAway.add(user);
                        free.remove(user);
                    }
                }
            }
            if (late && one.user != null) {
                end(one, EndCause.NO_ANSWER);
            } else if (late) {
                leave(one, EndCause.NO_ANSWER, now);
            }
        }
    }

    /** The oldest call that can ring somebody rings them; and so on. */
    void ringAll(long now) {
        while (calls.stream().anyMatch(one -> ringsOneMore(one, now))) {
            // It has been done.
        }
    }

    private boolean ringsOneMore(One one, long now) {
        if (one.user != null) {
            return false;
        }
        boolean all = of(one).ring() == GroupSettings.Ring.ALL;
        if (!all && !one.rings.isEmpty()) {
            return false;
        }
        String best = null;
        for (String user : membersOf(one.group())) {
            boolean taken = calls.stream().anyMatch(other -> other.rings.containsKey(user));
            if (!free.containsKey(user) || taken || one.passed.contains(user)) {
                continue;
            }
            if (best == null
                    || (of(one).ring() == GroupSettings.Ring.LONGEST_IDLE
                            && Objects.requireNonNull(free.get(user)) < Objects.requireNonNull(free.get(best)))) {
                best = user;
            }
        }
        if (best == null) {
            return false;
        }
        ring(one, best, all ? one.deadline : now + of(one).each().toNanos(), now);
        return true;
    }
}
