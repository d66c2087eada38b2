package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Telephone-events of the trunk become {@code dtmf} messages, one for each press; digits by message reach the trunk. */
@ExtendWith(Trial.Extension.class)
final class DigitsReachTheBrowserIT {

    private static final String ALL = "0123456789*#ABCD";

    @Test
    void everyPressOfTheTelephoneIsToldOnceWithItsLength(Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = established(trial, far, exchange);
        int type = telephoneEventType(carrier);
        for (int event = 0; event < ALL.length(); event++) {
            far.press(type, event, 60 + 20 * event);
            Tools.pause(60);
        }
        Tools.await(
                "the browser is told all presses",
                10,
                () -> phone.messages("dtmf").size() >= ALL.length(),
                () -> phone.messages("dtmf").toString());
        Tools.pause(300);
        assertThat(phone.messages("dtmf").stream()
                        .map(message -> message.path("digit").asText())
                        .collect(Collectors.joining()))
                .isEqualTo(ALL);
        int event = 0;
        for (JsonNode message : phone.messages("dtmf")) {
            assertThat(message.path("duration").asInt()).isBetween(40 + 20 * event, 80 + 20 * event);
            assertThat(message.path("road").asText()).isEqualTo("rtp");
            event++;
        }
        assertThat(exchange.gateway().log()).as("digits are in no log").doesNotContain("digit=");
        phone.hangUp();
        carrier.awaitSuccess(10);
    }

    @Test
    void digitsByMessageReachTheTelephone(Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = established(trial, far, exchange);
        phone.evaluate(
                "client.send({type: 'dtmf', call: client.call, ref: 'd', digits: '42#,7', duration: 120, gap: 80})");
        Tools.await(
                "the presses arrive",
                10,
                () -> Press.of(far.received()).size() >= 4,
                () -> Press.of(far.received()).toString());
        Tools.pause(300);
        assertThat(Press.of(far.received())).extracting(Press::digit).containsExactly("4", "2", "#", "7");
        assertThat(Press.of(far.received()))
                .allSatisfy(press -> assertThat(press.millis()).isBetween(100.0, 140.0));
        assertThat(receipts(phone, "accepted")).containsExactly(0, 1, 2, 3);
        assertThat(receipts(phone, "sent")).containsExactly(0, 1, 2, 3);
        phone.hangUp();
        carrier.awaitSuccess(10);
    }

    /** Which of the message's digits came to this, in the order in which it was told. */
    private static java.util.List<Integer> receipts(RawClient phone, String state) {
        return phone.messages("dtmf-receipt").stream()
                .filter(receipt -> receipt.path("ref").asText().equals("d"))
                .filter(receipt -> receipt.path("state").asText().equals(state))
                .map(receipt -> receipt.path("index").asInt())
                .toList();
    }

    private static RawClient established(Trial trial, FarEnd far, Exchange exchange) {
        RawClient phone = exchange.phone(trial, Browser.Kind.CHROMIUM.browser());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        return phone;
    }

    private static int telephoneEventType(Sipp carrier) {
        java.util.regex.Matcher line = java.util.regex.Pattern.compile("a=rtpmap:([0-9]+) telephone-event/8000")
                .matcher(carrier.messages());
        assertThat(line.find()).as("the offer has telephone-event").isTrue();
        return Integer.parseInt(line.group(1));
    }
}
