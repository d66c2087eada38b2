package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringdown.gateway.tokens.Doorkeeper;
import io.ringdown.gateway.tokens.NewKey;
import io.ringdown.gateway.tokens.Presented;
import io.ringdown.gateway.tokens.TokenAlgorithm;
import io.ringdown.gateway.tokens.TokenKeySettings;
import io.ringdown.gateway.tokens.TokenMint;
import io.ringdown.gateway.tokens.TokenSettings;
import io.ringdown.gateway.tokens.UsedTokens;
import io.ringdown.sip.TrunkEvent;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session and the tokens that it is given, over real sockets. */
final class SignedTokensTest {
    private static final String PAGE = "https://example.com";
    private static final Map<String, String> FROM_PAGE = Map.of("Origin", PAGE);

    @TempDir
    Path folder;

    // The guard of calls has the true time.
    private final Instant began = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final AtomicReference<Instant> time = new AtomicReference<>(began);
    private final UsedTokens used = new UsedTokens();
    private TokenMint mint;
    private Doorkeeper door;
    private Rooms rooms;

    @BeforeEach
    void open() throws Exception {
        Path key = NewKey.write(folder.resolve("key"));
        TokenSettings settings = new TokenSettings(
                Optional.empty(),
                Optional.empty(),
                List.of(new TokenKeySettings(
                        Optional.empty(), TokenAlgorithm.EDDSA, Optional.of(key), Optional.empty())),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                Duration.ofHours(1));
        mint = TokenMint.by(folder.resolve("key"));
        door = Doorkeeper.open(settings, Map.of(), used, time::get, System::nanoTime);
        // It asks more often than anybody may.
        rooms = new Rooms(Rooms.settings(PAGE).withLimits(new WebLimits(256, 1_000_000)), door);
    }

    @AfterEach
    void close() {
        rooms.close();
        door.close();
    }

    private String token(String subject, Map<String, Object> ours) {
        return mint.mint(subject, Duration.ofMinutes(10), ours, time.get());
    }

    private Client client() {
        return new Client(rooms.web.port(), "ringdown.v1", FROM_PAGE);
    }

    private static String start(String ref) {
        return "{'type':'start','ref':'" + ref + "','to':'+493055501234','sdp':'v=0'}";
    }

    @Test
    void theWelcomeTellsForHowLongAndForHowManyCallsTheTokenIs() throws Exception {
        try (Client client = client()) {
            JsonNode welcome = client.say("{'type':'hello','numbers':['+493012345'],'token':'"
                            + token("visitor", Map.of("once", true)) + "'}")
                    .next("welcome");
            assertThat(welcome.get("tokenExpiresIn").asLong()).isEqualTo(600_000);
            assertThat(welcome.get("tokenOnce").asBoolean()).isTrue();
            assertThat(welcome.get("numbers"))
                    .as("calls in are nothing it opens")
                    .isEmpty();
        }
    }

    @Test
    void aSessionGoesOnWithAnotherTokenOfItsSubjectAndNoOther() throws Exception {
        try (Client client = client()) {
            client.say("{'type':'hello','token':'" + token("visitor", Map.of()) + "'}")
                    .next("welcome");
            time.set(began.plusSeconds(600));
            assertThat(client.say(start("a")).next("error").get("code").asText())
                    .isEqualTo("token-expired");
            for (String other : List.of(token("another", Map.of()), "nonsense")) {
                JsonNode error = client.say("{'type':'authorize','ref':'b','token':'" + other + "'}")
                        .next("error");
                assertThat(error.get("code").asText()).isEqualTo("unauthorized");
                assertThat(error.get("ref").asText()).isEqualTo("b");
            }
            assertThat(client.say(start("c")).next("error").get("code").asText())
                    .isEqualTo("token-expired");
            JsonNode authorized = client.say(
                            "{'type':'authorize','ref':'d','token':'" + token("visitor", Map.of()) + "'}")
                    .next("authorized");
            assertThat(authorized.get("ref").asText()).isEqualTo("d");
            assertThat(authorized.get("tokenExpiresIn").asLong()).isEqualTo(600_000);
            assertThat(authorized.has("tokenOnce")).isFalse();
            assertThat(client.say(start("e")).next("answer").get("ref").asText())
                    .isEqualTo("e");
        }
    }

