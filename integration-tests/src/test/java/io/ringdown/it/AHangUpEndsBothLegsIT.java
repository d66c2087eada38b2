package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever ends a call, and whenever: the other is told, and nothing stays behind. */
@ExtendWith(Trial.Extension.class)
final class AHangUpEndsBothLegsIT {

    private static Exchange exchange;

    @BeforeAll
    static void start(Trial trial) {
        exchange = Exchange.start(trial);
    }

    @ParameterizedTest
    @EnumSource
    void theTelephoneHangsUp(Browser.Kind kind, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(
                trial, exchange.carrier("uas-answer-then-bye", G711.PCMU, far).with("-d", "1500"));
        RawClient phone = RawClient.connect(trial, kind.browser(), exchange.pages(), exchange.gateway());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        JsonNode ended = phone.awaitEnded(10);
        carrier.awaitSuccess(10);
        assertThat(ended.path("cause").asText()).isEqualTo("normal");
        assertThat(ended.path("q850").asInt()).isEqualTo(16);
        assertSilent(far);
    }

    @Test
    void theBrowserCancelsWhileItRings(Trial trial) {
        Sipp carrier = Sipp.start(trial, Sipp.Run.of("uas-no-answer", exchange.carrierPort()));
        RawClient phone = connect(trial);
        phone.start(Exchange.NUMBER);
        phone.awaitProgress("ringing", 10);
        phone.hangUp();
        carrier.awaitSuccess(10);
        assertThat(phone.awaitEnded(5).path("cause").asText()).isEqualTo("cancelled");
    }

    @Test
    void aClosedTabEndsTheCallAtTheTelephone(Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = connect(trial);
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        phone.evaluate("(client.pc.close(), client.socket.close(), true)");
        carrier.awaitSuccess(15);
        assertSilent(far);
    }

    @Test
    void aBrowserThatVanishesEndsTheCallByTheLivenessRule(Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = connect(trial);
        Link link = trial.keep(new Link(exchange.config().mediaPort(), 0, 1));
        Link other = trial.keep(new Link(exchange.config().mediaPort() + 1, 0, 1));
        phone.take(exchange.config(), link, other);
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        link.close();
        other.close();
        phone.evaluate("(client.socket.close(), true)");
        carrier.awaitSuccess(20); // 10 s when the socket is gone
    }

    private static RawClient connect(Trial trial) {
        return RawClient.connect(trial, Browser.Kind.CHROMIUM.browser(), exchange.pages(), exchange.gateway());
    }

    private static void assertSilent(FarEnd far) {
        Tools.pause(300);
        assertThat(far.listenFor(1000))
                .as("nothing is sent to a telephone that has hung up")
                .isEmpty();
    }
}
