package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.http.HttpClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody whom the configuration does not have: signs in over both protocols, and is found by who dials the extension. */
@ExtendWith(Trial.Extension.class)
final class UsersOfADirectoryIT {
    private static final String PASSWORD = "the password of dora's softphones";

    private final TokenSigner signer = new TokenSigner();
    private final HttpClient http = HttpClient.newHttpClient();
    private People people;
    private Exchange exchange;

    @BeforeEach
    void start(Trial trial) {
        people = trial.keep(new People());
        trial.keep((AutoCloseable) http::shutdownNow);
        trial.write("website.pub", signer.publicKey());
        int carrierPort = Tools.freePort();
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", Exchange.carrier(carrierPort))
                .lines("calls:\n  dial: at-once\n"
                        + "softphones:\n  enabled: true\n"
                        + "tokens:\n  keys:\n    - {algorithm: EdDSA, file: " + trial.file("website.pub") + "}\n"
                        + "users:\n"
                        + "  alice: {key: the own key of alice, extension: '11'}\n"
                        + "groups:\n"
                        + "  sales: {extension: '70'}\n"
                        + "directory: {url: '" + people.uri() + "', keep: 0s, keep-missing: 0s}\n");
        exchange = Exchange.start(trial, config, carrierPort);
    }

    @Test
    void aSoftphoneSignsInByThePasswordThatTheDirectoryHasNow(Trial trial) {
        HandPhone phone = phone(trial, "dora", 1);
        assertThat(phone.register(PASSWORD, 600)).as("nobody yet").isEqualTo(401);
        assertThat(people.asked()).contains("user=dora");

        dora(PASSWORD);
        assertThat(phone(trial, "dora", 2).register("another password of theirs", 600))
                .isEqualTo(401);
        assertThat(phone(trial, "dora", 3).register(PASSWORD, 600)).isEqualTo(200);
        assertThat(phone(trial, "21", 4).register(PASSWORD, 600))
                .as("by the extension")
                .isEqualTo(200);
        assertThat(metrics()).contains("ringdown_softphones 2\n").contains("ringdown_agents{state=\"available\"} 1\n");

        dora("a new password for softphones");
        assertThat(phone(trial, "dora", 5).register(PASSWORD, 600))
                .as("the old one")
                .isEqualTo(401);
        people.forget("user=dora");
        assertThat(phone(trial, "dora", 6).register("a new password for softphones", 600))
                .as("is nobody any more")
                .isEqualTo(401);
    }

    @Test
    void whoDialsAnExtensionThatNobodyHasHereRingsWhoHasItThere(Trial trial) {
        TokenPhone alice = phone(trial);
        alice.say("{\"type\":\"hello\",\"token\":\"the own key of alice\"}");
        assertThat(alice.next().path("type").asText()).isEqualTo("welcome");

        dial(alice, "22");
        assertThat(alice.next("ended", "error").path("cause").asText()).isEqualTo("unknown-number");
        assertThat(people.asked()).containsExactly("extension=22");

        dora(PASSWORD);
        dial(alice, "21");
        assertThat(alice.next("ended", "error").path("cause").asText())
                .as("somebody, who is not there")
                .isEqualTo("unavailable");
        assertThat(people.asked()).contains("extension=21");

        TokenPhone page = phone(trial);
        page.say("{\"type\":\"hello\",\"token\":" + JsonSocket.quote(signer.tokenOf("dora")) + "}");
        JsonNode welcome = page.next("welcome", "error");
        assertThat(welcome.path("agent").path("extension").asText())
                .as("%s", welcome)
                .isEqualTo("21");
        assertThat(welcome.path("agent").path("groups").toString()).isEqualTo("[\"sales\"]");
        HandPhone softphone = phone(trial, "dora", 1);
        assertThat(softphone.register(PASSWORD, 600)).isEqualTo(200);

        dial(alice, "21");
        assertThat(page.next("incoming").path("from").asText()).isEqualTo("11");
        assertThat(softphone.next("INVITE ")).contains("sip:11@");
    }

    private void dora(String password) {
        String dora = "{\"user\":\"dora\",\"name\":\"Dora Dunn\",\"extension\":\"21\",\"groups\":[\"sales\"],"
                + "\"sipPassword\":" + JsonSocket.quote(password) + "}";
        people.answer("user=dora", dora);
        people.answer("extension=21", dora);
    }

    private HandPhone phone(Trial trial, String user, int number) {
        return trial.keep(
                new HandPhone(http, exchange.gateway(), exchange.pages().origin(), user, number));
    }

    private TokenPhone phone(Trial trial) {
        return trial.keep(
                new TokenPhone(exchange.gateway(), exchange.pages().origin(), InetAddress.getLoopbackAddress()));
    }

    private static void dial(TokenPhone phone, String extension) {
        phone.say(
                "{\"type\":\"start\",\"to\":\"" + extension + "\",\"sdp\":" + JsonSocket.quote(HttpPhone.OFFER) + "}");
    }

    private String metrics() {
        return exchange.gateway().get("/metrics").body();
    }
}
