package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What other systems do with calls, by curl, with SIPp as the telephone. */
@ExtendWith(Trial.Extension.class)
final class TheHandsIT {
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String CUSTOMER = "+493055501234";

    private int requests;

    @Test
    void anAgentIsRungThenTheCustomerAndTheCallIsHeldPressedIntoTransferredInVainAndEnded(Trial trial) {
        int carrier = Tools.freePort();
        Gateway gateway = gateway(trial, carrier);
        JsonNode nobody = curl(trial, gateway, "POST", "calls", "{\"agent\":\"local\",\"to\":\"" + CUSTOMER + "\"}");
        assertThat(nobody.path("code").asText()).isEqualTo("agent-unavailable");
        SocketPhone agent = SocketPhone.connect(trial, gateway);
        Sipp customer = customer(trial, carrier);

        String call = curl(trial, gateway, "POST", "calls", "{\"agent\":\"local\",\"to\":\"" + CUSTOMER + "\"}")
                .path("call")
                .asText();
        JsonNode incoming = agent.await("incoming", 1).getFirst();
        assertThat(incoming.path("originated").asBoolean()).isTrue();
        assertThat(incoming.path("to").asText()).isEqualTo(CUSTOMER);
        assertThat(customer.messages()).as("nobody has taken it yet").doesNotContain("INVITE sip:");
        assertThat(curl(trial, gateway, "GET", "calls/" + call, "")
                        .path("state")
                        .asText())
                .isEqualTo("offered");
        accept(agent, call);
        agent.await("established", 1);
        assertThat(customer.messages()).contains("INVITE sip:" + CUSTOMER + "@");
        JsonNode listed = curl(trial, gateway, "GET", "calls?state=established&agent=local", "");
        assertThat(listed.path("total").asInt()).isEqualTo(1);
        assertThat(listed.path("calls").get(0).path("call").asText()).isEqualTo(call);

        assertThat(curl(trial, gateway, "PUT", "calls/" + call + "/hold", "")
                        .path("held")
                        .asText())
                .isEqualTo("browser");
        assertThat(agent.await("held", 1).getFirst().has("ref")).isFalse();
        assertThat(curl(trial, gateway, "DELETE", "calls/" + call + "/hold", "")
                        .path("held")
                        .asText())
                .isEqualTo("nobody");
        curl(trial, gateway, "POST", "calls/" + call + "/digits", "{\"digits\":\"42\"}");
        Tools.await(
                "both digits have come",
                20,
                () -> customer.messages().contains("Signal=4")
                        && customer.messages().contains("Signal=2"),
                customer::messages);
        curl(trial, gateway, "POST", "calls/" + call + "/transfer", "{\"to\":\"+493055509999\"}");
        Tools.await(
                "the transfer has failed",
                20,
                () -> agent.told("transfer").stream()
                        .anyMatch(told -> told.path("stage").asText().equals("failed")),
                () -> agent.told("transfer").toString());
        curl(trial, gateway, "DELETE", "calls/" + call, "");
        customer.awaitSuccess(20);
        assertThat(agent.await("ended", 1).getFirst().path("cause").asText()).isEqualTo("normal");
        Tools.await(
                "there is a record",
                10,
                () -> curl(trial, gateway, "GET", "calls/" + call, "")
                        .path("state")
                        .asText()
                        .equals("ended"),
                gateway::log);
        assertThat(gateway.log())
                .contains("API: api.key (127.0.0.1) asked for POST calls/" + call + "/digits: 202")
                .doesNotContain(KEY)
                .doesNotContain("ERROR");
    }

    @Test
    void theButtonOfTheExamplesCallsBack(Trial trial) {
        int carrier = Tools.freePort();
        int port = Tools.freePort();
        Gateway gateway = gateway(trial, carrier);
        Example.start(
                trial,
                "call-back-node",
                Map.of(
                        "PORT",
                        String.valueOf(port),
                        "GATEWAY",
                        gateway.uri("").toString(),
                        "KEY",
                        KEY,
                        "AGENT",
                        "local"));
        String site = "http://127.0.0.1:" + port + "/";
        assertThat(Tools.run(trial.file("early.log"), "curl", "-s", "-d", "number=" + escaped(), site))
                .contains("Nobody is there");
        SocketPhone agent = SocketPhone.connect(trial, gateway);
        Sipp customer = customer(trial, carrier);
        for (String log : List.of("once.log", "twice.log")) {
            assertThat(Tools.run(trial.file(log), "curl", "-s", "-d", "number=" + escaped(), site))
                    .contains("We are calling you");
        }
        String call = agent.await("incoming", 1).getFirst().path("call").asText();
        accept(agent, call);
        agent.await("established", 1);
        assertThat(agent.told("incoming")).as("two clicks are one wish").hasSize(1);
        agent.say("{\"type\":\"hangup\",\"call\":\"" + call + "\"}");
        customer.awaitSuccess(20);
    }

    private static String escaped() {
        return CUSTOMER.replace("+", "%2B");
    }

    private static Gateway gateway(Trial trial, int carrier) {
        return Gateway.start(
                trial,
                new GatewayConfig()
                        .trunk("carrier", Exchange.carrier(carrier) + "dtmf: {road: info}\n")
                        .lines("""
                    calls: {dial: at-once, connect-timeout: 60s}
                    api: {key: %s}
                    """.formatted(KEY)));
    }

    private static Sipp customer(Trial trial, int carrier) {
        return Sipp.start(
                trial,
                Sipp.Run.of("uas-takes-anything", carrier)
                        .key("pt", 0)
                        .key("codec", "PCMU")
                        .key("rtp_ip", "127.0.0.1")
                        .key("rtp_port", Tools.freePort()));
    }

    private static void accept(SocketPhone agent, String call) {
        agent.say("{\"type\":\"accept\",\"call\":\"" + call + "\",\"sdp\":" + JsonSocket.quote(HttpPhone.OFFER) + "}");
    }

    private JsonNode curl(Trial trial, Gateway gateway, String method, String path, String body) {
        List<String> command = new ArrayList<>(List.of(
                "curl",
                "-s",
                "-X",
                method,
                "-H",
                "Authorization: Bearer " + KEY,
                gateway.uri("/api/v1/" + path).toString()));
        if (!body.isEmpty()) {
            command.addAll(List.of("-d", body));
        }
        return JsonSocket.parse(Tools.run(trial.file("curl-" + ++requests + ".log"), command.toArray(new String[0])));
    }
}
