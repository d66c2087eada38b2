package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.gateway.call.CallSettings;
import io.ringdown.gateway.call.Supervisors;
import io.ringdown.gateway.call.Switchboard;
import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.routing.CallerSettings;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.Extensions;
import io.ringdown.gateway.routing.InboundRules;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.NumberSettings;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.Routes;
import io.ringdown.gateway.routing.Routing;
import io.ringdown.gateway.routing.TrunkLimits;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.gateway.routing.TrunkNumbers;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.routing.Users;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.gateway.tokens.TokenSettings;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.media.Side;
import io.ringdown.sip.TrunkEvent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conferences and supervisors through the whole gateway but its media and its SIP: who is let hear whom, and who is told. */
final class TalksTest {
    private static final String PAGE = "http://page.example";
    private static final String KEY = "a key of their own, ";

    private final List<Client> clients = new ArrayList<>();
    private Rooms rooms;
    private Client agent;

    @BeforeEach
    void start() throws Exception {
        rooms = rooms();
        agent = client("agent");
    }

    @AfterEach
    void stop() {
        clients.forEach(Client::close);
        rooms.close();
    }

    @Test
    void twoTelephonesOfOneClientHearEachOtherUntilOneIsGone() throws Exception {
        Up first = call(agent);
        Up second = call(agent);
        agent.say("{'type':'conference','ref':'c','call':'" + first.id + "','with':'" + second.id + "'}");
        assertThat(on(agent.next("conference"))).isTrue();
        assertThat(on(agent.next("conference"))).isTrue();
        awaitLinks(first, new Rooms.FakeSession.Link(Side.TRUNK, second.media, Side.TRUNK));
        awaitLinks(second, new Rooms.FakeSession.Link(Side.TRUNK, first.media, Side.TRUNK));
        agent.say("{'type':'conference-end','ref':'e','call':'" + second.id + "'}");
        assertThat(on(agent.next("conference"))).isFalse();
        assertThat(on(agent.next("conference"))).isFalse();
        awaitLinks(first);
        awaitLinks(second);
        agent.say("{'type':'conference','call':'" + first.id + "','with':'" + second.id + "'}");
        agent.next("conference");
        agent.next("conference");
        first.trunk.tell(new TrunkEvent.Ended(OptionalInt.of(16), "bye"));
        List<String> told = List.of(
                agent.next().path("type").asText(), agent.next().path("type").asText());
        assertThat(told).containsExactlyInAnyOrder("ended", "conference");
        awaitLinks(second);
    }

