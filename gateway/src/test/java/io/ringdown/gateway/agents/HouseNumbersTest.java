package io.ringdown.gateway.agents;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.ringdown.gateway.routing.FoundUsers;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.routing.Users;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose an extension is, as it is dialled, while a directory changes its mind. */
class HouseNumbersTest {
    private static final PhoneNumber DIALLED = new PhoneNumber("21");
    private static final PhoneNumber CONFIGURED = new PhoneNumber("11");

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private final FoundUsers found = new FoundUsers(Set.of("alice"), (_, _) -> {});
    private final Users users = new Users(
            Map.of("alice", new User(Optional.empty(), List.of(), Optional.of(CONFIGURED), List.of())),
            new NumberPlan(Optional.empty()),
            found);
    private volatile int status = 200;
    private volatile String answer = "";
    private HttpServer server;
    private Directory directory;
    private HouseNumbers numbers;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getQuery());
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        DirectorySettings usual = DirectorySettings.defaults();
        directory = new Directory(
                new DirectorySettings(
                        Optional.of(URI.create(
                                "http://127.0.0.1:" + server.getAddress().getPort() + "/")),
                        Optional.empty(),
                        Duration.ofSeconds(4),
                        Duration.ofMinutes(5),
                        usual.keepMissing(),
                        Duration.ofHours(1)),
                new Directory.Listener() {
                    @Override
                    public void onFound(Directory.Named one) {
                        found.put(one.name(), one.user());
                    }

                    @Override
                    public void onNobodys(PhoneNumber extension) {
                        found.takeExtension(extension);
                    }
                },
                now::get);
        numbers = new HouseNumbers(users, List.of(), Optional.of(directory));
    }

    @AfterEach
    void stop() {
        directory.close();
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource({"dora, emil", "emil, dora"})
    void itIsWhoseTheDirectoryLastSaid(String before, String after) {
        answer = person(before, "21");
        assertThat(dial(DIALLED)).hasValue(before);
        answer = person(after, "21");
        assertThat(dial(DIALLED)).as("not asked again while the answer is good").hasValue(before);
        now.addAndGet(Duration.ofMinutes(6).toNanos());
        assertThat(dial(DIALLED)).hasValue(after);
        assertThat(asked).containsExactly("extension=21", "extension=21");
    }

    @Test
    void itIsNobodysOnceTheDirectorySaysSo() {
        answer = person("dora", "21");
        assertThat(dial(DIALLED)).hasValue("dora");
        status = 404;
        now.addAndGet(Duration.ofMinutes(6).toNanos());
        assertThat(dial(DIALLED)).isEmpty();
        assertThat(numbers.has(DIALLED)).isFalse();
    }

    @Test
    void itIsNobodysOnceTheDirectoryNamesSomebodyWithAnother() {
        found.put("dora", new User(Optional.empty(), List.of(), Optional.of(DIALLED), List.of()));
        answer = person("emil", "22");
        assertThat(dial(DIALLED)).isEmpty();
        assertThat(users.withExtension(new PhoneNumber("22"))).hasValue("emil");
    }

    @Test
    void itStaysWhoseItWasWhileTheDirectoryFails() {
        answer = person("dora", "21");
        assertThat(dial(DIALLED)).hasValue("dora");
        status = 500;
        now.addAndGet(Duration.ofMinutes(6).toNanos());
        assertThat(dial(DIALLED)).hasValue("dora");
    }

    @Test
    void anExtensionOfTheConfigurationIsNeverAskedFor() {
        answer = person("dora", "11");
        assertThat(dial(CONFIGURED)).hasValue("alice");
        assertThat(asked).isEmpty();
    }

    @Test
    void anExtensionOfTheConfigurationStaysItsUsersThoughTheDirectoryGivesItToSomebodyElse() {
        answer = person("dora", "11");
        assertThat(dial(DIALLED)).as("whom another question has found").isEmpty();
        assertThat(users.extensionOf("dora")).hasValue(CONFIGURED);
        assertThat(dial(CONFIGURED)).hasValue("alice");
        assertThat(users.named("11")).hasValue("alice");
    }

    @Test
    void aUserOfTheConfigurationHasNoOtherExtensionBesideTheirs() {
        answer = person("alice", "21");
        assertThat(dial(DIALLED)).isEmpty();
        assertThat(users.extensionOf("alice")).hasValue(CONFIGURED);
        assertThat(dial(CONFIGURED)).hasValue("alice");
    }

    private Optional<String> dial(PhoneNumber number) {
        numbers.ask(number).join();
        assertThat(numbers.has(number)).isEqualTo(users.withExtension(number).isPresent());
        return users.withExtension(number);
    }

    private static String person(String name, String extension) {
        return "{\"user\":\"" + name + "\",\"extension\":\"" + extension + "\"}";
    }
}
