package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.ringdown.bench.Bench;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A browser over a wire that loses packets both ways: each still hears the other, and the gateway has repaired what was lost,
 * with Chromium out of the copies that RED brings, with Firefox out of Opus's in-band FEC.
 */
@ExtendWith(Trial.Extension.class)
final class LossOnTheWebLegIsRepairedIT {

    /** Until reports of the loss have gone both ways. */
    private static final long REPORTED_MILLIS = 6_000;

    private static Exchange exchange;

    @BeforeAll
    static void start(Trial trial) {
        exchange = Exchange.start(trial);
    }

    @ParameterizedTest
    @CsvSource({"CHROMIUM, 0.05", "CHROMIUM, 0.20", "FIREFOX, 0.05"})
    void eachHearsTheOther(Browser.Kind kind, double loss, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = call(kind, loss, false, trial);
        far.awaitAudio(10);
        far.speak(0, G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Tools.pause(REPORTED_MILLIS);
        Counts before = Counts.now();
        Sound atBrowser = phone.hearOnceLoud();
        Sound atTelephone = Ear.of(trial.directory(), "telephone", far.listenFor(3_000));
        Counts seen = Counts.now().since(before);
        trial.write("counts.txt", seen.toString());
        assertHeard(atBrowser, Exchange.TELEPHONE_HZ);
        assertHeard(atTelephone, phone.browser().microphoneHz());
        assertThat(seen.lost).as("the wire loses: %s", seen).isPositive();
        if (kind == Browser.Kind.CHROMIUM) {
            assertThat(seen.repairedRed).as("copies used: %s", seen).isGreaterThan(seen.lost / 2);
        } else {
            assertThat(seen.repairedRed).isZero();
        }
        if (kind == Browser.Kind.CHROMIUM && loss > 0.1) { // of 5 % some reports say less than 3
            JsonNode inbound = phone.evaluate("client.stats()").path("inbound-rtp");
            assertThat(inbound.path("bytesReceived").asDouble()
                            / inbound.path("packetsReceived").asDouble())
                    .as("bytes of a packet to the browser, 60 without a copy")
                    .isGreaterThan(75);
        }
        phone.hangUp();
        carrier.awaitSuccess(10);
    }

    /** A steady tone is music to an encoder, and gets no FEC: here the microphone gives speech. */
    @ParameterizedTest
    @CsvSource({"FIREFOX, 0.20"})
    void speechIsRestoredOutOfInBandFec(Browser.Kind kind, double loss, Trial trial) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMU, far));
        RawClient phone = call(kind, loss, true, trial);
        far.awaitAudio(10);
        Tools.pause(REPORTED_MILLIS);
        Counts before = Counts.now();
        Sound atTelephone = Ear.of(trial.directory(), "telephone", far.listenFor(5_000));
        Counts seen = Counts.now().since(before);
        trial.write("counts.txt", seen.toString());
        assertThat(atTelephone.levelDbfs()).as("speech is heard").isGreaterThan(-40);
        assertThat(seen.lost).as("the wire loses: %s", seen).isGreaterThan(20);
        assertThat(seen.repairedFec).as("FEC used: %s", seen).isGreaterThan(seen.lost / 4);
        phone.hangUp();
        carrier.awaitSuccess(10);
    }

    private static RawClient call(Browser.Kind kind, double loss, boolean isSpeech, Trial trial) {
        Tools.await("the call before is over", 10, () -> legs().isEmpty(), () -> legs().toString());
        Link first = trial.keep(new Link(exchange.config().mediaPort(), loss, 1));
        Link second = trial.keep(new Link(exchange.config().mediaPort() + 1, loss, 2));
        RawClient phone = RawClient.connect(trial, kind.browser(), exchange.pages(), exchange.gateway());
        phone.take(exchange.config(), first, second);
        if (isSpeech) {
            phone.evaluate("""
                    (async () => {
                      const talker = new Audio('data:audio/wav;base64,%s');
                      talker.loop = true;
                      const stream = talker.captureStream ? talker.captureStream() : talker.mozCaptureStream();
                      await talker.play();
                      navigator.mediaDevices.getUserMedia = async () => stream;
                    })()""".formatted(speech(trial)));
        }
        phone.start(Exchange.NUMBER);
        phone.awaitEstablished();
        return phone;
    }

    /** Ten seconds of the bench's speech as a WAV file in base64. */
    private static String speech(Trial trial) {
        Path law = trial.file("speech.ul");
        Path wav = trial.file("speech.wav");
        try (InputStream in = Objects.requireNonNull(Bench.class.getResourceAsStream("speech.ul"))) {
            Files.write(law, in.readAllBytes());
            Tools.run(
                    trial.file("speech.log"),
                    "sox",
                    "-t",
                    "ul",
                    "-r",
                    "8000",
                    "-c",
                    "1",
                    law.toString(),
                    "-b",
                    "16",
                    "-e",
                    "signed-integer",
                    wav.toString(),
                    "trim",
                    "0",
                    "10");
            return Base64.getEncoder().encodeToString(Files.readAllBytes(wav));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Losses leave their marks on a tone, but it is still the one that was sent, as loud as it was. */
    private static void assertHeard(Sound sound, double hz) {
        assertThat(sound.dominantHz()).as("heard: %s", sound).isCloseTo(hz, within(25.0));
        assertThat(sound.levelDbfs()).as("heard: %s", sound).isGreaterThan(-30);
        assertThat(sound.shareOf(hz)).as("heard: %s", sound).isGreaterThan(0.7);
    }

    /** What the gateway tells of its calls' web legs. */
    private static List<JsonNode> legs() {
        List<JsonNode> legs = new ArrayList<>();
        for (JsonNode loop : exchange.gateway().debugState().path("media").path("loops")) {
            loop.path("calls").forEach(call -> legs.add(call.path("bridge").path("web")));
        }
        return legs;
    }

    /** What the gateway has counted of the one call's web leg. */
    private record Counts(long lost, long repairedRed, long repairedFec, long filled, long late) {
        static Counts now() {
            JsonNode web = legs().getFirst();
            return new Counts(
                    web.path("lost").asLong(),
                    web.path("repairedRed").asLong(),
                    web.path("repairedFec").asLong(),
                    web.path("filled").asLong(),
                    web.path("late").asLong());
        }

        Counts since(Counts before) {
            return new Counts(
                    lost - before.lost,
                    repairedRed - before.repairedRed,
                    repairedFec - before.repairedFec,
                    filled - before.filled,
                    late - before.late);
        }
    }
}
