package io.ringdown.gateway.signaling;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.gateway.tokens.TokenVerifier;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.Test;

/** What a socket may not do, and how many there may be. */
final class SocketLimitsTest {
    private static final String PAGE = "https://example.com";
    private static final String HELLO = "{'type':'hello'}";

    private static WebSettings settings(int socketsPerAddress, Network... proxies) {
        return Rooms.settings(PAGE).withBehindProxy(List.of(proxies)).withSocketsPerAddress(socketsPerAddress);
    }

    private static Client client(Rooms rooms, String forwardedFor) {
        return new Client(
                rooms.web.port(),
                "ringdown.v1",
                forwardedFor.isEmpty()
                        ? Map.of("Origin", PAGE)
                        : Map.of("Origin", PAGE, "X-Forwarded-For", forwardedFor));
    }

    private static void assertTooMany(Rooms rooms, String forwardedFor) {
        assertThatThrownBy(() -> client(rooms, forwardedFor).close())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        WebSocketHandshakeException.class,
                        refused ->
                                assertThat(refused.getResponse().statusCode()).isEqualTo(429));
    }

    @Test
    void socketThatDoesNotSayHelloIsClosed() throws Exception {
        try (Rooms rooms = new Rooms(settings(64), new TokenVerifier.Everybody(), 50);
                Client mute = client(rooms, "")) {
            assertThat(mute.closed()).isEqualTo(1008);
        }
    }

    @Test
    void socketThatSaidHelloStaysOpenPastItsGreetingTime() throws Exception {
        try (Rooms rooms = new Rooms(settings(64), new TokenVerifier.Everybody(), 5);
                Client client = client(rooms, "")) {
            client.say(HELLO).next("welcome");
            try (Client mute = client(rooms, "")) {
                assertThat(mute.closed()).isEqualTo(1008);
            }
            client.say("{'type':'ping'}").next("pong");
        }
    }

    @Test
    void addressHasSoManySocketsAndGetsThemBack() throws Exception {
        try (Rooms rooms = new Rooms(settings(2), new TokenVerifier.Everybody());
                Client first = client(rooms, "")) {
            first.say(HELLO).next("welcome");
            Client second = client(rooms, "");
            second.say(HELLO).next("welcome");
            assertTooMany(rooms, "");
            // No proxy is configured: what the header says is anybody's word.
            assertTooMany(rooms, "192.0.2.77");
            second.close();
            try (Client third = whenAdmitted(rooms)) {
                third.say(HELLO).next("welcome");
            }
        }
    }

    @Test
    void clientsBehindAProxyOfOursAreToldApartByWhatItSays() throws Exception {
        try (Rooms rooms = new Rooms(settings(1, Network.parse("127.0.0.0/8")), new TokenVerifier.Everybody());
                Client first = client(rooms, "192.0.2.1");
                Client second = client(rooms, "192.0.2.2")) {
            first.say(HELLO).next("welcome");
            second.say(HELLO).next("welcome");
            // What stands before the last is the client's own word.
            assertTooMany(rooms, "198.51.100.9, 192.0.2.2");
        }
    }

    /** The server learns of a lost connection a little later. */
    private static Client whenAdmitted(Rooms rooms) {
        Instant until = Instant.now().plus(Duration.ofSeconds(10));
        while (true) {
            try {
                return client(rooms, "");
            } catch (CompletionException stillFull) {
                if (Instant.now().isAfter(until)) {
                    throw stillFull;
                }
            }
        }
    }

    @Test
    void clientThatDoesNotReadIsCutBefore513MessagesWait() throws Exception {
        List<String> done = new ArrayList<>();
        TextSocket socket = socket(done);
        for (int i = 0; i < 512; i++) {
            socket.send("{}");
        }
        assertThat(done).hasSize(512).containsOnly("sendText");
        socket.send("{}");
        assertThat(done).hasSize(513).endsWith("disconnect");
    }

    @Test
    void clientThatDoesNotReadIsCutBeforeMoreThan512KibibytesWait() throws Exception {
        List<String> done = new ArrayList<>();
        TextSocket socket = socket(done);
        for (int i = 0; i < 32; i++) {
            socket.send("x".repeat(16 * 1024));
        }
        assertThat(done).hasSize(32).containsOnly("sendText");
        socket.send("x");
        assertThat(done).endsWith("disconnect");
    }

    @Test
    void clientThatPingsAndDoesNotReadIsCutToo() throws Exception {
        List<String> done = new ArrayList<>();
        TextSocket socket = socket(done);
        for (int i = 0; i < 512; i++) {
            socket.onWebSocketPing(ByteBuffer.allocate(8));
        }
        assertThat(done).hasSize(512).containsOnly("sendPong");
        socket.onWebSocketPing(ByteBuffer.allocate(8));
        assertThat(done).hasSize(513).endsWith("disconnect");
    }

    @Test
    void pingsAndEmptyPiecesOfAMessageAreCountedThoughTheyAreNoMessages() throws Exception {
        try (Rooms rooms = new Rooms(settings(64), new TokenVerifier.Everybody())) {
            try (RawFrames few = new RawFrames(rooms.web.port(), PAGE)) {
                few.send(RawFrames.TEXT, false, "{\"type\":", 1);
                few.send(RawFrames.CONTINUATION, false, "", 150);
                few.send(RawFrames.PING, true, "x", 150);
                few.send(RawFrames.CONTINUATION, true, "\"hello\"}", 1);
                few.awaitText("welcome");
            }
            for (int opcode : new int[] {RawFrames.PING, RawFrames.CONTINUATION}) {
                try (RawFrames many = new RawFrames(rooms.web.port(), PAGE)) {
                    many.send(RawFrames.TEXT, true, "{\"type\":\"hello\"}", 1);
                    many.awaitText("welcome");
                    many.send(RawFrames.TEXT, false, "{", opcode == RawFrames.CONTINUATION ? 1 : 0);
                    many.send(opcode, opcode == RawFrames.PING, "", 2_000);
                    assertThat(many.isCut()).as("frames of type %d", opcode).isTrue();
                }
            }
        }
    }

    @Test
    void aFrameThatSaysItIsCompressedEndsTheSocketForThatWasNeverAgreed() throws Exception {
        try (Rooms rooms = new Rooms(settings(64), new TokenVerifier.Everybody());
                RawFrames packed = new RawFrames(rooms.web.port(), PAGE)) {
            packed.send(RawFrames.TEXT | RawFrames.RSV1, true, "\u0001\u0002", 1);
            assertThat(packed.isCut()).isTrue();
        }
    }

    @Test
    void addressHasSoManyConnectionsWhateverTheySay() throws Exception {
        WebSettings two = settings(64).withLimits(new WebLimits(2, 100));
        try (Rooms rooms = new Rooms(two, new TokenVerifier.Everybody());
                Client first = client(rooms, "");
                Socket silent = new Socket(InetAddress.getLoopbackAddress(), rooms.web.port())) {
            first.say(HELLO).next("welcome");
            assertThat(silent.isConnected()).isTrue();
            try (Socket third = new Socket(InetAddress.getLoopbackAddress(), rooms.web.port())) {
                third.setSoTimeout(10_000);
                assertThat(isEnded(third)).isTrue();
            }
            first.say("{'type':'ping'}").next("pong");
        }
    }

    @Test
    void aConnectionThatBecomesNoSocketEndsAfterTwoMinutesHoweverOftenItAsks() throws Exception {
        try (Rooms rooms = new Rooms(settings(64), new TokenVerifier.Everybody());
                Socket asks = new Socket(InetAddress.getLoopbackAddress(), rooms.web.port());
                Socket asksForASocket = new Socket(InetAddress.getLoopbackAddress(), rooms.web.port())) {
            String foreign = RawHandshake.UPGRADE + "Origin: https://evil.example\r\n";
            assertThat(ask(asks, "")).doesNotContainIgnoringCase("Connection: close");
            assertThat(ask(asksForASocket, foreign)).contains(" 403 ");
            rooms.ahead.addAndGet(Duration.ofMinutes(2).toNanos());
            assertThat(ask(asks, "")).containsIgnoringCase("Connection: close");
            assertThat(isEnded(asks)).isTrue();
            assertThat(ask(asksForASocket, foreign)).contains(" 403 ");
            assertThat(isEnded(asksForASocket)).isTrue();
        }
    }

    /** The whole answer's head; its body is read too. */
    private static String ask(Socket socket, String headers) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getOutputStream()
                .write(("GET /v1/rtc HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n").getBytes(US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            assertThat(next).as(head.toString()).isNotNegative();
            head.append((char) next);
        }
        Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(head);
        assertThat(length.find()).as(head.toString()).isTrue();
        socket.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
        return head.toString();
    }

    private static boolean isEnded(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException stays) {
            return false;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void whatAProxyOfOursConnectsIsNotCountedAsOneAddress() throws Exception {
        WebSettings one = settings(64, Network.parse("127.0.0.0/8")).withLimits(new WebLimits(1, 100));
        try (Rooms rooms = new Rooms(one, new TokenVerifier.Everybody());
                Client first = client(rooms, "192.0.2.1");
                Client second = client(rooms, "192.0.2.2")) {
            first.say(HELLO).next("welcome");
            second.say(HELLO).next("welcome");
        }
    }

    /** A socket whose peer takes nothing: no sending ever ends. */
    private static TextSocket socket(List<String> done) throws WebStartException {
        Session stuck = (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(), new Class<?>[] {Session.class}, (_, method, arguments) -> {
                    if (method.getName().equals("isOpen")) {
                        return true;
                    }
                    assertThat(arguments == null || arguments.length < 2 || arguments[1] instanceof Callback)
                            .isTrue();
                    done.add(method.getName());
                    return null;
                });
        Visit visit;
        try (Rooms rooms = new Rooms(settings(64), new TokenVerifier.Everybody())) {
            visit = new Visit(
                    Visit.Shown.NOTHING, Optional.empty(), InetAddress.getLoopbackAddress(), nobody(), rooms(rooms));
        }
        AtomicLong now = new AtomicLong();
        TextSocket socket = new TextSocket(
                _ -> visit,
                _ -> new TextSocket.Pace() {
                    @Override
                    public void heard() {}

                    @Override
                    public void stop() {}
                },
                () -> now.addAndGet(10_000_000),
                () -> {});
        socket.onWebSocketOpen(stuck);
        return socket;
    }

    private static SessionRooms rooms(Rooms rooms) {
        return new SessionRooms(
                rooms.calls,
                rooms.sessions,
                new TokenVerifier.Everybody(),
                new MessageReader(),
                new MessageWriter(),
                new IceServers(List.of(), InstantSource.system()),
                () -> "token",
                (_, _) -> () -> {},
                System::nanoTime,
                new SessionRooms.Resumption(Duration.ofSeconds(30), Duration.ofSeconds(10), 64));
    }

    private static Wire nobody() {
        return (Wire) Proxy.newProxyInstance(Wire.class.getClassLoader(), new Class<?>[] {Wire.class}, (_, _, _) -> {
            throw new AssertionError("the session says nothing by itself");
        });
    }
}
