package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** SIGTERM: calls go on, no new ones are taken, and at the limit everybody is told. */
@ExtendWith(Trial.Extension.class)
final class AGatewayDrainsIT {
    private static final int CALLS = 20;
    private static final int PHONES = 4;
    private static final String REASON = "Reason: Q.850;cause=41;text=\"The gateway is being restarted.\"";

    /** A gateway with calls that SIPp has answered, and whose they are. */
    private record Talking(Gateway gateway, GatewayConfig config, Sipp telephones, List<SocketPhone> phones, int port) {
        static Talking start(Trial trial, String drain, int calls) {
            int port = Tools.freePort();
            GatewayConfig config = new GatewayConfig()
                    .trunk("carrier", Exchange.carrier(port))
                    .lines("calls: {dial: at-once, connect-timeout: 60s}\n")
                    .drain(drain);
            Gateway gateway = Gateway.start(trial, config);
            Sipp telephones = Sipp.start(trial, carrier("uas-answer", port).calls(calls));
            List<SocketPhone> phones = new ArrayList<>();
            int each = Math.min(calls, CALLS / PHONES);
            for (int made = 0; made < calls; made += each) {
                SocketPhone phone = SocketPhone.connect(trial, gateway, "+4930555" + made);
                phones.add(phone);
                for (int i = 0; i < each; i++) {
                    phone.start(Exchange.NUMBER);
                }
                phone.await("established", each);
            }
            return new Talking(gateway, config, telephones, phones, port);
        }

        static Sipp.Run carrier(String scenario, int port) {
            return Sipp.Run.of(scenario, port)
                    .key("pt", 0)
                    .key("codec", "PCMU")
                    .key("te", 101)
                    .key("status", 503)
                    .key("rtp_ip", "127.0.0.1")
                    .key("rtp_port", Tools.freePort());
        }

        void awaitLine(String part) {
            Tools.await("the line: " + part, 30, () -> gateway.log().contains(part), gateway::log);
        }

        /** The causes of every call that has ended for its client. */
        List<String> causes() {
            return phones.stream()
                    .flatMap(phone -> phone.told("ended").stream())
                    .map(ended -> ended.path("cause").asText())
                    .toList();
        }
    }

    @Test
    void callsGoOnUntilTheLimitNewOnesAreRefusedAndThenEverybodyIsTold(Trial trial) throws IOException {
        Talking talking = Talking.start(trial, "15s", CALLS);
        Gateway gateway = talking.gateway;
        gateway.terminate();
        talking.awaitLine("Stopping: no new calls; waiting for 20 calls, at most 15 s.");

        HttpResponse<String> health = gateway.get("/healthz");
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(health.body()).contains("draining");
        assertThat(new HttpPhone(gateway)
                        .call(Exchange.NUMBER, "")
                        .json()
                        .path("cause")
                        .asText())
                .isEqualTo("shutdown");
        Sipp refused = Sipp.start(
                trial,
                Talking.carrier("uac-expects", Tools.freePort())
                        .with("-s", "+49305550", "127.0.0.1:" + talking.config.sipPort()));
        refused.awaitSuccess(10);
        assertThat(refused.messages()).contains("SIP/2.0 503").contains("Retry-After:");

        talking.awaitLine("20 calls left.");
        assertThat(talking.telephones.messages()).doesNotContain("BYE sip:");
        assertThat(talking.causes()).isEmpty();

        talking.awaitLine("20 calls left after 15 s: cut off.");
        assertThat(gateway.awaitEnd(20)).isZero();
        talking.telephones.awaitSuccess(10);
        assertThat(Stream.of(talking.telephones.messages().split("BYE sip:", -1))
                        .skip(1))
                .hasSizeGreaterThanOrEqualTo(CALLS)
                .allMatch(bye -> bye.contains(REASON));
        Tools.await(
                "every client is told",
                10,
                () -> talking.causes().size() == CALLS,
                () -> talking.causes().toString());
        assertThat(talking.causes()).containsOnly("shutdown");
        List<JsonNode> records = ACrashLeavesNoLegBehindIT.records(trial);
        assertThat(records).hasSize(CALLS);
        assertThat(records).extracting(record -> record.path("cause").asText()).containsOnly("shutdown");
    }

    @Test
    void itGoesWhenTheLastCallHasEnded(Trial trial) throws IOException {
        Talking talking = Talking.start(trial, "10m", 3);
        talking.gateway.terminate();
        talking.awaitLine("Stopping: no new calls; waiting for 3 calls");
        SocketPhone phone = talking.phones.getFirst();
        for (JsonNode established : phone.told("established")) {
            phone.say("{\"type\":\"hangup\",\"call\":" + established.get("call") + "}");
        }
        assertThat(talking.gateway.awaitEnd(20)).isZero();
        assertThat(talking.gateway.log()).contains("No call is left.");
        talking.telephones.awaitSuccess(10);
        assertThat(ACrashLeavesNoLegBehindIT.records(trial))
                .extracting(record -> record.path("cause").asText())
                .containsExactly("normal", "normal", "normal");
    }

    @Test
    void toldASecondTimeItEndsAtOnce(Trial trial) {
        Talking talking = Talking.start(trial, "10m", 2);
        talking.gateway.terminate();
        talking.awaitLine("Stopping:");
        assertThat(talking.gateway.isAlive()).isTrue();
        talking.gateway.terminate();
        assertThat(talking.gateway.awaitEnd(20)).isZero();
        assertThat(talking.gateway.log()).contains("Told again to end: 2 calls cut off.");
        talking.telephones.awaitSuccess(10);
        assertThat(talking.telephones.messages()).contains(REASON);
    }
}
