package io.ringdown.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.tokens.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users of elsewhere, of a directory that does as the test says, on a clock of its own. */
class DirectoryTest {
    private static final String DORA = "{\"user\":\"dora\",\"extension\":\"21\",\"groups\":[\"sales\"],\"age\":33}";

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final Queue<String> found = new ConcurrentLinkedQueue<>();
    private final AtomicLong now = new AtomicLong();
    private final CountDownLatch isOver = new CountDownLatch(1);
    private volatile int status = 200;
    private volatile String body = DORA;
    private volatile boolean isSilent;
    private HttpServer server;
    private Directory directory;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getQuery() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            if (isSilent) {
                await();
            }
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        directory = new Directory(
                new DirectorySettings(
                        Optional.of(URI.create(
                                "http://127.0.0.1:" + server.getAddress().getPort() + "/users?of=us")),
                        Optional.of(Secret.parse("Bearer 0123456789")),
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(30),
                        Duration.ofHours(1)),
                one -> {
                    if (one.user().groups().contains("strangers")) {
                        throw new IllegalArgumentException("not of ours");
                    }
                    found.add(one.name());
                },
                now::get);
    }

    private void await() {
        try {
            isOver.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        isOver.countDown();
        directory.close();
        server.stop(0);
    }

    @Test
    void whoIsFoundIsKnownForAWhileAndAskedForAgain() {
        assertThat(ask("dora").orElseThrow().groups()).containsExactly("sales");
        assertThat(found).containsExactly("dora");
        now.addAndGet(Duration.ofMinutes(4).toNanos());
        assertThat(directory.user("dora")).as("at once").isCompleted();
        now.addAndGet(Duration.ofMinutes(2).toNanos());
        ask("dora");
        assertThat(asked).hasSize(2).containsOnly("of=us&user=dora Bearer 0123456789");
    }

    @Test
    void anExtensionIsAskedForAndMustBeTheirs() {
        assertThat(directory.extension(new PhoneNumber("21")).join()).isPresent();
        assertThat(directory.extension(new PhoneNumber("22")).join()).isEmpty();
        assertThat(ask("somebody else&user=dora")).isEmpty();
        assertThat(asked).contains("of=us&extension=22 Bearer 0123456789");
    }

    @Test
    void nobodyIsKnownToBeNobodyForAShorterWhile() {
        status = 404;
        assertThat(ask("dora")).isEmpty();
        assertThat(ask("dora")).isEmpty();
        assertThat(asked).hasSize(1);
        status = 200;
        now.addAndGet(Duration.ofSeconds(31).toNanos());
        assertThat(ask("dora")).isPresent();
    }

    @Test
    void theLastAnswerIsUsedWhileTheDirectoryFailsAndNotForEver() {
        ask("dora");
        status = 500;
        now.addAndGet(Duration.ofMinutes(10).toNanos());
        assertThat(ask("dora")).isPresent();
        now.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(ask("dora")).isEmpty();
    }

    @Test
    void aDirectoryThatSaysNothingMakesNobodyAndIsNotAskedTwiceMeanwhile() {
        isSilent = true;
        CompletableFuture<Optional<Directory.Named>> first = directory.user("dora");
        CompletableFuture<Optional<Directory.Named>> second = directory.user("dora");
        assertThat(first.join()).isEmpty();
        assertThat(second.join()).isEmpty();
        assertThat(asked).hasSize(1);
    }

    @Test
    void aRedirectIsNotFollowed() {
        status = 302;
        assertThat(ask("dora")).isEmpty();
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"user\":7}",
                "{\"user\":\"dora\",\"extension\":\"<sip:1@x>\"}",
                "{\"user\":\"dora\",\"sipPassword\":\"short\"}",
                "{\"user\":\"dora\",\"groups\":\"sales\"}",
                "{\"user\":\"dora\",\"sipHa1\":{\"realm\":\"example.com\"}}",
                "{\"user\":\"dora\",\"sipHa1\":{\"realm\":\"example.com\",\"md5\":\"a password of sixteen\"}}",
                "{\"user\":\"dora\",\"sipHa1\":{\"md5\":\"0123456789abcdef0123456789abcdef\"}}",
                "{\"user\":\"dora\",\"sipPassword\":\"a password of sixteen\",\"sipHa1\":{\"realm\":\"example.com\","
                        + "\"md5\":\"0123456789abcdef0123456789abcdef\"}}",
            })
    void anAnswerThatIsNoUserMakesNobody(String answer) {
        body = answer;
        assertThat(ask("dora")).isEmpty();
        assertThat(found).isEmpty();
    }

    @Test
    void whomItsListenerRefusesIsNobody() {
        body = "{\"user\":\"dora\",\"groups\":[\"strangers\"]}";
        assertThat(ask("dora")).isEmpty();
        body = DORA;
        assertThat(ask("dora")).as("and is not kept").isPresent();
    }

    @Test
    void anAnswerThatIsTooLongMakesNobody() {
        body = "{\"user\":\"dora\",\"name\":\"" + "x".repeat(70_000) + "\"}";
        assertThat(ask("dora")).isEmpty();
    }

    private Optional<User> ask(String user) {
        return directory.user(user).join().map(Directory.Named::user);
    }
}
