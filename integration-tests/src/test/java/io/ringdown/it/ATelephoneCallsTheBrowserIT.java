package io.ringdown.it;

import static io.ringdown.evidence.Row.INBOUND;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.evidence.Shows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIPp calls the number that a browser has signed in for. */
@Shows(INBOUND)
@ExtendWith(Trial.Extension.class)
final class ATelephoneCallsTheBrowserIT {

    private static final String BROWSERS_NUMBER = "+493055509999";

    @ParameterizedTest
    @CsvSource({"CHROMIUM, PCMU", "CHROMIUM, PCMA", "FIREFOX, PCMU", "FIREFOX, PCMA"})
    void theBrowserRingsIsAnsweredAndEachHearsTheOther(Browser.Kind kind, G711 codec, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Browser browser = kind.browser();
        RawClient phone = exchange.phone(trial, browser, BROWSERS_NUMBER);

        Sipp caller = Sipp.start(trial, exchange.caller("uac-call", BROWSERS_NUMBER, codec, far, 12_000));
        JsonNode incoming = phone.await("incoming", 10);
        assertThat(incoming.path("from").asText()).isEqualTo("+493012345678");
        assertThat(incoming.path("name").asText()).isEqualTo("Ada Caller");
        assertThat(incoming.path("to").asText()).isEqualTo(BROWSERS_NUMBER);
        phone.evaluate("client.accept(" + incoming.get("call") + ")");
        phone.awaitEstablished();
        far.awaitAudio(10);
        far.speak(codec.payloadType(), codec.tone(trial.directory(), Exchange.TELEPHONE_HZ));

        Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears("the telephone", Ear.of(trial.directory(), "telephone", far.listenFor(1500)), browser.microphoneHz());
        caller.awaitSuccess(30);
        JsonNode ended = phone.awaitEnded(5);
        assertThat(ended.path("cause").asText()).isEqualTo("normal");
    }

    @Test
    void theBrowserHangsUpAndTheTelephoneIsTold(Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        RawClient phone = signedIn(trial, exchange);
        Sipp caller = Sipp.start(trial, exchange.caller("uac-called-hangs-up", BROWSERS_NUMBER, G711.PCMA, far, 0));
        JsonNode incoming = phone.await("incoming", 10);
        phone.evaluate("client.accept(" + incoming.get("call") + ")");
        phone.awaitEstablished();
        phone.hangUp();
        caller.awaitSuccess(10);
        assertThat(phone.awaitEnded(5).path("cause").asText()).isEqualTo("normal");
    }

    @ParameterizedTest
    @CsvSource({"busy, 486", "declined, 603"})
    void aRejectedCallIsRefusedToTheTelephone(String reason, int status, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        String number = "+493055500" + status; // the pages of other tests may come back to theirs, and are rung
        RawClient phone = exchange.phone(trial, Browser.Kind.CHROMIUM.browser(), number);
        Sipp caller = Sipp.start(
                trial, exchange.caller("uac-expects", number, G711.PCMA, far, 0).key("status", status));
        JsonNode incoming = phone.await("incoming", 10);
        phone.evaluate("client.send({type: 'reject', call: " + incoming.get("call") + ", reason: '" + reason + "'})");
        caller.awaitSuccess(10);
        assertThat(caller.messages()).contains("SIP/2.0 " + status + " ");
    }

    @Test
    void aNumberThatNobodyAnswersForIsUnavailable(Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp caller = Sipp.start(
                trial,
                exchange.caller("uac-expects", "+493055500000", G711.PCMU, far, 0)
                        .key("status", 480));
        caller.awaitSuccess(10);
        assertThat(caller.messages()).contains("SIP/2.0 480 ");
    }

    @Test
    void aCallFromAnAddressThatIsNoTrunkDoesNotRing(Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd("127.0.0.9"));
        RawClient phone = signedIn(trial, exchange);
        Sipp stranger = Sipp.start(
                trial,
                exchange.caller("uac-expects", BROWSERS_NUMBER, G711.PCMU, far, 0)
                        .key("status", 403)
                        .at("127.0.0.9"));
        Tools.pause(3000);
        assertThat(phone.messages("incoming")).isEmpty();
        assertThat(stranger.messages()).doesNotContain("SIP/2.0 180").doesNotContain("SIP/2.0 200");
    }

    private static RawClient signedIn(Trial trial, Exchange exchange) {
        return exchange.phone(trial, Browser.Kind.CHROMIUM.browser(), BROWSERS_NUMBER);
    }
}
