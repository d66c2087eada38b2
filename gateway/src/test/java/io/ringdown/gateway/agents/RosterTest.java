package io.ringdown.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Ending;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.User;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** People as their calls, their devices and they themselves have them, in virtual time. */
class RosterTest {
    private static final CallId CALL = new CallId("a".repeat(32));
    private static final CallId OTHER = new CallId("b".repeat(32));
    private static final ClientId PAGE = new ClientId("page", ClientId.Road.SOCKET);
    private static final ClientId PHONE = new ClientId("phone", ClientId.Road.SIP);
    private static final ClientId BENS = new ClientId("ben's", ClientId.Road.SOCKET);
    private static final PhoneNumber NUMBER = new PhoneNumber("+49301234");

    private final List<CallEvent> posted = new ArrayList<>();
    private final TreeMap<Long, List<Runnable>> timers = new TreeMap<>();
    private final List<String> heard = new ArrayList<>();
    private long now = 1;
    private final Roster roster = roster();

    private Roster roster() {
        Map<String, User> users = new LinkedHashMap<>();
        users.put("ann", user(true, "sales"));
        users.put("ben", user(false, "sales"));
        GroupSettings usual = GroupSettings.defaults();
        GroupSettings sales = new GroupSettings(
                Optional.of(new PhoneNumber("70")),
                GroupSettings.Ring.IN_ORDER,
                Duration.ofSeconds(10),
                Optional.of(Duration.ofSeconds(25)),
                usual.overflow(),
                Duration.ofSeconds(30),
                5,
                1,
                Availability.AVAILABLE);
        return new Roster(
                new Staff(users, Map.of("sales", sales), new NumberPlan(Optional.empty())),
                Duration.ofSeconds(60),
                (_, event) -> posted.add(event),
                (delay, task) -> {
                    List<Runnable> due = timers.computeIfAbsent(now + delay, _ -> new ArrayList<>());
                    due.add(task);
                    return () -> due.remove(task);
                },
                Runnable::run,
                () -> now);
    }

    private static User user(boolean callWaiting, String group) {
        return new User(
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(group),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                callWaiting);
    }

    @Test
    void availabilityOutlivesALostSocketAndBeginsAnewWhenTheLastDeviceIsGone() {
        signIn(PAGE, "ann");
        signIn(PHONE, "ann");
        roster.set("ann", Availability.AWAY, Optional.of("lunch"));
        roster.onAway(PAGE);
        signIn(PAGE, "ann");
        roster.onSignedOut(PHONE);
        assertThat(ann().standing()).isEqualTo(Standing.AWAY);
        assertThat(ann().reason()).hasValue("lunch");

        roster.onSignedOut(PAGE);
        assertThat(ann().standing()).isEqualTo(Standing.OFFLINE);
        signIn(PAGE, "ann");
        assertThat(ann().standing()).isEqualTo(Standing.AVAILABLE);
        assertThat(ann().reason()).isEmpty();
    }

    @Test
    void callsMakeRingingOnCallAndWrapUpOfWhoIsAvailable() {
        signIn(PAGE, "ann");
        roster.enter(CALL, "sales");
        assertThat(posted).containsExactly(ring(PAGE, Duration.ZERO));
        roster.told(PAGE, CALL, incoming());
        assertThat(ann().standing()).isEqualTo(Standing.RINGING);
        roster.told(PAGE, CALL, new CallNews.Answer(Optional.empty(), "sdp"));
        assertThat(ann().standing()).isEqualTo(Standing.ON_CALL);
        roster.told(PAGE, CALL, new CallNews.Established());
        assertThat(ann().calls()).singleElement().satisfies(call -> {
            assertThat(call.stage()).isEqualTo(Colleague.Stage.TALKING);
            assertThat(call.with()).hasValue("+441");
        });
        roster.told(PAGE, CALL, over(EndCause.NORMAL));
        assertThat(ann().standing()).isEqualTo(Standing.WRAP_UP);
        pass(Duration.ofSeconds(29));
        assertThat(ann().standing()).isEqualTo(Standing.WRAP_UP);
        pass(Duration.ofSeconds(2));
        assertThat(ann().standing()).isEqualTo(Standing.AVAILABLE);
        assertThat(roster.groups().getFirst().answered()).isEqualTo(1);
    }

    @Test
    void aCallThatWaitsIsGivenToWhoGetsFree() {
        signIn(PAGE, "ann");
        roster.told(PAGE, OTHER, new CallNews.Answer(Optional.empty(), "sdp"));
        roster.enter(CALL, "sales");
        assertThat(posted).isEmpty();
        assertThat(roster.groups().getFirst().waiting()).isEqualTo(1);
        pass(Duration.ofSeconds(3));

        roster.told(PAGE, OTHER, over(EndCause.NORMAL));

        assertThat(posted).containsExactly(ring(PAGE, Duration.ofSeconds(3)));
    }

