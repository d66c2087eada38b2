package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.tokens.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages of other origins, at the socket and at the calls by HTTP: only the listed ones come in (THREATS W1). */
final class ForeignPagesTest {
    private static final List<String> LISTED = List.of(
            "https://example.com", "http://127.0.0.1:8080", "https://phone.example.com:8443", "http://[::1]:8080");
    private static final List<String> FOREIGN = List.of(
            "null",
            "NULL",
            "*",
            "https://*",
            "https://*.example.com",
            "http://example.com",
            "ws://example.com",
            "wss://example.com",
            "file://",
            "chrome-extension://abcdefghijklmnop",
            "https://example.com:443",
            "https://example.com:8443",
            "https://example.com:",
            "https://example.com:0443",
            "https://example.com/",
            "https://example.com/path",
            "https://example.com?",
            "https://example.com#",
            "https://example.com.",
            "https://example.com.evil.org",
            "https://evilexample.com",
            "https://evil.example.com",
            "https://www.example.com",
            "https://example.co",
            "https://example.comm",
            "https://example.com@evil.org",
            "https://evil.org/https://example.com",
            "https://evil.org?https://example.com",
            "https://evil.org#https://example.com",
            "https://evil.org https://example.com",
            "https://example.com https://evil.org",
            "https://example.com, https://evil.org",
            "https://evil.org, https://example.com",
            "https://example.com,https://example.com",
            "HTTPS://example.com",
            "https://EXAMPLE.com",
            "https://Example.com",
            "https:\\\\example.com",
            "https:/example.com",
            "https:example.com",
            "//example.com",
            "example.com",
            "\"https://example.com\"",
            "https://example.com\0",
            "https://example.com%00.evil.org",
            "https://example%2ecom",
            "https://ex\u00e4mple.com",
            "https://xn--exmple-cua.com",
            "https://\u0435xample.com", // Cyrillic е
            "https://example\uff0ecom", // full-width stop
            "https://example\u3002com", // ideographic stop
            "http://localhost:8080",
            "http://127.0.0.1",
            "http://127.0.0.1:8081",
            "http://127.1:8080",
            "http://2130706433:8080",
            "http://0x7f000001:8080",
            "http://[::ffff:127.0.0.1]:8080",
            "http://[0:0:0:0:0:0:0:1]:8080",
            "https://phone.example.com",
            "");

    private Rooms rooms;

    @BeforeEach
    void start() throws WebStartException {
        rooms = new Rooms(Rooms.settings(LISTED.toArray(String[]::new)), new TokenVerifier.Everybody());
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    @Test
    void listedOnesComeInAndNoOthers() {
        List<String> cameIn = new ArrayList<>();
        List<String> all = new ArrayList<>(LISTED);
        all.addAll(FOREIGN);
        for (String origin : all) {
            String answer = socket("Origin: " + origin + "\r\n");
            // What is no header at all is refused by the server before anybody looks at origins.
            assertThat(answer.substring(9, 12)).as(origin).isIn("101", "400", "403");
            if (answer.startsWith("HTTP/1.1 101")) {
                cameIn.add(origin);
            }
        }
        assertThat(FOREIGN).hasSizeGreaterThan(50);
        assertThat(cameIn).isEqualTo(LISTED);
    }

    @Test
    void ofSeveralOriginsAllMustBeListed() {
        assertThat(socket("Origin: https://example.com\r\nOrigin: https://evil.org\r\n"))
                .contains(" 403 ");
        assertThat(socket("Origin: https://evil.org\r\nOrigin: https://example.com\r\n"))
                .contains(" 403 ");
    }

    @Test
    void whoSaysNoOriginIsNoBrowserAndShowsAToken() {
        assertThat(socket("")).contains(" 403 ");
        assertThat(socket("Cookie: session=1\r\n")).contains(" 403 ");
        assertThat(socket("Authorization: Bearer any\r\n")).contains(" 101 ");
    }

    @Test
    void othersMakeNoCallByHttpAndAreToldNothing() {
        for (String origin : FOREIGN) {
            String answer = RawHandshake.exchange(
                    rooms.web.port(),
                    bytes("POST /v1/calls/+12025550100 HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: " + origin
                            + "\r\nContent-Type: application/sdp\r\nContent-Length: 3\r\n\r\nv=0"));
            assertThat(answer.substring(9, 12)).as(origin).isIn("400", "403");
            assertThat(answer).as(origin).doesNotContain("Access-Control-Allow-Origin");
        }
        assertThat(rooms.calls.count()).isZero();
    }

    private String socket(String headers) {
        return RawHandshake.exchange(
                rooms.web.port(),
                bytes("GET /v1/rtc HTTP/1.1\r\nHost: 127.0.0.1\r\n" + RawHandshake.UPGRADE + headers + "\r\n"));
    }

    /** Each byte of its UTF-8 as a character, for a writer of Latin-1. */
    private static String bytes(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
