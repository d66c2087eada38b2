package io.ringdown.it;

import static io.ringdown.evidence.Row.EARLY_MEDIA_AND_FORKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A 183 with SDP opens the way for sound and digits in both directions, before anybody has answered. */
@Shows(EARLY_MEDIA_AND_FORKS)
@ExtendWith(Trial.Extension.class)
final class EarlyMediaIT {

    @ParameterizedTest
    @EnumSource
    void soundAndDigitsPassBothWaysBeforeTheAnswer(Browser.Kind kind, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(
                trial, exchange.carrier("uas-early-media", G711.PCMA, far).with("-d", "9000"));
        Browser browser = kind.browser();
        RawClient phone = exchange.phone(trial, browser);

        phone.start(Exchange.NUMBER);
        phone.awaitProgress("early-media", 10);
        far.awaitAudio(10);
        far.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears("the telephone", Ear.of(trial.directory(), "telephone", far.listenFor(1500)), browser.microphoneHz());
        phone.evaluate("client.press('5', 200, 70)");
        Tools.await(
                "the press arrives",
                5,
                () -> Press.of(far.received()).size() == 1,
                () -> Press.of(far.received()).toString());
        assertThat(Press.of(far.received())).extracting(Press::digit).containsExactly("5");
        assertThat(phone.messages("established")).as("nobody has answered yet").isEmpty();

        phone.awaitEstablished();
        Ear.hears("the browser after the answer", phone.hear(1500), Exchange.TELEPHONE_HZ);
        phone.hangUp();
        carrier.awaitSuccess(10);
        assertThat(phone.story()).doesNotContain("progress ringing");
    }
}
