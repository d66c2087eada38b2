package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens to calls is told a receiver that fails half of the time, by a gateway that is killed meanwhile; and the examples' receivers. */
@ExtendWith(Trial.Extension.class)
final class WebhooksIT {
    private static final int HALF = 50;
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String OTHER = "fedcba9876543210fedcba9876543210";

    @Test
    void everyEventOfAHundredCallsIsTakenInItsOrder(Trial trial) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        int carrier = Tools.freePort();
        int node = Tools.freePort();
        int java = Tools.freePort();
        MoodyReceiver moody = trial.keep(new MoodyReceiver(seed));
        GatewayConfig config = new GatewayConfig()
                .trunk("carrier", Exchange.carrier(carrier))
                .lines("""
                    calls: {dial: at-once, connect-timeout: 60s}
                    hooks:
                      timeout: 1s
                      parallel: 64
                      to:
                        moody: {url: '%s', secret: %s}
                        node: {url: 'http://127.0.0.1:%d/', secret: %s, old-secret: %s, events: [call.ended]}
                        java: {url: 'http://127.0.0.1:%d/', secret: %s, events: [call.ended]}
                    """.formatted(moody.url(), SECRET, node, OTHER, SECRET, java, SECRET));
        Example inNode =
                Example.start(trial, "webhook-receiver-node", Map.of("PORT", String.valueOf(node), "SECRET", SECRET));
        Example inJava =
                Example.start(trial, "webhook-receiver-java", Map.of("PORT", String.valueOf(java), "SECRET", SECRET));
        Gateway first = Gateway.start(trial, config);
        Sipp answers = Sipp.start(
                trial,
                Sipp.Run.of("uas-answer", carrier)
                        .calls(2 * HALF)
                        .key("pt", 0)
                        .key("codec", "PCMU")
                        .key("rtp_ip", "127.0.0.1")
                        .key("rtp_port", Tools.freePort()));

        callAndHangUp(first);
        Tools.await(
                "what happened is in the queue",
                30,
                () -> first.debugState().path("calls").isEmpty()
                        && first.debugState().path("hooks").path("unread").asInt(-1) == 0,
                () -> first.debugState().path("hooks").toString());
        int waiting =
                first.debugState().path("hooks").path("moody").path("waiting").asInt();
        first.kill();
        Gateway second = Gateway.start(trial, config);
        callAndHangUp(second);
        answers.awaitSuccess(60);
        Tools.await(
                "all is taken",
                180,
                () -> waiting(second) == 0,
                () -> second.debugState().path("hooks").toString());
        System.err.printf("    -Dseed=%d: %d events waited at the kill; %s%n", seed, waiting, moody.moods());

        assertThat(waiting)
                .as("something was still to be told when it was killed")
                .isPositive();
        Map<String, List<Integer>> byCall = new LinkedHashMap<>();
        Map<String, List<String>> names = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (MoodyReceiver.Taken taken : moody.taken()) {
            assertThat(taken.event().path("id").asText()).isEqualTo(taken.delivery());
            if (seen.add(taken.delivery())) { // a second time where the answer was lost
                String call = taken.event().path("call").asText();
                byCall.computeIfAbsent(call, _ -> new ArrayList<>())
                        .add(taken.event().path("number").asInt());
                names.computeIfAbsent(call, _ -> new ArrayList<>())
                        .add(taken.event().path("event").asText());
            }
        }
        assertThat(byCall).hasSize(2 * HALF);
        assertThat(byCall.values())
                .allSatisfy(numbers -> assertThat(numbers)
                        .isEqualTo(
                                IntStream.rangeClosed(1, numbers.size()).boxed().toList()));
        assertThat(names.values())
                .allSatisfy(events -> assertThat(events)
                        .startsWith("call.begun")
                        .contains("call.ringing", "call.answered")
                        .endsWith("call.ended"));
        List<MoodyReceiver.Taken> some = moody.taken().stream().limit(20).toList();
        for (int i = 0; i < some.size(); i++) {
            assertThat(some.get(i).signature()).isEqualTo(byOpenssl(trial, i, some.get(i)));
        }
        for (Example example : List.of(inNode, inJava)) {
            assertThat(example.log().lines().filter(line -> line.contains("call.ended")))
                    .as("taken by the example")
                    .hasSize(2 * HALF);
        }
        assertThat(second.get("/metrics").body()).contains("ringdown_hook_events_undelivered_total{hook=\"moody\"} 0");
        assertThat(second.log()).doesNotContain("ERROR");
    }

    private static int waiting(Gateway gateway) {
        int all = 0;
        for (String name : List.of("moody", "node", "java")) {
            all += gateway.debugState().path("hooks").path(name).path("waiting").asInt(1);
        }
        return all + gateway.debugState().path("hooks").path("unread").asInt(1);
    }

    private static void callAndHangUp(Gateway gateway) {
        HttpPhone phone = new HttpPhone(gateway);
        List<HttpPhone.Reply> calls = new ArrayList<>();
        for (int i = 0; i < HALF; i++) {
            String number = "+49305550" + (1000 + i);
            Tools.await(
                    "a call to " + number,
                    20,
                    () -> {
                        HttpPhone.Reply reply = phone.call(number, "");
                        if (reply.status() == 201) {
                            calls.add(reply);
                        }
                        return reply.status() == 201;
                    },
                    () -> "refused");
        }
        Tools.await(
                "all are answered",
                30,
                () -> {
                    int established = 0;
                    for (var call : gateway.debugState().path("calls")) {
                        established += call.path("state").asText().equals("established") ? 1 : 0;
                    }
                    return established == HALF;
                },
                () -> gateway.debugState().path("calls").toString());
        calls.forEach(call -> assertThat(gateway.send(
                                HttpRequest.newBuilder(call.call()).DELETE().build())
                        .statusCode())
                .isEqualTo(200));
    }

    /** What openssl makes of the time and the body. */
    private static String byOpenssl(Trial trial, int number, MoodyReceiver.Taken taken) {
        String time = taken.signature().replaceAll("^t=([0-9]+),.*", "$1");
        trial.write("signed-" + number, time + "." + taken.body());
        String printed = Tools.run(
                trial.file("openssl-" + number + ".log"),
                "openssl",
                "dgst",
                "-sha256",
                "-hmac",
                SECRET,
                trial.file("signed-" + number).toString());
        return "t=" + time + ",v1=" + printed.strip().replaceAll("^.*= *", "");
    }
}
