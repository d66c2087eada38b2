package io.ringdown.gateway.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.gateway.call.CallSettings;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Switchboard;
import io.ringdown.gateway.tokens.TokenSettings;
import io.ringdown.gateway.tokens.TokenVerifier;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests before calls, from the socket to the media. */
final class PreCallTest {
    private static final String PAGE = "https://example.com";

    private Rooms rooms;

    @BeforeEach
    void start() throws WebStartException {
        rooms = new Rooms(
                Rooms.settings(PAGE),
                TokenVerifier.of(TokenSettings.defaults(), Map.of()),
                1,
                quickToGiveUp(),
                Switchboard.byPrefix(new LinkedHashMap<>()));
    }

    @AfterEach
    void stop() {
        rooms.close();
    }

    @Test
    void aClientHearsItselfUntilItHasHeardEnough() throws Exception {
        try (Client client = greeted()) {
            JsonNode answer =
                    client.say("{'type':'test','ref':'t','sdp':'v=0'}").next("answer");
            assertThat(answer.path("ref").asText()).isEqualTo("t");
            assertThat(answer.path("sdp").asText()).isEqualTo("v=0 web answer");
            Rooms.FakeSession media = rooms.media.take();
            media.connect();
            assertThat(rooms.calls.echoes().now()).isOne();
            assertThat(rooms.calls.count()).as("it is no call").isZero();
            client.say("{'type':'hangup','call':'" + answer.path("call").asText() + "'}");
            JsonNode ended = client.next("ended");
            assertThat(ended.path("call")).isEqualTo(answer.path("call"));
            assertThat(ended.path("cause").asText()).isEqualTo("normal");
            assertThat(media.closed).isTrue();
            assertThat(rooms.calls.echoes().now()).isZero();
            assertThat(rooms.calls.echoes().ended(EndCause.NORMAL)).isOne();
            assertThat(rooms.calls.begun()).isZero();
            assertThat(rooms.book.records).as("nothing is written down").isEmpty();
            assertThat(rooms.book.begun).isEmpty();
            assertThat(rooms.invites).isEmpty();
        }
    }

    @Test
    void oneThatNobodyEndsEndsByItself() throws Exception {
        try (Client client = greeted()) {
            client.say("{'type':'test','sdp':'v=0'}").next("answer");
            rooms.media.take(); // which never connects
            assertThat(client.next("ended").path("cause").asText()).isEqualTo("media-unreachable");
            assertThat(rooms.calls.echoes().now()).isZero();
        }
    }

    @Test
    void aSessionHasOneAtATimeAndAnotherAfterIt() throws Exception {
        try (Client client = greeted()) {
            String first = client.say("{'type':'test','sdp':'v=0'}")
                    .next("answer")
                    .path("call")
                    .asText();
            JsonNode refused =
                    client.say("{'type':'test','ref':'2','sdp':'v=0'}").next("error");
            assertThat(refused.path("code").asText()).isEqualTo("too-many-calls");
            assertThat(refused.path("ref").asText()).isEqualTo("2");
            client.say("{'type':'hangup','call':'" + first + "'}").next("ended");
            client.say("{'type':'test','sdp':'v=0'}").next("answer");
        }
    }

    @Test
    void nobodyEndsTheTestOfAnother() throws Exception {
        try (Client client = greeted();
                Client other = greeted()) {
            String test = client.say("{'type':'test','sdp':'v=0'}")
                    .next("answer")
                    .path("call")
                    .asText();
            JsonNode refused =
                    other.say("{'type':'hangup','call':'" + test + "'}").next("error");
            assertThat(refused.path("code").asText()).isEqualTo("unknown-call");
            assertThat(rooms.calls.echoes().now()).isOne();
        }
    }

