package io.ringdown.gateway.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An issuer that rotates, hangs, serves rubbish and goes away. */
final class PublishedKeysTest {
    @TempDir
    Path folder;

    private final KeyPair pair = Forge.ed25519();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile String body = "";
    private volatile boolean hangs;
    private HttpServer issuer;
    private PublishedKeys keys;

    @BeforeEach
    void publish() throws IOException {
        issuer = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        issuer.setExecutor(threads);
        issuer.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length + (hangs ? 1 : 0));
            exchange.getResponseBody().write(bytes);
            if (hangs) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            exchange.close();
        });
        issuer.start();
        keys = new PublishedKeys(
                new JwksSettings(
                        URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + "/jwks"),
                        Duration.ofMinutes(10),
                        Optional.of("https://id.example"),
                        Duration.ofHours(1)),
                Optional.empty(),
                nanos::get,
                Duration.ofSeconds(3));
    }

    @AfterEach
    void end() {
        over.countDown();
        keys.close();
        issuer.stop(0);
        threads.shutdownNow();
    }

    private void publish(String... kids) {
        body = "{\"keys\":["
                + String.join(
                        ",",
                        List.of(kids).stream()
                                .map(kid -> Forge.jwk(kid, pair.getPublic()))
                                .toList())
                + "]}";
    }

    private List<String> ids() {
        return keys.look().stream().map(key -> key.id().orElseThrow()).toList();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aNewKeyIsFetchedInItsTimeOrWhenATokenNamesItButNotTooOften() {
        publish("a");
        assertThat(ids()).containsExactly("a");
        assertThat(keys.look().getFirst().issuer()).hasValue("https://id.example");
        publish("a", "b");
        for (int token = 0; token < 1000; token++) {
            keys.want();
            assertThat(ids()).containsExactly("a");
        }
        assertThat(asked).hasValue(1);
        pass(Duration.ofSeconds(30));
        assertThat(ids()).containsExactly("a", "b");
        publish("b");
        pass(Duration.ofMinutes(10));
        assertThat(ids()).containsExactly("b");
        assertThat(asked).hasValue(3);
    }

    @Test
    void aNewKeyIsFetchedThoughAnotherWithoutAnIdStandsBesideThePublishedOnes() throws Exception {
        Instant now = Instant.parse("2026-11-26T10:00:00Z");
        TokenSettings settings = new TokenSettings(
                Optional.empty(),
                Optional.empty(),
                List.of(Forge.file(
                        TokenAlgorithm.EDDSA,
                        folder.resolve("key.pub"),
                        Forge.pem(Forge.ed25519().getPublic()))),
                Optional.of(new JwksSettings(
                        URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + "/jwks"),
                        Duration.ofMinutes(10),
                        Optional.empty(),
                        Duration.ofHours(1))),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                Duration.ofHours(1));
        Presented byNew = new Presented(
                Optional.of(Forge.signed(
                        "{'alg':'EdDSA','kid':'b'}",
                        "{'sub':'visitor','exp':" + (now.getEpochSecond() + 600) + "}",
                        pair.getPrivate())),
                Optional.empty(),
                InetAddress.ofLiteral("192.0.2.7"));
        publish();
        try (Doorkeeper door = Doorkeeper.open(settings, Map.of(), new UsedTokens(), () -> now, nanos::get)) {
            publish("b");
            pass(Duration.ofSeconds(30));
            long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (door.verify(byNew).isEmpty() && System.nanoTime() < end) {
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(door.verify(byNew)).isPresent();
            assertThat(door.refused()).containsEntry("signature", 0L);
        }
    }

    @Test
    void anIssuerThatHangsOrServesRubbishLeavesTheOldKeysForAsLongAsTheyAreKept() {
        publish("a");
        assertThat(ids()).containsExactly("a");
        for (String rubbish : List.of("", "<html>", "{}", "{\"keys\":7}", "[1]", "x".repeat(300_000))) {
            body = rubbish;
            pass(Duration.ofMinutes(rubbish.isEmpty() ? 10 : 9));
            assertThat(ids())
                    .as(rubbish.substring(0, Math.min(9, rubbish.length())))
                    .containsExactly("a");
        }
        assertThat(asked).hasValue(7);
        publish("b");
        hangs = true;
        pass(Duration.ofSeconds(30)); // what failed is tried again sooner
        assertThat(ids()).containsExactly("a");
        pass(Duration.ofMinutes(6));
        assertThat(ids()).as("an hour after they came").isEmpty();
        hangs = false;
        pass(Duration.ofSeconds(30));
        assertThat(ids()).containsExactly("b");
    }

    @Test
    void anEmptySetTakesAllKeysBackAndSecretsAndOtherAlgorithmsAreNone() {
        publish("a");
        assertThat(ids()).containsExactly("a");
        body = "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"s\",\"alg\":\"HS256\",\"k\":\"" + "A".repeat(43) + "\"},"
                + Forge.jwk("e", pair.getPublic()).replace("\"kty\"", "\"use\":\"enc\",\"kty\"") + ","
                + Forge.jwk("o", pair.getPublic()).replace("\"kty\"", "\"alg\":\"ES512\",\"kty\"") + "]}";
        pass(Duration.ofMinutes(10));
        assertThat(ids()).isEmpty();
    }

    @Test
    void onlyEncryptedUrlsAreAskedButOnThisMachine() {
        for (String url : List.of("http://id.example/", "ftp://127.0.0.1/", "https:///x", "file:/etc/passwd")) {
            assertThatThrownBy(() -> new JwksSettings(
                            URI.create(url), Duration.ofMinutes(10), Optional.empty(), Duration.ofHours(24)))
                    .as(url)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("url: ");
        }
    }
}
