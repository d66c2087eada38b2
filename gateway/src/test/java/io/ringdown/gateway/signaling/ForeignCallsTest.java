package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.gateway.tokens.Secret;
import io.ringdown.gateway.tokens.TokenVerifier;
import io.ringdown.sip.TrunkEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls of others: who knows the id of one, or guesses, gets and does nothing with it (THREATS W7). */
final class ForeignCallsTest {
    private static final String PAGE = "https://example.com";
    private static final String ANN = "the key of ann, whose call it is";
    private static final String BOB = "the key of bob, who would like to";
    private static final int GUESSES = Boolean.getBoolean("ringdown.full") ? 100_000 : 5_000;
    private static final List<String> COMMANDS = List.of(
            "'type':'accept','sdp':'v=0'",
            "'type':'reject'",
            "'type':'update','sdp':'v=0'",
            "'type':'hangup'",
            "'type':'dtmf','digits':'1'",
            "'type':'dtmf-cancel'",
            "'type':'listen','on':true",
            "'type':'mute','muted':true",
            "'type':'hold'",
            "'type':'resume'",
            "'type':'transfer','to':'+12025550111'",
            "'type':'transfer','with':'OWN'",
            "'type':'secure-input','on':true");

    private Rooms rooms;

    @BeforeEach
    void start() throws WebStartException {
        rooms = new Rooms(
                Rooms.settings(PAGE).withLimits(new WebLimits(64, 1_000_000)),
                new TokenVerifier.KeysOfUsers(
                        Map.of("ann", Secret.parse(ANN), "bob", Secret.parse(BOB)), Optional.empty()));
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    @Test
    void everyCommandForACallOfAnotherIsAnsweredAsForOneThatThereIsNot() throws Exception {
        try (Client ann = greeted(ANN)) {
            ann.say("{'type':'start','to':'+12025550100','sdp':'v=0'}");
            String call = ann.next("answer").get("call").asText();
            rooms.media.take().connect();
            Rooms.FakeTrunkCall trunk = rooms.invited();
            trunk.tell(new TrunkEvent.Answered(Optional.of("v=0")));
            ann.next("established");
            String toNone;
            try (Client other = greeted(BOB)) {
                toNone = answer(other, "'type':'hangup'", "0123456789abcdef0123456789abcdef")
                        .get("text")
                        .asText();
            }
            int refused = 0;
            for (String who : List.of(BOB, BOB, BOB, BOB, ANN, ANN, ANN, ANN)) { // ann's other page is another session
                try (Client other = greeted(who)) {
                    other.say("{'type':'start','to':'+12025550122','sdp':'v=0'}");
                    String own = other.next("answer").get("call").asText();
                    for (String command : COMMANDS) {
                        String written = command.replace("OWN", own);
                        JsonNode foreign =
                                answer(other, written, call); // with hello and start 15 of the 20 of a second
                        assertThat(foreign.get("code").asText()).as(command).isEqualTo("unknown-call");
                        assertThat(foreign.get("text").asText()).as(command).isEqualTo(toNone);
                        refused++;
                    }
                }
            }
            assertThat(refused).isGreaterThan(100);
            assertThat(told(ann)).as("what ann is told").isEmpty();
            ann.say("{'type':'hangup','call':'" + call + "'}");
            assertThat(ann.next("ended").get("cause").asText()).isEqualTo("normal");
            assertThat(trunk.asked()).isEqualTo("hangUp 16");
        }
    }

    @Test
    void aCallOfOnesOwnIsNotJoinedToThatOfAnother() throws Exception {
        try (Client ann = greeted(ANN);
                Client bob = greeted(BOB)) {
            String hers = established(ann);
            String his = established(bob);
            for (String with : List.of(hers, "0123456789abcdef0123456789abcdef")) {
                bob.say("{'type':'transfer','call':'" + his + "','with':'" + with + "'}");
                JsonNode refusal = bob.next("error");
                assertThat(refusal.get("code").asText()).isEqualTo("no-transfer");
                assertThat(refusal.get("text").asText())
                        .isEqualTo("The field with must name another call of this session.");
            }
            assertThat(told(ann)).isEmpty();
        }
    }

    /** All but how digits travel, which is told at the beginning of each call. */
    private static List<JsonNode> told(Client client) throws IOException {
        return client.rest().stream()
                .filter(message -> !message.path("type").asText().equals("dtmf-road"))
                .toList();
    }

    private String established(Client client) throws Exception {
        client.say("{'type':'start','to':'+12025550100','sdp':'v=0'}");
        String call = client.next("answer").get("call").asText();
        rooms.media.take().connect();
        rooms.invited().tell(new TrunkEvent.Answered(Optional.of("v=0")));
        client.next("established");
        return call;
    }

    @Test
    void noneOfManyGuessesByHttpMeetsOneAndAKnownIdIsNoBetter() throws Exception {
        String created = RawHandshake.exchange(
                rooms.web.port(),
                "POST /v1/calls/+12025550100 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + ANN
                        + "\r\nContent-Type: application/sdp\r\nContent-Length: 3\r\n\r\nv=0");
        String known = created.replaceAll("(?s).*Location: (\\S+).*", "$1").substring(HttpCalls.PATH.length());
        rooms.media.take().connect();
        rooms.invited().tell(new TrunkEvent.Answered(Optional.of("v=0")));
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        int unknown = 0;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), rooms.web.port())) {
            socket.setSoTimeout(20_000);
            for (int batch = 0; batch < GUESSES / 50; batch++) {
                StringBuilder requests = new StringBuilder();
                for (int i = 0; i < 50; i++) {
                    requests.append(i % 2 == 0 ? "DELETE " : "GET ")
                            .append(HttpCalls.PATH)
                            .append(i == 0 ? known : guess(random, known))
                            .append(" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ")
                            .append(BOB)
                            .append("\r\n\r\n");
                }
                socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.ISO_8859_1));
                for (int i = 0; i < 50; i++) {
                    assertThat(answer(socket.getInputStream()))
                            .as("seed %d", seed)
                            .startsWith("HTTP/1.1 404 ")
                            .contains("\"code\":\"unknown-call\"");
                    unknown++;
                }
            }
        }
        assertThat(unknown).isEqualTo(GUESSES);
        assertThat(rooms.calls.count()).as("her call goes on").isOne();
    }

    /** Any id, or one that differs from a real one in a digit. */
    private static String guess(Random random, String known) {
        if (random.nextBoolean()) {
            byte[] id = new byte[16];
            random.nextBytes(id);
            return HexFormat.of().formatHex(id);
        }
        char[] near = known.toCharArray();
        int at = random.nextInt(near.length);
        near[at] = near[at] == '0' ? '1' : '0';
        return new String(near);
    }

    /** One whole answer, by its Content-Length. */
    private static String answer(InputStream input) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) input.read());
        }
        int length = Integer.parseInt(head.toString().replaceAll("(?s).*Content-Length: ([0-9]+).*", "$1"));
        return head + new String(input.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static JsonNode answer(Client client, String command, String call) throws Exception {
        return client.say("{" + command + ",'call':'" + call + "'}").next("error");
    }

    private Client greeted(String key) throws Exception {
        Client client = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE));
        client.say("{'type':'hello','token':'" + key + "'}").next("welcome");
        return client;
    }
}
