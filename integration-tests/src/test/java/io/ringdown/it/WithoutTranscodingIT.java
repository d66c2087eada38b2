package io.ringdown.it;

import static io.ringdown.evidence.Row.ORDER_OF_CODECS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the configuration says so, browsers are answered with the trunk's own codec: sound and digits pass as they are. */
@Shows(ORDER_OF_CODECS)
@ExtendWith(Trial.Extension.class)
final class WithoutTranscodingIT {

    private static int carrierPort;
    private static PageServer pages;

    @BeforeAll
    static void start(Trial trial) {
        carrierPort = Tools.freePort();
        pages = trial.keep(new PageServer(0));
    }

    @ParameterizedTest
    @CsvSource({"CHROMIUM, PCMU", "CHROMIUM, PCMA", "FIREFOX, PCMU", "FIREFOX, PCMA"})
    void theBrowserSpeaksTheTrunksCodec(Browser.Kind kind, G711 codec, Trial trial) {
        GatewayConfig config =
                new GatewayConfig().trunk("carrier", """
                        sip:
                          address: 127.0.0.1:%d
                        media:
                          listen: 127.0.0.1
                          codecs: [%s]
                          transcode: false
                        prefixes: ['+']
                        """.formatted(carrierPort, codec == G711.PCMU ? "pcmu" : "pcma"));
        Exchange exchange =
                new Exchange(pages, Gateway.start(trial, config.origin(pages.origin())), config, carrierPort);
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", codec, far));
        Browser browser = kind.browser();
        RawClient phone = RawClient.connect(trial, browser, pages, exchange.gateway());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        far.speak(codec.payloadType(), codec.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears("the telephone", Ear.of(trial.directory(), "telephone", far.listenFor(1500)), browser.microphoneHz());
        assertThat(phone.evaluate("client.stats()")
                        .path("codec")
                        .path("mimeType")
                        .asText())
                .isEqualTo("audio/" + codec);
        phone.evaluate("client.press('159D', 120, 80)");
        Tools.await(
                "the presses arrive",
                10,
                () -> Press.of(far.received()).size() >= 4,
                () -> Press.of(far.received()).toString());
        Tools.pause(300);
        assertThat(Press.of(far.received())).extracting(Press::digit).containsExactly("1", "5", "9", "D");
        assertThat(Press.of(far.received())).allSatisfy(press -> {
            assertThat(press.millis()).isBetween(100.0, 140.0);
            assertThat(press.ends()).isEqualTo(3);
        });
        phone.hangUp();
        carrier.awaitSuccess(10);
    }
}
