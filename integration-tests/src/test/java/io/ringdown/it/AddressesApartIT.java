package io.ringdown.it;

import static io.ringdown.evidence.Row.MEDIA_ADDRESSES;
import static io.ringdown.evidence.Row.TRANSPORTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Web media, SIP and trunk media each on their own address, told apart from where they listen; and all of it on IPv6. */
@Shows({TRANSPORTS, MEDIA_ADDRESSES})
@ExtendWith(Trial.Extension.class)
final class AddressesApartIT {

    @Test
    void aTrunkOnOneInterfaceAndBrowsersOnAnother(Trial trial) {
        int port = Tools.freePort("127.0.0.2");
        GatewayConfig config = new GatewayConfig().sipListen("127.0.0.2").trunk("carrier", """
                        sip:
                          address: 127.0.0.2:%d
                        media:
                          listen: 127.0.0.3
                        prefixes: ['+']
                        """.formatted(port));
        Exchange exchange = Exchange.start(trial, config, port);
        Sipp carrier = call(
                trial, Browser.Kind.CHROMIUM.browser(), exchange, "127.0.0.2", new FarEnd("127.0.0.2"), "127.0.0.3");
        assertThat(carrier.messages()).contains("c=IN IP4 127.0.0.3").contains("Via: SIP/2.0/UDP 127.0.0.2:");
    }

    @Test
    void whatIsAdvertisedIsWhatIsTold(Trial trial) {
        int port = Tools.freePort();
        GatewayConfig config = new GatewayConfig().trunk("carrier", """
                        sip:
                          address: 127.0.0.1:%d
                        media:
                          listen: 0.0.0.0
                          advertise: 127.0.0.4
                        prefixes: ['+']
                        """.formatted(port));
        Exchange exchange = Exchange.start(trial, config, port);
        Sipp carrier = call(trial, Browser.Kind.CHROMIUM.browser(), exchange, "127.0.0.1", new FarEnd(), null);
        assertThat(carrier.messages()).contains("c=IN IP4 127.0.0.4");
    }

    @Test
    void aTrunkOverIpv6(Trial trial) {
        int port = Tools.freePort("::1");
        GatewayConfig config =
                new GatewayConfig().sipListen("::1").mediaListen("::1").trunk("carrier", """
                        sip:
                          address: '[::1]:%d'
                        media:
                          listen: '::1'
                        prefixes: ['+']
                        """.formatted(port));
        Exchange exchange = Exchange.start(trial, config, port);
        // Chromium gathers no ::1 where lo is all there is.
        Sipp carrier =
                call(trial, Browser.Kind.FIREFOX.browser(), exchange, "::1", new FarEnd("::1"), "0:0:0:0:0:0:0:1");
        assertThat(carrier.messages()).containsPattern("c=IN IP6 (::1|0:0:0:0:0:0:0:1)");
    }

    private static Sipp call(
            Trial trial,
            Browser browser,
            Exchange exchange,
            String sippAddress,
            FarEnd end,
            @org.jspecify.annotations.Nullable String mediaAddress) {
        FarEnd far = trial.keep(end);
        Sipp carrier =
                Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far).at(sippAddress));
        RawClient phone = RawClient.connect(trial, browser, exchange.pages(), exchange.gateway());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        far.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears("the telephone", Ear.of(trial.directory(), "telephone", far.listenFor(1500)), browser.microphoneHz());
        if (mediaAddress != null) {
            assertThat(far.peer().orElseThrow().getAddress().getHostAddress()).isEqualTo(mediaAddress);
        }
        phone.hangUp();
        carrier.awaitSuccess(10);
        return carrier;
    }
}
