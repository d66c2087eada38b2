package io.ringdown.gateway.softphones;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.ringdown.gateway.agents.Directory;
import io.ringdown.gateway.agents.DirectorySettings;
import io.ringdown.gateway.agents.Roster;
import io.ringdown.gateway.routing.FoundUsers;
import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.User;
import io.ringdown.gateway.routing.Users;
import io.ringdown.gateway.tokens.Admission;
import io.ringdown.gateway.tokens.Presented;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.Secret;
import io.ringdown.sip.web.Bearer;
import io.ringdown.sip.web.DigestSecret;
import io.ringdown.sip.web.Ha1;
import io.ringdown.sip.web.Login;
import io.ringdown.sip.web.LoginUnavailableException;
import io.ringdown.sip.web.WebSipWire;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Softphones of those whom the configuration does not have. */
class PhonesOfADirectoryTest {
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicLong now = new AtomicLong();
    private final List<String> known = new CopyOnWriteArrayList<>();
    private final FoundUsers found = new FoundUsers(Set.of(), (name, _) -> known.add(name));
    private HttpServer server;
    private Directory directory;
    private Phones phones;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String question = exchange.getRequestURI().getQuery();
            asked.add(question);
            String answer = answers.get(question);
            byte[] bytes = (answer == null ? "nobody" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, bytes.length);
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
                        usual.keep(),
                        usual.keepMissing(),
                        usual.keepFailing()),
                one -> found.put(one.name(), one.user()),
                now::get);
        Users users = new Users(Map.of("alice", User.defaults()), new NumberPlan(Optional.empty()), found);
        phones = new Phones(
                () -> {
                    throw new IllegalStateException("nobody calls");
                },
                () -> {
                    throw new IllegalStateException("nobody is called");
                },
                users,
                new SubjectsAsTokens(),
                Runnable::run,
                now::get,
                Roster.nobody(),
                directory);
    }

    @AfterEach
    void stop() {
        directory.close();
        server.stop(0);
    }

    private static String person(String name, String extension, String password) {
        return "{\"user\":\"" + name + "\",\"extension\":\"" + extension + "\",\"sipPassword\":\"" + password + "\"}";
    }

    private Optional<DigestSecret> secret(String name) throws LoginUnavailableException {
        return phones.loginOf(name).map(Login::secret);
    }

    @Test
    void whoIsNotOfTheConfigurationIsAskedForByNameAndByExtension() throws LoginUnavailableException {
        answers.put("user=dora", person("dora", "21", "a password of sixteen"));
        answers.put("extension=21", person("dora", "21", "a password of sixteen"));

        assertThat(secret("dora")).contains(DigestSecret.of("a password of sixteen"));
        assertThat(secret("21")).contains(DigestSecret.of("a password of sixteen"));
        assertThat(phones.loginOf("21").map(Login::user)).contains("dora");
        assertThat(phones.loginOf("22")).isEmpty();
        assertThat(phones.loginOf("emil")).isEmpty();
        assertThat(phones.refused(Phones.Refusal.UNKNOWN_USER)).isEqualTo(2);
        assertThat(asked)
                .containsExactly("user=dora", "user=21", "extension=21", "user=22", "extension=22", "user=emil");
    }

    @Test
    void aPasswordOpensForAsLongAsTheDirectorySaysSo() throws LoginUnavailableException {
        answers.put("user=dora", person("dora", "21", "a password of sixteen"));
        assertThat(secret("dora")).isPresent();

        answers.put("user=dora", person("dora", "21", "another one of sixteen"));
        now.addAndGet(Duration.ofMinutes(6).toNanos());
        assertThat(secret("dora")).contains(DigestSecret.of("another one of sixteen"));

        answers.clear();
        now.addAndGet(Duration.ofMinutes(6).toNanos());
        assertThat(secret("dora")).isEmpty();
    }

    @Test
    void whileTheDirectoryIsSilentNobodyIsWrongWhoIsNotKnown() throws LoginUnavailableException {
        answers.put("user=dora", person("dora", "21", "a password of sixteen"));
        assertThat(phones.loginOf("dora")).isPresent();
        server.stop(0);

        now.addAndGet(Duration.ofMinutes(6).toNanos());
        assertThat(phones.loginOf("dora")).as("the last answer is good still").isPresent();
        assertThatThrownBy(() -> phones.loginOf("emil")).isInstanceOf(LoginUnavailableException.class);
        now.addAndGet(Duration.ofHours(2).toNanos());
        assertThatThrownBy(() -> phones.loginOf("dora")).isInstanceOf(LoginUnavailableException.class);
    }

    @Test
    void aHashOpensInThePlaceOfAPassword() throws LoginUnavailableException {
        String md5 = "0123456789abcdef".repeat(2);
        String sha256 = "fedcba9876543210".repeat(4);
        answers.put(
                "user=dora",
                "{\"user\":\"dora\",\"sipHa1\":{\"realm\":\"example.com\",\"md5\":\"" + md5 + "\",\"sha256\":\""
                        + sha256 + "\"}}");
        answers.put("user=emil", "{\"user\":\"emil\",\"sipHa1\":{\"realm\":\"example.com\",\"md5\":\"" + md5 + "\"}}");

        assertThat(secret("dora"))
                .contains(new Ha1("example.com", Optional.of(new Secret(md5)), Optional.of(new Secret(sha256))));
        assertThat(secret("emil")).contains(new Ha1("example.com", Optional.of(new Secret(md5)), Optional.empty()));
    }

    @Test
    void nobodyOfTheConfigurationIsLetInByTheDirectory() throws LoginUnavailableException {
        answers.put("user=alice", person("alice", "11", "a password of sixteen"));
        answers.put("extension=11", person("alice", "11", "a password of sixteen"));

        assertThat(phones.loginOf("alice")).as("without a password").isEmpty();
        assertThat(phones.loginOf("11")).isEmpty();
        assertThat(asked).doesNotContain("user=alice");
    }

    @Test
    void whomATokenNamesIsKnownOnceItIsGood() {
        answers.put("user=dora", person("dora", "21", "a password of sixteen"));

        assertThat(phones.bearerOf("dora", Optional.empty(), new Wire()).map(Bearer::user))
                .contains("dora");
        assertThat(known).containsExactly("dora");
        assertThat(phones.bearerOf("emil", Optional.empty(), new Wire()).map(Bearer::user))
                .contains("emil");
        assertThat(phones.bearerOf("alice", Optional.empty(), new Wire()).map(Bearer::user))
                .contains("alice");
        assertThat(phones.bearerOf("", Optional.empty(), new Wire())).isEmpty();
        assertThat(asked).containsExactly("user=dora", "user=emil");
    }

    /** Every token names itself, but the empty one. */
    private static final class SubjectsAsTokens implements TokenVerifier {
        @Override
        public Optional<Admission> verify(Presented shown) {
            return shown.token().filter(token -> !token.isEmpty()).map(Admission::of);
        }

        @Override
        public boolean required() {
            return true;
        }
    }

    private static final class Wire implements WebSipWire {
        @Override
        public void send(String message) {}

        @Override
        public void close(int status, String reason) {}

        @Override
        public InetAddress from() {
            return InetAddress.getLoopbackAddress();
        }

        @Override
        public Optional<String> origin() {
            return Optional.empty();
        }
    }
}
