package io.ringdown.gateway.agents;

import io.ringdown.gateway.call.CallBook;
import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.CallRecord;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.NewsWatcher;
import io.ringdown.gateway.call.Timers;
import io.ringdown.gateway.call.WaitingRoom;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All people and their groups: who is there, what they are doing, which calls wait for them. Thread-safe; every method returns at
 * once. One lock, under which nothing waits and nobody outside is asked anything.
 */
public final class Roster implements NewsWatcher, CallBook, WaitingRoom {
    private static final Logger LOG = LoggerFactory.getLogger(Roster.class);
    /** The least time between two reports of changes to a listener. */
    public static final Duration TELL_EVERY = Duration.ofMillis(200);

    private final Staff staff;
    private final Duration ringTimeout;
    private final Post post;
    private final Timers timers;
    private final Executor executor;
    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Attendance attendance = new Attendance();
    private final GroupDesk desk;
    private final List<RosterListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> waitingBefore = new HashMap<>();
    private final Set<String> changedPeople = new LinkedHashSet<>();
    private final Set<String> changedGroups = new LinkedHashSet<>();
    private boolean isTelling;
    private OptionalLong wakesAt = OptionalLong.empty();
    private Runnable cancelWakeup = () -> {};

    /** Takes events for calls. */
    @FunctionalInterface
    public interface Post {
        /** Hands an event to a call, which takes it later; false if there is no such call any more. */
        boolean post(CallId call, CallEvent event);
    }

    /**
     * The people of this staff.
     *
     * @param ringTimeout how long calls wait at groups that do not say
     * @param executor tells listeners
     * @param clock nanoseconds, steady
     */
    public Roster(Staff staff, Duration ringTimeout, Post post, Timers timers, Executor executor, LongSupplier clock) {
        this.staff = staff;
        this.ringTimeout = ringTimeout;
        this.post = post;
        this.timers = timers;
        this.executor = executor;
        this.clock = clock;
        this.desk = new GroupDesk(staff.groups(), ringTimeout, attendance::members, attendance::isThere);
        long now = clock.getAsLong();
        staff.people().forEach(person -> attendance.add(person, now));
        attendance.changed();
    }

    /** One with nobody, for who has no groups and no people. */
    public static Roster nobody() {
        return new Roster(Staff.nobody(), Duration.ZERO, (_, _) -> false, (_, _) -> () -> {}, Runnable::run, () -> 0);
    }

    private interface Change {
        void at(long now);
    }

    private void change(Change change) {
        lock.lock();
        try {
            long now = clock.getAsLong();
            change.at(now);
            settle(now);
        } finally {
            lock.unlock();
        }
    }

    // ---- people and devices

    /** There is this person too, or they are another than before. */
    public void add(Person person) {
        change(now -> attendance.add(person, now));
    }

    /** Whether this user is one of the configuration, so that no directory is to be asked for them. */
    public boolean isConfigured(String user) {
        return staff.has(user);
    }

    /** Who signs in by this name; empty for who is none of ours. */
    public Optional<Person> person(String user) {
        return availability(user).map(Colleague::person);
    }

    /**
     * A device has signed in, or has its connection again.
     *
     * @param subject as whom
     * @param numbers which it answers for; of who signs in as nobody of ours, they say whose it is
     * @return whose it is, as they are now; empty for who is none of ours
     */
    public Optional<Colleague> onSignedIn(ClientId client, String subject, List<PhoneNumber> numbers) {
        lock.lock();
        try {
            long now = clock.getAsLong();
            Optional<String> user = attendance.has(subject) ? Optional.of(subject) : staff.whose(numbers);
            user.ifPresent(name -> attendance.signedIn(name, client, signIn(name, now), now));
            settle(now);
            return user.flatMap(name -> attendance.seen(name, now));
        } finally {
            lock.unlock();
        }
    }

    private Availability signIn(String user, long now) {
        return attendance
                .seen(user, now)
                .map(seen -> staff.signIn(seen.person()))
                .orElse(Availability.AVAILABLE);
    }

