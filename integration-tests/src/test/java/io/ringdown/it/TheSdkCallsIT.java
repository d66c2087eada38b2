package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The SDK of web/sdk, from a page of another origin, in both browsers: out, in, digits, endings. */
@ExtendWith(Trial.Extension.class)
final class TheSdkCallsIT {

    private static final String BROWSERS_NUMBER = "+493055507777";

    @ParameterizedTest
    @EnumSource
    void aCallOfTheSdkIsHeardBothWaysAndItsDigitsArrive(Browser.Kind kind, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far));
        Browser browser = kind.browser();
        SdkPage phone = SdkPage.open(trial, browser, exchange.pages().uri("/sdk.html"));
        phone.connect(exchange.gateway());
        phone.evaluate("phone.start(" + JsonSocket.quote(Exchange.NUMBER) + ").then(() => true)");
        phone.await("established", 15);
        far.awaitAudio(10);
        far.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears("the telephone", Ear.of(trial.directory(), "telephone", far.listenFor(1500)), browser.microphoneHz());
        phone.evaluate("(phone.call.sendDigits('19#', {duration: 120, gap: 80}), true)");
        Tools.await(
                "the presses arrive",
                10,
                () -> Press.of(far.received()).size() >= 3,
                () -> Press.of(far.received()).toString());
        assertThat(Press.of(far.received())).extracting(Press::digit).containsExactly("1", "9", "#");
        phone.evaluate("(phone.call.mute(), true)");
        Tools.pause(500);
        Ear.hearsNothing("the telephone of a muted browser", Ear.of(trial.directory(), "muted", far.listenFor(1500)));
        phone.evaluate("(phone.call.hangup(), true)");
        carrier.awaitSuccess(10);
        assertThat(phone.names()).containsSubsequence("ringing", "established", "ended");
    }

    @ParameterizedTest
    @EnumSource
    void aCallToTheSdkIsHeardBothWays(Browser.Kind kind, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Browser browser = kind.browser();
        SdkPage phone = SdkPage.open(trial, browser, exchange.pages().uri("/sdk.html"));
        phone.connect(exchange.gateway(), BROWSERS_NUMBER);
        Sipp caller = Sipp.start(trial, exchange.caller("uac-call", BROWSERS_NUMBER, G711.PCMU, far, 6000));
        JsonNode incoming = phone.await("incoming", 10);
        assertThat(incoming.path("from").asText()).isEqualTo("+493012345678");
        phone.evaluate("phone.call.accept().then(() => true)");
        phone.await("established", 10);
        far.awaitAudio(10);
        far.speak(G711.PCMU.payloadType(), G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears("the telephone", Ear.of(trial.directory(), "telephone", far.listenFor(1500)), browser.microphoneHz());
        caller.awaitSuccess(15);
        phone.await("ended", 5);
    }

    @ParameterizedTest
    @EnumSource
    void aFailureHasItsCauseInTheSdk(Browser.Kind kind, Trial trial, Exchange exchange) {
        Sipp carrier = Sipp.start(
                trial,
                Sipp.Run.of("uas-reject", exchange.carrierPort())
                        .key("status", 486)
                        .key("phrase", "Busy Here")
                        .key("why", "Q.850;cause=17"));
        SdkPage phone = SdkPage.open(trial, kind.browser(), exchange.pages().uri("/sdk.html"));
        phone.connect(exchange.gateway());
        phone.evaluate("phone.start(" + JsonSocket.quote(Exchange.NUMBER) + ").then(() => true)");
        JsonNode ended = phone.await("ended", 15);
        carrier.awaitSuccess(10);
        assertThat(ended.path("reason").path("cause").asText())
                .as(ended.toString())
                .isEqualTo("busy");
        assertThat(List.copyOf(phone.names())).doesNotContain("established");
    }
}
