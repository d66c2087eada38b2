package io.ringdown.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.EndCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is rung for which call, against {@link PlainDesk}, and some examples to read. */
class GroupDeskTest {
    private static final Comparator<CallId> BY_HEX = Comparator.comparing(CallId::hex);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final CallId FIRST = new CallId("0".repeat(31) + "1");
    private static final CallId SECOND_CALL = new CallId("0".repeat(31) + "2");

    @Test
    void whoHasBeenWithoutACallForLongestIsRungFirst() {
        GroupDesk desk = desk(GroupSettings.Ring.LONGEST_IDLE, 0);
        desk.free("ann", 20 * SECOND);
        desk.free("ben", 10 * SECOND);
        desk.free("cho", 30 * SECOND);

        assertThat(desk.enter(FIRST, "sales", 40 * SECOND))
                .containsExactly(new DeskAction.Ring(FIRST, "ben", "sales", Duration.ZERO));
        assertThat(desk.enter(SECOND_CALL, "sales", 41 * SECOND))
                .containsExactly(new DeskAction.Ring(SECOND_CALL, "ann", "sales", Duration.ZERO));
    }

    @Test
    void theCallThatHasWaitedLongestIsGivenToWhoeverGetsFree() {
        GroupDesk desk = desk(GroupSettings.Ring.IN_ORDER, 0);
        assertThat(desk.enter(FIRST, "sales", 0)).isEmpty();
        assertThat(desk.enter(SECOND_CALL, "sales", SECOND)).isEmpty();

        desk.free("cho", 2 * SECOND);

        assertThat(desk.act(5 * SECOND))
                .containsExactly(new DeskAction.Ring(FIRST, "cho", "sales", Duration.ofSeconds(5)));
        assertThat(desk.taken(FIRST, "cho")).hasValue("sales");
    }

    @Test
    void whoDeclinesIsPassedOverForThisCallAndRungForTheNext() {
        GroupDesk desk = desk(GroupSettings.Ring.IN_ORDER, 0);
        desk.free("ann", 0);
        desk.enter(FIRST, "sales", 0);

        assertThat(desk.declined(FIRST, "ann", SECOND)).containsExactly(new DeskAction.Stop(FIRST, "ann"));
        assertThat(desk.enter(SECOND_CALL, "sales", 2 * SECOND))
                .containsExactly(new DeskAction.Ring(SECOND_CALL, "ann", "sales", Duration.ZERO));
    }

    @Test
    void whoLetsTwoCallsInARowRingIsSetAway() {
        GroupDesk desk = desk(GroupSettings.Ring.IN_ORDER, 2);
        desk.free("ann", 0);
        desk.enter(FIRST, "sales", 0);
        assertThat(desk.tick(10 * SECOND)).containsExactly(new DeskAction.Stop(FIRST, "ann"));
        desk.enter(SECOND_CALL, "sales", 11 * SECOND);

        assertThat(desk.tick(21 * SECOND))
                .containsExactly(new DeskAction.Stop(SECOND_CALL, "ann"), new DeskAction.SetAway("ann"));
    }

    @Test
    void aCallThatFindsNobodySignedInDoesNotWait() {
        GroupDesk desk = new GroupDesk(
                Map.of("sales", GroupSettings.defaults()), Duration.ofSeconds(30), _ -> List.of("ann"), _ -> false);

        assertThat(desk.enter(FIRST, "sales", 0)).containsExactly(new DeskAction.End(FIRST, EndCause.UNAVAILABLE));
        assertThat(desk.nextWakeup()).isEmpty();
    }

    private static GroupDesk desk(GroupSettings.Ring ring, int awayAfter) {
        GroupSettings how = settings(ring, 10, 60, GroupSettings.Overflow.defaults(), 50, awayAfter);
        return new GroupDesk(
                Map.of("sales", how), Duration.ofSeconds(30), _ -> List.of("ann", "ben", "cho"), _ -> true);
    }

    private static GroupSettings settings(
            GroupSettings.Ring ring, int each, int timeout, GroupSettings.Overflow overflow, int waiting, int away) {
        return new GroupSettings(
                Optional.empty(),
                ring,
                Duration.ofSeconds(each),
                Optional.of(Duration.ofSeconds(timeout)),
                overflow,
                Duration.ZERO,
                waiting,
                away,
                Availability.AVAILABLE);
    }

