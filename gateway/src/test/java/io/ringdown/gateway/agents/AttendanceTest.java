package io.ringdown.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Ending;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What people are doing, by what their devices are told of calls. */
class AttendanceTest {
    private static final Duration WRAP_UP = Duration.ofSeconds(10);
    private static final CallId CALL = new CallId("a".repeat(32));
    private static final ClientId PAGE = new ClientId("a1", ClientId.Road.SOCKET);
    private static final ClientId PHONE = new ClientId("a2", ClientId.Road.SIP);

    @Test
    void whoSendsACallToAnotherDeviceOfTheirsWhichFailsStillHasIt() {
        Attendance attendance = attendance();
        attendance.onNews(PAGE, CALL, new CallNews.Answer(Optional.empty(), "sdp"), 0);
        attendance.onNews(PAGE, CALL, new CallNews.Established(), 0);
        attendance.onNews(PHONE, CALL, incoming(), 1);
        attendance.onNews(PHONE, CALL, new CallNews.Accepted(), 2);
        attendance.onNews(PHONE, CALL, over(EndCause.MEDIA_UNREACHABLE), 3);
        assertThat(attendance.isFree("ann")).isFalse();
        assertThat(standing(attendance, "ann")).isEqualTo(Standing.ON_CALL);

        attendance.onNews(PAGE, CALL, over(EndCause.NORMAL), 4);

        assertThat(attendance.isFree("ann")).isTrue();
    }

    @Test
    void whoseDeviceIsGoneBeforeItIsToldThatItRingsNoMoreIsNotRung() {
        Attendance attendance = attendance();
        attendance.onNews(PHONE, CALL, incoming(), 1);
        attendance.signedOut(PHONE, 2);
        attendance.onNews(PHONE, CALL, over(EndCause.SOCKET_LOST), 3);
        assertThat(attendance.isFree("ann")).isTrue();
    }

    @Test
    void whoHasNoCallAndNoWrapUpIsFreeAndNobodyElse() {
        long first = Long.getLong("seed", new Random().nextLong());
        for (long seed = first; seed < first + 2000; seed++) {
            World world = new World(seed);
            try {
                world.run();
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError("-Dseed=" + seed + ": " + world.story, failed);
            }
        }
    }

    private static Attendance attendance() {
        Attendance attendance = new Attendance();
        attendance.add(person("ann"), 0);
        attendance.signedIn("ann", PAGE, Availability.AVAILABLE, 0);
        attendance.signedIn("ann", PHONE, Availability.AVAILABLE, 0);
        return attendance;
    }

    private static Person person(String user) {
        return new Person(user, Optional.empty(), Optional.empty(), List.of("sales"), List.of(), true);
    }

    private static Standing standing(Attendance attendance, String user) {
        return attendance.seen(user, 0).orElseThrow().standing();
    }

