package io.ringdown.it;

import static io.ringdown.evidence.Row.IDENTITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Kamailio} with digest, its route recorded, SIPp behind it. */
@Shows(IDENTITY)
@ExtendWith(Trial.Extension.class)
final class AKamailioAsksForCredentialsIT {

    @ParameterizedTest
    @ValueSource(strings = {"MD5", "SHA-256"})
    void theCallPassesWithTheRightPassword(String algorithm, Trial trial) {
        int proxyPort = Tools.freePort();
        int telephonePort = Tools.freePort();
        Kamailio.start(trial, proxyPort, telephonePort, algorithm);
        Exchange exchange = Exchange.start(
                trial, new GatewayConfig().trunk("carrier", trunk(proxyPort, "correct horse")), telephonePort);
        FarEnd far = trial.keep(new FarEnd());
        Sipp telephone = Sipp.start(trial, exchange.carrier("uas-behind-proxy", G711.PCMA, far));
        RawClient phone =
                RawClient.connect(trial, Browser.Kind.CHROMIUM.browser(), exchange.pages(), exchange.gateway());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        Ear.hears(
                "the telephone",
                Ear.of(trial.directory(), "telephone", far.listenFor(1500)),
                phone.browser().microphoneHz());
        phone.hangUp();
        telephone.awaitSuccess(10);
        assertThat(exchange.gateway().log()).doesNotContain("correct horse");
    }

    @Test
    void aWrongPasswordIsToldAsTheGatewaysFault(Trial trial) {
        int proxyPort = Tools.freePort();
        int telephonePort = Tools.freePort();
        Kamailio.start(trial, proxyPort, telephonePort, "MD5");
        Exchange exchange =
                Exchange.start(trial, new GatewayConfig().trunk("carrier", trunk(proxyPort, "wrong")), telephonePort);
        RawClient phone =
                RawClient.connect(trial, Browser.Kind.CHROMIUM.browser(), exchange.pages(), exchange.gateway());
        phone.start(Exchange.NUMBER);
        assertThat(phone.awaitEnded(15).path("cause").asText()).isEqualTo("trunk-unauthorized");
    }

    private static String trunk(int port, String password) {
        return """
            sip:
              address: 127.0.0.1:%d
              username: ringdown
              password: '%s'
            media:
              listen: 127.0.0.1
            prefixes: ['+']
            """.formatted(port, password);
    }
}
