package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.gateway.app.GatewayHere;
import java.net.URI;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * In the middle of a call all that the gateway has of it becomes a text, and out of the text it goes on. The telephone notices nothing
 * but a moment of quiet; the browser is asked for a new offer. The gateway runs in this process, which has no other door for that.
 */
@ExtendWith(Trial.Extension.class)
final class ACallIsWrittenAndReadBackIT {
    private static final int LISTEN_MILLIS = 900;
    private static final int SETTLE_MILLIS = 400; // through the browser's buffer, and its encoder's memory

    @Test
    void anEstablishedCallGoesOnWithAllThatBelongsToIt(Trial trial) {
        try (Story story = new Story(trial, "uas-goes-on")) {
            story.establish();
            story.talk();
            story.writeAndReadBack();
            story.phone.hearOnceLoud();
            story.talk();
            story.ask("hold", "held");
            story.telephoneHears(ACallIsHeldIT.MUSIC_HZ);
            story.ask("resume", "resumed");
            story.talk();
            assertThat(story.digitsHeard("4")).containsExactly(4);
            story.awaitOnTheWire("CSeq: 101 ACK");
            story.talk();
            story.endsNormally();
            story.nothingWasSignalledMeanwhile();
            story.theTelephoneHeardOneStream();
        }
    }

    @Test
    void aCallOnHoldStaysThereUntilItsBrowserResumesIt(Trial trial) {
        try (Story story = new Story(trial, "uas-held")) {
            story.establish();
            story.talk();
            story.ask("hold", "held");
            story.telephoneHears(ACallIsHeldIT.MUSIC_HZ);
            story.writeAndReadBack();
            story.telephoneHears(ACallIsHeldIT.MUSIC_HZ);
            story.ask("resume", "resumed");
            story.phone.hearOnceLoud();
            story.talk();
            story.phone.hangUp();
            story.endsNormally();
            story.nothingWasSignalledMeanwhile();
            story.theTelephoneHeardOneStream();
        }
    }

    @Test
    void aCallThatRingsStaysWhereItIsSinceItsInviteIsThere(Trial trial) {
        try (Story story = new Story(trial, "uas-answer")) {
            story.phone.start(Exchange.NUMBER);
            story.phone.awaitProgress("ringing", 10);
            assertThat(story.gateway.write(story.call())).isEmpty();
            story.awaitAnswer();
            story.talk();
            story.phone.hangUp();
            story.endsNormally();
            story.theTelephoneHeardOneStream();
        }
    }

    /** One call, whose carrier runs this scenario. */
    private static final class Story implements AutoCloseable {
        private final Trial trial;
        private final GatewayConfig config;
        private final GatewayHere gateway;
        private final FarEnd far;
        private final Sipp carrier;
        private final RawClient phone;
        private final Capture capture;
        private double writtenSeconds;
        private double goesOnSeconds;
        private int asked;

        Story(Trial trial, String scenario) {
            this.trial = trial;
            int port = Tools.freePort();
            PageServer pages = trial.keep(new PageServer(0));
            config = new GatewayConfig()
                    .origin(pages.origin())
                    .trunk("carrier", """
                            sip:
                              address: 127.0.0.1:%d
                            media:
                              listen: 127.0.0.1
                              codecs: [pcmu]
                              hold: sendonly
                            prefixes: ['+']
                            """.formatted(port))
                    .lines("""
                            calls:
                              hold:
                                music: '%s'
                            """.formatted(ACallIsHeldIT.music(trial)));
            trial.write("ringdown.yaml", config.yaml());
            gateway = trial.keep(GatewayHere.start(trial.file("ringdown.yaml")));
            far = trial.keep(new FarEnd());
            capture = Capture.start(trial);
            carrier = Sipp.start(
                    trial,
                    Sipp.Run.of(scenario, port)
                            .key("pt", G711.PCMU.payloadType())
                            .key("codec", G711.PCMU.name())
                            .key("rtp_ip", far.address())
                            .key("rtp_port", far.port())
                            .key("hold", "sendonly")
                            .key("answer", "recvonly")
                            .with("-d", "4000"));
            phone = RawClient.open(trial, Browser.Kind.CHROMIUM.browser(), pages);
            phone.evaluate("client.connect("
                    + JsonSocket.quote(URI.create("ws://127.0.0.1:" + config.webPort() + "/v1/rtc")
                            .toString())
                    + ", {numbers: []})");
        }

        void establish() {
            phone.start(Exchange.NUMBER);
            awaitAnswer();
        }