    /** A page asks for another token when its user dials; for what a system orders it cannot. */
    @Test
    void whatTheOperatorsSystemOrdersGoesWhereTheTokenLeadsThoughItHasRunOut() throws Exception {
        time.set(began.minusSeconds(1_200)); // when it was minted: by now it is over
        try (Client client = client()) {
            client.say("{'type':'hello','token':'"
                            + token("local", Map.of("to", Map.of("numbers", List.of("+12025550100")))) + "'}")
                    .next("welcome");
            String call = api("POST", "/calls", "{'agent':'local','to':'+12025550100'}")
                    .get("call")
                    .asText();
            client.next("incoming");
            client.say("{'type':'accept','call':'" + call + "','sdp':'v=0'}").next("answer");
            rooms.media.take().connect();
            Rooms.FakeTrunkCall trunk = rooms.invited();
            assertThat(trunk.invite.calledNumber()).isEqualTo("+12025550100");
            trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
            client.next("established");
            assertThat(api("POST", "/calls/" + call + "/transfer", "{'to':'+12025550122'}")
                            .path("code")
                            .asText())
                    .as("a number that is not the token's")
                    .isEqualTo("not-permitted");
            assertThat(api("POST", "/calls/" + call + "/transfer", "{'to':'+12025550100'}")
                            .has("stage"))
                    .isTrue();
        }
    }

