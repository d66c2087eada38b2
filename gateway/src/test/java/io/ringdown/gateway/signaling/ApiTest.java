package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.TrunkEvent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API as its description has it, over a real web server and real calls. */
final class ApiTest {
    private static final String ACT = "the key of the one system there is";
    private static final String READ = "the key of a board that only looks";
    private static final String NOBODY = "0123456789abcdef0123456789abcdef";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private Rooms rooms;
    private OpenApiShape shape;

    @BeforeEach
    void start() throws Exception {
        rooms = new Rooms(Rooms.settings(), new TokenVerifier.Everybody());
        HttpResponse<String> description = http.send(
                HttpRequest.newBuilder(uri("/api/v1/openapi.json")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(description.statusCode()).isEqualTo(200);
        shape = new OpenApiShape(description.body().getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        rooms.close();
        http.shutdownNow();
    }

    @Test
    void eachAnswerThatIsDescribedIsGivenAsItIsDescribed() throws Exception {
        ask("GET", "/agents", "", READ, 200);
        ask("GET", "/groups", "", READ, 200);
        ask("GET", "/agents/ann", "", READ, 200);
        ask("GET", "/agents/bob", "", READ, 404);
        assertThat(ask("PUT", "/agents/ann/availability", "{'state':'away','reason':'lunch'}", ACT, 200)
                        .path("chosen")
                        .asText())
                .isEqualTo("away");
        ask("PUT", "/agents/ann/availability", "{'state':'asleep'}", ACT, 400);
        ask("PUT", "/agents/ann/availability", "{'state':'away'}", READ, 403);
        ask("PUT", "/agents/bob/availability", "{'state':'away'}", ACT, 404);
        // No call there.
        ask("GET", "/calls", "", READ, 200);
        ask("GET", "/calls?state=talking", "", READ, 400);
        ask("POST", "/calls", "{'agent':'ann','to':'+12025550100'}", ACT, 409);
        ask("POST", "/calls", "{'agent':'ann'}", ACT, 400);
        ask("POST", "/calls", "{'agent':'ann','to':'112'}", ACT, 403);
        ask("POST", "/calls", "{'agent':'ann','to':'4711'}", ACT, 422);
        for (String page : List.of("", "/hold", "/digits", "/transfer", "/conference")) {
            for (String method : page.isEmpty()
                    ? Set.of("GET", "DELETE")
                    : page.equals("/hold")
                            ? Set.of("PUT", "DELETE")
                            : page.equals("/conference") ? Set.of("POST", "DELETE") : Set.of("POST")) {
                ask(method, "/calls/" + NOBODY + page, "{}", ACT, 404);
                if (!method.equals("GET")) {
                    ask(method, "/calls/" + NOBODY + page, "{}", READ, 403);
                }
            }
        }
        rooms.media.full = true;
        try (Client ann = ann()) {
            ask("POST", "/calls", "{'agent':'local','to':'+12025550100'}", ACT, 503);
            rooms.media.full = false;
            rooms.busy.add("local");
            JsonNode busy = ask("POST", "/calls", "{'agent':'local','to':'+12025550100'}", ACT, 409);
            assertThat(busy.path("code").asText()).isEqualTo("agent-busy");
            rooms.busy.clear();
            // One that rings.
            String call = ask("POST", "/calls", "{'agent':'local','to':'+12025550100','from':'+12025550111'}", ACT, 202)
                    .path("call")
                    .asText();
            assertThat(ann.next("incoming").path("originated").asBoolean()).isTrue();
            ask("GET", "/calls/" + call, "", READ, 200);
            ask("PUT", "/calls/" + call + "/hold", "", ACT, 409);
            ask("DELETE", "/calls/" + call + "/hold", "", ACT, 409);
            ask("POST", "/calls/" + call + "/digits", "{'digits':'1'}", ACT, 409);
            ask("POST", "/calls/" + call + "/digits", "{'digits':'x'}", ACT, 400);
            ask("POST", "/calls/" + call + "/transfer", "{'to':'+12025550122'}", ACT, 409);
            ask("POST", "/calls/" + call + "/transfer", "{}", ACT, 400);
            ask("POST", "/calls/" + call + "/conference", "{}", ACT, 400);
            ask("POST", "/calls/" + call + "/conference", "{'with':'" + call + "'}", ACT, 409);
            ask("DELETE", "/calls/" + call + "/conference", "", ACT, 409);
            // One that is talked.
            ann.say("{'type':'accept','call':'" + call + "','sdp':'v=0'}").next("answer");
            rooms.media.take().connect();
            Rooms.FakeTrunkCall trunk = rooms.invited();
            assertThat(trunk.invite.calledNumber()).isEqualTo("+12025550100");
            trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
            ann.next("established");
            JsonNode all = ask("GET", "/calls?state=established&trunk=carrier&agent=local", "", READ, 200);
            assertThat(all.path("total").asInt()).isEqualTo(1);
            assertThat(ask("GET", "/calls?agent=bob", "", READ, 200)
                            .path("total")
                            .asInt())
                    .isZero();
            ask("PUT", "/calls/" + call + "/hold", "", ACT, 200);
            JsonNode held = ann.next("held");
            assertThat(held.has("ref")).as("nobody asked there").isFalse();
            ask("DELETE", "/calls/" + call + "/hold", "", ACT, 200);
            ann.next("resumed");
            ask("POST", "/calls/" + call + "/digits", "{'digits':'12'}", ACT, 202);
            // Nobody is transferred to help, and the call goes on.
            JsonNode forbidden = ask("POST", "/calls/" + call + "/transfer", "{'to':'112'}", ACT, 409);
            assertThat(forbidden.path("code").asText()).isEqualTo("emergency-not-available");
            assertThat(forbidden.path("state").asText()).isEqualTo("established");
            ask("POST", "/calls/" + call + "/transfer", "{'to':'+12025550122'}", ACT, 202);
            ask("DELETE", "/calls/" + call, "", ACT, 202);
            while (!ann.next().path("type").asText().equals("ended")) {
                // receipts of the digits, and the transfer
            }
            rooms.awaitNoCall();
            JsonNode over = ask("GET", "/calls/" + call, "", READ, 200);
            assertThat(over.path("record").path("cause").asText()).isEqualTo("normal");
            ask("DELETE", "/calls/" + call, "", ACT, 404);
        }
        for (String answer : shape.promised()) {
            if (answer.endsWith(" 401")) {
                String[] words = answer.split(" ", -1);
                ask(
                        words[0],
                        words[1].replace("{call}", NOBODY).replace("{user}", "ann"),
                        "",
                        "no key of anybody at all, really",
                        401);
            }
            if (answer.endsWith(" 413")) {
                String[] words = answer.split(" ", -1);
                JsonNode problem = ask(
                        words[0],
                        words[1].replace("{call}", NOBODY).replace("{user}", "ann"),
                        "x".repeat(17 * 1024),
                        ACT,
                        413);
                assertThat(problem.path("code").asText()).isEqualTo("too-large");
            }
        }
        Set<String> unseen = new TreeSet<>(shape.promised());
        unseen.removeAll(shape.seen());
        // A trunk that takes its time, conferences and an address that asks too often have tests of their own.
        unseen.removeIf(answer ->
                answer.endsWith(" 429") || answer.contains("/hold 202") || answer.matches(".*/conference 20[02]"));
        assertThat(unseen).isEmpty();
    }

    @Test
    void whateverTakesABodySaysThatItMayBeTooLong() {
        assertThat(shape.promised())
                .contains(
                        "POST /calls 413",
                        "POST /calls/{call}/digits 413",
                        "POST /calls/{call}/transfer 413",
                        "POST /calls/{call}/conference 413",
                        "PUT /agents/{user}/availability 413");
    }

    @Test
    void aMethodThatIsNotDescribedIsAnsweredWithThoseThatAre() throws Exception {
        HttpResponse<String> answer = send("PATCH", "/calls", "{}", ACT, "");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, POST");
        assertThat(JSON.readTree(answer.body()).path("code").asText()).isEqualTo("method");
        String description = send("GET", "/openapi.json", "", "", "").body();
        assertThat(JSON.readTree(description).at("/info/description").asText()).contains("405 (`method`)", "`Allow`");
    }

    @Test
    void whoAsksAgainWithItsKeyHasBegunOneCall() throws Exception {
        try (Client ann = ann()) {
            String body = "{'agent':'local','to':'+12025550100'}";
            HttpResponse<String> first = send("POST", "/calls", body, ACT, "once");
            HttpResponse<String> again = send("POST", "/calls", body, ACT, "once");
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(again.headers().firstValue("Idempotency-Replayed")).hasValue("true");
            assertThat(rooms.calls.count()).isEqualTo(1);
            assertThat(send("POST", "/calls", body.replace("0100", "0101"), ACT, "once")
                            .statusCode())
                    .isEqualTo(422);
            ann.next("incoming");
        }
    }

    @Test
    void aKeyThatIsEmptyOrTooLongIsRefusedAndNothingBegins() throws Exception {
        try (Client ann = ann()) {
            String body = "{'agent':'local','to':'+12025550100'}";
            for (String key : List.of("", "k".repeat(129))) {
                HttpResponse<String> refused = send("POST", "/calls", body, ACT, Optional.of(key));
                assertThat(refused.statusCode()).isEqualTo(400);
                assertThat(JSON.readTree(refused.body()).path("code").asText()).isEqualTo("bad-request");
                assertThat(refused.body()).contains("Idempotency-Key has " + key.length() + " characters", "1 to 128");
            }
            assertThat(rooms.calls.count()).isZero();
            assertThat(send("POST", "/calls", body, ACT, "k".repeat(128)).statusCode())
                    .isEqualTo(202);
            ann.next("incoming");
        }
    }

    @Test
    void keysThatAreGuessedHoldTheirAddressOff() throws Exception {
        HttpResponse<String> last = send("GET", "/calls", "", READ, "");
        assertThat(last.statusCode()).isEqualTo(200);
        assertThat(send("GET", "/calls", "", READ.replace('b', 'c'), "").statusCode())
                .isEqualTo(401);
        assertThat(send("GET", "/calls", "", "", "").headers().firstValue("WWW-Authenticate"))
                .hasValue("Bearer");
    }

    @Test
    void callThatNobodyHasTakenCanBeTakenBack() throws Exception {
        try (Client ann = ann()) {
            String call = JSON.readTree(send("POST", "/calls", "{'agent':'local','to':'+12025550100'}", ACT, "")
                            .body())
                    .path("call")
                    .asText();
            ann.next("incoming");
            assertThat(send("DELETE", "/calls/" + call, "", ACT, "").statusCode())
                    .isEqualTo(202);
            assertThat(ann.next("ended").path("cause").asText()).isEqualTo("cancelled");
            assertThat(rooms.invites).isEmpty();
        }
    }

    private Client ann() throws Exception {
        Client ann = new Client(rooms.web.port(), "ringdown.v1", Map.of("Authorization", "Bearer nobody"));
        ann.say("{'type':'hello'}").next("welcome");
        return ann;
    }

    /** Asks, and holds what comes against the description. */
    private JsonNode ask(String method, String path, String body, String key, int status) throws Exception {
        HttpResponse<String> answer = send(method, path, body, key, "");
        assertThat(answer.statusCode())
                .as(method + " " + path + ": " + answer.body())
                .isEqualTo(status);
        String type = answer.headers().firstValue("Content-Type").orElse("");
        shape.check(
                method,
                path.replaceAll("\\?.*", "")
                        .replaceAll("[0-9a-f]{32}", "{call}")
                        .replaceAll("(?<=/agents/)[a-z]+", "{user}"),
                status,
                type,
                answer.body());
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> send(String method, String path, String body, String key, String idempotencyKey)
            throws IOException, InterruptedException {
        return send(method, path, body, key, Optional.of(idempotencyKey).filter(each -> !each.isEmpty()));
    }

    private HttpResponse<String> send(
            String method, String path, String body, String key, Optional<String> idempotencyKey)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri("/api/v1" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        idempotencyKey.ifPresent(each -> request.header("Idempotency-Key", each));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + rooms.web.port() + path);
    }
}