        void awaitAnswer() {
            phone.awaitEstablished();
            far.awaitAudio(10);
            far.speak(G711.PCMU.payloadType(), G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
            phone.hearOnceLoud();
        }

        String call() {
            return phone.evaluate("client.call").asText();
        }

        void writeAndReadBack() {
            writtenSeconds = nowSeconds();
            String json = gateway.writeOnceSettled(call());
            trial.write("call.json", json);
            assertThat(gateway.calls()).isZero();
            Tools.pause(200);
            gateway.read(json);
            Tools.await(
                    "the browser's new offer is answered",
                    10,
                    () -> told("answer", "renewed"),
                    () -> phone.messages().toString());
            goesOnSeconds = nowSeconds();
        }

        private static double nowSeconds() {
            return System.currentTimeMillis() / 1000.0;
        }

        void ask(String type, String answer) {
            String ref = "ask-" + ++asked;
            phone.evaluate("client.send({type: '" + type + "', call: client.call, ref: '" + ref + "'})");
            Tools.await(
                    "the browser is told " + answer,
                    10,
                    () -> told(answer, ref),
                    () -> phone.messages() + carrier.messages());
        }

        private boolean told(String type, String ref) {
            return phone.messages(type).stream()
                    .anyMatch(message -> message.path("ref").asText().equals(ref));
        }

        void talk() {
            Tools.pause(SETTLE_MILLIS);
            telephoneHears(phone.browser().microphoneHz());
            Ear.hears("the browser", phone.hear(LISTEN_MILLIS), Exchange.TELEPHONE_HZ);
        }

        void telephoneHears(double hertz) {
            Tools.pause(SETTLE_MILLIS);
            List<FarEnd.Packet> packets = far.listenFor(LISTEN_MILLIS);
            Ear.hears("the telephone", Ear.of(trial.directory(), "telephone-" + packets.hashCode(), packets), hertz);
        }

        /** Presses by message, and answers the events that the telephone gets, each once. */
        List<Integer> digitsHeard(String digits) {
            int from = far.received().size();
            phone.evaluate("client.send({type: 'dtmf', call: client.call, digits: '" + digits + "'})");
            Tools.pause(700);
            List<FarEnd.Packet> all = far.received();
            Map<Long, Integer> events = new TreeMap<>();
            all.subList(from, all.size()).stream()
                    .filter(packet -> packet.payloadType() >= 96)
                    .forEach(packet -> events.put(packet.timestamp(), (int) packet.payload()[0]));
            return List.copyOf(events.values());
        }

        void awaitOnTheWire(String text) {
            Tools.await(text + " is on the wire", 15, () -> carrier.messages().contains(text), carrier::messages);
        }

        void endsNormally() {
            assertThat(phone.awaitEnded(15).path("cause").asText()).isEqualTo("normal");
            carrier.awaitSuccess(10);
            assertThat(gateway.calls()).isZero();
        }

        void nothingWasSignalledMeanwhile() {
            List<List<String>> messages = capture.read(config.sipPort(), "sip", "frame.time_epoch", "sip.CSeq");
            assertThat(messages).isNotEmpty();
            assertThat(messages).noneMatch(message -> {
                double seconds = Double.parseDouble(message.getFirst());
                return seconds >= writtenSeconds && seconds <= goesOnSeconds;
            });
        }

        /** By tshark: from one port, of one source, no sequence number twice, timestamps that rise. */
        void theTelephoneHeardOneStream() {
            List<List<String>> packets =
                    capture.read(config.sipPort(), "udp.dstport == " + far.port(), "udp.srcport", "udp.payload");
            assertThat(packets.stream().map(List::getFirst).distinct()).hasSize(1);
            Optional<Rtp> before = Optional.empty();
            for (List<String> packet : packets) {
                Rtp rtp = Rtp.of(packet.get(1));
                if (before.isPresent() && rtp.payloadType == 0) {
                    assertThat(rtp.ssrc).isEqualTo(before.get().ssrc);
                    assertThat((short) (rtp.sequence - before.get().sequence)).isPositive();
                    assertThat(rtp.timestamp - before.get().timestamp).isPositive();
                }
                before = rtp.payloadType == 0 ? Optional.of(rtp) : before;
            }
            assertThat(before).isPresent();
        }

        private record Rtp(int payloadType, int sequence, int timestamp, int ssrc) {
            static Rtp of(String hex) {
                return new Rtp(
                        HexFormat.fromHexDigits(hex, 2, 4) & 0x7f,
                        HexFormat.fromHexDigits(hex, 4, 8),
                        HexFormat.fromHexDigits(hex, 8, 16),
                        HexFormat.fromHexDigits(hex, 16, 24));
            }
        }

        @Override
        public void close() {
            capture.close();
        }
    }
}
