package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same call by plain HTTP, with curl: an offer posted, the answer back, its state told, its end by DELETE. */
@ExtendWith(Trial.Extension.class)
final class ACallByHttpIT {

    /** What a first call would wait for is done at the start; where it failed, the log says so instead. */
    @Test
    void theFirstCallFindsMediaWarm(Exchange exchange) {
        Tools.await(
                "media are warm",
                20,
                () -> exchange.gateway().log().contains("Media are warm"),
                exchange.gateway()::log);
    }

    @ParameterizedTest
    @EnumSource
    void anOfferPostedByCurlBecomesACall(Browser.Kind kind, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = RawClient.open(trial, kind.browser(), exchange.pages());
        trial.write("offer.sdp", phone.evaluate("client.offer()").asText());

        Reply created = curl(
                trial,
                "create",
                "-X",
                "POST",
                "-H",
                "Content-Type: application/sdp",
                "--data-binary",
                "@" + trial.file("offer.sdp"),
                exchange.gateway().uri("/v1/calls/" + Exchange.NUMBER).toString());
        assertThat(created.status).as(created.toString()).isEqualTo(201);
        assertThat(created.headers.get("content-type")).startsWith("application/sdp");
        URI call = exchange.gateway().uri("/").resolve(created.headers.get("location"));
        phone.evaluate("client.pc.setRemoteDescription({type: 'answer', sdp: " + JsonSocket.quote(created.body)
                + "}).then(() => true)");
        Tools.await(
                "the call is established",
                15,
                () -> state(trial, call).path("state").asText().equals("established"),
                () -> state(trial, call).toString());
        far.awaitAudio(10);
        far.speak(0, G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears(
                "the telephone",
                Ear.of(trial.directory(), "telephone", far.listenFor(1500)),
                phone.browser().microphoneHz());

        assertThat(curl(trial, "delete", "-X", "DELETE", call.toString()).status)
                .isBetween(200, 204);
        carrier.awaitSuccess(10);
        assertThat(state(trial, call).path("state").asText()).isEqualTo("ended");
        assertThat(curl(trial, "unknown", call + "0").status).isEqualTo(404);
    }

    @Test
    void whatIsWrongIsToldAsAProblem(Trial trial, Exchange exchange) {
        trial.write("junk.sdp", "v=0\r\nthis is no description\r\n");
        String junk = "@" + trial.file("junk.sdp");
        String number = exchange.gateway().uri("/v1/calls/" + Exchange.NUMBER).toString();
        problem(
                curl(trial, "type", "-X", "POST", "-H", "Content-Type: text/plain", "--data-binary", junk, number),
                415);
        problem(
                curl(
                        trial,
                        "number",
                        "-X",
                        "POST",
                        "-H",
                        "Content-Type: application/sdp",
                        "--data-binary",
                        junk,
                        exchange.gateway().uri("/v1/calls/nobody").toString()),
                400);
        problem(curl(trial, "method", "-X", "PUT", number), 405);
        problem(
                curl(
                        trial,
                        "origin",
                        "-H",
                        "Origin: https://evil.example",
                        "-X",
                        "POST",
                        "-H",
                        "Content-Type: application/sdp",
                        "--data-binary",
                        junk,
                        number),
                403);
        Reply refused = curl(
                trial, "offer", "-X", "POST", "-H", "Content-Type: application/sdp", "--data-binary", junk, number);
        assertThat(refused.status).isBetween(400, 499);
        assertThat(refused.headers.get("content-type")).startsWith("application/problem+json");
    }

    private static void problem(Reply reply, int status) {
        assertThat(reply.status).as(reply.toString()).isEqualTo(status);
        assertThat(reply.headers.get("content-type")).startsWith("application/problem+json"); // RFC 9457
        JsonNode problem = JsonSocket.parse(reply.body);
        assertThat(problem.path("title").asText() + problem.path("detail").asText())
                .isNotBlank();
    }

    private static JsonNode state(Trial trial, URI call) {
        Reply reply = curl(trial, "state", call.toString());
        assertThat(reply.status).as(reply.toString()).isEqualTo(200);
        return JsonSocket.parse(reply.body);
    }

    /** What curl printed with -i: status, headers by lower-case name, body. */
    private record Reply(int status, Map<String, String> headers, String body) {}

    private static Reply curl(Trial trial, String name, String... arguments) {
        String[] command = new String[arguments.length + 3];
        command[0] = "curl";
        command[1] = "-sS";
        command[2] = "-i";
        System.arraycopy(arguments, 0, command, 3, arguments.length);
        String printed = Tools.run(trial.file("curl-" + name + ".txt"), command);
        int end = printed.indexOf("\r\n\r\n");
        Map<String, String> headers = new TreeMap<>();
        printed.substring(0, end).lines().skip(1).forEach(line -> {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim());
        });
        int status = Integer.parseInt(printed.substring(printed.indexOf(' ') + 1, printed.indexOf(' ') + 4));
        return new Reply(status, headers, printed.substring(end + 4));
    }
}