    @Test
    void whoComesBackIsShownTheConference() throws Exception {
        Client lost = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE));
        clients.add(lost);
        JsonNode welcome =
                lost.say("{'type':'hello','token':'" + KEY + "agent'}").next("welcome");
        Up first = call(lost);
        Up second = call(lost);
        Up third = call(lost);
        lost.say("{'type':'conference','ref':'c','call':'" + first.id + "','with':'" + second.id + "'}");
        lost.next("conference");
        lost.next("conference");
        lost.close();
        try (Client back = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE))) {
            JsonNode again = back.say("{'type':'hello','resume':'"
                            + welcome.path("resume").asText() + "'}")
                    .next("welcome");
            Map<String, String> shown = new HashMap<>();
            again.path("calls")
                    .forEach(each -> shown.put(
                            each.path("call").asText(), each.path("conference").asText()));
            assertThat(shown).isEqualTo(Map.of(first.id, second.id, second.id, first.id, third.id, ""));
        }
    }

    @Test
    void whoWantsAConferenceOfCallsThatAreNotTheirsIsRefused() throws Exception {
        Up first = call(agent);
        Up theirs = call(client("colleague"));
        assertThat(refusal(agent, "'type':'conference','call':'" + first.id + "','with':'" + theirs.id + "'"))
                .isEqualTo("unknown-call");
        assertThat(refusal(agent, "'type':'conference','call':'" + first.id + "','with':'" + first.id + "'"))
                .isEqualTo("wrong-state");
        assertThat(refusal(agent, "'type':'conference-end','call':'" + first.id + "'"))
                .isEqualTo("wrong-state");
        agent.say("{'type':'start','to':'+12025550101','sdp':'v=0'}");
        String ringing = agent.next("answer").path("call").asText();
        rooms.media.take();
        assertThat(refusal(agent, "'type':'conference','call':'" + first.id + "','with':'" + ringing + "'"))
                .isEqualTo("wrong-state");
    }

    @Test
    void aSupervisorHearsBothAndIsHeardAsTheModeSays() throws Exception {
        Up up = call(agent);
        Client supervisor = client("supervisor");
        Watching watching = supervise(supervisor, up, "listen");
        Rooms.FakeSession own = watching.media;
        awaitLinks(
                own,
                new Rooms.FakeSession.Link(Side.WEB, up.media, Side.WEB),
                new Rooms.FakeSession.Link(Side.WEB, up.media, Side.TRUNK));
        awaitLinks(up);
        change(supervisor, watching, "whisper");
        awaitLinks(up, new Rooms.FakeSession.Link(Side.WEB, own, Side.WEB));
        JsonNode said = agent.next("supervised");
        assertThat(said.path("mode").asText()).isEqualTo("whisper");
        assertThat(said.path("by").asText()).isEqualTo("Sue Pervisor");
        change(supervisor, watching, "barge");
        awaitLinks(
                up,
                new Rooms.FakeSession.Link(Side.WEB, own, Side.WEB),
                new Rooms.FakeSession.Link(Side.TRUNK, own, Side.WEB));
        assertThat(agent.next("supervised").path("mode").asText()).isEqualTo("barge");
        agent.say("{'type':'hold','call':'" + up.id + "'}").next("held");
        awaitLinks(up, new Rooms.FakeSession.Link(Side.WEB, own, Side.WEB));
        awaitLinks(own, new Rooms.FakeSession.Link(Side.WEB, up.media, Side.WEB));
        agent.say("{'type':'resume','call':'" + up.id + "'}").next("resumed");
        await(() -> own.links.size() == 2 && up.media.links.size() == 2);
        change(supervisor, watching, "listen");
        awaitLinks(up);
        assertThat(agent.next("supervised").path("mode").asText()).isEqualTo("none");
        supervisor.say("{'type':'hangup','ref':'h','call':'" + watching.id + "'}");
        JsonNode ended = supervisor.next("ended");
        assertThat(ended.path("ref").asText()).isEqualTo("h");
        assertThat(ended.path("cause").asText()).isEqualTo("normal");
        assertThat(own.closed).isTrue();
        assertThat(rooms.calls.supervisions().now()).isZero();
        agent.say("{'type':'hangup','call':'" + up.id + "'}").next("ended");
        rooms.awaitNoCall();
        assertThat(rooms.book.records.element().supervised()).isEqualTo(new Supervisors(1, List.of("Sue Pervisor")));
    }

    @Test
    void aSupervisorOfACallInAConferenceHearsTheOtherTelephoneToo() throws Exception {
        Up up = call(agent);
        Up other = call(agent);
        Rooms.FakeSession own = supervise(client("supervisor"), up, "listen").media;
        Rooms.FakeSession.Link toAgent = new Rooms.FakeSession.Link(Side.WEB, up.media, Side.WEB);
        Rooms.FakeSession.Link toTelephone = new Rooms.FakeSession.Link(Side.WEB, up.media, Side.TRUNK);
        awaitLinks(own, toAgent, toTelephone);
        agent.say("{'type':'conference','call':'" + up.id + "','with':'" + other.id + "'}");
        awaitLinks(own, toAgent, toTelephone, new Rooms.FakeSession.Link(Side.WEB, other.media, Side.TRUNK));
        other.trunk.tell(new TrunkEvent.Ended(OptionalInt.of(16), "bye"));
        awaitLinks(own, toAgent, toTelephone);
    }

    @Test
    void theEndOfTheCallIsTheEndOfItsSupervision() throws Exception {
        Up up = call(agent);
        Client supervisor = client("supervisor");
        Watching watching = supervise(supervisor, up, "barge");
        agent.next("supervised");
        up.trunk.tell(new TrunkEvent.Ended(OptionalInt.of(16), "bye"));
        agent.next("ended");
        JsonNode ended = supervisor.next("ended");
        assertThat(ended.path("call").asText()).isEqualTo(watching.id);
        assertThat(ended.path("cause").asText()).isEqualTo("normal");
        assertThat(watching.media.closed).isTrue();
    }

    @Test
    void whoGoesAwayHearsNothingMore() throws Exception {
        Up up = call(agent);
        Client supervisor = client("supervisor");
        Watching watching = supervise(supervisor, up, "whisper");
        agent.next("supervised");
        supervisor.close();
        assertThat(agent.next("supervised").path("mode").asText()).isEqualTo("none");
        await(() -> watching.media.closed);
        awaitLinks(up);
    }

    @Test
    void nobodyHearsTheCallsOfGroupsThatAreNotTheirsToSupervise() throws Exception {
        Up up = call(agent);
        Up colleagues = call(client("colleague"));
        Client supervisor = client("supervisor");
        String wanted = "'type':'supervise','mode':'listen','sdp':'v=0','call':";
        assertThat(refusal(client("colleague"), wanted + "'" + up.id + "'")).isEqualTo("not-permitted");
        assertThat(refusal(agent, wanted + "'" + up.id + "'")).as("their own").isEqualTo("not-permitted");
        assertThat(refusal(supervisor, wanted + "'" + colleagues.id + "'")).isEqualTo("not-permitted");
        assertThat(refusal(supervisor, wanted + "'" + "0".repeat(32) + "'")).isEqualTo("unknown-call");
        assertThat(refusal(supervisor, "'type':'supervise','mode':'shout','call':'" + up.id + "'"))
                .isEqualTo("bad-message");
        assertThat(refusal(supervisor, "'type':'supervise','mode':'listen','call':'" + up.id + "'"))
                .as("the mode of what is not supervised")
                .isEqualTo("unknown-call");
        assertThat(rooms.media.opened).isEmpty();
        assertThat(rooms.calls.supervisions().now()).isZero();
    }

    @Test
    void whoSupervisesTheirOwnGroupHearsTheCallsOfOthersAndNotTheirOwnOnAnyDevice() throws Exception {
        Client lead = client("lead");
        Up own = call(lead);
        Client second = client("lead");
        String wanted = "'type':'supervise','mode':'barge','sdp':'v=0','call':";
        assertThat(refusal(lead, wanted + "'" + own.id + "'")).isEqualTo("not-permitted");
        assertThat(refusal(second, wanted + "'" + own.id + "'"))
                .as("on another device")
                .isEqualTo("not-permitted");
        assertThat(rooms.calls.supervisions().now()).isZero();
        supervise(second, call(agent), "listen");
    }

    @Test
    void aSessionSupervisesOneCallAndACallHasTwoSupervisors() throws Exception {
        Up up = call(agent);
        Up another = call(agent);
        String wanted = "'type':'supervise','mode':'listen','sdp':'v=0','call':";
        Client first = client("supervisor");
        supervise(first, up, "listen");
        assertThat(refusal(first, wanted + "'" + another.id + "'")).isEqualTo("too-many-calls");
        supervise(client("supervisor"), up, "listen");
        assertThat(refusal(client("supervisor"), wanted + "'" + up.id + "'")).isEqualTo("too-many-calls");
        assertThat(rooms.calls.supervisions().now()).isEqualTo(2);
        assertThat(rooms.calls.supervisions().begun()).isEqualTo(2);
    }

    @Test
    void aSupervisionThatFailsIsOverAndItsPlaceIsFreeWhateverItWasDoing() throws Exception {
        Up up = call(agent);
        Client supervisor = client("supervisor");
        Watching first = supervise(supervisor, up, "barge");
        agent.next("supervised");
        first.media.fails.add("answer");
        supervisor.say("{'type':'update','ref':'u','call':'" + first.id + "','sdp':'v=0'}");
        assertOver(supervisor, first, "internal");
        assertThat(agent.next("supervised").path("mode").asText()).isEqualTo("none");
        awaitLinks(up);

        Watching second = supervise(supervisor, up, "listen");
        agent.say("{'type':'hold','call':'" + up.id + "'}").next("held");
        awaitLinks(second.media, new Rooms.FakeSession.Link(Side.WEB, up.media, Side.WEB));
        second.media.fails.add("hear");
        agent.say("{'type':'resume','call':'" + up.id + "'}").next("resumed");
        assertOver(supervisor, second, "internal");

        Watching third = supervise(supervisor, up, "listen");
        third.media.fails.add("close");
        supervisor.say("{'type':'hangup','call':'" + third.id + "'}");
        assertOver(supervisor, third, "normal");
        supervise(supervisor, up, "listen");
    }

    @Test
    void aSupervisionThatCannotBeginIsOverByTheRequestsName() throws Exception {
        Up up = call(agent);
        Client supervisor = client("supervisor");
        rooms.media.broken = true;
        supervisor.say("{'type':'supervise','ref':'s','call':'" + up.id + "','mode':'listen','sdp':'v=0'}");
        JsonNode ended = supervisor.next("ended");
        assertThat(ended.path("ref").asText()).isEqualTo("s");
        assertThat(ended.path("cause").asText()).isEqualTo("internal");
        assertThat(rooms.calls.supervisions().now()).isZero();
    }

    private void assertOver(Client supervisor, Watching watching, String cause) throws Exception {
        JsonNode ended = supervisor.next("ended");
        assertThat(ended.path("call").asText()).isEqualTo(watching.id);
        assertThat(ended.path("cause").asText()).isEqualTo(cause);
        assertThat(watching.media.closed).isTrue();
        assertThat(rooms.calls.supervisions().now()).isZero();
    }

    // ---- who is there

    private Client client(String user) throws Exception {
        Client client = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE));
        clients.add(client);
        client.say("{'type':'hello','token':'" + KEY + user + "'}").next("welcome");
        return client;
    }

    /** A call that was answered. */
    private record Up(String id, Rooms.FakeTrunkCall trunk, Rooms.FakeSession media) {}

    private Up call(Client client) throws Exception {
        client.say("{'type':'start','to':'+12025550100','sdp':'v=0'}");
        String id = client.next("answer").path("call").asText();
        Rooms.FakeSession media = rooms.media.take();
        media.connect();
        Rooms.FakeTrunkCall trunk = rooms.invited();
        trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
        client.next("established");
        return new Up(id, trunk, media);
    }

    private record Watching(String id, Rooms.FakeSession media) {}

    private Watching supervise(Client supervisor, Up up, String mode) throws Exception {
        supervisor.say("{'type':'supervise','ref':'s','call':'" + up.id + "','mode':'" + mode + "','sdp':'v=0'}");
        JsonNode answer = supervisor.next("answer");
        assertThat(answer.path("ref").asText()).isEqualTo("s");
        Rooms.FakeSession media = rooms.media.take();
        media.connect();
        JsonNode supervising = supervisor.next("supervising");
        assertThat(supervising.path("call")).isEqualTo(answer.path("call"));
        assertThat(supervising.path("of").asText()).isEqualTo(up.id);
        assertThat(supervising.path("mode").asText()).isEqualTo(mode);
        return new Watching(answer.path("call").asText(), media);
    }

    private static void change(Client supervisor, Watching watching, String mode) throws Exception {
        supervisor.say("{'type':'supervise','ref':'m','call':'" + watching.id + "','mode':'" + mode + "'}");
        JsonNode supervising = supervisor.next("supervising");
        assertThat(supervising.path("mode").asText()).isEqualTo(mode);
        assertThat(supervising.path("ref").asText()).isEqualTo("m");
    }

    private static String refusal(Client client, String message) throws Exception {
        return client.say("{" + message + "}").next("error").path("code").asText();
    }

    private static boolean on(JsonNode conference) {
        return conference.path("on").asBoolean();
    }

    private static void awaitLinks(Up up, Rooms.FakeSession.Link... links) {
        awaitLinks(up.media, links);
    }

    /** What a session hears beside its own, which follows a little after who asked was told. */
    private static void awaitLinks(Rooms.FakeSession session, Rooms.FakeSession.Link... links) {
        await(() -> session.links.size() == links.length && session.links.containsAll(List.of(links)));
        assertThat(session.links).containsExactlyInAnyOrder(links);
    }

    private static void await(BooleanSupplier what) {
        for (int i = 0; i < 500 && !what.getAsBoolean(); i++) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private static Rooms rooms() throws Exception {
        NumberSettings numbers = new NumberSettings(Optional.empty(), false);
        NumberPlan plan = new NumberPlan(numbers.country());
        LinkedHashMap<String, User> named = new LinkedHashMap<>();
        named.put("agent", user("agent", List.of("sales"), List.of(), Optional.empty()));
        named.put("colleague", user("colleague", List.of("support"), List.of(), Optional.empty()));
        named.put("supervisor", user("supervisor", List.of(), List.of("sales"), Optional.of("Sue Pervisor")));
        named.put("lead", user("lead", List.of("sales"), List.of("sales"), Optional.empty()));
        Users users = new Users(named, plan);
        Map<String, Secret> keys = new LinkedHashMap<>();
        named.keySet().forEach(name -> keys.put(name, Secret.parse(KEY + name)));
        EmergencySettings help = EmergencySettings.defaults();
        LinkedHashMap<String, List<Prefix>> prefixes = new LinkedHashMap<>();
        prefixes.put("carrier", List.of(Prefix.parse("+")));
        TrunkLines.Line line = new TrunkLines.Line(TrunkNumbers.defaults(), CallerSettings.defaults());
        Switchboard switchboard = new Switchboard(
                new Routing(numbers, help, List.of(), new Routes(prefixes), users),
                new TrunkLines(Map.of("carrier", line), plan, help),
                new TrunkLoads(Map.of("carrier", TrunkLimits.defaults()), System.nanoTime()),
                new InboundRules(List.of(), plan, users),
                users,
                InstantSource.system(),
                Guard.lenient(plan, users, InstantSource.system(), System::nanoTime),
                Extensions.NONE);
        return new Rooms(
                Rooms.settings(PAGE),
                TokenVerifier.of(TokenSettings.defaults(), keys),
                1,
                CallSettings.defaults(),
                switchboard);
    }

    private static User user(String name, List<String> groups, List<String> supervises, Optional<String> shown) {
        return new User(
                Optional.of(Secret.parse(KEY + name)),
                List.of(),
                Optional.empty(),
                groups,
                shown,
                Optional.empty(),
                Optional.empty(),
                supervises,
                true);
    }
}
