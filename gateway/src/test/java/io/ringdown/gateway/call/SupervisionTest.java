package io.ringdown.gateway.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.ringdown.gateway.call.Supervision.Action;
import io.ringdown.gateway.call.Supervision.Link;
import io.ringdown.media.MediaEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A supervisor beside a call: who hears whom, what the agent is told, and how it ends. */
final class SupervisionTest {
    private static final ClientId ANN = new ClientId("ann", ClientId.Road.SOCKET);
    private static final ClientId BEN = new ClientId("ben", ClientId.Road.SIP);
    private static final Optional<CallId> ALONE = Optional.empty();
    private static final CallId ONE = new CallId("1".repeat(32));
    private static final CallId ANOTHER = new CallId("2".repeat(32));
    private static final Optional<String> REF = Optional.of("s");

    private final List<Action> done = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({
        "LISTEN, false, SUPERVISOR_HEARS_AGENT SUPERVISOR_HEARS_TELEPHONE",
        "WHISPER, false, SUPERVISOR_HEARS_AGENT SUPERVISOR_HEARS_TELEPHONE AGENT_HEARS_SUPERVISOR",
        "BARGE, false, SUPERVISOR_HEARS_AGENT SUPERVISOR_HEARS_TELEPHONE AGENT_HEARS_SUPERVISOR TELEPHONE_HEARS_SUPERVISOR",
        "LISTEN, true, SUPERVISOR_HEARS_AGENT",
        "WHISPER, true, SUPERVISOR_HEARS_AGENT AGENT_HEARS_SUPERVISOR",
        "BARGE, true, SUPERVISOR_HEARS_AGENT AGENT_HEARS_SUPERVISOR",
    })
    void whoHearsWhom(SupervisionMode mode, boolean isHeld, String links) {
        Supervision supervision = begun(mode, new Supervision.Seen(ANN, isHeld, ALONE));
        assertThat(done).as("nobody before the supervisor's media are up").isEmpty();
        connect(supervision);
        assertThat(heard()).isEqualTo(links(links));
        supervision.onCall(new Supervision.Seen(ANN, !isHeld, ALONE), true).forEach(done::add);
        supervision.onCall(new Supervision.Seen(ANN, isHeld, ALONE), true).forEach(done::add);
        assertThat(heard()).as("after hold and resume").isEqualTo(links(links));
    }

    @Test
    void inAConferenceTheOtherTelephoneIsHeardTooAndWhoeverItIs() {
        Optional<CallId> first = Optional.of(new CallId("00000000000000000000000000000001"));
        Optional<CallId> second = Optional.of(new CallId("00000000000000000000000000000002"));
        Supervision supervision = begun(SupervisionMode.LISTEN, new Supervision.Seen(ANN, false, first));
        connect(supervision);
        Set<Link> three = links("SUPERVISOR_HEARS_AGENT SUPERVISOR_HEARS_TELEPHONE SUPERVISOR_HEARS_OTHER");
        done.addAll(supervision.onCall(new Supervision.Seen(ANN, false, second), true));
        done.addAll(supervision.onCall(new Supervision.Seen(ANN, false, ALONE), true));
        assertThat(done)
                .filteredOn(Action.Connect.class::isInstance)
                .containsExactly(
                        new Action.Connect(three, first),
                        new Action.Connect(three, second),
                        new Action.Connect(links("SUPERVISOR_HEARS_AGENT SUPERVISOR_HEARS_TELEPHONE"), ALONE));
    }

    @Test
    void theAgentIsToldOfWhoeverSpeaksAndOfNobodyWhoListens() {
        Supervision supervision = begun(SupervisionMode.LISTEN, new Supervision.Seen(ANN, false, ALONE));
        connect(supervision);
        assertThat(agentWasTold()).isEmpty();
        done.addAll(supervision.onMode(REF, SupervisionMode.WHISPER));
        done.addAll(supervision.onMode(REF, SupervisionMode.BARGE));
        done.addAll(supervision.onMode(REF, SupervisionMode.LISTEN));
        assertThat(agentWasTold())
                .containsExactly(
                        Optional.of(SupervisionMode.WHISPER), Optional.of(SupervisionMode.BARGE), Optional.empty());
        assertThat(done)
                .filteredOn(Action.TellSupervisor.class::isInstance)
                .containsExactly(
                        new Action.TellSupervisor(Optional.empty(), SupervisionMode.LISTEN),
                        new Action.TellSupervisor(REF, SupervisionMode.WHISPER),
                        new Action.TellSupervisor(REF, SupervisionMode.BARGE),
                        new Action.TellSupervisor(REF, SupervisionMode.LISTEN));
    }

