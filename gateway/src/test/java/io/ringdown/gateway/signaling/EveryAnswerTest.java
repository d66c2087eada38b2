package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.tokens.Secret;
import io.ringdown.gateway.tokens.TokenVerifier;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every answer of the web server carries, whatever was asked for and however badly. */
final class EveryAnswerTest {
    private static final String PAGE = "https://example.com";
    private static final String KEY = "0123456789abcdef";
    private static final List<String> ON_EVERY_ANSWER = List.of(
            "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Permissions-Policy: microphone=(self), autoplay=(self), camera=(), geolocation=()",
            "Referrer-Policy: no-referrer",
            "X-Content-Type-Options: nosniff",
            "Cross-Origin-Opener-Policy: same-origin",
            "Cross-Origin-Resource-Policy: ");

    private Rooms rooms;

    @BeforeEach
    void start() throws WebStartException {
        rooms = new Rooms(Rooms.settings(PAGE), new TokenVerifier.DevelopmentKey(Secret.parse(KEY)));
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    @Test
    void tellsBrowsersToLoadNothingFromElsewhereWhateverItIs() {
        String upgrade = RawHandshake.UPGRADE;
        String bearer = "Authorization: Bearer " + KEY + "\r\n";
        String sdp = "Content-Type: application/sdp\r\nContent-Length: 3\r\n";
        List<String> requests = List.of(
                get("/"),
                get("/index.html"),
                get("/demo/page.css"),
                get("/demo/icon.svg"),
                get("/sdk/index.js"),
                get("/ringdown.js"),
                get("/looks/"),
                get("/examples/"),
                get("/nothing.html"),
                get("/%2e%2e/logback.xml"),
                get("/%zz"),
                get("/a%00b"),
                get("/a;b=c"),
                get("/v1/nothing"),
                get("/v1/demo"),
                get("/healthz"),
                get("/metrics"),
                get("/admin/debug"),
                get("/admin/trace"),
                get("/admin/trace?call=none"),
                get("/admin/nothing"),
                "GET /admin/debug HTTP/1.1\r\nHost: rebound.example\r\n\r\n",
                get("/v1/calls/x/listen"),
                get("/v1/calls/x"),
                get("/v1/calls/x", bearer),
                get("/v1/rtc"),
                get("/v1/rtc", upgrade),
                get("/v1/rtc", upgrade + "Origin: https://evil.example\r\n"),
                get("/v1/rtc", upgrade + "Origin: " + PAGE + "\r\nAuthorization: Bearer wrong\r\n"),
                get("/v1/rtc", upgrade + "Origin: " + PAGE + "\r\n"),
                get("/v1/rtc", "Origin: " + PAGE + "\r\nSec-WebSocket-Protocol: ringdown.v1\r\n"),
                get("/v1/rtc", "Origin: " + PAGE + "\r\n"),
                get("/sip", ""),
                get("/sip", upgrade + "Origin: https://evil.example\r\n"),
                get("/sip", upgrade + "Origin: " + PAGE + "\r\n"),
                get("/sip", "Origin: " + PAGE + "\r\nSec-WebSocket-Protocol: sip\r\n"),
                "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n",
                "POST /v1/calls/+1202 HTTP/1.1\r\nHost: 127.0.0.1\r\n" + sdp + "\r\nv=0",
                "POST /v1/calls/+1202 HTTP/1.1\r\nHost: 127.0.0.1\r\n" + bearer + sdp + "\r\nv=0",
                "POST /v1/calls/+1202 HTTP/1.1\r\nHost: 127.0.0.1\r\n" + bearer + sdp + "\r\nv=1",
                "POST /v1/calls/none HTTP/1.1\r\nHost: 127.0.0.1\r\n" + bearer + sdp + "\r\nv=0",
                "POST /v1/calls/+1202 HTTP/1.1\r\nHost: 127.0.0.1\r\n" + bearer + "Content-Length: 0\r\n\r\n",
                "POST /v1/calls/+1202 HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://evil.example\r\n" + sdp
                        + "\r\nv=0",
                "POST /v1/calls/+1202 HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "PATCH /v1/calls/x HTTP/1.1\r\nHost: 127.0.0.1\r\n" + bearer + "\r\n",
                "OPTIONS /v1/calls/x HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: " + PAGE + "\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "TRACE / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: everything\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nbad header\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + "x".repeat(17 * 1024) + "\r\n\r\n",
                "GET http://127.0.0.1/healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "GET / HTTP/1.0\r\n\r\n",
                "GET / HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n",
                "no request at all\r\n\r\n");
        TreeSet<String> statuses = new TreeSet<>();
        for (String request : requests) {
            String answer = RawHandshake.exchange(rooms.web.port(), request);
            assertThat(answer).as(request).startsWith("HTTP/1.1 ");
            assertGuarded(request, answer);
            statuses.add(answer.substring(9, 12));
        }
        assertThat(statuses)
                .as("the walk has met them all")
                .contains("101", "200", "201", "204", "400", "401", "403", "404", "405", "415", "422", "426", "431");
    }

    @Test
    void isTheSameForWhoAsksTooOften() throws Exception {
        rooms.close();
        rooms = new Rooms(Rooms.settings(PAGE).withLimits(new WebLimits(64, 1)), new TokenVerifier.Everybody());
        String answer = "";
        for (int i = 0; i < 1_000 && !answer.contains(" 429 "); i++) {
            answer = RawHandshake.exchange(rooms.web.port(), get("/healthz"));
        }
        assertThat(answer).contains(" 429 ").contains("Retry-After: 1");
        assertGuarded("one request too many", answer);
    }

    private static void assertGuarded(String request, String answer) {
        for (String header : ON_EVERY_ANSWER) {
            assertThat(answer).as(request).contains("\r\n" + header);
        }
        assertThat(answer).as(request).doesNotContain("\r\nServer:").doesNotContainIgnoringCase("jetty");
    }

    @Test
    void whatTheBuiltFileLoadsLaterLiesBesideIt() throws Exception {
        for (String part : List.of("/ringdown.js", "/ringdown-menus.js", "/ringdown-test.js")) {
            HttpResponse<byte[]> code = ask(part, "Origin", "https://anywhere.example");
            assertThat(code.statusCode()).as(part).isEqualTo(200);
            assertThat(code.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        }
    }

    @Test
    void ofTheCodeMayBeLoadedByAnyPageAndOfThePagesNot() throws Exception {
        HttpResponse<byte[]> code = ask("/sdk/index.js", "Origin", "https://anywhere.example");
        assertThat(code.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
        assertThat(code.headers().firstValue("Cross-Origin-Resource-Policy")).hasValue("cross-origin");
        HttpResponse<byte[]> page = ask("/", "Origin", "https://anywhere.example");
        assertThat(page.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(page.headers().firstValue("Cross-Origin-Resource-Policy")).hasValue("same-origin");
    }

    @Test
    void isCompressedForWhoTakesItUnderATagOfItsOwn() throws Exception {
        HttpResponse<byte[]> plain = ask("/sdk/client.js");
        HttpResponse<byte[]> packed = ask("/sdk/client.js", "Accept-Encoding", "br, gzip;q=0.5");
        assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(packed.body().length).isLessThan(plain.body().length);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(packed.body())).readAllBytes())
                .isEqualTo(plain.body());
        assertThat(packed.headers().firstValue("Vary")).hasValue("Accept-Encoding");
        assertThat(plain.headers().firstValue("Vary")).hasValue("Accept-Encoding");
        String tag = packed.headers().firstValue("ETag").orElseThrow();
        assertThat(plain.headers().firstValue("ETag").orElseThrow()).isNotEqualTo(tag);
        assertThat(ask("/sdk/client.js", "Accept-Encoding", "gzip", "If-None-Match", "\"old\", " + tag)
                        .statusCode())
                .isEqualTo(304);
        assertThat(ask("/sdk/client.js", "If-None-Match", tag).statusCode())
                .as("the tag of the other form")
                .isEqualTo(200);
        assertThat(ask("/sdk/client.js", "Accept-Encoding", "gzip;q=0")
                        .headers()
                        .firstValue("Content-Encoding"))
                .isEmpty();
    }

    private HttpResponse<byte[]> ask(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rooms.web.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static String get(String path) {
        return get(path, "");
    }

    private static String get(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n";
    }
}
