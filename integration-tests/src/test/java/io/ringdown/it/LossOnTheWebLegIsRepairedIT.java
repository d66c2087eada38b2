package io.ringdown.it;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A browser over a wire that loses packets both ways: each still hears the other, and the gateway has repaired what was lost,
 * with Chromium out of the copies that RED brings, with Firefox out of Opus's in-band FEC.
 */
@ExtendWith(Trial.Extension.class)
final class LossOnTheWebLegIsRepairedIT {

    private static Exchange exchange;

    @BeforeAll
    static void start(Trial trial) {
        exchange = Exchange.start(trial);
    }

    @ParameterizedTest
    @CsvSource({"CHROMIUM, 0.05", "CHROMIUM, 0.20", "FIREFOX, 0.05", "FIREFOX, 0.20"})
    void eachHearsTheOtherAndWhatIsLostIsRepaired(Browser.Kind kind, double loss, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Link first = trial.keep(new Link(exchange.config().mediaPort(), loss, 1));
        Link second = trial.keep(new Link(exchange.config().mediaPort() + 1, loss, 2));
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        Browser browser = kind.browser();
        RawClient phone = RawClient.connect(trial, browser, exchange.pages(), exchange.gateway());
        phone.take(exchange.config(), first, second);
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        far.speak(0, G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Tools.pause(8_000); // until reports of the loss have gone both ways
        JsonNode before = counts();
        Sound heard = phone.hearOnceLoud();
        Sound atTelephone = Ear.of(trial.directory(), "telephone", far.listenFor(4_000));
        JsonNode after = counts();
        JsonNode stats = phone.evaluate("client.stats()");
        System.err.println("X " + kind + " " + loss + " " + before + " " + after + " " + atTelephone + " " + heard
                + " per packet "
                + stats.path("outbound-rtp").path("bytesSent").asDouble()
                        / stats.path("outbound-rtp").path("packetsSent").asDouble()
                + " in "
                + stats.path("inbound-rtp").path("bytesReceived").asDouble()
                        / stats.path("inbound-rtp").path("packetsReceived").asDouble()
                + " " + stats.path("inbound-rtp"));
        phone.hangUp();
        carrier.awaitSuccess(10);
    }

    /** What the gateway has counted of the web leg. */
    private static JsonNode counts() {
        for (JsonNode loop : exchange.gateway().debugState().path("media").path("loops")) {
            for (JsonNode call : loop.path("calls")) {
                return call.path("bridge").path("web");
            }
        }
        throw new AssertionError("the gateway has no call");
    }
}
