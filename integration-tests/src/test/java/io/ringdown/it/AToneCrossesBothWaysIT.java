package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A browser calls a telephone: what goes in at one end is found by frequency at the other, both ways, and nothing else. */
@ExtendWith(Trial.Extension.class)
final class AToneCrossesBothWaysIT {

    @ParameterizedTest
    @CsvSource({"CHROMIUM, PCMU", "CHROMIUM, PCMA", "FIREFOX, PCMU", "FIREFOX, PCMA"})
    void aBrowserCallsATelephoneAndEachHearsTheOther(Browser.Kind kind, G711 codec, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", codec, far));
        Browser browser = kind.browser();
        RawClient phone = exchange.phone(trial, browser);

        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        far.speak(codec.payloadType(), codec.tone(trial.directory(), Exchange.TELEPHONE_HZ));

        Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears("the telephone", Ear.of(trial.directory(), "telephone", far.listenFor(2000)), browser.microphoneHz());
        assertThat(phone.story())
                .containsExactly(
                        "welcome", "answer", "progress trying", "progress ringing", "established", "dtmf-road");
        assertThat(FarEnd.inOrder(far.received()))
                .as("every packet carries the codec that was answered")
                .allMatch(packet -> packet.payloadType() == codec.payloadType());

        phone.hangUp();
        carrier.awaitSuccess(10);
        assertThat(phone.awaitEnded(5).path("cause").asText()).isEqualTo("normal");
    }
}
