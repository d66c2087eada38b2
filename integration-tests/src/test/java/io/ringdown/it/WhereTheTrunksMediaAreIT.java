package io.ringdown.it;

import static io.ringdown.evidence.Row.MEDIA_ADDRESSES;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Latching (RFC 7362), marks for routers (RFC 2474), and no port left. */
@Shows(MEDIA_ADDRESSES)
@ExtendWith(Trial.Extension.class)
final class WhereTheTrunksMediaAreIT {
    private static final Pattern AUDIO = Pattern.compile("m=audio (\\d+) ");
    private static final String EXPEDITED = "46";

    @Test
    void aCarrierThatSendsFromAnotherPortThanItAnnouncesIsHeard(Trial trial) {
        int port = Tools.freePort();
        Exchange exchange = Exchange.start(trial, new GatewayConfig().trunk("carrier", """
                        sip:
                          address: 127.0.0.1:%d
                        media:
                          listen: 127.0.0.1
                          latch: first-second
                        prefixes: ['+']
                        """.formatted(port)), port);
        FarEnd announced = trial.keep(new FarEnd());
        FarEnd other = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, announced));
        RawClient phone = exchange.phone(trial, Browser.Kind.CHROMIUM.browser());
        phone.start(Exchange.NUMBER);
        Tools.await(
                "the INVITE comes", 15, () -> AUDIO.matcher(carrier.messages()).find(), carrier::messages);
        Matcher audio = AUDIO.matcher(carrier.messages());
        assertThat(audio.find()).isTrue();
        other.sendTo(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), Integer.parseInt(audio.group(1))));
        other.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        phone.awaitEstablished();
        other.awaitAudio(10);
        Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears(
                "the telephone",
                Ear.of(trial.directory(), "telephone", other.listenFor(1500)),
                phone.browser().microphoneHz());
        assertThat(announced.listenFor(500)).as("nothing goes where nobody is").isEmpty();
        assertThat(exchange.gateway().debugState().toString()).contains("\"latchMoves\":1");
        phone.hangUp();
        carrier.awaitSuccess(10);
    }

    @Test
    void mediaAreMarkedOnBothLegs(Trial trial) {
        int port = Tools.freePort();
        GatewayConfig config = new GatewayConfig().trunk("carrier", Exchange.carrier(port));
        Exchange exchange = Exchange.start(trial, config, port);
        FarEnd far = trial.keep(new FarEnd());
        List<List<String>> marks = marks(trial, exchange, Browser.Kind.CHROMIUM, "127.0.0.1", far, "ip.dsfield.dscp");
        assertThat(marks)
                .hasSizeGreaterThan(100)
                .allMatch(mark -> mark.getLast().equals(EXPEDITED));
    }

    @Test
    void mediaAreMarkedOverIpv6(Trial trial) {
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
        FarEnd far = trial.keep(new FarEnd("::1"));
        List<List<String>> marks = marks(trial, exchange, Browser.Kind.FIREFOX, "::1", far, "ipv6.tclass.dscp");
        assertThat(marks)
                .hasSizeGreaterThan(100)
                .allMatch(mark -> mark.getLast().equals(EXPEDITED));
    }

    @Test
    void withoutAPortACallIsRefusedBeforeAnybodyIsRungAndTheOthersGoOn(Trial trial) {
        int port = Tools.freePort();
        int pair = (Tools.freePorts(3) + 1) & ~1;
        Exchange exchange = Exchange.start(
                trial,
                new GatewayConfig().trunkPorts(pair + "-" + (pair + 1)).trunk("carrier", Exchange.carrier(port)),
                port);
        FarEnd far = trial.keep(new FarEnd());
        String number = "+493055509999";
        RawClient second = exchange.phone(trial, Browser.Kind.CHROMIUM.browser(), number);
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient first = exchange.phone(trial, Browser.Kind.CHROMIUM.browser());
        first.start(Exchange.NUMBER);
        first.awaitEstablished();
        far.awaitAudio(10);
        far.speak(0, G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));

        FarEnd unheard = trial.keep(new FarEnd());
        Sipp refused = Sipp.start(
                trial,
                new Exchange(exchange.pages(), exchange.gateway(), exchange.config(), Tools.freePort())
                        .caller("uac-expects", number, G711.PCMU, unheard, 0)
                        .key("status", 503));
        refused.awaitSuccess(10);
        assertThat(refused.messages()).containsPattern("Retry-After: *\\d+");
        assertThat(second.messages("incoming")).isEmpty();
        second.start(Exchange.NUMBER);
        assertThat(second.awaitEnded(10).path("cause").asText()).isEqualTo("overloaded");

        Ear.hears("the first browser", first.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears(
                "the telephone",
                Ear.of(trial.directory(), "telephone", far.listenFor(1500)),
                first.browser().microphoneHz());
        first.hangUp();
        carrier.awaitSuccess(10);
    }

    /** How the gateway's packets of one call were marked, on their way to the telephone and to the browser. */
    private static List<List<String>> marks(
            Trial trial, Exchange exchange, Browser.Kind kind, String address, FarEnd far, String field) {
        Capture capture = Capture.start(trial);
        Sipp carrier =
                Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far).at(address));
        RawClient phone = RawClient.connect(trial, kind.browser(), exchange.pages(), exchange.gateway());
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        far.awaitAudio(10);
        far.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Tools.pause(2_000);
        int rtp = far.peer().orElseThrow().getPort();
        phone.hangUp();
        carrier.awaitSuccess(10);
        int web = exchange.config().mediaPort();
        List<List<String>> toTrunk = capture.read(
                exchange.config().sipPort(), "udp.srcport in {" + rtp + "," + (rtp + 1) + "}", "udp.srcport", field);
        List<List<String>> toWeb = capture.read(
                exchange.config().sipPort(), "udp.srcport in {" + web + "," + (web + 1) + "}", "udp.srcport", field);
        assertThat(toTrunk).hasSizeGreaterThan(50);
        assertThat(toWeb).hasSizeGreaterThan(50);
        return java.util.stream.Stream.concat(toTrunk.stream(), toWeb.stream()).toList();
    }
}
