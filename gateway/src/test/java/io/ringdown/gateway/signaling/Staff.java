package io.ringdown.gateway.signaling;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.gateway.call.CallSettings;
import io.ringdown.gateway.call.Switchboard;
import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.routing.CallerSettings;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.Extensions;
import io.ringdown.gateway.routing.InboundRules;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.NumberSettings;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Prefix;
import io.ringdown.gateway.routing.Routes;
import io.ringdown.gateway.routing.Routing;
import io.ringdown.gateway.routing.TrunkLimits;
import io.ringdown.gateway.routing.TrunkLines;
import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.gateway.routing.TrunkNumbers;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.routing.Users;
import io.ringdown.gateway.tokens.Admission;
import io.ringdown.gateway.tokens.Grant;
import io.ringdown.gateway.tokens.Presented;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.gateway.tokens.TokenSettings;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.TrunkEvent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A house of three, alice (11), bob (12) and carol (13), with a trunk that transfers calls and one, for +44, that does not. */
final class Staff implements AutoCloseable {
    static final String PAGE = "http://page.example";

    final Rooms rooms;
    private Rooms.@Nullable FakeSession last;

    private final List<Client> clients = new ArrayList<>();

    /** What who signs in from then on may do; whatever everybody may, if nothing is written. */
    final Map<String, Grant> grants = new ConcurrentHashMap<>();

    /** What the directory is asked; whose an extension is counts once that is done. */
    final Map<PhoneNumber, CompletableFuture<Void>> asked = new ConcurrentHashMap<>();

    /** The media that were opened last; IllegalStateException before the first. */
    Rooms.FakeSession last() {
        if (last == null) {
            throw new IllegalStateException("no media were opened");
        }
        return last;
    }

    Staff() throws Exception {
        Map<String, User> people = new LinkedHashMap<>();
        people.put("alice", user("alice", "11", "Alice Ames", true));
        people.put("bob", user("bob", "12", "Bob", true));
        people.put("carol", user("carol", "13", "Carol", false));
        NumberSettings numbers = NumberSettings.defaults();
        NumberPlan plan = new NumberPlan(numbers.country());
        Users users = new Users(people, plan);
        EmergencySettings help = EmergencySettings.defaults();
        LinkedHashMap<String, List<Prefix>> prefixes = new LinkedHashMap<>();
        prefixes.put("carrier", List.of(Prefix.parse("+49")));
        prefixes.put("deaf", List.of(Prefix.parse("+44")));
        Map<String, TrunkLimits> limits = new LinkedHashMap<>();
        List.of("carrier", "deaf", Extensions.HOUSE).forEach(trunk -> limits.put(trunk, TrunkLimits.defaults()));
        TrunkLines.Line line = new TrunkLines.Line(TrunkNumbers.defaults(), CallerSettings.defaults());
        TrunkLines.Line deaf = new TrunkLines.Line(TrunkNumbers.defaults(), CallerSettings.defaults(), false);
        Switchboard switchboard = new Switchboard(
                new Routing(numbers, help, List.of(), new Routes(prefixes), users),
                new TrunkLines(Map.of("carrier", line, "deaf", deaf), plan, help),
                new TrunkLoads(limits, System.nanoTime()),
                new InboundRules(List.of(), plan, users),
                users,
                InstantSource.system(),
                Guard.lenient(plan, users, InstantSource.system(), System::nanoTime),
                new Extensions() {
                    @Override
                    public boolean has(PhoneNumber number) {
                        return users.withExtension(number).isPresent();
                    }

                    @Override
                    public CompletableFuture<Void> ask(PhoneNumber number) {
                        return asked.getOrDefault(number, CompletableFuture.completedFuture(null));
                    }
                });
        Map<String, Secret> keys = new LinkedHashMap<>();
        people.forEach((name, user) -> keys.put(name, user.key().orElseThrow()));
        rooms = new Rooms(
                Rooms.settings(PAGE),
                verifier(TokenVerifier.of(TokenSettings.defaults(), keys)),
                1,
                CallSettings.defaults(),
                switchboard);
    }

    private TokenVerifier verifier(TokenVerifier keys) {
        return new TokenVerifier() {
            @Override
            public Optional<Admission> verify(Presented shown) {
                return keys.verify(shown)
                        .map(Admission::identity)
                        .map(who -> new Admission(who, grants.getOrDefault(who.subject(), Grant.ALL)));
            }

            @Override
            public boolean required() {
                return keys.required();
            }
        };
    }

    private static User user(String name, String extension, String shown, boolean callWaiting) {
        return new User(
                Optional.of(Secret.parse(key(name))),
                List.of(),
                Optional.of(new PhoneNumber(extension)),
                List.of(),
                Optional.of(shown),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                callWaiting);
    }

    static String key(String name) {
        return "the own key of " + name + " 0123456789";
    }

    /** A client signs in as one of them. */
    Client in(String name) throws Exception {
        return in(name, true);
    }

    /** The same; one that is not resumable is gone as soon as its socket is. */
    Client in(String name, boolean isResumable) throws Exception {
        Client client = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE));
        clients.add(client);
        client.say("{'type':'hello','token':'" + key(name) + "','resumable':" + isResumable + "}")
                .next("welcome");
        return client;
    }

    /** A client calls; its media are connected. */
    String dial(Client who, String number) throws Exception {
        who.say("{'type':'start','to':'" + number + "','sdp':'v=0'}");
        String call = who.next("answer").path("call").asText();
        connect();
        return call;
    }

    Rooms.FakeSession connect() throws Exception {
        last = rooms.media.take();
        last.connect();
        return last;
    }

    /** A client takes what rings there; its media are connected. */
    String accept(Client who, JsonNode incoming) throws Exception {
        String call = incoming.path("call").asText();
        who.say("{'type':'accept','call':'" + call + "','sdp':'v=0'}").next("answer");
        connect();
        return call;
    }

    /** A call that a telephone has answered. */
    record Up(String id, Rooms.FakeTrunkCall trunk, Rooms.FakeSession media) {}

    Up call(Client who, String number) throws Exception {
        String id = dial(who, number);
        Rooms.FakeSession media = last();
        Rooms.FakeTrunkCall trunk = rooms.invited();
        trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
        who.next("established");
        return new Up(id, trunk, media);
    }

    @Override
    public void close() {
        clients.forEach(Client::close);
        rooms.close();
    }
}
