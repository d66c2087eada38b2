package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
            String cookie = site.cookie(http);
            assertThat(cookie).contains("HttpOnly").contains("SameSite=Lax");
            Asking own = new Asking(http, site.website.uri("/ringdown-token"), cookie, site.origin, "");
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

    @ParameterizedTest
    @EnumSource
    void aBackEndCountsWhoAsksByTheAddressThatItsProxyNames(Website.BackEnd backEnd, Trial trial)
            throws IOException, InterruptedException {
        Site site = site(trial, backEnd, Website.Pages.PLAIN, true, Map.of("PROXY", "1"));
        try (HttpClient http = HttpClient.newHttpClient()) {
            URI address = site.website.uri("/ringdown-token");
            List<Integer> ofOneNetwork = new ArrayList<>();
            for (int i = 1; i <= 12; i++) {
                String forwarded = "192.0.2." + i + ", 2001:db8::" + i; // the first is what the client has written
                ofOneNetwork.add(new Asking(http, address, site.cookie(http), site.origin, forwarded).status("{}"));
            }
            assertThat(ofOneNetwork).startsWith(200).endsWith(429, 429);
            String cookie = site.cookie(http);
            assertThat(List.of("2001:db8:0:0:ffff::1", "2001:db8:0:1::1", "192.0.2.1"))
                    .extracting(from -> new Asking(http, address, cookie, site.origin, from).status("{}"))
                    .containsExactly(429, 200, 200);
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
        return site(trial, backEnd, pages, byKeyPair, Map.of());
    }

    private static Site site(
            Trial trial, Website.BackEnd backEnd, Website.Pages pages, boolean byKeyPair, Map<String, String> more) {
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
        Map<String, String> settings = new HashMap<>(more);
        settings.putAll(byKeyPair ? Map.of("KEY", key.toString()) : Map.of("SECRET", SHARED));
        Website website = Website.start(trial, backEnd, pages, port, settings, gateway);
        Exchange exchange = new Exchange(trial.keep(new PageServer(0)), gateway, config, carrierPort);
        return new Site(exchange, website, Website.origin(port));
    }

    private record Site(Exchange exchange, Website website, String origin) {
        /** That a visitor who has none is given with the page. */
        String cookie(HttpClient http) throws IOException, InterruptedException {
            return http.send(HttpRequest.newBuilder(website.uri("/")).build(), HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("Set-Cookie")
                    .orElseThrow();
        }
    }

    /** Who asks a back end for a token; forwarded: as proxies name where from. */
    private record Asking(HttpClient http, URI address, String cookie, String origin, String forwarded) {
        int status(String body) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .header("Cookie", cookie.split(";", -1)[0])
                    .header("Origin", origin)
                    .header("X-Forwarded-For", forwarded)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }

        Asking from(String another) {
            return new Asking(http, address, cookie, another, forwarded);
        }

        Asking with(String another) {
            return new Asking(http, address, another, origin, forwarded);
        }
    }
}
