package io.ringdown.it;

import static io.ringdown.evidence.Row.ROUTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** A list of trunks for a prefix: the next one when the first says nothing for 4 s, or 5xx. */
@Shows(ROUTING)
@ExtendWith(Trial.Extension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TheNextTrunkTakesOverIT {

    private static int first;
    private static int second;
    private static Exchange exchange;

    @BeforeAll
    static void start(Trial trial) {
        first = Tools.freePort();
        second = Tools.freePort();
        GatewayConfig config =
                new GatewayConfig().trunk("first", Exchange.carrier(first)).trunk("second", Exchange.carrier(second));
        exchange = Exchange.start(trial, config, second);
    }

    // The last, because an INVITE that nobody answered is repeated for a while, and the next SIPp would take it for its
    // own.
    @Order(Integer.MAX_VALUE)
    @Test
    void whenTheFirstIsSilent(Trial trial) throws SocketException {
        trial.keep(new DatagramSocket(first, InetAddress.ofLiteral("127.0.0.1"))); // takes all, says nothing
        takesOver(trial);
    }

    @Test
    void whenTheFirstIsOverloaded(Trial trial) {
        Sipp refusing = Sipp.start(
                trial,
                Sipp.Run.of("uas-reject", first)
                        .key("status", 503)
                        .key("phrase", "Service Unavailable")
                        .key("why", "Q.850;cause=42"));
        takesOver(trial);
        refusing.awaitSuccess(5);
    }

    @Test
    void butNotWhenTheCalledIsBusy(Trial trial) {
        Sipp busy = Sipp.start(
                trial,
                Sipp.Run.of("uas-reject", first)
                        .key("status", 486)
                        .key("phrase", "Busy Here")
                        .key("why", "Q.850;cause=17"));
        FarEnd far = trial.keep(new FarEnd());
        Sipp unused = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = connect(trial);
        phone.start(Exchange.NUMBER);
        assertThat(phone.awaitEnded(10).path("cause").asText()).isEqualTo("busy");
        busy.awaitSuccess(5);
        assertThat(unused.messages()).doesNotContain("INVITE");
    }

    private static void takesOver(Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far));
        RawClient phone = connect(trial);
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        Ear.hears(
                "the telephone behind the second trunk",
                Ear.of(trial.directory(), "telephone", far.listenFor(1500)),
                phone.browser().microphoneHz());
        phone.hangUp();
        carrier.awaitSuccess(10);
    }

    private static RawClient connect(Trial trial) {
        return RawClient.connect(trial, Browser.Kind.CHROMIUM.browser(), exchange.pages(), exchange.gateway());
    }
}