    private JsonNode api(String method, String path, String body) throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rooms.web.port() + "/api/v1" + path))
                            .header("Authorization", "Bearer the key of the one system there is")
                            .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return new ObjectMapper().readTree(answer.body());
        }
    }

    @Test
    void aTokenForOneCallThatWasUsedBeginsNone() throws Exception {
        String once = token("visitor", Map.of("once", true));
        try (Client client = client()) {
            client.say("{'type':'hello','token':'" + once + "'}").next("welcome");
            String jti = door.verify(
                            new Presented(Optional.of(once), Optional.of(PAGE), InetAddress.ofLiteral("192.0.2.1")))
                    .orElseThrow()
                    .grant()
                    .token()
                    .orElseThrow();
            assertThat(used.use(jti, began.plusSeconds(600), began)).isTrue();
            assertThat(client.say(start("a")).next("error").get("code").asText())
                    .isEqualTo("token-expired");
            assertThat(client.say("{'type':'start','to':'112','sdp':'v=0'}")
                            .next("ended")
                            .get("cause")
                            .asText())
                    .as("a call for help asks no token")
                    .isEqualTo("emergency-not-available");
        }
        try (Client client = client()) {
            client.say("{'type':'hello','token':'" + once + "'}");
            assertThat(client.next("error").get("code").asText()).isEqualTo("unauthorized");
            assertThat(client.closed()).isEqualTo(1008);
        }
    }

    @Test
    void aForeignPageCannotHaveTheAddressOfItsVisitorsHeldOff() {
        InetAddress here = InetAddress.ofLiteral("127.0.0.1");
        for (int time = 0; time < 30; time++) {
            assertThat(forged("https://evil.example")).contains(" 403 ");
        }
        assertThat(door.refused().values()).containsOnly(0L);
        assertThat(door.heldOff(here)).isEmpty();
        for (int time = 0; time < 30; time++) {
            forged(PAGE);
        }
        assertThat(door.heldOff(here)).as("as a listed one would").isPresent();
    }

    private String forged(String origin) {
        return RawHandshake.headers(
                rooms.web.port(), origin, "Sec-WebSocket-Protocol: ringdown.token." + "x".repeat(40));
    }

    @Test
    void aClientThatIsNoBrowserComesBackWithATokenThatHasRunOutAndBeginsNothingWithIt() throws Exception {
        comesBackWith(token("visitor", Map.of()), () -> time.set(began.plusSeconds(600)));
    }

    @Test
    void aClientThatIsNoBrowserComesBackWithATokenThatHasHadItsCallAndBeginsNothingWithIt() throws Exception {
        String once = token("visitor", Map.of("once", true));
        Presented shown = new Presented(Optional.of(once), Optional.empty(), InetAddress.ofLiteral("192.0.2.1"));
        comesBackWith(
                once,
                () -> used.use(
                        door.verify(shown).orElseThrow().grant().token().orElseThrow(), began.plusSeconds(600), began));
    }

    private void comesBackWith(String token, Runnable spend) throws Exception {
        Map<String, String> header = Map.of("Authorization", "Bearer " + token);
        String another = token("another", Map.of());
        JsonNode welcome;
        try (Client lost = new Client(rooms.web.port(), "ringdown.v1", header)) {
            welcome = lost.say("{'type':'hello'}").next("welcome");
        }
        spend.run();
        String resume = ",'takeOver':true,'resume':'" + welcome.get("resume").asText() + "'}";
        for (String said : List.of("", ",'token':'" + token + "'")) {
            try (Client back = new Client(rooms.web.port(), "ringdown.v1", header)) {
                welcome = back.say("{'type':'hello'" + said + resume).next("welcome");
                assertThat(welcome.get("resumed").asBoolean()).isTrue();
                assertThat(back.say(start("a")).next("error").get("code").asText())
                        .isEqualTo("token-expired");
            }
        }
        try (Client anew = new Client(rooms.web.port(), "ringdown.v1", header)) {
            assertThat(anew.say("{'type':'hello'}").next("error").get("code").asText())
                    .isEqualTo("unauthorized");
            assertThat(anew.closed()).isEqualTo(1008);
        }
        time.set(began.plusSeconds(600));
        assertThat(RawHandshake.exchange(
                        rooms.web.port(),
                        "GET /v1/rtc HTTP/1.1\r\nHost: 127.0.0.1\r\n" + RawHandshake.UPGRADE + "Authorization: Bearer "
                                + another + "\r\n\r\n"))
                .as("who has no session to come back to")
                .contains(" 401 ");
    }

    @Test
    void nobodyTouchesTheCallOfAnother() throws Exception {
        try (Client owner = client();
                HttpClient http = HttpClient.newHttpClient()) {
            owner.say("{'type':'hello','token':'" + token("owner", Map.of()) + "'}")
                    .next("welcome");
            String call = owner.say(start("a")).next("answer").get("call").asText();
            List<String> commands = List.of(
                    "'hangup'",
                    "'hold'",
                    "'resume'",
                    "'dtmf-cancel'",
                    "'mute','muted':true",
                    "'dtmf','digits':'1'",
                    "'update','sdp':'v=0'",
                    "'accept','sdp':'v=0'",
                    "'reject'",
                    "'transfer','to':'+4930'");
            for (int round = 0; round < 10; round++) { // a session may say twenty things in a second
                try (Client other = client()) {
                    other.say("{'type':'hello','token':'" + token("other", Map.of()) + "'}")
                            .next("welcome");
                    for (String command : commands) {
                        JsonNode error = other.say("{'type':" + command + ",'call':'" + call + "'}")
                                .next("error");
                        assertThat(error.get("code").asText()).as(command).isEqualTo("unknown-call");
                    }
                }
            }
            for (String method : List.of("GET", "DELETE")) {
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + rooms.web.port() + "/v1/calls/" + call))
                        .header("Authorization", "Bearer " + token("other", Map.of()))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build();
                assertThat(http.send(request, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(404);
            }
            assertThat(owner.rest()).as("what the owner hears of all that").isEmpty();
        }
    }

    /** 128 random bits; who guesses is the very one who may see the call. With {@code --full} a hundred thousand. */
    @Test
    void ofManyGuessedIdsNoneIsACall() throws Exception {
        int batches = Boolean.getBoolean("ringdown.full") ? 1_000 : 50;
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        String token = token("visitor", Map.of());
        try (Client owner = client();
                Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), rooms.web.port())) {
            owner.say("{'type':'hello','token':'" + token + "'}").next("welcome");
            owner.say(start("a")).next("answer");
            BufferedReader answers =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            int unknown = 0;
            for (int batch = 0; batch < batches; batch++) {
                StringBuilder requests = new StringBuilder();
                for (int guess = 0; guess < 100; guess++) {
                    requests.append(guess(random, token));
                }
                socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.UTF_8));
                for (int answered = 0; answered < 100; ) {
                    String line = answers.readLine();
                    assertThat(line).as("seed %d", seed).isNotNull();
                    // A body has no end of line: the next status is on the same one.
                    answered += line.contains("HTTP/1.1 ") ? 1 : 0;
                    unknown += line.contains("HTTP/1.1 404 ") ? 1 : 0;
                }
            }
            assertThat(unknown).as("seed %d", seed).isEqualTo(100 * batches);
        }
    }

    private static String guess(Random random, String token) {
        return "GET /v1/calls/%016x%016x HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n\r\n"
                .formatted(random.nextLong(), random.nextLong(), token);
    }
}