    private static CallNews incoming() {
        return new CallNews.Incoming(
                new PhoneNumber("70"), Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
    }

    private static CallNews over(EndCause cause) {
        return new CallNews.Over(Optional.empty(), Ending.of(cause));
    }

    /** Two people with two devices each, and calls that do whatever calls may, told in the order in which calls tell it. */
    private static final class World {
        private static final Map<String, List<ClientId>> DEVICES = new LinkedHashMap<>();

        static {
            DEVICES.put("ann", List.of(PAGE, PHONE));
            DEVICES.put(
                    "ben", List.of(new ClientId("b1", ClientId.Road.SOCKET), new ClientId("b2", ClientId.Road.SIP)));
        }

        private final Random random;
        private final Attendance attendance = new Attendance();
        private final Map<ClientId, Boolean> there = new HashMap<>();
        private final Map<String, Availability> chosen = new HashMap<>();
        private final Map<String, Long> wrapsUpUntil = new HashMap<>();
        private final List<One> calls = new ArrayList<>();
        private final List<String> story = new ArrayList<>();
        private int nextCall = 1;
        private long now;

        /** A call as it is. */
        private static final class One {
            final CallId id;
            final Set<ClientId> rings = new LinkedHashSet<>();
            // Who was answered in it, and who has to write it up.
            final Set<String> answered = new HashSet<>();
            final Set<String> owing = new HashSet<>();
            Optional<ClientId> owner = Optional.empty();
            Optional<ClientId> taker = Optional.empty();
            boolean isUp;

            One(CallId id) {
                this.id = id;
            }

            Stream<ClientId> having() {
                return Stream.concat(owner.stream(), taker.stream());
            }

            boolean isHad(String user) {
                return having().anyMatch(devices(user)::contains);
            }

            boolean rings(String user) {
                return rings.stream().anyMatch(devices(user)::contains);
            }
        }

        World(long seed) {
            random = new Random(seed);
            DEVICES.keySet().forEach(user -> attendance.add(person(user), now));
            DEVICES.keySet().forEach(user -> chosen.put(user, Availability.AVAILABLE));
            DEVICES.values().forEach(devices -> devices.forEach(this::signIn));
        }

        void run() {
            for (int i = 0; i < 60; i++) {
                step();
                check();
            }
            List.copyOf(calls).forEach(this::end);
            now += WRAP_UP.toNanos();
            pass();
            check();
            assertThat(calls).isEmpty();
            assertThat(attendance.nextWakeup()).isEmpty();
        }

        private void check() {
            for (String user : DEVICES.keySet()) {
                Standing expected = expected(user);
                assertThat(standing(attendance, user)).as(user).isEqualTo(expected);
                assertThat(attendance.isFree(user))
                        .as("%s is free", user)
                        .isEqualTo(expected == Standing.AVAILABLE
                                && devices(user).stream().anyMatch(device -> there.getOrDefault(device, false)));
            }
        }

        private Standing expected(String user) {
            if (calls.stream().anyMatch(call -> call.isHad(user))) {
                return Standing.ON_CALL;
            }
            if (devices(user).stream().noneMatch(there::containsKey)) {
                return Standing.OFFLINE;
            }
            if (calls.stream().anyMatch(call -> call.rings(user))) {
                return Standing.RINGING;
            }
            return wrapsUpUntil.containsKey(user)
                    ? Standing.WRAP_UP
                    : Standing.of(Objects.requireNonNull(chosen.get(user)));
        }

        // ---- what may happen

        private void step() {
            switch (random.nextInt(14)) {
                case 0 -> ring();
                case 1 -> callOut();
                case 2, 3 -> with(call -> !call.rings.isEmpty() && call.taker.isEmpty(), this::take);
                case 4 -> with(call -> !call.rings.isEmpty(), this::declined);
                case 5, 6 -> with(call -> call.owner.isPresent() && !call.isUp, this::established);
                case 7 -> with(call -> call.isUp && call.rings.isEmpty() && call.taker.isEmpty(), this::handOver);
                case 8 -> with(call -> call.taker.isPresent(), this::takerHasIt);
                case 9 -> with(call -> call.taker.isPresent(), this::takerFails);
                case 10 -> with(_ -> true, this::end);
                case 11 -> with(call -> call.isUp, this::held);
                case 12 -> somebody();
                default -> pass();
            }
        }

        private interface Step {
            void take(One call);
        }

        private void with(Predicate<One> which, Step step) {
            List<One> able = calls.stream().filter(which).toList();
            if (!able.isEmpty()) {
                step.take(any(able));
            }
        }

        private <T> T any(Collection<T> of) {
            return List.copyOf(of).get(random.nextInt(of.size()));
        }

        private One newCall() {
            One call = new One(new CallId(String.format("%032x", nextCall++)));
            calls.add(call);
            return call;
        }

        private void ring() {
            ringSome(newCall());
        }

        private void ringSome(One call) {
            List<ClientId> able = there.keySet().stream()
                    .filter(device -> call.having().noneMatch(device::equals))
                    .filter(_ -> random.nextBoolean())
                    .sorted(Comparator.comparing(ClientId::session))
                    .toList();
            call.rings.addAll(able);
            able.forEach(device -> tell(device, call, incoming()));
            forgetIfNobodys(call);
        }

        private void callOut() {
            One call = newCall();
            ClientId device = any(any(DEVICES.values()));
            if (there.containsKey(device)) {
                call.owner = Optional.of(device);
                tell(device, call, new CallNews.Answer(Optional.empty(), "sdp"));
            }
            forgetIfNobodys(call);
        }

        private void take(One call) {
            ClientId device = any(call.rings);
            if (call.owner.isEmpty()) {
                call.owner = Optional.of(device);
                if (random.nextBoolean()) {
                    call.owing.add(userOf(device));
                }
            } else {
                call.taker = Optional.of(device);
            }
            call.rings.remove(device);
            tell(device, call, taken());
            if (call.owing.contains(userOf(device))) {
                attendance.owesWrapUp(userOf(device), call.id, WRAP_UP);
            }
            stopRinging(call, EndCause.ANSWERED_ELSEWHERE);
        }

        private CallNews taken() {
            return random.nextBoolean() ? new CallNews.Accepted() : new CallNews.Answer(Optional.empty(), "sdp");
        }

        private void stopRinging(One call, EndCause why) {
            for (ClientId device : List.copyOf(call.rings)) {
                call.rings.remove(device);
                tell(device, call, over(why));
            }
        }

        private void declined(One call) {
            ClientId device = any(call.rings);
            call.rings.remove(device);
            tell(device, call, over(EndCause.DECLINED));
            forgetIfNobodys(call);
        }

        private void established(One call) {
            call.isUp = true;
            ClientId owner = call.owner.orElseThrow();
            call.answered.add(userOf(owner));
            tell(owner, call, new CallNews.Established());
        }

        private void held(One call) {
            ClientId owner = call.owner.orElseThrow();
            tell(
                    owner,
                    call,
                    random.nextBoolean()
                            ? new CallNews.Held(CallNews.HeldBy.BROWSER, Optional.empty())
                            : new CallNews.Resumed(CallNews.HeldBy.BROWSER, Optional.empty()));
        }

        private void handOver(One call) {
            ringSome(call);
        }

        private void takerHasIt(One call) {
            ClientId before = call.owner.orElseThrow();
            ClientId after = call.taker.orElseThrow();
            call.owner = Optional.of(after);
            call.taker = Optional.empty();
            tell(before, call, over(EndCause.TRANSFERRED));
            call.answered.add(userOf(after));
            tell(after, call, new CallNews.Established());
        }

        private void takerFails(One call) {
            ClientId device = call.taker.orElseThrow();
            call.taker = Optional.empty();
            tell(device, call, over(EndCause.MEDIA_UNREACHABLE));
        }

        /** Its last news come in any order, and sometimes all that comes is that it is not here any more. */
        private void end(One call) {
            List<ClientId> told = new ArrayList<>(call.rings);
            call.having().forEach(told::add);
            Collections.shuffle(told, random);
            calls.remove(call);
            call.rings.clear();
            call.owner = Optional.empty();
            call.taker = Optional.empty();
            if (random.nextInt(4) == 0) {
                told.clear();
            }
            told.forEach(device -> tell(device, call, over(EndCause.NORMAL)));
            story.add(call.id.hex().substring(28) + " is over");
            DEVICES.keySet().forEach(user -> wrapUpIfLeft(call, user));
            if (told.isEmpty() || random.nextBoolean()) {
                attendance.over(call.id, now);
            }
        }

        private void forgetIfNobodys(One call) {
            if (call.rings.isEmpty() && call.having().findAny().isEmpty()) {
                calls.remove(call);
            }
        }

        private void somebody() {
            String user = any(DEVICES.keySet());
            ClientId device = any(devices(user));
            switch (random.nextInt(4)) {
                case 0 -> {
                    Availability said = any(List.of(Availability.values()));
                    story.add(user + " says " + said);
                    attendance.choose(user, said, Optional.empty(), now);
                    chosen.put(user, said);
                    if (said == Availability.AVAILABLE) {
                        wrapsUpUntil.remove(user);
                    }
                }
                case 1 -> {
                    if (there.containsKey(device)) {
                        story.add(device.session() + " is away");
                        attendance.away(device, now);
                        there.put(device, false);
                    }
                }
                case 2 -> {
                    if (there.containsKey(device)) {
                        signOut(device);
                    }
                }
                default -> signIn(device);
            }
        }

        private void signIn(ClientId device) {
            String user = userOf(device);
            story.add(device.session() + " signs in");
            if (devices(user).stream().noneMatch(there::containsKey)) {
                chosen.put(user, Availability.AVAILABLE);
            }
            attendance.signedIn(user, device, Availability.AVAILABLE, now);
            there.put(device, true);
        }

        /** It is gone before its calls know of it: what rings there rings no more, and what it has goes on. */
        private void signOut(ClientId device) {
            story.add(device.session() + " signs out");
            attendance.signedOut(device, now);
            there.remove(device);
            for (One call : List.copyOf(calls)) {
                if (call.rings.remove(device)) {
                    tell(device, call, over(EndCause.SOCKET_LOST));
                    forgetIfNobodys(call);
                }
            }
        }

        private void pass() {
            now += Duration.ofSeconds(random.nextInt(8)).toNanos();
            story.add("it is " + now);
            wrapsUpUntil.values().removeIf(until -> until <= now);
            attendance.tick(now);
        }

        private void tell(ClientId device, One call, CallNews news) {
            story.add(device.session() + " is told of " + call.id.hex().substring(28) + ": " + news);
            attendance.onNews(device, call.id, news, now);
            if (news instanceof CallNews.Over) {
                wrapUpIfLeft(call, userOf(device));
            }
        }

        private void wrapUpIfLeft(One call, String user) {
            if (!call.isHad(user) && !call.rings(user)) {
                boolean wasAnswered = call.answered.remove(user);
                if (call.owing.remove(user) && wasAnswered) {
                    wrapsUpUntil.put(user, now + WRAP_UP.toNanos());
                }
            }
        }

        private static List<ClientId> devices(String user) {
            return Objects.requireNonNull(DEVICES.get(user));
        }

        private static String userOf(ClientId device) {
            return device.session().startsWith("a") ? "ann" : "ben";
        }
    }
}