    @ParameterizedTest
    @EnumSource(GroupSettings.Ring.class)
    void theRightOneRingsWhateverHappens(GroupSettings.Ring ring) {
        for (long seed = 1; seed <= 300; seed++) {
            try {
                new World(ring, seed).run();
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError(ring + ", seed " + seed, failed);
            }
        }
    }

    /** Five people, three groups and many calls, where anything may happen at any time. */
    private static final class World {
        private static final List<String> PEOPLE = List.of("ann", "ben", "cho", "dee", "eve");
        private final Random random;
        private final Map<String, GroupSettings> groups = new LinkedHashMap<>();
        private final Map<String, List<String>> members = Map.of(
                "sales", List.of("ann", "ben", "cho"),
                "help", List.of("cho", "dee", "ann", "eve"),
                "last", List.of("eve", "ben"));
        private final GroupDesk desk;
        private final PlainDesk plain;
        // What has been done of what the desk wanted: who is rung for what.
        private final Map<String, Set<CallId>> rung = new TreeMap<>();
        private final Set<CallId> open = new TreeSet<>(BY_HEX);
        private final Map<CallId, EndCause> ended = new LinkedHashMap<>();
        private final List<String> setAway = new ArrayList<>();
        private final Map<String, Long> idleSince = new TreeMap<>();
        private int nextCall = 1;
        private long now;

        World(GroupSettings.Ring ring, long seed) {
            random = new Random(seed);
            int away = random.nextInt(3);
            groups.put("sales", settings(ring, 5, 18, to("help", ""), random.nextInt(4), away));
            groups.put(
                    "help", settings(anyRing(), 7, 25, random.nextBoolean() ? to("last", "") : to("", "dee"), 3, away));
            groups.put("last", settings(anyRing(), 4, 9, to(random.nextBoolean() ? "sales" : "", ""), 1, 0));
            plain = new PlainDesk(groups, members);
            desk = new GroupDesk(
                    groups,
                    Duration.ofSeconds(30),
                    group -> Objects.requireNonNull(members.get(group)),
                    plain.there::contains);
        }

        private GroupSettings.Ring anyRing() {
            return List.of(GroupSettings.Ring.values()).get(random.nextInt(3));
        }

        private static GroupSettings.Overflow to(String group, String user) {
            return new GroupSettings.Overflow(
                    Optional.of(group).filter(name -> !name.isEmpty()),
                    Optional.of(user).filter(name -> !name.isEmpty()),
                    Optional.empty());
        }

        void run() {
            for (int i = 0; i < 200; i++) {
                step();
                check();
            }
            now += 1000 * SECOND;
            for (int i = 0; i < 10; i++) { // each at most once around the groups
                time();
                now += 1000 * SECOND;
            }
            assertThat(desk.nextWakeup()).as("nothing waits for ever").isEmpty();
            assertThat(rung.values()).as("nor rings").allMatch(Set::isEmpty);
        }

        private void step() {
            now += random.nextInt(3) * SECOND;
            String user = PEOPLE.get(random.nextInt(PEOPLE.size()));
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> enter();
                case 3 -> free(user);
                case 4 -> notFree(user);
                case 5 -> answer(user, true);
                case 6 -> answer(user, false);
                case 7 -> left(user);
                case 8 -> {
                    plain.unanswered.remove(user);
                    desk.seen(user);
                }
                case 9 -> {
                    if (!open.isEmpty() && random.nextInt(4) == 0) {
                        takes(user, any()); // just before it rang there for too long
                    }
                }
                case 10 -> abandon();
                default -> time();
            }
        }

        private void enter() {
            CallId call = new CallId(String.format("%032x", nextCall++));
            String group = List.copyOf(groups.keySet()).get(random.nextInt(3));
            open.add(call);
            plain.enter(call, group, now);
            plain.ringAll(now);
            perform(desk.enter(call, group, now));
        }

        private void free(String user) {
            idleSince.putIfAbsent(user, now);
            plain.there.add(user);
            plain.free.put(user, idleSince.get(user));
            plain.ringAll(now);
            desk.free(user, idleSince.get(user));
            perform(desk.act(now));
        }

        private void notFree(String user) {
            if (random.nextInt(4) == 0) {
                plain.there.remove(user);
            }
            idleSince.remove(user);
            plain.free.remove(user);
            desk.notFree(user);
            perform(desk.act(now));
        }

