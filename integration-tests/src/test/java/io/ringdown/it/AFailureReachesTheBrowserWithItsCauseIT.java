package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the trunk answers becomes a stable cause, with its status, its Q.850 value, the one to blame, and words. */
@ExtendWith(Trial.Extension.class)
final class AFailureReachesTheBrowserWithItsCauseIT {

    private static Exchange exchange;

    @BeforeAll
    static void start(Trial trial) {
        int port = Tools.freePort();
        GatewayConfig config = new GatewayConfig().trunk("carrier", """
                        sip:
                          address: 127.0.0.1:%d
                          no-answer-after: 5s
                        media:
                          listen: 127.0.0.1
                        prefixes: ['+49']
                        """.formatted(port));
        exchange = Exchange.start(trial, config, port);
    }

    @ParameterizedTest
    @CsvSource({
        "CHROMIUM, 486, Busy Here, 17, busy, callee, true",
        "FIREFOX, 486, Busy Here, 17, busy, callee, true",
        "CHROMIUM, 503, Service Unavailable, 42, congestion, trunk, true",
        "FIREFOX, 503, Service Unavailable, 42, congestion, trunk, true",
        "CHROMIUM, 404, Not Found, 1, unknown-number, caller, false",
        "FIREFOX, 404, Not Found, 1, unknown-number, caller, false",
        "CHROMIUM, 603, Decline, 21, rejected, callee, false",
        "CHROMIUM, 410, Gone, 22, number-changed, caller, false",
        "CHROMIUM, 480, Temporarily Unavailable, 20, unavailable, callee, true",
        "CHROMIUM, 403, Forbidden, 57, forbidden, trunk, false",
        "CHROMIUM, 488, Not Acceptable Here, 65, media-not-acceptable, trunk, false",
    })
    void aRefusalOfTheTrunkIsTold(
            Browser.Kind kind,
            int status,
            String phrase,
            int q850,
            String cause,
            String blame,
            boolean retry,
            Trial trial) {
        Sipp carrier = Sipp.start(
                trial,
                Sipp.Run.of("uas-reject", exchange.carrierPort())
                        .key("status", status)
                        .key("phrase", phrase)
                        .key("why", "Q.850;cause=" + q850));
        RawClient phone = RawClient.connect(trial, kind.browser(), exchange.pages(), exchange.gateway());
        phone.start(Exchange.NUMBER);
        JsonNode ended = phone.awaitEnded(15);
        carrier.awaitSuccess(10);
        assertThat(ended.path("cause").asText()).isEqualTo(cause);
        assertThat(ended.path("sip").asInt()).isEqualTo(status);
        assertThat(ended.path("q850").asInt()).isEqualTo(q850);
        assertThat(ended.path("blame").asText()).isEqualTo(blame);
        assertThat(ended.path("retry").asBoolean()).isEqualTo(retry);
        assertThat(phone.messages("established")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"CHROMIUM", "FIREFOX"})
    void aPhoneThatRingsAndRingsIsCancelled(Browser.Kind kind, Trial trial) {
        Sipp carrier = Sipp.start(trial, Sipp.Run.of("uas-no-answer", exchange.carrierPort()));
        RawClient phone = RawClient.connect(trial, kind.browser(), exchange.pages(), exchange.gateway());
        phone.start(Exchange.NUMBER);
        phone.awaitProgress("ringing", 10);
        JsonNode ended = phone.awaitEnded(20);
        carrier.awaitSuccess(10);
        assertThat(ended.path("cause").asText()).isEqualTo("no-answer");
    }

    @Test
    void aTrunkWithNobodyBehindItIsTold(Trial trial) {
        RawClient phone = call(trial, Exchange.NUMBER);
        JsonNode ended = phone.awaitEnded(15);
        assertThat(ended.path("cause").asText()).isEqualTo("trunk-unreachable");
        assertThat(ended.path("blame").asText()).isEqualTo("trunk");
    }

    @Test
    void aNumberWithoutTrunkIsTold(Trial trial) {
        RawClient phone = call(trial, "+33155501234");
        assertThat(phone.awaitEnded(10).path("cause").asText()).isEqualTo("no-route");
    }

    @ParameterizedTest
    @CsvSource({"'not a number'", "'+49;phone-context=x'", "'+49\r\nX-Evil: 1'", "''", "'sip:a@b'"})
    void whatIsNoNumberIsRefused(String number, Trial trial) {
        RawClient phone = call(trial, number);
        Tools.await(
                "the browser is told that it is no number",
                10,
                () -> phone.messages().toString().matches("(?s).*(bad-number|bad-message).*"),
                () -> phone.messages().toString());
    }

    private static RawClient call(Trial trial, String number) {
        RawClient phone =
                RawClient.connect(trial, Browser.Kind.CHROMIUM.browser(), exchange.pages(), exchange.gateway());
        phone.start(number);
        return phone;
    }
}
