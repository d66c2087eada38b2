package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Chromium calls Firefox by its extension: what each hears, and that nothing on the way decodes it. */
@ExtendWith(Trial.Extension.class)
final class HouseCallsIT {
    /** RED ends at the gateway (RFC 2198); without it what one browser sends is what the other gets, byte by byte. */
    private static final String WITHOUT_RED = """
            (client.rewrite = (sdp) => sdp
                .replace(/(m=audio \\d+ \\S+) 63 /, '$1 ')
                .replace(/a=(rtpmap|fmtp):63 .*\\r\\n/g, ''), true)
            """;

    @Test
    void oneBrowserCallsTheOtherByExtensionAndEachHearsTheOtherAsItWasEncoded(Trial trial) {
        Exchange exchange = exchange(trial);
        RawClient alice = House.in(trial, Browser.Kind.CHROMIUM, exchange, "alice");
        RawClient bob = House.in(trial, Browser.Kind.FIREFOX, exchange, "bob");
        RawClient carol = House.in(trial, Browser.Kind.CHROMIUM, exchange, "carol");
        alice.evaluate(WITHOUT_RED);
        bob.evaluate(WITHOUT_RED);
        House.start(alice, "12");
        JsonNode incoming = bob.await("incoming", 15);
        assertThat(incoming.path("from").asText()).isEqualTo("11");
        assertThat(incoming.path("name").asText()).isEqualTo("Alice Ames");
        alice.awaitProgress("ringing", 10);
        House.accept(bob, incoming);
        bob.awaitEstablished();
        alice.awaitEstablished();
        Ear.hears("alice", alice.hearOnceLoud(), House.BOBS_HZ);
        Ear.hears("bob", bob.hearOnceLoud(), House.ALICES_HZ);

        assertThat(chains(exchange))
                .as("Opus goes through both sessions as it is")
                .hasSize(2)
                .allMatch(chain -> !chain.contains("Opus(") && !chain.contains("Pcm"));
        assertThat(mimeType(alice)).isEqualToIgnoringCase("audio/opus");
        assertThat(mimeType(bob)).isEqualToIgnoringCase("audio/opus");
        assertWhole(alice, bob);
        assertWhole(bob, alice);

        carol.start("12"); // bob has call-waiting: false
        assertThat(carol.awaitEnded(10).path("cause").asText()).isEqualTo("busy");

        alice.evaluate("client.send({type: 'hold', call: client.call})");
        assertThat(House.await(bob, "held", 1).path("by").asText()).isEqualTo("telephone");
        alice.evaluate("client.send({type: 'resume', call: client.call})");
        assertThat(House.await(bob, "resumed", 1).path("by").asText()).isEqualTo("telephone");
        House.await(alice, "resumed", 1);
        Ear.hears("alice after the hold", alice.hearOnceLoud(), House.BOBS_HZ);

        alice.evaluate("client.press('42', 120, 80)");
        House.await(bob, "dtmf", 2);
        assertThat(bob.messages("dtmf"))
                .extracting(message -> message.path("digit").asText())
                .containsExactly("4", "2");

        bob.hangUp();
        assertThat(alice.awaitEnded(10).path("cause").asText()).isEqualTo("normal");
        assertThat(bob.awaitEnded(10).path("cause").asText()).isEqualTo("normal");
    }

    @Test
    void whoHangsUpBeforeTheAnswerIsHeardOfAndSoIsARefusal(Trial trial) {
        Exchange exchange = exchange(trial);
        RawClient alice = House.in(trial, Browser.Kind.CHROMIUM, exchange, "alice");
        RawClient bob = House.in(trial, Browser.Kind.FIREFOX, exchange, "bob");
        alice.start("12");
        JsonNode incoming = bob.await("incoming", 15);
        bob.evaluate("client.send({type: 'reject', call: " + incoming.get("call") + ", reason: 'busy'})");
        assertThat(alice.awaitEnded(10).path("cause").asText()).isEqualTo("busy");
        alice.start("12");
        House.await(bob, "incoming", 2);
        Tools.await(
                "it rings",
                10,
                () -> alice.messages("progress").size() >= 4,
                () -> alice.messages().toString());
        alice.hangUp();
        assertThat(House.await(alice, "ended", 2).path("cause").asText()).isEqualTo("cancelled");
        assertThat(House.await(bob, "ended", 2).path("cause").asText()).isEqualTo("cancelled");
        alice.start("14");
        assertThat(House.await(alice, "ended", 3).path("cause").asText()).isEqualTo("unknown-number");
    }

    private static Exchange exchange(Trial trial) {
        int port = Tools.freePort();
        GatewayConfig config =
                new GatewayConfig().trunk("carrier", Exchange.carrier(port)).lines(House.USERS);
        return Exchange.start(trial, config, port);
    }

    private static List<String> chains(Exchange exchange) {
        List<String> chains = new ArrayList<>();
        exchange.gateway().debugState().findValues("chain").forEach(chain -> chains.add(chain.asText()));
        return chains;
    }

    private static String mimeType(RawClient who) {
        return who.evaluate("client.stats()").path("codec").path("mimeType").asText();
    }

    /** What one browser sends the other gets: as many packets and bytes, but for the few that are on their way. */
    private static void assertWhole(RawClient from, RawClient to) {
        JsonNode sent = from.evaluate("client.stats()").path("outbound-rtp");
        JsonNode got = to.evaluate("client.stats()").path("inbound-rtp");
        double perPacketSent =
                sent.path("bytesSent").asDouble() / sent.path("packetsSent").asDouble();
        double perPacketGot = got.path("bytesReceived").asDouble()
                / got.path("packetsReceived").asDouble();
        assertThat(perPacketGot).as("bytes of each packet").isBetween(perPacketSent * 0.9, perPacketSent * 1.1);
        assertThat(got.path("packetsLost").asInt()).isLessThanOrEqualTo(2);
        assertThat(got.path("packetsReceived").asDouble())
                .isBetween(
                        sent.path("packetsSent").asDouble() - 100,
                        sent.path("packetsSent").asDouble() + 100);
    }
}