        private void answer(String user, boolean takes) {
            for (CallId call : List.copyOf(rung.getOrDefault(user, Set.of()))) {
                if (takes) {
                    takes(user, call);
                    return;
                }
                plain.declined(call, user);
                plain.ringAll(now);
                perform(desk.declined(call, user, now));
            }
        }

        private void takes(String user, CallId call) {
            plain.free.remove(user);
            desk.notFree(user);
            assertThat(desk.taken(call, user)).isEqualTo(plain.taken(call, user));
            forget(call);
            plain.ringAll(now);
            perform(desk.act(now));
        }

        private void left(String user) {
            for (CallId call : List.copyOf(rung.getOrDefault(user, Set.of()))) {
                rung.getOrDefault(user, Set.of()).remove(call);
                plain.left(call, user);
                plain.ringAll(now);
                perform(desk.left(call, user, now));
            }
        }

        private CallId any() {
            return List.copyOf(open).get(random.nextInt(open.size()));
        }

        private void abandon() {
            if (!open.isEmpty()) {
                CallId call = any();
                plain.abandoned(call);
                forget(call);
                plain.ringAll(now);
                perform(desk.over(call, now));
            }
        }

        private void forget(CallId call) {
            open.remove(call);
            rung.values().forEach(calls -> calls.remove(call));
        }

        private void time() {
            plain.time(now);
            plain.ringAll(now);
            perform(desk.tick(now));
        }

        private void perform(List<DeskAction> actions) {
            assertThat(actions)
                    .filteredOn(DeskAction.Ring.class::isInstance)
                    .containsExactlyInAnyOrderElementsOf(plain.rung);
            plain.rung.clear();
            for (DeskAction action : actions) {
                switch (action) {
                    case DeskAction.Ring ring -> {
                        assertThat(open).as("rings for a call that there is").contains(ring.call());
                        rung.computeIfAbsent(ring.user(), _ -> new TreeSet<>(BY_HEX))
                                .add(ring.call());
                    }
                    case DeskAction.Stop stop ->
                        rung.getOrDefault(stop.user(), Set.of()).remove(stop.call());
                    case DeskAction.End end -> {
                        assertThat(ended.put(end.call(), end.cause()))
                                .as("ends once")
                                .isNull();
                        forget(end.call());
                    }
                    case DeskAction.SetAway away -> setAway.add(away.user());
                }
            }
        }

        private void check() {
            Map<String, Set<CallId>> expected = new TreeMap<>();
            plain.calls.forEach(one -> one.rings
                    .keySet()
                    .forEach(user -> expected.computeIfAbsent(user, _ -> new TreeSet<>(BY_HEX))
                            .add(one.id)));
            Map<String, Set<CallId>> seen = new TreeMap<>(rung);
            seen.values().removeIf(Set::isEmpty);
            assertThat(seen).isEqualTo(expected);
            assertThat(plain.calls)
                    .extracting(one -> one.id)
                    .as("no call is lost")
                    .containsExactlyInAnyOrderElementsOf(open);
            assertThat(desk.nextWakeup()).isEqualTo(plain.nextWakeup());
            open.forEach(call -> PEOPLE.forEach(user -> assertThat(desk.rings(call, user))
                    .isEqualTo(rung.getOrDefault(user, Set.of()).contains(call))));
            groups.keySet().forEach(this::check);
            assertThat(ended).isEqualTo(plain.ended);
            assertThat(setAway).containsExactlyInAnyOrderElementsOf(plain.setAway);
            seen.forEach((user, calls) -> {
                Set<CallId> ofGroups = new TreeSet<>(BY_HEX);
                calls.stream().filter(call -> plain.find(call).user == null).forEach(ofGroups::add);
                assertThat(ofGroups).as("calls of groups at " + user).hasSizeLessThanOrEqualTo(1);
            });
        }

        private void check(String group) {
            List<PlainDesk.One> waiting = plain.at(group);
            assertThat(desk.waiting(group)).isEqualTo(waiting.size());
            assertThat(desk.seen(group, now))
                    .isEqualTo(new GroupSeen(
                            group,
                            Optional.empty(),
                            waiting.size(),
                            waiting.stream()
                                    .map(one -> Duration.ofNanos(now - one.since))
                                    .max(Comparator.naturalOrder()),
                            plain.answered.getOrDefault(group, 0),
                            plain.overflowed.getOrDefault(group, 0),
                            plain.abandoned.getOrDefault(group, 0)));
        }
    }
}