    @Test
    void anOfferThatCannotBeAnsweredEndsItWithTheReason() throws Exception {
        try (Client client = greeted()) {
            JsonNode ended =
                    client.say("{'type':'test','ref':'t','sdp':'nonsense'}").next("ended");
            assertThat(ended.path("cause").asText()).isEqualTo("media-refused");
            assertThat(ended.path("ref").asText()).isEqualTo("t");
            assertThat(rooms.calls.echoes().now()).isZero();
        }
    }

    @Test
    void underLoadAndWhileTheGatewayDrainsThereAreNone() throws Exception {
        try (Client client = greeted()) {
            rooms.media.full = true;
            assertThat(client.say("{'type':'test','sdp':'v=0'}")
                            .next("ended")
                            .path("cause")
                            .asText())
                    .isEqualTo("overloaded");
            rooms.media.full = false;
            rooms.calls.drain();
            assertThat(client.say("{'type':'test','sdp':'v=0'}")
                            .next("ended")
                            .path("cause")
                            .asText())
                    .isEqualTo("overloaded");
            assertThat(rooms.media.opened).isEmpty();
            assertThat(rooms.calls.echoes().now()).isZero();
        }
    }

    @Test
    void oneAddressDoesNotTakeThemAll() throws Exception {
        Client[] clients = new Client[11];
        try {
            for (int i = 0; i < clients.length; i++) {
                clients[i] = greeted();
                clients[i].say("{'type':'test','sdp':'v=0'}");
                if (i < 10) {
                    clients[i].next("answer");
                }
            }
            assertThat(clients[10].next("ended").path("cause").asText()).isEqualTo("overloaded");
        } finally {
            for (Client client : clients) {
                Optional.ofNullable(client).ifPresent(Client::close);
            }
        }
    }

    @Test
    void oneSubscriberOfIpv6IsOneAddressHoweverManyItHas() throws Exception {
        Client[] clients = new Client[11];
        try (Rooms proxied = new Rooms(
                Rooms.settings(PAGE).withBehindProxy(List.of(Network.parse("127.0.0.0/8"))),
                TokenVerifier.of(TokenSettings.defaults(), Map.of()))) {
            for (int i = 0; i < clients.length; i++) {
                clients[i] = new Client(
                        proxied.web.port(),
                        "ringdown.v1",
                        Map.of("Origin", PAGE, "X-Forwarded-For", "2001:db8:1:2::" + (i + 1)));
                clients[i].say("{'type':'hello'}").next("welcome");
                clients[i].say("{'type':'test','sdp':'v=0'}");
                if (i < 10) {
                    clients[i].next("answer");
                }
            }
            assertThat(clients[10].next("ended").path("cause").asText()).isEqualTo("overloaded");
        } finally {
            for (Client client : clients) {
                Optional.ofNullable(client).ifPresent(Client::close);
            }
        }
    }

    @Test
    void whoGoesAwayHasNoTestAnyMore() throws Exception {
        Rooms.FakeSession media;
        try (Client client = greeted()) {
            client.say("{'type':'test','sdp':'v=0'}").next("answer");
            media = rooms.media.take();
            media.connect();
        }
        for (int i = 0; i < 500 && !media.closed; i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(media.closed).isTrue();
        assertThat(rooms.calls.echoes().ended(EndCause.SOCKET_LOST)).isOne();
    }

    private static CallSettings quickToGiveUp() {
        CallSettings defaults = CallSettings.defaults();
        return new CallSettings(
                defaults.dial(),
                Duration.ofSeconds(1),
                defaults.ringTimeout(),
                defaults.transferTimeout(),
                defaults.maxCalls(),
                defaults.secureInput(),
                defaults.hold(),
                defaults.away(),
                defaults.drain(),
                defaults.testsAtOnce(),
                defaults.supervisionsAtOnce());
    }

    private Client greeted() throws Exception {
        Client client = new Client(rooms.web.port(), "ringdown.v1", Map.of("Origin", PAGE));
        client.say("{'type':'hello'}").next("welcome");
        return client;
    }
}