    @Test
    void whoDeclinesOnOneDeviceIsRungOnNone() {
        signIn(PAGE, "ann");
        signIn(PHONE, "ann");
        signIn(BENS, "ben");
        roster.enter(CALL, "sales");
        roster.told(PAGE, CALL, incoming());
        roster.told(PHONE, CALL, incoming());
        posted.clear();

        roster.told(PHONE, CALL, over(EndCause.DECLINED));

        assertThat(posted).containsExactly(new CallEvent.RingNoMore(Set.of(PAGE, PHONE)), ring(BENS, Duration.ZERO));
        roster.told(PAGE, CALL, over(EndCause.NO_ANSWER));
        assertThat(ann().standing()).isEqualTo(Standing.AVAILABLE);
    }

    @Test
    void whoLetsItRingIsSetAwayAndTheCallEndsWhenNobodyIsLeft() {
        signIn(PAGE, "ann");
        roster.enter(CALL, "sales");
        roster.told(PAGE, CALL, incoming());
        pass(Duration.ofSeconds(10));
        roster.told(PAGE, CALL, over(EndCause.NO_ANSWER));
        assertThat(ann().standing()).isEqualTo(Standing.AWAY);

        pass(Duration.ofSeconds(15));

        assertThat(posted).last().isEqualTo(new CallEvent.NobodyTakes(EndCause.NO_ANSWER));
        assertThat(roster.groups().getFirst().overflowed()).isEqualTo(1);
    }

    @Test
    void aSoftphoneThatTakesACallHasItBeforeItsMediaRun() {
        signIn(PHONE, "ann");
        signIn(BENS, "ben");
        roster.enter(CALL, "sales");
        roster.told(PHONE, CALL, incoming());
        pass(Duration.ofSeconds(8));
        roster.told(PHONE, CALL, new CallNews.Accepted());
        assertThat(ann().standing()).isEqualTo(Standing.ON_CALL);
        posted.clear();

        pass(Duration.ofSeconds(60));

        assertThat(posted).as("nobody else is rung, and it is not ended").isEmpty();
        assertThat(ann().chosen()).isEqualTo(Availability.AVAILABLE);
        assertThat(roster.groups().getFirst().answered()).isEqualTo(1);
        roster.told(PHONE, CALL, new CallNews.Established());
        roster.told(PHONE, CALL, over(EndCause.NORMAL));
        assertThat(ann().standing()).isEqualTo(Standing.WRAP_UP);
    }

    @Test
    void whoHasTakenACallJustBeforeItRangForTooLongHasIt() {
        signIn(PAGE, "ann");
        signIn(BENS, "ben");
        roster.enter(CALL, "sales");
        roster.told(PAGE, CALL, incoming());
        pass(Duration.ofSeconds(10)); // the next is to be rung; the call, which is taken, rings nobody any more
        roster.told(PAGE, CALL, new CallNews.Answer(Optional.empty(), "sdp"));
        posted.clear();

        pass(Duration.ofSeconds(60));

        assertThat(posted).isEmpty();
        assertThat(roster.availability("ben").orElseThrow().chosen()).isEqualTo(Availability.AVAILABLE);
        assertThat(roster.groups().getFirst().answered()).isEqualTo(1);
        assertThat(roster.groups().getFirst().waiting()).isZero();
    }

    @Test
    void aDeviceThatIsGoneLeavesTheCallToTheOthers() {
        signIn(PAGE, "ann");
        signIn(PHONE, "ann");
        roster.enter(CALL, "sales");
        roster.told(PAGE, CALL, incoming());
        roster.told(PHONE, CALL, incoming());
        roster.told(PAGE, CALL, over(EndCause.SOCKET_LOST));
        assertThat(ann().standing()).isEqualTo(Standing.RINGING);
        roster.onSignedOut(PAGE);
        roster.told(PHONE, CALL, new CallNews.Answer(Optional.empty(), "sdp"));
        assertThat(ann().standing()).isEqualTo(Standing.ON_CALL);
        assertThat(roster.groups().getFirst().waiting()).isZero();
    }

    @Test
    void aCallThatIsOverWhereverItWasLeavesNothingBehind() {
        signIn(PAGE, "ann");
        signIn(PHONE, "ann");
        roster.enter(CALL, "sales");
        roster.told(PAGE, CALL, incoming());
        roster.left(CALL);
        assertThat(ann().standing()).isEqualTo(Standing.AVAILABLE);
        assertThat(ann().calls()).isEmpty();
        assertThat(roster.groups().getFirst().abandoned()).isEqualTo(1);
    }

    @Test
    void anotherDevicesEndIsNotTheCalls() {
        signIn(PAGE, "ann");
        signIn(PHONE, "ann");
        roster.told(PAGE, CALL, incoming());
        roster.told(PHONE, CALL, incoming());
        roster.told(PAGE, CALL, new CallNews.Answer(Optional.empty(), "sdp"));
        roster.told(PHONE, CALL, over(EndCause.ANSWERED_ELSEWHERE));
        assertThat(ann().standing()).isEqualTo(Standing.ON_CALL);
    }

