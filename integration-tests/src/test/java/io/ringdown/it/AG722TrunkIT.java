package io.ringdown.it;

import static io.ringdown.evidence.Row.ORDER_OF_CODECS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A carrier that speaks G.722, decoded and made by ffmpeg: browsers hear and are heard beyond the telephone's band. */
@Shows(ORDER_OF_CODECS)
@ExtendWith(Trial.Extension.class)
final class AG722TrunkIT {

    private static final int G722 = 9;
    private static final int BEYOND_THE_TELEPHONE_HZ = 5000;

    private static int carrierPort;
    private static PageServer pages;

    @BeforeAll
    static void start(Trial trial) {
        carrierPort = Tools.freePort();
        pages = trial.keep(new PageServer(0));
    }

    @ParameterizedTest
    @EnumSource
    void aBrowserInOpusHearsAndIsHeardInWideband(Browser.Kind kind, Trial trial) {
        call(kind, "opus", "Opus(16k) -> G722", trial);
    }

    @ParameterizedTest
    @EnumSource
    void aBrowserInG722GoesStraightThrough(Browser.Kind kind, Trial trial) {
        call(kind, "g711", "PT9 -> Rtp(9)", trial);
    }

    private static void call(Browser.Kind kind, String webCodec, String chain, Trial trial) {
        GatewayConfig config = new GatewayConfig().trunk("carrier", """
                        sip:
                          address: 127.0.0.1:%d
                        media:
                          listen: 127.0.0.1
                          codecs: [g722, pcma]
                          web-codec: %s
                        prefixes: ['+']
                        """.formatted(carrierPort, webCodec));
        Exchange exchange =
                new Exchange(pages, Gateway.start(trial, config.origin(pages.origin())), config, carrierPort);
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G722, "G722", far));
        Browser browser = kind.browser();
        RawClient phone = RawClient.connect(trial, browser, pages, exchange.gateway());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        assertThat(exchange.gateway().debugState().toString()).contains(chain);
        far.speak(G722, FarEnd.wideTone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears("the telephone", Ear.of(trial.directory(), "telephone", far.listenFor(1500)), browser.microphoneHz());
        far.speak(G722, FarEnd.wideTone(trial.directory(), BEYOND_THE_TELEPHONE_HZ));
        Tools.await(
                "the browser hears what no telephone carries",
                10,
                () -> phone.hear(500).levelOfDbfs(BEYOND_THE_TELEPHONE_HZ) > -30,
                () -> "level " + phone.hear(500).levelOfDbfs(BEYOND_THE_TELEPHONE_HZ));
        assertThat(FarEnd.inOrder(far.received())).allMatch(packet -> packet.payloadType() == G722);
        phone.evaluate("client.press('19#', 120, 80)");
        Tools.await(
                "the presses arrive",
                10,
                () -> Press.of(far.received()).size() >= 3,
                () -> Press.of(far.received()).toString());
        assertThat(Press.of(far.received())).extracting(Press::digit).containsExactly("1", "9", "#");
        phone.hangUp();
        carrier.awaitSuccess(10);
    }
}
