package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * THREATS W2: tokens that openssl's keys and node's crypto make, at a real gateway. Those that are forged open nothing, by
 * whichever way they come, and all look alike to who shows them.
 */
@ExtendWith(Trial.Extension.class)
final class ForgedTokensIT {
    private static final String PAGE = "https://shop.example";
    private static final String OTHER_PAGE = "https://elsewhere.example";

    private static final int TIMES = 11;

    private int addresses;

    private static void makeKeys(Trial trial) {
        openssl(trial, "ed", "genpkey", "-algorithm", "ed25519");
        openssl(trial, "other", "genpkey", "-algorithm", "ed25519");
        openssl(trial, "ec", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
        openssl(trial, "rsa", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048");
        Tools.run(
                trial.file("openssl-secret.txt"),
                "openssl",
                "rand",
                "-hex",
                "-out",
                trial.file("secret").toString(),
                "32");
    }

    private static void openssl(Trial trial, String name, String... how) {
        List<String> words = new ArrayList<>(List.of("openssl"));
        words.addAll(List.of(how));
        words.addAll(List.of("-out", trial.file(name + ".pem").toString()));
        Tools.run(trial.file("openssl-" + name + ".txt"), words.toArray(String[]::new));
        Tools.run(
                trial.file("openssl-" + name + "-pub.txt"),
                "openssl",
                "pkey",
                "-in",
                trial.file(name + ".pem").toString(),
                "-pubout",
                "-out",
                trial.file(name + ".pub").toString());
    }

    private static String mint(Trial trial, String mode, String what) {
        return Tools.run(
                        trial.file("node.txt"),
                        "node",
                        Tools.root()
                                .resolve("integration-tests/src/test/resources/tokens/mint.mjs")
                                .toString(),
                        trial.directory().toString(),
                        mode,
                        what)
                .strip();
    }

    private static GatewayConfig config(Trial trial, String more) {
        return new GatewayConfig()
                .origin(PAGE + "', '" + OTHER_PAGE)
                .trunk("carrier", Exchange.carrier(Tools.freePort()))
                .lines("""
                        calls:
                          dial: at-once
                        tokens:
                          audience: ringdown-test
                          clock-skew: 0s
                        """ + more.replace("FOLDER", trial.directory().toString()));
    }

    private static final String KEYS = """
          keys:
            - {id: ed, algorithm: EdDSA, file: FOLDER/ed.pub}
            - {algorithm: ES256, file: FOLDER/ec.pub}
            - {id: rsa, algorithm: RS256, file: FOLDER/rsa.pub}
            - {algorithm: HS256, file: FOLDER/secret}
        """;

    @Test
    void everyForgedTokenIsRefusedAndLooksLikeEveryOther(Trial trial) throws Exception {
        makeKeys(trial);
        GatewayConfig config = config(trial, KEYS);
        Gateway gateway = Gateway.start(trial, config);
        for (String key : List.of("ed", "ec", "rsa", "hs")) {
            String good = mint(trial, "good", key);
            assertThat(hello(gateway, good, PAGE).path("type").asText()).as(key).isEqualTo("welcome");
            assertThat(answer(config, upgrade(PAGE, "Authorization: Bearer " + good)))
                    .contains(" 101 ");
        }

        JsonNode forged = JsonSocket.parse(mint(trial, "forged", ""));
        Map<String, Set<String>> answers = new LinkedHashMap<>();
        TreeMap<Long, String> medians = new TreeMap<>();
        int count = 0;
        for (Map.Entry<String, JsonNode> each : forged.properties()) {
            String token = each.getValue().asText();
            count++;
            collect(answers, "header", () -> answer(config, upgrade(PAGE, "Authorization: Bearer " + token)));
            collect(
                    answers,
                    "subprotocol",
                    () -> answer(config, upgrade(PAGE, "Sec-WebSocket-Protocol: ringdown.token." + token)));
            collect(answers, "hello", () -> hello(gateway, token, PAGE).toString());
            collect(answers, "http", () -> answer(config, post("Authorization: Bearer " + token)));
            medians.put(median(config, token), each.getKey());
        }
        assertThat(count).isGreaterThanOrEqualTo(30);
        assertThat(answers.values()).allSatisfy(seen -> assertThat(seen).hasSize(1));
        assertThat(only(answers, "header")).contains(" 401 ").contains("\"code\":\"unauthorized\"");
        assertThat(answers.get("subprotocol")).isEqualTo(answers.get("header"));
        assertThat(only(answers, "hello")).contains("\"code\":\"unauthorized\"");
        assertThat(only(answers, "http")).contains(" 401 ");

        String metrics = gateway.get("/metrics").body();
        assertThat(metrics).contains("ringdown_calls_begun_total 0");
        for (String reason : List.of("header", "signature", "unknown-key", "expired", "audience", "claims", "origin")) {
            assertThat(metrics).doesNotContain("ringdown_tokens_refused_total{reason=\"" + reason + "\"} 0");
        }
        String log = gateway.log();
        for (JsonNode token : forged) {
            String signature = token.asText().substring(token.asText().lastIndexOf('.') + 1);
            assertThat(signature.length() > 20 && log.contains(signature)).isFalse();
        }
        System.out.printf(
                "%d forged tokens; medians of %d handshakes each, until the answer: %d to %d µs (%s; %s)%n",
                count,
                TIMES,
                medians.firstKey() / 1000,
                medians.lastKey() / 1000,
                medians.firstEntry().getValue(),
                medians.lastEntry().getValue());
    }

    /** How long the answer takes: a measurement, which nothing judges. */
    private long median(GatewayConfig config, String token) throws IOException {
        List<Long> nanos = new ArrayList<>();
        for (int time = 0; time < TIMES; time++) {
            long began = System.nanoTime();
            answer(config, upgrade(PAGE, "Authorization: Bearer " + token));
            nanos.add(System.nanoTime() - began);
        }
        nanos.sort(Comparator.naturalOrder());
        return nanos.get(TIMES / 2);
    }

    @Test
    void aStolenTokenOpensNothingMoreThanItSays(Trial trial) throws Exception {
        makeKeys(trial);
        Gateway gateway = Gateway.start(trial, config(trial, KEYS));
        String ofPage = mint(trial, "good", "ed {\"ringdown\":{\"origin\":[\"" + PAGE + "\"]}}");
        assertThat(hello(gateway, ofPage, PAGE).path("type").asText()).isEqualTo("welcome");
        assertThat(hello(gateway, ofPage, OTHER_PAGE).path("code").asText()).isEqualTo("unauthorized");

        long soon = System.currentTimeMillis() / 1000 + 3;
        String brief = mint(trial, "good", "ed {\"exp\":" + soon + "}");
        try (TokenPhone phone = new TokenPhone(gateway, PAGE, next())) {
            phone.say("{\"type\":\"hello\",\"numbers\":[\"+493012345\"],\"token\":\"" + brief + "\"}");
            JsonNode welcome = phone.next();
            assertThat(welcome.path("tokenExpiresIn").asLong()).isBetween(1L, 3000L);
            assertThat(welcome.path("numbers"))
                    .as("calls in are nothing it opens")
                    .isEmpty();
            Tools.await(
                    "the token has run out",
                    20,
                    () -> hello(gateway, brief, PAGE).path("code").asText().equals("unauthorized"),
                    () -> brief);
            phone.say("{\"type\":\"start\",\"to\":\"" + Exchange.NUMBER + "\",\"sdp\":"
                    + JsonSocket.quote(HttpPhone.OFFER) + "}");
            assertThat(phone.next().path("code").asText()).isEqualTo("token-expired");
            phone.say("{\"type\":\"authorize\",\"token\":\"" + mint(trial, "good", "ed {\"sub\":\"another\"}") + "\"}");
            assertThat(phone.next().path("code").asText()).isEqualTo("unauthorized");
            phone.say("{\"type\":\"authorize\",\"token\":\"" + mint(trial, "good", "ec") + "\"}");
            assertThat(phone.next().path("type").asText()).isEqualTo("authorized");
        }
        assertThat(gateway.get("/metrics").body()).contains("ringdown_calls_begun_total 0");
    }

    @Test
    void keysChangeInTheirFileAndAtTheirIssuerWithoutARestart(Trial trial) throws Exception {
        makeKeys(trial);
        Files.copy(trial.file("ed.pub"), trial.file("now.pub"));
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        trial.keep(() -> issuer.stop(0));
        byte[] published = Tools.run(
                        trial.file("jwk.txt"),
                        "node",
                        "-e",
                        "const c = require('node:crypto'); const k = c.createPublicKey(require('node:fs').readFileSync('"
                                + trial.file("rsa.pub") + "')).export({format: 'jwk'});"
                                + "console.log(JSON.stringify({keys: [{...k, kid: 'published', use: 'sig'}]}))")
                .getBytes(StandardCharsets.UTF_8);
        issuer.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, published.length);
            exchange.getResponseBody().write(published);
            exchange.close();
        });
        issuer.start();
        Gateway gateway = Gateway.start(
                trial, config(trial, """
                          keys: [{algorithm: EdDSA, file: FOLDER/now.pub}]
                          jwks: {url: "http://127.0.0.1:%d/jwks"}
                        """.formatted(issuer.getAddress().getPort())));
        assertThat(hello(gateway, mint(trial, "good", "rsa"), PAGE).path("type").asText())
                .isEqualTo("welcome");
        String before = mint(trial, "good", "ed");
        String after = mint(trial, "good", "other");
        assertThat(hello(gateway, before, PAGE).path("type").asText()).isEqualTo("welcome");
        assertThat(hello(gateway, after, PAGE).path("code").asText()).isEqualTo("unauthorized");
        Files.move(trial.file("other.pub"), trial.file("now.pub"), StandardCopyOption.REPLACE_EXISTING);
        Tools.await(
                "the new key is taken",
                20,
                () -> hello(gateway, after, PAGE).path("type").asText().equals("welcome"),
                gateway::log);
        assertThat(hello(gateway, before, PAGE).path("code").asText()).isEqualTo("unauthorized");
    }

    @Test
    void theCommandLineMakesKeysAndTokensThatTheGatewayTakes(Trial trial) throws Exception {
        Path key = trial.file("minted.key");
        assertThat(command(trial, 0, "token", "--new-key", key.toString())).contains("algorithm: EdDSA");
        assertThat(Files.getPosixFilePermissions(key)).hasSize(2);
        GatewayConfig config = config(trial, """
                  keys: [{id: a, algorithm: EdDSA, file: FOLDER/minted.key.pub}]
                """);
        Gateway gateway = Gateway.start(trial, config);
        String file = trial.file("ringdown.yaml").toString();
        String token = command(
                        trial,
                        0,
                        "token",
                        "--config",
                        file,
                        "--subject",
                        "visitor",
                        "--to",
                        "+493012345",
                        "--once",
                        "--longest",
                        "5m")
                .strip();
        assertThat(token).matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
        JsonNode welcome = hello(gateway, token, PAGE);
        assertThat(welcome.path("type").asText()).isEqualTo("welcome");
        assertThat(welcome.path("tokenOnce").asBoolean()).isTrue();
        assertThat(command(trial, 0, "token", "--explain", token, "--config", file))
                .contains("+493012345")
                .contains("one in all, each of 300 s at most");
        assertThat(command(trial, 1, "token", "--explain", token + "A", "--config", file))
                .contains("It opens nothing (signature)");
        assertThat(command(trial, 2, "token", "--config", file, "--subject", "v", "--valid", "2d"))
                .contains("this gateway would not take the token")
                .contains("too-long");
        assertThat(command(trial, 2, "token", "--new-key", key.toString())).contains("is there already");
        assertThat(command(trial, 0, "check", "--config", file)).contains("Tokens may be signed with EdDSA a of");
    }

    private static String command(Trial trial, int status, String... words) throws InterruptedException {
        Path log = trial.file("command.txt");
        Process process = Gateway.launch(log, List.of(words));
        trial.keep(() -> Tools.end(process));
        assertThat(process.waitFor()).as(() -> BrowserProcess.read(log)).isEqualTo(status);
        return BrowserProcess.read(log);
    }

    // ---- how tokens are shown, each time from another address, so that nobody is held off

    private interface Showing {
        String show() throws IOException;
    }

    private static void collect(Map<String, Set<String>> answers, String way, Showing showing) throws IOException {
        answers.computeIfAbsent(way, _ -> new TreeSet<>()).add(showing.show());
    }

    private static String only(Map<String, Set<String>> answers, String way) {
        return answers.getOrDefault(way, Set.of()).iterator().next();
    }

    private InetAddress next() {
        addresses++;
        return InetAddress.ofLiteral("127.1." + addresses / 200 + "." + (addresses % 200 + 1));
    }

    private JsonNode hello(Gateway gateway, String token, String origin) {
        try (TokenPhone phone = new TokenPhone(gateway, origin, next())) {
            phone.say("{\"type\":\"hello\",\"token\":" + JsonSocket.quote(token) + "}");
            return phone.next();
        }
    }

    private static String upgrade(String origin, String header) {
        return String.join(
                "\r\n",
                "GET /v1/rtc HTTP/1.1",
                "Host: 127.0.0.1",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                "Sec-WebSocket-Protocol: ringdown.v1",
                "Origin: " + origin,
                header,
                "",
                "");
    }

    private static String post(String header) {
        return String.join(
                "\r\n",
                "POST /v1/calls/" + Exchange.NUMBER + " HTTP/1.1",
                "Host: 127.0.0.1",
                "Origin: " + PAGE,
                "Content-Type: application/sdp",
                "Content-Length: " + HttpPhone.OFFER.length(),
                header,
                "",
                HttpPhone.OFFER);
    }

    /** The whole answer, without the time of day. */
    private String answer(GatewayConfig config, String request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(next(), 0));
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), config.webPort()));
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            StringBuilder answer = new StringBuilder();
            byte[] buffer = new byte[8192];
            while (!isWhole(answer)) {
                int read = socket.getInputStream().read(buffer);
                if (read < 0) {
                    break;
                }
                answer.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
            }
            return answer.toString().replaceAll("(?m)^Date: .*$", "Date: …");
        }
    }

    private static boolean isWhole(CharSequence answer) {
        String text = answer.toString();
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return false;
        }
        int length = text.indexOf("Content-Length: ");
        return length < 0
                || text.length() - end - 4
                        >= Integer.parseInt(text.substring(length + 16, text.indexOf("\r\n", length)));
    }
}