    @Test
    void aCallToOnesOwnNumberComesToWhoLetsCallsWaitOrHasNone() {
        signIn(PAGE, "ann");
        signIn(BENS, "ben");
        roster.told(PAGE, CALL, new CallNews.Answer(Optional.empty(), "sdp"));
        roster.told(BENS, OTHER, new CallNews.Answer(Optional.empty(), "sdp"));
        assertThat(roster.takesCalls("ann")).isTrue();
        assertThat(roster.takesCalls("ben")).isFalse();
        roster.set("ann", Availability.BUSY, Optional.empty());
        assertThat(roster.takesCalls("ann")).isFalse();
        assertThat(roster.takesCalls("a stranger")).isTrue();
    }

    @Test
    void listenersHearOfChangesCollectedAndNotFasterThanTold() {
        signIn(PAGE, "ann");
        Runnable end = roster.watch((people, groups) -> people.forEach(
                one -> heard.add(one.person().user() + " " + one.standing().code())));
        roster.set("ann", Availability.AWAY, Optional.empty());
        roster.set("ann", Availability.BUSY, Optional.empty());
        signIn(BENS, "ben");
        assertThat(heard).isEmpty();
        pass(Roster.TELL_EVERY);
        assertThat(heard).containsExactly("ann busy", "ben available");
        end.run();
        roster.set("ann", Availability.AWAY, Optional.empty());
        pass(Roster.TELL_EVERY);
        assertThat(heard).hasSize(2);
    }

    @Test
    void whoIsSaidToBeInAGroupAgainKeepsTheirPlaceThere() {
        roster.add(person("dora", "sales"));
        roster.add(person("emil", "sales"));
        signIn(PAGE, "dora");
        signIn(PHONE, "emil");

        roster.add(person("dora", "sales"));

        roster.enter(CALL, "sales");
        assertThat(posted).containsExactly(ring(PAGE, Duration.ZERO));
    }

    @Test
    void aCallThatWaitsIsGivenToWhomADirectoryPutsIntoItsGroup() {
        signIn(BENS, "ben");
        roster.set("ben", Availability.AWAY, Optional.empty());
        roster.add(person("emil", "support"));
        signIn(PHONE, "emil");
        roster.enter(CALL, "sales");
        pass(Duration.ofSeconds(3));
        assertThat(posted).isEmpty();

        roster.add(person("emil", "sales"));

        assertThat(posted).containsExactly(ring(PHONE, Duration.ofSeconds(3)));
    }

    @Test
    void whomADirectoryTakesOutOfAGroupIsRungByItsCallsNoMore() {
        roster.add(person("dora", "sales"));
        roster.add(person("emil", "sales"));
        signIn(PAGE, "dora");
        signIn(PHONE, "emil");

        roster.add(person("dora", "support"));

        roster.enter(CALL, "sales");
        assertThat(posted).containsExactly(ring(PHONE, Duration.ZERO));
    }

    @Test
    void listenersHearOfWhatADirectorySaysAnewAndOfNothingElseThatItSays() {
        roster.add(person("dora", "sales"));
        roster.watch((people, _) ->
                people.forEach(one -> heard.add(String.join(" ", one.person().groups()))));
        roster.add(person("dora", "support"));
        pass(Roster.TELL_EVERY);
        roster.add(person("dora", "support"));
        pass(Roster.TELL_EVERY);
        assertThat(heard).containsExactly("support");
    }

    private static Person person(String user, String group) {
        return Person.of(user, user(true, group));
    }

    private void signIn(ClientId client, String user) {
        assertThat(roster.onSignedIn(client, user, List.of())).isPresent();
    }

    private Colleague ann() {
        return roster.availability("ann").orElseThrow();
    }

    private static CallEvent ring(ClientId client, Duration waited) {
        return new CallEvent.RingToo(
                new LinkedHashSet<>(List.of(client)), new CallNews.Incoming.OfGroup("sales", waited));
    }

    private static CallNews incoming() {
        return new CallNews.Incoming(NUMBER, Optional.of("+441"), Optional.empty(), Map.of(), Optional.empty());
    }

    private static CallNews over(EndCause cause) {
        return new CallNews.Over(Optional.empty(), Ending.of(cause));
    }

    /** Time passes, and what was to be done meanwhile is done. */
    private void pass(Duration time) {
        long until = now + time.toNanos();
        while (!timers.isEmpty() && timers.firstKey() <= until) {
            now = Math.max(now, timers.firstKey());
            List.copyOf(Objects.requireNonNull(timers.pollFirstEntry()).getValue())
                    .forEach(Runnable::run);
        }
        now = until;
    }
}