    @Test
    void itGoesOnWithAnotherAgentOfTheSupervisorsWhoIsToldTooAndEndsWithOneWhoIsNot() {
        Supervision supervision = begun(SupervisionMode.WHISPER, new Supervision.Seen(ANN, false, ALONE));
        connect(supervision);
        done.addAll(supervision.onCall(new Supervision.Seen(BEN, false, ALONE), true));
        assertThat(agentWasTold())
                .containsExactly(Optional.of(SupervisionMode.WHISPER), Optional.of(SupervisionMode.WHISPER));
        assertThat(done).filteredOn(Action.Connect.class::isInstance).hasSize(1);
        done.addAll(supervision.onCall(new Supervision.Seen(ANN, false, ALONE), false));
        assertThat(done.getLast()).isEqualTo(new Action.Finish(Optional.empty(), Ending.of(EndCause.NOT_PERMITTED)));
        assertThat(heard()).isEmpty();
    }

    @Test
    void aSupervisorWhoseMediaNeverComeUpEndsInTimeAndIsNotCounted() {
        Supervision supervision = begun(SupervisionMode.BARGE, new Supervision.Seen(ANN, false, ALONE));
        done.addAll(supervision.onTime(supervision.deadlineNanos().orElseThrow() - 1));
        assertThat(done).isEmpty();
        done.addAll(supervision.onTime(supervision.deadlineNanos().orElseThrow()));
        assertThat(done).containsExactly(new Action.Finish(Optional.empty(), Ending.of(EndCause.MEDIA_UNREACHABLE)));
    }

    /** Whatever happens: the last is the end, once; then nobody hears anybody, and the agent knows that nobody speaks. */
    @Test
    void everyOneEndsOnceWithNobodyHeard() {
        long seed = Long.getLong("seed", new Random().nextLong());
        for (int i = 0; i < 20_000; i++) {
            done.clear();
            Random random = new Random(seed + i);
            Supervision supervision = begun(
                    List.of(SupervisionMode.values()).get(random.nextInt(3)),
                    new Supervision.Seen(ANN, random.nextBoolean(), ALONE));
            for (int step = 0; step < 12; step++) {
                done.addAll(anything(supervision, random));
                if (!supervision.isOver() && supervision.state() != Supervision.State.CONNECTING) {
                    Set<Link> now = heard();
                    boolean isHeardByAgent = now.contains(Link.AGENT_HEARS_SUPERVISOR);
                    check(seed + i, isHeardByAgent == agentKnows(), "the agent knows who speaks: " + done);
                    check(
                            seed + i,
                            isHeardByAgent || !now.contains(Link.TELEPHONE_HEARS_SUPERVISOR),
                            "what the telephone hears the agent hears: " + done);
                }
            }
            done.addAll(supervision.end(REF, Ending.of(EndCause.NORMAL)));
            done.addAll(anything(supervision, random));
            check(seed + i, done.getLast() instanceof Action.Finish, "the end is the last: " + done);
            check(
                    seed + i,
                    done.stream().filter(Action.Finish.class::isInstance).count() == 1,
                    "it ends once: " + done);
            check(seed + i, heard().isEmpty() && !agentKnows(), "nobody is heard: " + done);
        }
    }

    private static void check(long seed, boolean holds, String what) {
        if (!holds) {
            fail("-Dseed=" + seed + ": " + what);
        }
    }

    private static List<Action> anything(Supervision supervision, Random random) {
        Optional<CallId> other = random.nextBoolean() ? ALONE : Optional.of(random.nextBoolean() ? ONE : ANOTHER);
        Supervision.Seen seen = new Supervision.Seen(random.nextBoolean() ? ANN : BEN, random.nextBoolean(), other);
        return switch (random.nextInt(8)) {
            case 0, 1 -> supervision.on(new MediaEvent.WebConnected());
            case 2, 3 ->
                supervision.onMode(REF, List.of(SupervisionMode.values()).get(random.nextInt(3)));
            case 4, 5 -> supervision.onCall(seen, random.nextInt(8) > 0);
            case 6 -> supervision.on(new MediaEvent.WebSilent(Duration.ofSeconds(10), random.nextInt(4) == 0));
            default -> supervision.onTime(random.nextInt(4) > 0 ? 0 : Long.MAX_VALUE / 2);
        };
    }

    private static Supervision begun(SupervisionMode mode, Supervision.Seen seen) {
        return new Supervision(mode, seen, Duration.ofSeconds(8), 0);
    }

    private void connect(Supervision supervision) {
        done.addAll(supervision.on(new MediaEvent.WebConnected()));
        assertThat(done).contains(new Action.Count());
    }

    private Set<Link> heard() {
        return done.stream()
                .filter(Action.Connect.class::isInstance)
                .map(action -> ((Action.Connect) action).links())
                .reduce(Set.of(), (_, last) -> last);
    }

    private boolean agentKnows() {
        List<Optional<SupervisionMode>> told = agentWasTold();
        return !told.isEmpty() && told.getLast().isPresent();
    }

    private List<Optional<SupervisionMode>> agentWasTold() {
        return done.stream()
                .filter(Action.TellAgent.class::isInstance)
                .map(action -> ((Action.TellAgent) action).mode())
                .toList();
    }

    private static Set<Link> links(String names) {
        return Arrays.stream(names.split(" ", -1))
                .map(Link::valueOf)
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Link.class)));
    }
}
