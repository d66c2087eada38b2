package io.ringdown.it;

import static io.ringdown.evidence.Row.HOLD;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.evidence.Shows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The browser holds the telephone, which hears music out of a file, and is told of it or not; the telephone holds the browser;
 * both do. What is in the SDP is SIPp's to judge, what is heard the ear's.
 */
@Shows(HOLD)
@ExtendWith(Trial.Extension.class)
final class ACallIsHeldIT {
    static final int MUSIC_HZ = 440;
    private static final int LISTEN_MILLIS = 900;
    private static final int SETTLE_MILLIS = 400; // through the browser's buffer, and its encoder's memory

    @ParameterizedTest
    @EnumSource
    void aTrunkThatIsToldNothingHearsTheMusicAndThenTheBrowserAgain(Browser.Kind kind, Trial trial) {
        try (Story story = new Story(kind, trial, "local", "uas-answer")) {
            story.talk();
            story.hold();
            story.telephoneHears(MUSIC_HZ);
            story.browserHearsNothing();
            story.resume();
            story.talk();
            story.end();
            story.streamIsWhole();
        }
    }

    @Test
    void aTrunkThatShallSendNothingIsToldSoAndItsSilenceEndsNothing(Trial trial) {
        try (Story story = new Story(Browser.Kind.CHROMIUM, trial, "sendonly", "uas-held", "sendonly", "recvonly")) {
            story.talk();
            story.hold();
            story.telephoneIsSilent();
            story.telephoneHears(MUSIC_HZ);
            story.resume();
            story.telephoneSpeaks();
            story.talk();
            story.end();
            story.streamIsWhole();
        }
    }

    @Test
    void onAnInactiveCallNeitherSideSendsAndThatEndsNothingEither(Trial trial) {
        try (Story story = new Story(Browser.Kind.CHROMIUM, trial, "inactive", "uas-held", "inactive", "inactive")) {
            story.talk();
            story.hold();
            Tools.pause(SETTLE_MILLIS);
            story.telephoneIsSilent();
            assertThat(story.far.listenFor(LISTEN_MILLIS))
                    .as("packets to who is inactive")
                    .isEmpty();
            story.resume();
            story.telephoneSpeaks();
            story.talk();
            story.end();
        }
    }

    @Test
    void aTrunkThatRefusesToBeHeldHearsTheMusicAllTheSame(Trial trial) {
        try (Story story = new Story(Browser.Kind.CHROMIUM, trial, "sendonly", "uas-hold-refused")) {
            story.talk();
            story.hold();
            story.telephoneHears(MUSIC_HZ);
            story.resume();
            story.talk();
            story.end();
            story.streamIsWhole();
        }
    }

    @Test
    void bothSidesHoldAndResumeInBothOrders(Trial trial) {
        try (Story story = new Story(Browser.Kind.CHROMIUM, trial, "sendonly", "uas-holds-too")) {
            story.hold();
            story.telephoneHears(MUSIC_HZ);
            story.awaitTold("held telephone", 1);
            assertThat(story.far.listenFor(LISTEN_MILLIS))
                    .as("packets while both hold")
                    .isEmpty();
            story.resume();
            story.browserHears(Exchange.TELEPHONE_HZ); // the telephone's own music, as it comes
            story.awaitTold("resumed telephone", 1);
            story.talk();
            story.awaitTold("held telephone", 2);
            story.hold();
            story.browserHearsNothing();
            story.awaitTold("resumed telephone", 2);
            story.telephoneHears(MUSIC_HZ);
            story.resume();
            story.talk();
            story.end();
        }
    }

    /** Stereo at 44.1 kHz, as music comes. */
    static Path music(Trial trial) {
        Path file = trial.file("music.wav");
        Tools.run(
                trial.file("music.log"),
                "sox",
                "-n",
                "-r",
                "44100",
                "-c",
                "2",
                "-b",
                "16",
                file.toString(),
                "synth",
                "3",
                "sine",
                Integer.toString(MUSIC_HZ),
                "vol",
                "0.3");
        return file;
    }

    /** One call with a carrier who is told of holds in this way. */
    private static final class Story implements AutoCloseable {
        private final Trial trial;
        private final FarEnd far;
        private final Sipp carrier;
        private final RawClient phone;
        private int asked;

