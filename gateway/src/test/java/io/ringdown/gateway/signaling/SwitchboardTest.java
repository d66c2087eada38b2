package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.gateway.call.CallBook;
import io.ringdown.gateway.call.CallSettings;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Switchboard;
import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.journal.Dialogs;
import io.ringdown.gateway.journal.Journal;
import io.ringdown.gateway.journal.JournalSettings;
import io.ringdown.gateway.routing.CallerSettings;
import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.Extensions;
import io.ringdown.gateway.routing.InboundRule;
import io.ringdown.gateway.routing.InboundRules;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.NumberSettings;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.RouteRule;
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
import io.ringdown.sip.Diverted;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers, rules, limits, users and calls for help, from the socket to the trunk. */
final class SwitchboardTest {
    private static final String PAGE = "https://example.com";
    private static final String ALICES = "the key of alice";
    private static final String BOBS = "the key of bob, too";
    private static final PhoneNumber MAIN = new PhoneNumber("+493012340");
    private static final TrunkLimits ONE_LINE =
            new TrunkLimits(OptionalInt.of(1), OptionalInt.empty(), OptionalDouble.empty(), Duration.ofSeconds(60));

    private static final Duration WAIT = Duration.ofSeconds(10);

    private Rooms rooms;

    @BeforeEach
    void start() throws WebStartException {
        rooms = rooms(List.of("help"));
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    @Test
    void whatIsDialledAtHomeIsCalledInTheWorld() throws Exception {
        try (Client client = greeted(ALICES)) {
            client.say("{'type':'start','to':'030 / 123 456','from':'030 12341','sdp':'v=0'}")
                    .next("answer");
            rooms.media.take().connect();
            OutboundInvite invite = rooms.invited().invite;
            assertThat(invite.calledNumber()).isEqualTo("+4930123456");
            assertThat(invite.callerNumber()).hasValue("+493012341");
            client.say("{'type':'start','ref':'r','to':'+999123','sdp':'v=0'}");
            JsonNode ended = client.next("ended");
            assertThat(ended.path("cause").asText()).isEqualTo("bad-number");
            assertThat(ended.path("ref").asText()).isEqualTo("r");
        }
    }

    @Test
    void trunkMayRedirectACallToWhatItsCallerCouldDialThere() throws Exception {
        try (Client client = greeted(ALICES)) {
            client.say("{'type':'start','to':'+4930123456','sdp':'v=0'}").next("answer");
            rooms.media.take().connect();
            OutboundInvite invite = rooms.invited().invite;
            assertThat(invite.redirects().mayCall("+4930123457")).isTrue();
            assertThat(invite.redirects().mayCall("030123457")).isTrue();
            assertThat(invite.redirects().mayCall("+4990012345678"))
                    .as("forbidden to alice")
                    .isFalse();
            assertThat(invite.redirects().mayCall("112")).as("for help").isFalse();
            assertThat(invite.redirects().mayCall("1000")).as("no trunk's").isFalse();
            client.say("{'type':'start','to':'112','sdp':'v=0'}").next("answer");
            rooms.media.take().connect();
            assertThat(rooms.invited().invite.redirects().mayCall("110"))
                    .as("a call for help goes wherever its trunk knows help")
                    .isTrue();
        }
    }

    @Test
    void callerMayBeAnonymousAndAddHeaders() throws Exception {
        try (Client client = greeted(ALICES)) {
            client.say(
                            "{'type':'start','to':'+4930123456','from':'anonymous','headers':{'X-Crm-Id':'4711'},'sdp':'v=0'}")
                    .next("answer");
            rooms.media.take().connect();
            OutboundInvite invite = rooms.invited().invite;
            assertThat(invite.form().caller().withheld()).isTrue();
            assertThat(invite.callerNumber()).isEmpty();
            assertThat(invite.form().headers()).isEqualTo(Map.of("X-Crm-Id", "4711"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'Via':'x'}",
                "{'P-Asserted-Identity':'<sip:1@x>'}",
                "{'X-A':'1\\r\\nX-Evil: 1'}",
                "{'X-A':'\\u0085'}",
                "{'X-A':'\\u2028'}",
                "{'X-A':''}",
                "{'X-A\\r\\nX-Evil':'1'}",
                "{'X-A: 1':'1'}",
                "{'X-A':1}",
                "['X-A']",
                "'X-A: 1'",
            })
    void headersThatAreNoneAreRefused(String headers) throws Exception {
        try (Client client = greeted(ALICES)) {
            client.say("{'type':'start','ref':'r','to':'+4930123456','headers':" + headers + ",'sdp':'v=0'}");
            JsonNode error = client.next("error");
            assertThat(error.path("code").asText()).isEqualTo("bad-message");
            assertThat(error.path("ref").asText()).isEqualTo("r");
        }
    }

    @Test
    void callForHelpGoesOutWhenEverythingIsFull() throws Exception {
        try (Client client = greeted(ALICES)) {
            client.say("{'type':'start','to':'+4930123456','sdp':'v=0'}").next("answer"); // the only call there may be
            rooms.media.take().connect();
            assertThat(rooms.invited().invite.trunk()).isEqualTo("carrier");
            rooms.media.full = true;
            client.say("{'type':'start','to':'+4930123457','sdp':'v=0'}");
            assertThat(client.next("ended").path("cause").asText()).isEqualTo("overloaded");
            for (int i = 0; i < 12; i++) {
                String dialled = List.of("112", "+112", "+49112", "110").get(i % 4);
                client.say("{'type':'start','to':'" + dialled + "','from':'anonymous','sdp':'v=0'}")
                        .next("answer");
                rooms.media.take().connect();
                OutboundInvite invite = rooms.invited().invite;
                assertThat(invite.trunk()).isEqualTo("help");
                assertThat(invite.calledNumber()).isEqualTo(dialled.endsWith("2") ? "112" : "110");
                assertThat(invite.form().emergency()).isPresent();
                assertThat(invite.form().caller().withheld()).isFalse();
                assertThat(invite.callerNumber()).hasValue(MAIN.digits());
            }
            assertThat(rooms.calls.emergencies()).isEqualTo(12);
        }
    }

    @Test
    void aGatewayThatDrainsTakesNoCallsButThoseForHelpAndEndsTheOthers() throws Exception {
        try (Client client = greeted(ALICES)) {
            client.say("{'type':'start','to':'+4930123456','sdp':'v=0'}").next("answer");
            rooms.media.take().connect();
            Rooms.FakeTrunkCall before = rooms.invited();
            rooms.calls.drain();
            client.say("{'type':'start','to':'+4930123457','sdp':'v=0'}");
            assertThat(client.next("ended").path("cause").asText()).isEqualTo("shutdown");
            client.say("{'type':'start','to':'112','sdp':'v=0'}").next("answer");
            rooms.media.take().connect();
            Rooms.FakeTrunkCall help = rooms.invited();
            assertThat(rooms.calls.readiness()).isEqualTo(Calls.Readiness.DRAINING);
            assertThat(rooms.calls.count()).isEqualTo(2);
            assertThat(rooms.calls.forHelp()).isEqualTo(1);
            assertThat(before.asked).isEmpty();
            rooms.calls.endButForHelp();
            assertThat(client.next("ended").path("cause").asText()).isEqualTo("shutdown");
            assertThat(before.asked()).isEqualTo("hangUp " + EndCause.SHUTDOWN.q850());
            rooms.awaitCalls(1);
            assertThat(help.asked).isEmpty();
        }
    }

    @Test
    void aCallIsThereUntilItsRecordIsInTheBook() throws Exception {
        try (Client client = greeted(ALICES)) {
            client.say("{'type':'start','to':'+4930123456','sdp':'v=0'}").next("answer");
            rooms.media.take().connect();
            rooms.invited();
            Queue<Integer> counts = new ConcurrentLinkedQueue<>();
            rooms.book.beforeRecord = () -> counts.add(rooms.calls.count());
            rooms.calls.close();
            assertThat(rooms.book.records).hasSize(1);
            assertThat(counts).containsExactly(1);
        }
    }

    @Test
    void whatCannotBeWrittenDownIsNotCalledExceptForHelp() throws Exception {
        try (Rooms many = rooms(List.of("help"), 2);
                Client client = greeted(many, ALICES)) {
            many.book.usable = false;
            client.say("{'type':'start','to':'+4930123457','sdp':'v=0'}");
            assertThat(client.next("ended").path("cause").asText()).isEqualTo("overloaded");
            client.say("{'type':'start','to':'112','sdp':'v=0'}").next("answer");
            assertThat(many.calls.readiness()).isEqualTo(Calls.Readiness.JOURNAL_UNUSABLE);
            many.book.usable = true;
            client.say("{'type':'start','to':'+4930123457','sdp':'v=0'}").next("answer");
            assertThat(many.book.begun)
                    .extracting(call -> call.to().map(PhoneNumber::digits).orElse(""), CallBook.Beginning::emergency)
                    .containsExactly(tuple("112", true), tuple("+4930123457", false));
        }
    }

    @Test
    void aJournalThatCannotBeWrittenKnowsACallForHelpByItsNameBeforeTheInviteLeaves(@TempDir Path folder)
            throws Exception {
        // The journal is written anew beside itself and moved: a directory is in its way.
        Files.createDirectories(folder.resolve("journal.jsonl.new/in the way"));
        try (Journal journal = Journal.open(
                        JournalSettings.defaults().orIn(folder), InstantSource.system(), System::nanoTime);
                Client client = greeted(ALICES)) {
            assertThat(journal.isUsable()).isFalse();
            rooms.book.behind = Optional.of(journal);
            String id = client.say("{'type':'start','to':'112','sdp':'v=0'}")
                    .next("answer")
                    .path("call")
                    .asText();
            rooms.media.take().connect();
            String name = rooms.invited().invite.name().orElse("none");
            assertThat(name).isEqualTo(id);
            assertThat(journal.opening(Dialogs.early(name, "help"))).succeedsWithin(WAIT);
            assertThat(journal.opening(Dialogs.early("another", "other"))).failsWithin(WAIT);
        }
    }

    @Test
    void callThatBeginsJustAsCallsAreEndedIsToldSoAndOneForHelpGoesOn() throws Exception {
        try (Rooms many = rooms(List.of("help"), 2);
                Client client = greeted(many, ALICES)) {
            many.whileTrunksAreLookedAt = many.calls::endButForHelp;
            client.say("{'type':'start','ref':'r','to':'+4930123457','sdp':'v=0'}");
            JsonNode ended = client.next("ended");
            assertThat(ended.path("cause").asText()).isEqualTo("shutdown");
            assertThat(ended.path("ref").asText()).isEqualTo("r");
            many.awaitNoCall();
            assertThat(many.book.begun).isEmpty();
            client.say("{'type':'start','to':'112','sdp':'v=0'}").next("answer");
            assertThat(many.calls.forHelp()).isOne();
        }
    }

    @Test
    void callForHelpThatNobodyTakesIsRefusedAtOnceWithWords() throws Exception {
        try (Rooms helpless = rooms(List.of());
                Client client = greeted(helpless, ALICES)) {
            helpless.media.full = true;
            client.say("{'type':'start','ref':'r','to':'+49110','sdp':'v=0'}");
            JsonNode ended = client.next("ended");
            assertThat(ended.path("cause").asText()).isEqualTo("emergency-not-available");
            assertThat(ended.path("ref").asText()).isEqualTo("r");
            assertThat(ended.path("hint").asText()).contains("another phone");
            assertThat(helpless.calls.emergenciesRefused()).isEqualTo(1);
            assertThat(helpless.invites).isEmpty();
        }
    }

    @Test
    void fullTrunkIsPassedOverAndItsLineComesBackWithTheCallsEnd() throws Exception {
        try (Rooms many = rooms(List.of("help"), 100);
                Client client = greeted(many, ALICES)) {
            JsonNode first = client.say("{'type':'start','to':'+4930123456','sdp':'v=0'}")
                    .next("answer");
            many.media.take().connect();
            assertThat(many.invited().invite.trunk()).isEqualTo("carrier");
            client.say("{'type':'start','to':'+4930123457','sdp':'v=0'}").next("answer");
            many.media.take().connect();
            assertThat(many.invited().invite.trunk()).isEqualTo("second");
            client.say("{'type':'start','to':'+4930123458','sdp':'v=0'}").next("answer");
            many.media.take().connect();
            assertThat(client.next("ended").path("cause").asText()).isEqualTo("congestion");
            client.say("{'type':'hangup','call':'" + first.path("call").asText() + "'}")
                    .next("ended");
            client.say("{'type':'start','to':'+4930123459','sdp':'v=0'}").next("answer");
            many.media.take().connect();
            assertThat(many.invited().invite.trunk()).isEqualTo("carrier");
            Rooms.FakeTrunkCall in = ring(many, "carrier", MAIN.digits());
            assertThat(in.asked()).as("a call in finds no line either").isEqualTo("reject 503");
        }
    }

    @Test
    void trunkThatIsDownIsTriedLast() throws Exception {
        try (Rooms many = rooms(List.of("carrier", "help"), 100);
                Client client = greeted(many, ALICES)) {
            many.down.add("carrier");
            for (String dialled : List.of("+4930123456", "112")) {
                client.say("{'type':'start','to':'" + dialled + "','sdp':'v=0'}")
                        .next("answer");
                many.media.take().connect();
                Rooms.FakeTrunkCall first = many.invited();
                assertThat(first.invite.trunk()).isEqualTo(dialled.equals("112") ? "help" : "second");
                first.tell(new TrunkEvent.Failed(new TrunkFailure.Silent()));
                Rooms.FakeTrunkCall last = many.invited();
                assertThat(last.invite.trunk()).isEqualTo("carrier");
                last.tell(new TrunkEvent.Failed(new TrunkFailure.Unreachable("all its addresses are down")));
                client.next("ended");
            }
        }
    }

    @Test
    void trunkThatAsksForItIsLeftAlone() throws Exception {
        try (Rooms many = rooms(List.of("help"), 100);
                Client client = greeted(many, ALICES)) {
            client.say("{'type':'start','to':'+4930123456','sdp':'v=0'}").next("answer");
            many.media.take().connect();
            many.invited()
                    .tell(new TrunkEvent.Failed(
                            new TrunkFailure.Refused(503, OptionalInt.empty(), OptionalInt.of(30))));
            Rooms.FakeTrunkCall other = many.invited();
            assertThat(other.invite.trunk()).isEqualTo("second");
            other.tell(new TrunkEvent.Failed(new TrunkFailure.Refused(486, OptionalInt.of(17))));
            assertThat(client.next("ended").path("cause").asText()).isEqualTo("busy");
            client.say("{'type':'start','to':'+4930123456','sdp':'v=0'}").next("answer");
            many.media.take().connect();
            assertThat(many.invited().invite.trunk()).isEqualTo("second");
            assertThat(many.calls.trunkLoads().get("carrier"))
                    .isNotNull()
                    .satisfies(seen -> assertThat(seen.resting()).isTrue());
        }
    }

    @Test
    void directNumberRingsItsUserAndTheMainNumberTheGroupInOrder() throws Exception {
        try (Client alice = greeted(ALICES);
                Client bob = greeted(BOBS)) {
            Rooms.FakeTrunkCall direct = ring(rooms, "carrier", "+493012342");
            JsonNode bobs = bob.next("incoming");
            assertThat(bobs.path("headers").path("X-Queue").asText()).isEqualTo("sales");
            assertThat(bobs.path("diverted"))
                    .hasToString("{\"from\":\"+493012349\",\"first\":\"secretary\",\"reason\":\"user-busy\"}");
            bob.say("{'type':'reject','call':'" + bobs.path("call").asText() + "','reason':'busy'}")
                    .next("ended");
            assertThat(direct.asked()).isEqualTo("ring");
            assertThat(direct.asked()).isEqualTo("reject 486");
            assertThat(alice.rest()).isEmpty();
            rooms.awaitNoCall();

            Rooms.FakeTrunkCall group = ring(rooms, "carrier", "030 12340");
            JsonNode alices = alice.next("incoming");
            assertThat(alices.path("to").asText()).isEqualTo(MAIN.digits());
            assertThat(alices.path("from").asText()).isEqualTo("+442079460000");
            assertThat(bob.rest()).isEmpty();
            alice.say("{'type':'reject','call':'" + alices.path("call").asText() + "'}")
                    .next("ended");
            bob.next("incoming");
            assertThat(group.asked()).isEqualTo("ring");
        }
    }

    @Test
    void userAnswersForTheirOwnNumbersOnly() throws Exception {
        try (Client alice = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE))) {
            alice.say("{'type':'hello','token':'" + ALICES + "','numbers':['030 12341','030 12342']}");
            assertThat(alice.next("welcome").path("numbers").toString()).isEqualTo("[\"+493012341\"]");
        }
        try (Client alice = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE))) {
            alice.say("{'type':'hello','token':'" + ALICES + "'}");
            assertThat(alice.next("welcome").path("numbers").toString()).isEqualTo("[\"+493012341\",\"41\"]");
        }
        try (Client nobody = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE))) {
            nobody.say("{'type':'hello','token':'nobody in particular'}");
            assertThat(nobody.next("error").path("code").asText()).isEqualTo("unauthorized");
        }
    }

    @Test
    void callToAUserWhoIsNotThereIsUnavailable() throws Exception {
        assertThat(ring(rooms, "carrier", "+493012342").asked()).isEqualTo("reject 480");
    }

    // ---- a house with two people

    private static Rooms rooms(List<String> help) throws WebStartException {
        return rooms(help, 1);
    }

    private static Rooms rooms(List<String> help, int maxCalls) throws WebStartException {
        NumberSettings numbers = new NumberSettings(Optional.of(new Country("DE")), false);
        NumberPlan plan = new NumberPlan(numbers.country());
        Secret alicesKey = Secret.parse(ALICES);
        Secret bobsKey = Secret.parse(BOBS);
        SequencedMap<String, User> people = new LinkedHashMap<>();
        people.put("alice", user(alicesKey, "+493012341", "41"));
        people.put("bob", user(bobsKey, "+493012342", "42"));
        Users users = new Users(people, plan);
        EmergencySettings emergency =
                new EmergencySettings(help, List.of(), Optional.empty(), Optional.empty(), Optional.of(MAIN), false);
        SequencedMap<String, List<Prefix>> prefixes = new LinkedHashMap<>();
        prefixes.put("carrier", List.of(Prefix.parse("+")));
        prefixes.put("second", List.of(Prefix.parse("+")));
        prefixes.put("help", List.of());
        Map<String, TrunkLimits> limits = new LinkedHashMap<>();
        prefixes.keySet().forEach(trunk -> limits.put(trunk, ONE_LINE));
        TrunkLines.Line plain = new TrunkLines.Line(TrunkNumbers.defaults(), CallerSettings.defaults());
        Switchboard switchboard = new Switchboard(
                new Routing(numbers, emergency, List.of(noPremium("alice")), new Routes(prefixes), users),
                new TrunkLines(Map.of("carrier", plain), plan, emergency),
                new TrunkLoads(limits, System.nanoTime()),
                new InboundRules(List.of(rule(new PhoneNumber("+493012342"), "bob"), toTheGroup()), plan, users),
                users,
                InstantSource.system(),
                Guard.lenient(plan, users, InstantSource.system(), System::nanoTime),
                Extensions.NONE);
        return new Rooms(
                Rooms.settings(PAGE),
                TokenVerifier.of(TokenSettings.defaults(), Map.of("alice", alicesKey, "bob", bobsKey)),
                1,
                CallSettings.defaults().withMaxCalls(maxCalls),
                switchboard);
    }

    private static RouteRule noPremium(String user) {
        return new RouteRule(
                Optional.of("no premium"),
                List.of(Prefix.parse("+49900")),
                Set.of(),
                Set.of(),
                List.of(user),
                List.of(),
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                Set.of());
    }

    private static User user(Secret key, String number, String extension) {
        return new User(
                Optional.of(key),
                List.of(new PhoneNumber(number)),
                Optional.of(new PhoneNumber(extension)),
                List.of("sales"));
    }

    private static InboundRule rule(PhoneNumber called, String user) {
        InboundRule usual = InboundRule.defaults();
        return new InboundRule(
                List.of(),
                List.of(called),
                List.of(),
                List.of(),
                Optional.of(user),
                Optional.empty(),
                usual.ring(),
                usual.each(),
                Optional.empty());
    }

    private static InboundRule toTheGroup() {
        return new InboundRule(
                List.of("carrier"),
                List.of(MAIN),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.of("sales"),
                InboundRule.Ring.IN_ORDER,
                Duration.ofSeconds(15),
                Optional.empty());
    }

    private static Rooms.FakeTrunkCall ring(Rooms rooms, String trunk, String called) {
        Rooms.FakeTrunkCall call =
                new Rooms.FakeTrunkCall(new OutboundInvite("", "", Optional.empty(), Optional.empty(), ""), _ -> {});
        rooms.calls.onInvite(
                new InboundInvite(
                        trunk,
                        called,
                        Optional.of("0044 20 7946 0000"),
                        Optional.empty(),
                        Optional.of("v=0"),
                        Map.of("X-Queue", "sales"),
                        Optional.of(new Diverted(
                                Optional.of("030 12349"), Optional.of("secretary"), Diverted.Why.USER_BUSY)),
                        Optional.empty()),
                call);
        return call;
    }

    private Client greeted(String key) throws Exception {
        return greeted(rooms, key);
    }

    private static Client greeted(Rooms rooms, String key) throws Exception {
        Client client = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE));
        client.say("{'type':'hello','token':'" + key + "'}").next("welcome");
        return client;
    }
}
