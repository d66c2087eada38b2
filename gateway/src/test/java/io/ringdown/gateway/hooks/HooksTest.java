package io.ringdown.gateway.hooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.DtmfRoad;
import io.ringdown.gateway.call.Asker;
import io.ringdown.gateway.call.Call;
import io.ringdown.gateway.call.CallBook;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.CallRecord;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Ending;
import io.ringdown.gateway.call.SignedIn;
import io.ringdown.gateway.call.Supervisors;
import io.ringdown.gateway.call.TransferStage;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.tokens.Grant;
import io.ringdown.gateway.tokens.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hooks between calls and a receiver, over the JDK's HTTP server. */
final class HooksTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final CallId CALL = new CallId("0123456789abcdef0123456789abcdef");
    private static final ClientId ANN = new ClientId("ann", ClientId.Road.SOCKET);

    @TempDir
    Path folder;

    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> deliveries = new LinkedBlockingQueue<>();
    private final AtomicInteger status = new AtomicInteger(204);
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int now = status.get();
            deliveries.add(exchange.getRequestHeaders().getFirst("Ringdown-Delivery"));
            if (now == 302) {
                exchange.getResponseHeaders().add("Location", "/elsewhere");
            }
            exchange.sendResponseHeaders(now, -1);
            if (now == 204) {
                received.add(JSON.readTree(body));
            }
        }
    }

    @Test
    void aCallIsToldFromItsBeginningToItsEndAndNoDigitIsInIt() throws Exception {
        try (Hooks hooks = open(24)) {
            begin(hooks);
            hooks.watcher().told(ANN, CALL, new CallNews.Established());
            hooks.watcher()
                    .told(
                            ANN,
                            CALL,
                            new CallNews.Pressed(Digit.of('7').orElseThrow(), Duration.ofMillis(120), DtmfRoad.RTP));
            end(hooks);
            JsonNode begun = next();
            assertThat(begun.path("event").asText()).isEqualTo("call.begun");
            assertThat(begun.fieldNames())
                    .toIterable()
                    .as("as receivers may read it")
                    .startsWith("id", "event", "at");
            assertThat(begun.path("to").asText()).isEqualTo("+12025550100");
            assertThat(begun.path("number").asInt()).isEqualTo(1);
            JsonNode answered = next();
            assertThat(answered.path("event").asText()).isEqualTo("call.answered");
            assertThat(answered.path("user").asText()).isEqualTo("ann");
            JsonNode digit = next();
            assertThat(digit.path("event").asText()).isEqualTo("call.digit");
            assertThat(digit.path("durationMillis").asInt()).isEqualTo(120);
            assertThat(digit.has("digit")).isFalse();
            JsonNode ended = next();
            assertThat(ended.path("event").asText()).isEqualTo("call.ended");
            assertThat(ended.path("record").path("cause").asText()).isEqualTo("normal");
            assertThat(ended.path("number").asInt()).isEqualTo(4);
            assertThat(hooks.debugState().toString()).doesNotContain("+1202");
        }
    }

    @Test
    void aTransferSaysWhereItGoesAndHasTheNumberOfAnEventAsAnyOther() throws Exception {
        try (Hooks hooks = open(24)) {
            begin(hooks);
            hooks.watcher()
                    .told(
                            ANN,
                            CALL,
                            new CallNews.Transfer(
                                    CallNews.Transfer.By.BROWSER,
                                    TransferStage.RINGING,
                                    Optional.empty(),
                                    OptionalInt.empty(),
                                    Optional.empty(),
                                    Optional.of("+12025550101"),
                                    Optional.empty()));
            assertThat(next().path("number").isInt()).isTrue();
            JsonNode transfer = next();
            assertThat(transfer.path("event").asText()).isEqualTo("call.transfer");
            assertThat(transfer.path("number").isInt()).isTrue();
            assertThat(transfer.path("number").asInt()).isEqualTo(2);
            assertThat(transfer.path("to").asText()).isEqualTo("+12025550101");
        }
    }

    @Test
    void whatWasNotTakenIsToldByTheNextProcessUnderTheSameId() throws Exception {
        status.set(500);
        String first;
        try (Hooks hooks = open(24)) {
            begin(hooks);
            first = deliveries.poll(10, TimeUnit.SECONDS);
        }
        status.set(204);
        try (Hooks hooks = open(24)) {
            assertThat(next().path("id").asText()).isEqualTo(first);
            end(hooks); // of a call that this process has not seen begin
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        status.set(302);
        try (Hooks hooks = open(24)) {
            begin(hooks);
            assertThat(deliveries.poll(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(deliveries.poll(10, TimeUnit.SECONDS))
                    .as("told again, where it was told first")
                    .isNotNull();
            assertThat(received).isEmpty();
        }
    }

    @Test
    void whatIsNotWantedIsKeptAndCanBeToldAgain() throws Exception {
        status.set(410);
        HookSettings settings = settings(24);
        try (Hooks hooks = open(24)) {
            begin(hooks);
            awaitGivenUp(hooks);
        }
        Undelivered undelivered = new Undelivered(settings, "test", InstantSource.system());
        assertThat(undelivered.list(Optional.empty()))
                .singleElement()
                .asString()
                .contains("call.begun", "410");
        List<String> said = new ArrayList<>();
        assertThat(undelivered.resend(Optional.empty(), said::add)).isFalse();
        assertThat(said).last().isEqualTo("0 taken");
        status.set(204);
        assertThat(undelivered.resend(Optional.of("crm"), said::add)).isTrue();
        assertThat(next().path("event").asText()).isEqualTo("call.begun");
        assertThat(undelivered.list(Optional.empty())).containsExactly("Everything was delivered, or waits still.");
    }

    @Test
    void aLineThatACrashHasCutIsPassedOver() throws Exception {
        status.set(500);
        try (Hooks hooks = open(24)) {
            begin(hooks);
            assertThat(deliveries.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
        Path waiting = folder.resolve("waiting");
        Files.writeString(waiting, Files.readString(waiting) + "+{\"number\":17,\"id");
        status.set(204);
        try (Hooks hooks = open(24)) {
            assertThat(next().path("event").asText()).isEqualTo("call.begun");
            assertThat(hooks.counts()).containsOnlyKeys("crm");
        }
    }

    @Test
    void whatWasGivenUpWaitsForADiskThatFails() throws Exception {
        status.set(410);
        HookSettings settings = settings(24);
        Path dead = Hooks.deadIn(settings);
        Files.createFile(dead); // where a directory should be
        AtomicLong later = new AtomicLong();
        try (Hooks hooks = Hooks.open(
                settings, new Ann(), "test", InstantSource.system(), () -> System.nanoTime() + later.get())) {
            begin(hooks);
            awaitGivenUp(hooks);
            for (int i = 0;
                    i < 1_000 && !Integer.valueOf(1).equals(hooks.debugState().get("undeliveredUnwritten"));
                    i++) {
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(hooks.debugState()).containsEntry("undeliveredUnwritten", 1);
            Files.delete(dead);
            later.set(DeadLetterWriter.RETRY.toNanos());
            status.set(204);
            end(hooks); // wakes the thread, whose clock is another than the test's
            assertThat(next().path("event").asText()).isEqualTo("call.ended");
        }
        assertThat(new Undelivered(settings, "test", InstantSource.system()).list(Optional.empty()))
                .singleElement()
                .asString()
                .contains("call.begun", "410");
    }

    @Test
    void whatAReceiverHasLeftThatIsThereNoMoreIsKept() throws Exception {
        status.set(500);
        try (Hooks hooks = open(24)) {
            begin(hooks);
            assertThat(deliveries.poll(10, TimeUnit.SECONDS)).isNotNull();
        }
        HookSettings nobody = new HookSettings(
                Map.of(), Duration.ofSeconds(5), Duration.ofHours(24), 4, 100, 10, Optional.of(folder));
        try (Hooks _ = Hooks.open(nobody, new Ann(), "test", InstantSource.system(), System::nanoTime)) {
            // what is left is written by the thread, at the latest at the end
        }
        assertThat(new Undelivered(nobody, "test", InstantSource.system()).list(Optional.empty()))
                .singleElement()
                .asString()
                .contains("call.begun", "no such receiver");
        assertThat(folder.resolve("waiting")).content().contains("\n-");
    }

    private static void awaitGivenUp(Hooks hooks) {
        for (int i = 0; i < 1_000 && counts(hooks).givenUp() == 0; i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(counts(hooks).givenUp()).isEqualTo(1);
    }

    private JsonNode next() throws InterruptedException {
        JsonNode event = received.poll(20, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("nothing was told within 20 s");
        }
        return event;
    }

    private HookSettings settings(int hours) {
        return new HookSettings(
                Map.of(
                        "crm",
                        new HookTarget(
                                URI.create("http://127.0.0.1:"
                                        + server.getAddress().getPort() + "/hook"),
                                Secret.parse("0123456789abcdef0123456789abcdef"),
                                Optional.empty(),
                                List.of())),
                Duration.ofSeconds(5),
                Duration.ofHours(hours),
                4,
                100,
                10,
                Optional.of(folder));
    }

    private Hooks open(int hours) throws IOException {
        return Hooks.open(settings(hours), new Ann(), "test", InstantSource.system(), System::nanoTime);
    }

    private static CallBook.Beginning beginning() {
        return new CallBook.Beginning(
                CALL,
                Instant.parse("2026-11-26T10:00:00Z"),
                Call.Direction.OUTBOUND,
                Optional.empty(),
                Optional.of(new PhoneNumber("+12025550100")),
                Optional.empty(),
                false,
                Optional.empty());
    }

    private static void begin(Hooks hooks) {
        hooks.book().begun(beginning());
    }

    private static void end(Hooks hooks) {
        hooks.book()
                .accept(new CallRecord(
                        CALL,
                        Call.Direction.OUTBOUND,
                        Optional.of(new PhoneNumber("+12025550100")),
                        Optional.of("carrier"),
                        1,
                        Ending.of(EndCause.NORMAL),
                        Duration.ofSeconds(9),
                        Optional.of(Duration.ofSeconds(5)),
                        Optional.empty(),
                        0,
                        beginning(),
                        Optional.empty(),
                        List.of(),
                        Supervisors.NONE,
                        List.of()));
    }

    private static final class Ann implements SignedIn {
        @Override
        public SequencedSet<ClientId> clientsFor(PhoneNumber number) {
            return new LinkedHashSet<>();
        }

        @Override
        public Optional<Asker> askerOf(ClientId client) {
            return Optional.of(new Asker("ann", Grant.ALL, InetAddress.getLoopbackAddress()));
        }

        @Override
        public SequencedSet<ClientId> clientsOf(String user) {
            return new LinkedHashSet<>();
        }
    }

    private static Hooks.Counts counts(Hooks hooks) {
        return Objects.requireNonNull(hooks.counts().get("crm"));
    }
}
