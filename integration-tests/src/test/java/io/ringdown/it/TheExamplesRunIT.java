package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The websites of web/examples call through a gateway that asks for signed tokens, and their back ends give those to nobody else. */
@ExtendWith(Trial.Extension.class)
final class TheExamplesRunIT {

    private static final String SHARED = "0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "NODE, PLAIN, CHROMIUM, true",
        "NODE, PLAIN, FIREFOX, false",
        "NODE, REACT, CHROMIUM, true",
        "JAVA, PLAIN, CHROMIUM, true",
        "JAVA, PLAIN, FIREFOX, false"
    })
    void aVisitorCallsThroughTheExample(
            Website.BackEnd backEnd, Website.Pages pages, Browser.Kind kind, boolean byKeyPair, Trial trial) {
        Site site = site(trial, backEnd, pages, byKeyPair);
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, site.exchange.carrier("uas-answer", G711.PCMA, far));
        Browser.Page page = trial.keep(kind.browser().open(site.website.uri("/")));
        trial.witness(directory -> trial.write("browser-console.txt", page.console()));
        Tools.await("the page is there", 10, () -> has(page, "call"), page::console);
        page.evaluate("(document.getElementById('call').click(), true)");
        awaitState(page, "established");
        far.awaitAudio(10);
        Sound heard = Ear.of(trial.directory(), "telephone", far.listenFor(1500));
        assertThat(heard.dominantHz())
                .as("the telephone heard " + heard)
                .isBetween(Browser.MICROPHONE_HZ - 20.0, Browser.MICROPHONE_HZ + 20.0);
        assertThat(heard.levelDbfs())
                .as("for a browser that takes the steady tone for noise; heard: " + heard)
                .isGreaterThan(-45);
        page.evaluate("(document.getElementById('hangup').click(), true)");
        carrier.awaitSuccess(10);
        Tools.await("the page may call again", 5, () -> has(page, "call"), page::console);
    }

    /** Whether there is such a button that can be pressed. */
    private static boolean has(Browser.Page page, String button) {
        return page.evaluate("document.getElementById('" + button + "')?.disabled === false")
                .asBoolean();
    }

    @ParameterizedTest
    @EnumSource
    void aBackEndGivesItsTokensToItsVisitorsOnlyAndForItsNumbersOnly(Website.BackEnd backEnd, Trial trial)
            throws IOException, InterruptedException {
        Site site = site(trial, backEnd, Website.Pages.PLAIN, true);
        try (HttpClient http = HttpClient.newHttpClient()) {
            String cookie = http.send(
                            HttpRequest.newBuilder(site.website.uri("/")).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("Set-Cookie")
                    .orElseThrow();
            assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict");
            Asking own = new Asking(http, site.website.uri("/ringdown-token"), cookie.split(";", -1)[0], site.origin);
            assertThat(own.status("{\"to\":\"" + Exchange.NUMBER + "\"}")).isEqualTo(200);
            assertThat(own.status("{\"to\":\"+490190123456\"}")).isEqualTo(403);
            assertThat(own.status("{\"to\":")).isEqualTo(403);
            assertThat(own.from("http://evil.example").status("{}")).isEqualTo(403);
            assertThat(own.with("visitor=" + "a".repeat(36) + "." + "b".repeat(43))
                            .status("{}"))
                    .isEqualTo(401);
            List<Integer> more = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                more.add(own.status("{}"));
            }
            assertThat(more).startsWith(200).endsWith(429).doesNotContain(500);
            HttpRequest beyond = HttpRequest.newBuilder(site.website.uri("/..%2f..%2fplain%2findex.html"))
                    .build();
            assertThat(http.send(beyond, HttpResponse.BodyHandlers.discarding()).statusCode())
                    .isEqualTo(404);
        }
    }

    private static void awaitState(Browser.Page page, String state) {
        Tools.await(
                "the page says " + state,
                20,
                () -> page.evaluate("document.getElementById('state')?.textContent ?? null")
                        .asText("none")
                        .contains(state),
                () -> page.evaluate("document.body.innerText") + " " + page.console());
    }

    /** A gateway that knows what the website signs with. */
    private static Site site(Trial trial, Website.BackEnd backEnd, Website.Pages pages, boolean byKeyPair) {
        int port = Tools.freePort();
        int carrierPort = Tools.freePort();
        Path key = trial.file("token.key");
        Path publicKey = trial.file("token.key.pub");
        if (byKeyPair) {
            Tools.run(trial.file("openssl.log"), "openssl", "genpkey", "-algorithm", "ed25519", "-out", key.toString());
            Tools.run(
                    trial.file("openssl.log"),
                    "openssl",
                    "pkey",
                    "-in",
                    key.toString(),
                    "-pubout",
                    "-out",
                    publicKey.toString());
        }
        String known = byKeyPair
                ? "{algorithm: EdDSA, file: '" + publicKey + "'}"
                : "{algorithm: HS256, secret: " + SHARED + "}";
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", Exchange.carrier(carrierPort))
                .origin(Website.origin(port))
                .lines("tokens:\n  keys: [" + known + "]\n");
        Gateway gateway = Gateway.start(trial, config);
        Map<String, String> settings = byKeyPair ? Map.of("KEY", key.toString()) : Map.of("SECRET", SHARED);
        Website website = Website.start(trial, backEnd, pages, port, settings, gateway);
        Exchange exchange = new Exchange(trial.keep(new PageServer(0)), gateway, config, carrierPort);
        return new Site(exchange, website, Website.origin(port));
    }

    private record Site(Exchange exchange, Website website, String origin) {}

    /** Who asks a back end for a token. */
    private record Asking(HttpClient http, URI address, String cookie, String origin) {
        int status(String body) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .header("Cookie", cookie)
                    .header("Origin", origin)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }

        Asking from(String another) {
            return new Asking(http, address, cookie, another);
        }

        Asking with(String another) {
            return new Asking(http, address, another, origin);
        }
    }
}
