package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code web-codec: auto}: a clean path goes straight through, a lossy one in Opus, each in mid-call, while the telephone
 * notices nothing.
 */
@ExtendWith(Trial.Extension.class)
final class TheCodecFollowsThePathIT {

    private static final String STRAIGHT = "Srtp -> PT8 -> Rtp(8) | Rtp(8) -> PT8 -> Srtp";
    private static final double LOSS = 0.12;

    /** One browser's call with a carrier of its own. */
    private record Talk(String trunk, RawClient phone, FarEnd far, Sipp carrier, List<Link> links) {}

    @Test
    void bothBrowsersGoOverToOpusUnderLossAndBack(Trial trial) {
        List<String> numbers = List.of("+4930111", "+3312222");
        List<Integer> ports = List.of(Tools.freePort(), Tools.freePort());
        GatewayConfig config = config(ports.get(0), "+49").trunk("other", trunk(ports.get(1), "+33"));
        PageServer pages = trial.keep(new PageServer(0));
        Gateway gateway = Gateway.start(trial, config.origin(pages.origin()));
        List<Talk> talks = new ArrayList<>();
        for (Browser.Kind kind : Browser.Kind.values()) {
            int i = talks.size();
            FarEnd far = trial.keep(new FarEnd());
            Exchange exchange = new Exchange(pages, gateway, config, ports.get(i));
            Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far));
            List<Link> links = List.of(
                    trial.keep(new Link(config.mediaPort(), 0, 11 + i)),
                    trial.keep(new Link(config.mediaPort() + 1, 0, 21 + i)));
            RawClient phone = RawClient.connect(trial, kind.browser(), pages, gateway);
            phone.take(config, links.get(0), links.get(1));
            phone.start(numbers.get(i));
            talks.add(new Talk(kind.name(), phone, far, carrier, links));
        }
        for (Talk talk : talks) {
            talk.phone.awaitEstablished();
            talk.far.awaitAudio(10);
            talk.far.speak(8, G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        }
        assertThat(chains(gateway))
                .as("before anything is known")
                .allMatch(chain -> chain.contains("Opus(8k) -> Pcma"));

        Tools.await(
                "clean paths go straight through",
                45,
                () -> all(gateway, STRAIGHT),
                () -> chains(gateway).toString());
        talks.forEach(talk -> heard(trial, talk, "straight"));

        talks.forEach(talk -> talk.links.forEach(link -> link.lose(LOSS)));
        Tools.await(
                "lossy paths are in Opus, both ways",
                30,
                () -> chains(gateway).stream()
                        .allMatch(chain -> chain.contains("Opus(8k) -> Pcma") && chain.contains("Pcma -> Opus(8k)")),
                () -> chains(gateway).toString());
        talks.forEach(talk -> {
            assertThat(talk.phone.hear(1000).dominantHz()).isBetween(980.0, 1020.0);
            double hz = talk.phone.browser().microphoneHz();
            assertThat(Ear.of(trial.directory(), "lossy-" + talk.trunk, talk.far.listenFor(1000))
                            .dominantHz())
                    .isBetween(hz - 20, hz + 20);
        });

        talks.forEach(talk -> talk.links.forEach(link -> link.lose(0)));
        Tools.await(
                "paths that are clean again go straight through",
                45,
                () -> all(gateway, STRAIGHT),
                () -> chains(gateway).toString());
        for (Talk talk : talks) {
            heard(trial, talk, "again");
            assertThat(talk.phone.messages("codec"))
                    .extracting(message -> message.path("codec").asText())
                    .containsExactly("PCMA", "opus", "PCMA");
            assertOneStream(talk.far.received());
            talk.phone.hangUp();
            talk.carrier.awaitSuccess(10); // which no re-INVITE would have passed
        }
    }

    @ParameterizedTest
    @EnumSource
    void theSdkGoesOverAndItsDigitsStayRight(Browser.Kind kind, Trial trial) {
        int port = Tools.freePort();
        Exchange exchange = Exchange.start(trial, config(port, "+"), port);
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far));
        SdkPage phone = SdkPage.open(trial, kind.browser(), exchange.pages().uri("/sdk.html"));
        phone.connect(exchange.gateway());
        phone.evaluate("phone.start(" + JsonSocket.quote(Exchange.NUMBER) + ").then(() => true)");
        phone.await("established", 15);
        far.awaitAudio(10);
        Tools.await(
                "the SDK sends the telephone's codec",
                20,
                () -> chains(exchange.gateway()).stream().allMatch(chain -> chain.startsWith("Srtp -> PT8 -> Rtp(8)")),
                () -> chains(exchange.gateway()).toString());
        phone.evaluate("(phone.call.sendDigits('19#', {duration: 120, gap: 80}), true)");
        Tools.await(
                "the presses arrive",
                10,
                () -> Press.of(far.received()).size() >= 3,
                () -> Press.of(far.received()).toString());
        Tools.pause(300);
        assertThat(Press.of(far.received())).extracting(Press::digit).containsExactly("1", "9", "#");
        assertThat(Press.of(far.received()))
                .allSatisfy(press -> assertThat(press.millis()).isBetween(100.0, 140.0));
        phone.evaluate("(phone.call.hangup(), true)");
        carrier.awaitSuccess(10);
    }

    private static void heard(Trial trial, Talk talk, String when) {
        Ear.hears(talk.trunk, talk.phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        Ear.hears(
                "the telephone of " + talk.trunk,
                Ear.of(trial.directory(), when + "-" + talk.trunk, talk.far.listenFor(1000)),
                talk.phone.browser().microphoneHz());
    }

    /** From the first packet to the last: one source, no number missing, each 20 ms after the one before. */
    private static void assertOneStream(List<FarEnd.Packet> received) {
        List<FarEnd.Packet> packets = FarEnd.inOrder(received);
        for (int i = 1; i < packets.size(); i++) {
            FarEnd.Packet before = packets.get(i - 1);
            FarEnd.Packet packet = packets.get(i);
            assertThat(packet.ssrc()).isEqualTo(before.ssrc());
            assertThat(packet.sequence()).isEqualTo((before.sequence() + 1) & 0xffff);
            assertThat(packet.timestamp()).isEqualTo((before.timestamp() + 160) & 0xffff_ffffL);
        }
        assertThat(packets.stream().map(FarEnd.Packet::payloadType).distinct().sorted(Comparator.naturalOrder()))
                .containsExactly(8);
    }

    private static boolean all(Gateway gateway, String chain) {
        List<String> chains = chains(gateway);
        return chains.size() == 2 && chains.stream().allMatch(chain::equals);
    }

    private static List<String> chains(Gateway gateway) {
        return StreamSupport.stream(gateway.debugState().findValues("chain").spliterator(), false)
                .map(chain -> chain.asText())
                .toList();
    }

    /** Thirty seconds between two changes are six here. */
    private static GatewayConfig config(int port, String prefix) {
        return new GatewayConfig().bridge("codec-interval: 6s").trunk("carrier", trunk(port, prefix));
    }

    private static String trunk(int port, String prefix) {
        return """
            sip:
              address: 127.0.0.1:%d
            media:
              listen: 127.0.0.1
              codecs: [pcma]
              web-codec: auto
            prefixes: ['%s']
            """.formatted(port, prefix);
    }
}