    /** A device has lost its connection, and may come back. */
    public void onAway(ClientId client) {
        change(now -> attendance.away(client, now));
    }

    /** A device is gone. */
    public void onSignedOut(ClientId client) {
        change(now -> attendance.signedOut(client, now));
    }

    // ---- availability

    /** How somebody is just now; empty for who is none of ours. */
    public Optional<Colleague> availability(String user) {
        lock.lock();
        try {
            return attendance.seen(user, clock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Somebody says this of themselves.
     *
     * @param reason in their own words, which their colleagues see
     * @return false for who is none of ours
     */
    public boolean set(String user, Availability state, Optional<String> reason) {
        lock.lock();
        try {
            long now = clock.getAsLong();
            boolean isKnown = attendance.choose(user, state, reason, now);
            desk.seen(user);
            settle(now);
            return isKnown;
        } finally {
            lock.unlock();
        }
    }

    /** Everybody. */
    public List<Colleague> people() {
        lock.lock();
        try {
            return seen(attendance.users(), clock.getAsLong());
        } finally {
            lock.unlock();
        }
    }

    private List<Colleague> seen(Iterable<String> users, long now) {
        List<Colleague> all = new ArrayList<>();
        users.forEach(user -> attendance.seen(user, now).ifPresent(all::add));
        return List.copyOf(all);
    }

    /** Every group that has settings. */
    public List<GroupSeen> groups() {
        lock.lock();
        try {
            long now = clock.getAsLong();
            return desk.groups().stream().map(group -> desk.seen(group, now)).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Tells this listener of changes, collected and at most every {@link #TELL_EVERY}; the result ends that. */
    public Runnable watch(RosterListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    // ---- calls in

    @Override
    public boolean has(String group) {
        return staff.groups().containsKey(group);
    }

    @Override
    public Optional<String> groupOf(PhoneNumber called) {
        return staff.groupOf(called);
    }

    @Override
    public Duration longest(String group) {
        return staff.longest(group, ringTimeout);
    }

    @Override
    public boolean takesCalls(String user) {
        lock.lock();
        try {
            return attendance.takesCalls(user);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void enter(CallId call, String group) {
        change(now -> perform(desk.enter(call, group, now), now));
    }

    // ---- what becomes of calls

    @Override
    public void told(ClientId client, CallId call, CallNews news) {
        switch (news) {
            case CallNews.Incoming _,
                    CallNews.Answer _,
                    CallNews.Accepted _,
                    CallNews.Progress _,
                    CallNews.Renew _,
                    CallNews.Established _,
                    CallNews.Held _,
                    CallNews.Resumed _,
                    CallNews.Over _ -> change(now -> onNews(client, call, news, now));
            default -> {
                // What is said within a call changes nothing for anybody else.
            }
        }
    }

    private void onNews(ClientId client, CallId call, CallNews news, long now) {
        Optional<String> user = attendance.userOf(client, call);
        attendance.onNews(client, call, news, now);
        user.ifPresent(one -> onDeskNews(one, call, news, now));
    }

    /**
     * Who has it, has it, whether it rings there by the desk or not any more: the call may have been taken just before the desk found
     * that they let it ring, and does not ring on then whatever the desk wants.
     */
    private void onDeskNews(String user, CallId call, CallNews news, long now) {
        if (news instanceof CallNews.Answer
                || news instanceof CallNews.Accepted
                || news instanceof CallNews.Established) {
            desk.taken(call, user).ifPresent(group -> attendance.owesWrapUp(user, call, staff.wrapUp(group)));
        } else if (news instanceof CallNews.Over over && desk.rings(call, user)) {
            EndCause why = over.ending().cause();
            if (why == EndCause.DECLINED || why == EndCause.BUSY) {
                perform(desk.declined(call, user, now), now);
            } else if (why == EndCause.SOCKET_LOST && !attendance.has(user, call)) {
                perform(desk.left(call, user, now), now);
            }
        }
    }

    @Override
    public void accept(CallRecord record) {
        forget(record.id());
    }

    @Override
    public void left(CallId call) {
        forget(call);
    }

    private void forget(CallId call) {
        change(now -> {
            perform(desk.over(call, now), now);
            attendance.over(call, now);
        });
    }

    // ---- under the lock

    /** What has changed for the desk, and what it wants for that, until nothing changes any more. */
    private void settle(long now) {
        List<String> changed = attendance.changed();
        while (!changed.isEmpty()) {
            changedPeople.addAll(changed);
            changed.forEach(this::toDesk);
            perform(desk.act(now), now);
            changed = attendance.changed();
        }
        for (String group : desk.groups()) {
            int waiting = desk.waiting(group);
            Integer before = waitingBefore.put(group, waiting);
            if (before == null || before != waiting) {
                changedGroups.add(group);
            }
        }
        tellLater();
        wakeLater(now);
    }

    private void toDesk(String user) {
        if (attendance.isFree(user)) {
            desk.free(user, attendance.idleSince(user));
        } else {
            desk.notFree(user);
        }
    }

    private void perform(List<DeskAction> actions, long now) {
        for (DeskAction action : actions) {
            switch (action) {
                case DeskAction.Ring ring -> ring(ring, now);
                case DeskAction.Stop stop ->
                    post.post(stop.call(), new CallEvent.RingNoMore(attendance.devices(stop.user())));
                case DeskAction.End end -> {
                    LOG.info(
                            "call {}: nobody of its group takes it: {}",
                            end.call(),
                            end.cause().code());
                    post.post(end.call(), new CallEvent.NobodyTakes(end.cause()));
                }
                case DeskAction.SetAway away -> {
                    LOG.info("{} lets calls ring and is set away", away.user());
                    attendance.choose(away.user(), Availability.AWAY, Optional.of("unanswered"), now);
                }
            }
        }
    }

    private void ring(DeskAction.Ring ring, long now) {
        SequencedSet<ClientId> clients = attendance.clients(ring.user());
        if (clients.isEmpty()) {
            perform(desk.left(ring.call(), ring.user(), now), now);
        } else {
            LOG.info("call {} of group {} rings {}", ring.call(), ring.group(), ring.user());
            post.post(
                    ring.call(),
                    new CallEvent.RingToo(clients, new CallNews.Incoming.OfGroup(ring.group(), ring.waited())));
        }
    }

    private void wakeLater(long now) {
        OptionalLong when = earlier(desk.nextWakeup(), attendance.nextWakeup());
        if (when.equals(wakesAt)) {
            return;
        }
        wakesAt = when;
        cancelWakeup.run();
        cancelWakeup = when.isEmpty()
                ? () -> {}
                : timers.after(Math.max(0, when.getAsLong() - now), () -> executor.execute(this::tick));
    }

    private static OptionalLong earlier(OptionalLong one, OptionalLong other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isEmpty() ? other : one;
        }
        return one.getAsLong() - other.getAsLong() < 0 ? one : other;
    }

    private void tick() {
        change(now -> {
            wakesAt = OptionalLong.empty();
            attendance.tick(now);
            perform(desk.tick(now), now);
        });
    }

    private void tellLater() {
        if (listeners.isEmpty()) {
            changedPeople.clear(); // whoever comes later begins with all there is
            changedGroups.clear();
        } else if (!isTelling && !(changedPeople.isEmpty() && changedGroups.isEmpty())) {
            isTelling = true;
            timers.after(TELL_EVERY.toNanos(), () -> executor.execute(this::tellListeners));
        }
    }

    private void tellListeners() {
        List<Colleague> people;
        List<GroupSeen> groups;
        lock.lock();
        try {
            long now = clock.getAsLong();
            people = seen(changedPeople, now);
            groups = changedGroups.stream().map(group -> desk.seen(group, now)).toList();
            changedPeople.clear();
            changedGroups.clear();
        } finally {
            lock.unlock();
        }
        for (RosterListener listener : listeners) {
            try {
                listener.onChange(people, groups);
            } catch (RuntimeException bug) {
                LOG.error("a listener to people and groups has failed; the others are told", bug);
            }
        }
        lock.lock();
        try {
            isTelling = false;
            tellLater();
        } finally {
            lock.unlock();
        }
    }
}
