package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever ends a call, and whenever: the other is told, and nothing stays behind. */
@ExtendWith(Trial.Extension.class)
final class AHangUpEndsBothLegsIT {

    @ParameterizedTest
    @EnumSource
    void theTelephoneHangsUp(Browser.Kind kind, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(
                trial, exchange.carrier("uas-answer-then-bye", G711.PCMU, far).with("-d", "1500"));
        RawClient phone = exchange.phone(trial, kind.browser());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        JsonNode ended = phone.awaitEnded(10);
        carrier.awaitSuccess(10);
        assertThat(ended.path("cause").asText()).isEqualTo("normal");
        assertThat(ended.path("q850").asInt()).isEqualTo(16);
        assertSilent(far);
    }

    @Test
    void theBrowserCancelsWhileItRings(Trial trial, Exchange exchange) {
        Sipp carrier = Sipp.start(trial, Sipp.Run.of("uas-no-answer", exchange.carrierPort()));
        RawClient phone = connect(trial, exchange);
        phone.start(Exchange.NUMBER);
        phone.awaitProgress("ringing", 10);
        phone.hangUp();
        carrier.awaitSuccess(10);
        assertThat(phone.awaitEnded(5).path("cause").asText()).isEqualTo("cancelled");
    }

    @Test
    void aClosedTabEndsTheCallAtTheTelephone(Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = connect(trial, exchange);
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        phone.evaluate("(client.pc.close(), client.socket.close(), true)");
        carrier.awaitSuccess(20); // 10 s, in which the page might have been loaded again
        assertSilent(far);
    }

    @Test
    void aBrowserThatVanishesEndsTheCallByTheLivenessRule(Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = connect(trial, exchange);
        Link link = trial.keep(new Link(exchange.config().mediaPort(), 0, 1));
        Link other = trial.keep(new Link(exchange.config().mediaPort() + 1, 0, 1));
        phone.take(exchange.config(), link, other);
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        link.close();
        other.close();
        phone.evaluate("(client.socket.close(), true)");
        carrier.awaitSuccess(40); // 30 s, in which it might have come back
    }

    private static RawClient connect(Trial trial, Exchange exchange) {
        return exchange.phone(trial, Browser.Kind.CHROMIUM.browser());
    }

    private static void assertSilent(FarEnd far) {
        Tools.pause(300);
        assertThat(far.listenFor(1000))
                .as("nothing is sent to a telephone that has hung up")
                .isEmpty();
    }
}
