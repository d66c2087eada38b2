package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.sdp.Direction;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.trace.TracedMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls by plain HTTP, pages and what operators see, over real connections on loopback. */
final class HttpApiTest {
    private static final String PAGE = "https://example.com";
    private final HttpClient http = HttpClient.newHttpClient();
    private Rooms rooms;

    @BeforeEach
    void start() throws WebStartException {
        rooms = new Rooms(Rooms.settings(PAGE), new TokenVerifier.Everybody());
    }

    @AfterEach
    void stop() {
        rooms.close();
        http.shutdownNow();
    }

    @Test
    void callIsMadeLookedAtAndHungUp() throws Exception {
        HttpResponse<String> created = send(post("+12025550100", "v=0"));
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.body()).isEqualTo("v=0 web answer");
        assertThat(created.headers().firstValue("Content-Type")).hasValue("application/sdp");
        assertThat(created.headers().firstValue("ETag")).isPresent();
        String location = created.headers().firstValue("Location").orElseThrow();
        assertThat(location).matches("/v1/calls/[0-9a-f]{32}");
        assertThat(state(location)).isEqualTo("connecting");
        Rooms.FakeSession media = rooms.media.take();
        assertThat(send(request(location)).body())
                .contains("\"quality\":{\"verdict\":{\"code\":\"too-early\"")
                .contains("\"browser\":{\"codec\":null,\"packets\":0");
        media.connect();
        Rooms.FakeTrunkCall trunk = rooms.invited();
        trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
        HttpResponse<String> ended = send(request(location).DELETE());
        assertThat(ended.statusCode()).isEqualTo(200);
        assertThat(trunk.asked()).isEqualTo("hangUp 16");
        assertThat(state(location)).isEqualTo("ended");
        assertThat(send(request(location)).body()).contains("\"cause\":\"normal\"");
    }

    @Test
    void callThatTheOperatorsSystemTransfersStaysItsCallersCall() throws Exception {
        String location = send(post("+12025550100", "v=0"))
                .headers()
                .firstValue("Location")
                .orElseThrow();
        rooms.media.take().connect();
        rooms.invited().tell(new TrunkEvent.Answered(Optional.of("v=0")));
        HttpResponse<String> transfer = send(request("/api" + location + "/transfer")
                .header("Authorization", "Bearer the key of the one system there is")
                .POST(HttpRequest.BodyPublishers.ofString("{\"to\":\"+12025550122\"}")));
        assertThat(transfer.statusCode()).as(transfer.body()).isEqualTo(202);
        send(request(location).DELETE());
        rooms.awaitNoCall();
        assertThat(rooms.book.records.element().counted())
                .as("the call, and the one that its trunk makes in its place")
                .hasSize(2)
                .extracting(call -> call.asker().subject())
                .containsOnly("local");
    }

    @Test
    void callIsHeldAndResumed() throws Exception {
        String location = send(post("+12025550100", "v=0"))
                .headers()
                .firstValue("Location")
                .orElseThrow();
        Rooms.FakeSession media = rooms.media.take();
        assertProblem(send(hold(location)), 409, "wrong-state");
        media.connect();
        Rooms.FakeTrunkCall trunk = rooms.invited();
        trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
        assertThat(send(hold(location)).statusCode()).isEqualTo(200);
        assertThat(media.held).isTrue();
        assertThat(send(request(location)).body()).contains("\"held\":\"browser\"");
        assertThat(send(request(location + "/hold").DELETE()).statusCode()).isEqualTo(200);
        assertThat(media.held).isFalse();
        assertThat(send(request(location)).body()).contains("\"held\":\"nobody\"");
        HttpResponse<String> wrong = send(request(location + "/hold"));
        assertProblem(wrong, 405, "method");
        assertThat(wrong.headers().firstValue("Allow")).hasValue("PUT, DELETE, OPTIONS");
        assertProblem(send(hold("/v1/calls/0123456789abcdef0123456789abcdef")), 404, "unknown-call");
    }

    @Test
    void resumptionThatTheTrunkRefusesIsAConflict() throws Exception {
        rooms.media.holdOffer = Optional.of(Direction.SENDONLY);
        String location = send(post("+12025550100", "v=0"))
                .headers()
                .firstValue("Location")
                .orElseThrow();
        Rooms.FakeSession media = rooms.media.take();
        media.connect();
        Rooms.FakeTrunkCall trunk = rooms.invited();
        trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
        assertThat(send(hold(location)).statusCode()).isEqualTo(200);
        assertThat(trunk.asked()).isEqualTo("reoffer v=0 sendonly");
        trunk.tell(new TrunkEvent.ReofferAnswered("v=0"));
        CompletableFuture<HttpResponse<String>> resumed =
                http.sendAsync(request(location + "/hold").DELETE().build(), HttpResponse.BodyHandlers.ofString());
        assertThat(trunk.asked()).isEqualTo("reoffer v=0 sendrecv");
        trunk.tell(new TrunkEvent.ReofferRefused(OptionalInt.of(500)));
        assertProblem(resumed.get(10, TimeUnit.SECONDS), 409, "hold-refused");
        assertThat(media.held).isTrue();
    }

    private HttpRequest.Builder hold(String location) {
        return request(location + "/hold").PUT(HttpRequest.BodyPublishers.ofString("{}")); // which means nothing
    }

    @Test
    void callEndsWhenTheDeviceClosesDtls() throws Exception {
        String location = send(post("+12025550100", "v=0"))
                .headers()
                .firstValue("Location")
                .orElseThrow();
        Rooms.FakeSession media = rooms.media.take();
        media.connect();
        Rooms.FakeTrunkCall trunk = rooms.invited();
        media.listener.onEvent(new MediaEvent.WebClosed());
        assertThat(trunk.asked()).startsWith("hangUp");
        assertThat(send(request(location)).body()).contains("\"cause\":\"cancelled\"");
    }

    @Test
    void plusHashAndStarMayBeEscapedInThePath() throws Exception {
        assertThat(send(post("*67%23%2B", "v=0")).statusCode()).isEqualTo(400);
        assertThat(send(post("%2B1202%23*", "v=0")).statusCode()).isEqualTo(201);
        rooms.media.take().connect();
        assertThat(rooms.invited().invite.calledNumber()).isEqualTo("+1202#*");
    }

    @Test
    void callerComesFromTheQuery() throws Exception {
        send(post("+1202?from=%2B4930123&name=Ann%0d%0aX", "v=0"));
        rooms.media.take().connect();
        Rooms.FakeTrunkCall trunk = rooms.invited();
        assertThat(trunk.invite.callerNumber()).hasValue("+4930123");
        assertThat(trunk.invite.callerName()).hasValue("AnnX");
        assertThat(send(post("+1202?from=abc", "v=0")).statusCode()).isEqualTo(400);
    }

    @Test
    void headersComeFromTheQueryAsClientsMayWriteThem() throws Exception {
        send(post("+1202?header=X-Crm-Id:4711%3A%20a&header=User-to-User:%2056a390;encoding=hex", "v=0"));
        rooms.media.take().connect();
        assertThat(rooms.invited().invite.form().headers())
                .isEqualTo(Map.of("X-Crm-Id", "4711: a", "User-to-User", "56a390;encoding=hex"));
        for (String query : List.of(
                "header=X-Crm-Id",
                "header=:4711",
                "header=X-Crm-Id:",
                "header=X-Crm-Id:%20",
                "header=X-Crm-Id:1&header=x-crm-id:2",
                "header=Via:1",
                "header=P-Asserted-Identity:sip:1@a",
                "header=X-A:1%0d%0aVia:1",
                "header=X-A:%c3%a4",
                "header=X-A:" + "1".repeat(257),
                IntStream.rangeClosed(0, 16)
                        .mapToObj(i -> "header=X-" + i + ":1")
                        .collect(Collectors.joining("&")))) {
            assertProblem(send(post("+1202?" + query, "v=0")), 400, "bad-message");
        }
    }

    @Test
    void errorsAreProblems() throws Exception {
        assertProblem(send(post("+1202", "rubbish")), 422, "media-refused");
        assertProblem(send(post("1202", "v=0")), 404, "no-route");
        assertProblem(send(post("+1202%20evil", "v=0")), 400, "bad-number");
        assertThat(status("POST /v1/calls/+1202%0d%0aX")).isEqualTo(400);
        assertProblem(send(post("sip:a@b", "v=0")), 400, "bad-number");
        assertProblem(send(post("+1202", "v=0" + "x".repeat(65 * 1024))), 413, "too-large");
        assertProblem(
                send(request("/v1/calls/+1202").POST(HttpRequest.BodyPublishers.ofString("{}"))), 415, "media-type");
        assertProblem(send(request("/v1/calls/0123456789abcdef0123456789abcdef")), 404, "unknown-call");
        assertProblem(send(request("/v1/calls/x").DELETE()), 404, "unknown-call");
        for (String path : new String[] {"/v1/calls/+1202", "/healthz", "/v1/demo", "/metrics", "/", "/v1/nothing"}) {
            HttpResponse<String> refused =
                    send(request(path).method("PATCH", HttpRequest.BodyPublishers.ofString("candidates")));
            assertProblem(refused, 405, "method");
            assertThat(refused.headers().firstValue("Allow").orElseThrow())
                    .as(path)
                    .contains("GET", "HEAD")
                    .doesNotContain("PATCH");
        }
        assertThat(status("POST /v1/calls/+1202?from=%zz")).isEqualTo(400);
        assertThat(status("POST /v1/calls/+1202?from=%c3")).isEqualTo(400);
        assertProblem(send(request("/v1/nothing")), 404, "not-found");
    }

    @Test
    void listedPagesMayUseItFromElsewhereAndOthersMayNot() throws Exception {
        HttpResponse<String> preflight = send(request("/v1/calls/+1202")
                .header("Origin", PAGE)
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue(PAGE);
        assertThat(preflight
                        .headers()
                        .firstValue("Access-Control-Allow-Methods")
                        .orElseThrow())
                .contains("POST", "DELETE", "PATCH");
        assertThat(preflight.headers().firstValue("Allow")).isPresent();
        assertThat(preflight
                        .headers()
                        .firstValue("Access-Control-Expose-Headers")
                        .orElseThrow())
                .contains("Location");
        assertThat(send(post("+1202", "v=0", "Origin", PAGE)).headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue(PAGE);
        assertProblem(send(post("+1202", "v=0", "Origin", "https://evil.example")), 403, "origin");
    }

    @Test
    void tokenIsAskedForAndOtherPeoplesCallsAreUnknown() throws Exception {
        rooms.close();
        rooms = new Rooms(Rooms.settings(PAGE), new TokenVerifier.DevelopmentKey(Secret.parse("0123456789abcdef")));
        assertProblem(send(post("+1202", "v=0")), 401, "unauthorized");
        assertProblem(send(post("+1202", "v=0", "Authorization", "Bearer 0123456789abcdeg")), 401, "unauthorized");
        HttpResponse<String> created = send(post("+1202", "v=0", "Authorization", "Bearer 0123456789abcdef"));
        assertThat(created.statusCode()).isEqualTo(201);
        assertProblem(send(request(created.headers().firstValue("Location").orElseThrow())), 401, "unauthorized");
    }

    @Test
    void pagesComeWithStrictHeadersAndOnlyFromTheirFolder() throws Exception {
        HttpResponse<String> page = send(request("/"));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("Permissions-Policy").orElseThrow())
                .contains("microphone=(self)");
        assertThat(page.headers().firstValue("Server")).isEmpty();
        assertThat(send(request("/sdk/index.js"))
                        .headers()
                        .firstValue("Content-Type")
                        .orElseThrow())
                .startsWith("text/javascript");
        String etag = page.headers().firstValue("ETag").orElseThrow();
        assertThat(send(request("/").header("If-None-Match", etag)).statusCode())
                .isEqualTo(304);
        for (String path : new String[] {
            "/package.json", "/../logback.xml", "/%2e%2e/%2e%2e/etc/passwd", "/sdk", "/sdk//index.js", "/.git/config"
        }) {
            assertThat(status("GET " + path)).as(path).isIn(400, 404);
        }
    }

    @Test
    void operatorsPagesAreForThisMachineOnly() throws Exception {
        assertThat(send(request("/admin/debug")).statusCode()).isEqualTo(200);
        assertThat(send(request("/metrics")).body()).isEqualTo("metrics\n");
        assertThat(send(request("/admin/debug").header("X-Forwarded-For", "10.0.0.1"))
                        .statusCode())
                .isEqualTo(404);
        assertThat(RawHandshake.exchange(
                        rooms.web.port(), "GET /admin/debug HTTP/1.1\r\nHost: rebound.example\r\n\r\n"))
                .contains(" 404 ");
    }

    @Test
    void whatWasSaidWithTheTrunkIsShownByCallAsTextAndAsACapture() throws Exception {
        rooms.trace.add(TracedMessage.of(
                Instant.EPOCH,
                true,
                SipTransport.UDP,
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 5060),
                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.2"), 5070),
                Optional.of("carrier"),
                "a@b",
                "INVITE sip:+1@192.0.2.2 SIP/2.0\r\nCall-ID: a@b\r\n\r\n"));
        rooms.trace.name("a@b", "0f0f");
        assertThat(send(request("/admin/trace")).body()).contains("\"sipCallId\":\"a@b\"", "\"call\":\"0f0f\"");
        assertThat(send(request("/admin/trace?call=0f0f")).body()).contains("INVITE ---", "192.0.2.2:5070 carrier");
        assertThat(send(request("/admin/trace?trunk=carrier")).body()).contains("Call-ID: a@b");
        assertThat(send(request("/admin/trace?call=a%40b&format=pcap")).body()).contains("INVITE sip:+1@192.0.2.2");
        assertProblem(send(request("/admin/trace?call=none")), 404, "not-kept");
        assertProblem(send(request("/admin/trace?call=0f0f&format=xml")), 400, "format");
        assertThat(send(request("/admin/trace").header("X-Forwarded-For", "10.0.0.1"))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void demoTellsItsNumbers() throws Exception {
        assertThat(send(request("/v1/demo")).body()).contains("+12025550199");
    }

    @Test
    void aGatewayThatTakesNoCallsTellsLoadBalancers() throws Exception {
        assertThat(health(200)).contains("\"status\":\"ok\"");
        rooms.book.usable = false;
        assertThat(health(503)).contains("\"status\":\"journal-unusable\"");
        rooms.calls.drain();
        assertThat(health(503)).contains("\"status\":\"draining\"");
    }

    private String health(int status) throws Exception {
        HttpResponse<String> response = send(request("/healthz"));
        assertThat(response.statusCode()).isEqualTo(status);
        return response.body();
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        var body = new ObjectMapper().readTree(response.body());
        assertThat(body.get("status").asInt()).isEqualTo(status);
        assertThat(body.get("code").asText()).isEqualTo(code);
        assertThat(body.get("type").asText()).isEqualTo("urn:ringdown:problem:" + code);
    }

    private int status(String start) {
        String head = RawHandshake.exchange(
                rooms.web.port(), start + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        return Integer.parseInt(head.substring(9, 12));
    }

    private String state(String location) throws IOException, InterruptedException {
        return new ObjectMapper()
                .readTree(send(request(location)).body())
                .get("state")
                .asText();
    }

    private HttpRequest.Builder post(String number, String offer, String... headers) {
        HttpRequest.Builder builder = request("/v1/calls/" + number).header("Content-Type", "application/sdp");
        if (headers.length > 0) {
            builder.headers(headers);
        }
        return builder.POST(HttpRequest.BodyPublishers.ofString(offer));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rooms.web.port() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