        Story(Browser.Kind kind, Trial trial, String hold, String scenario, String... holdAndAnswer) {
            this.trial = trial;
            int port = Tools.freePort();
            GatewayConfig config = new GatewayConfig()
                    .trunkSilence("2s")
                    .trunk("carrier", """
                            sip:
                              address: 127.0.0.1:%d
                            media:
                              listen: 127.0.0.1
                              codecs: [pcmu]
                              hold: %s
                            prefixes: ['+']
                            """.formatted(port, hold))
                    .lines("""
                            calls:
                              hold:
                                music: '%s'
                            """.formatted(music(trial)));
            Exchange exchange = Exchange.start(trial, config, port);
            far = trial.keep(new FarEnd());
            Sipp.Run run = exchange.carrier(scenario, G711.PCMU, far).with("-d", "4000");
            if (holdAndAnswer.length == 2) {
                run = run.key("hold", holdAndAnswer[0]).key("answer", holdAndAnswer[1]);
            }
            carrier = Sipp.start(trial, run);
            phone = RawClient.connect(trial, kind.browser(), exchange.pages(), exchange.gateway());
            phone.start(Exchange.NUMBER);
            phone.awaitEstablished();
            far.awaitAudio(10);
            telephoneSpeaks();
            phone.hearOnceLoud();
        }

        void hold() {
            ask("hold", "held");
        }

        void resume() {
            ask("resume", "resumed");
        }

        private void ask(String type, String answer) {
            String ref = "ask-" + ++asked;
            phone.evaluate("client.send({type: '" + type + "', call: client.call, ref: '" + ref + "'})");
            Tools.await(
                    "the browser is told " + answer,
                    10,
                    () -> phone.messages(answer).stream()
                            .anyMatch(message -> message.path("ref").asText().equals(ref)),
                    () -> phone.messages() + carrier.messages());
        }

        void awaitTold(String news, int times) {
            Tools.await(
                    "the browser is told " + times + " times " + news,
                    15,
                    () -> phone.messages().stream()
                                    .filter(message ->
                                            news.equals(message.path("type").asText() + " "
                                                    + message.path("by").asText()))
                                    .count()
                            >= times,
                    () -> phone.messages() + carrier.messages());
            Tools.pause(SETTLE_MILLIS);
        }

        void talk() {
            Tools.pause(SETTLE_MILLIS);
            telephoneHears(phone.browser().microphoneHz());
            browserHears(Exchange.TELEPHONE_HZ);
        }

        void telephoneHears(double hertz) {
            Tools.pause(SETTLE_MILLIS);
            List<FarEnd.Packet> packets = far.listenFor(LISTEN_MILLIS);
            Ear.hears("the telephone", Ear.of(trial.directory(), "telephone-" + packets.hashCode(), packets), hertz);
        }

        void browserHears(double hertz) {
            Ear.hears("the browser", phone.hear(LISTEN_MILLIS), hertz);
        }

        void browserHearsNothing() {
            Tools.pause(SETTLE_MILLIS);
            Ear.hearsNothing("the browser", phone.hear(LISTEN_MILLIS));
        }

        void telephoneSpeaks() {
            far.speak(G711.PCMU.payloadType(), G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        }

        /** For longer than a silence that would end a call. */
        void telephoneIsSilent() {
            far.hush();
            Tools.pause(3000);
            assertThat(phone.messages("ended")).isEmpty();
        }

        void end() {
            phone.hangUp();
            assertThat(phone.awaitEnded(5).path("cause").asText()).isEqualTo("normal");
            carrier.awaitSuccess(10);
        }

        /** One stream from the first packet to the last, 20 ms each, in which no packet comes late by more than a hiccup. */
        void streamIsWhole() {
            List<FarEnd.Packet> packets = FarEnd.inOrder(far.received());
            List<String> breaks = new ArrayList<>();
            for (int i = 1; i < packets.size(); i++) {
                FarEnd.Packet before = packets.get(i - 1);
                FarEnd.Packet packet = packets.get(i);
                boolean isNext = packet.ssrc() == before.ssrc()
                        && packet.sequence() == ((before.sequence() + 1) & 0xffff)
                        && packet.timestamp() == ((before.timestamp() + 160) & 0xffff_ffffL);
                if (!isNext) {
                    breaks.add(before + " then " + packet);
                }
            }
            assertThat(breaks).isEmpty();
        }

        @Override
        public void close() {
            far.hush();
        }
    }
}
