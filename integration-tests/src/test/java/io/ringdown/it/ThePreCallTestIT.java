package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A page tests microphone, playback and its way to the gateway before it calls, over ways that are as they are said to be. */
@ExtendWith(Trial.Extension.class)
final class ThePreCallTestIT {

    /** Lets a test take the place of the gateway's media ports and of the microphone. */
    private static final String INSTRUMENTS = """
            window.rewrite = (sdp) => sdp;
            const setRemote = RTCPeerConnection.prototype.setRemoteDescription;
            RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
              return setRemote.call(this, { type, sdp: window.rewrite(sdp) });
            };
            window.opened = [];
            const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = async (constraints) => {
              if (window.microphone === 'missing') {
                throw new DOMException('none', 'NotFoundError');
              }
              if (window.microphone === 'silent') {
                const context = new AudioContext();
                const source = context.createConstantSource();
                source.offset.value = 0;
                const destination = context.createMediaStreamDestination();
                source.connect(destination);
                source.start();
                return destination.stream;
              }
              const stream = await open(constraints);
              window.opened.push(...stream.getTracks());
              const clone = MediaStreamTrack.prototype.clone;
              stream.getTracks().forEach((track) => {
                track.clone = () => {
                  const twin = clone.call(track);
                  window.opened.push(twin);
                  return twin;
                };
              });
              return stream;
            };""";

    @ParameterizedTest
    @EnumSource
    void aCleanWayIsReportedAsOneAndACallAfterItWorks(Browser.Kind kind, Trial trial, Exchange exchange) {
        int callsBefore = callsBegun(exchange);
        SdkPage phone = page(kind, trial, exchange);
        JsonNode report = test(phone, "{}", trial);
        assertThat(codes(report)).as(report.toString()).containsExactly("fine");
        assertThat(report.path("mos").asDouble()).as(report.toString()).isGreaterThan(4);
        assertThat(report.path("loss").path("up").asDouble(100)).isZero();
        assertThat(report.path("loss").path("down").asDouble(100)).isZero();
        assertThat(report.path("roundTrip").asDouble(1_000))
                .as(report.toString())
                .isBetween(0.0, 60.0);
        assertThat(report.path("jitter").path("down").asDouble(1_000))
                .as(report.toString())
                .isLessThan(40);
        assertThat(report.path("connectMillis").asDouble(10_000)).isLessThan(3_000);
        JsonNode level = report.path("microphone").path("level");
        if (kind == Browser.Kind.CHROMIUM) {
            assertThat(level.asDouble()).isBetween(0.02, 0.5);
        } else { // which starts no AudioContext without a sound card
            assertThat(level.isNull()).isTrue();
        }
        assertThat(report.path("playback").asBoolean()).isTrue();
        assertThat(strings(phone.evaluate("phone.stages"))).containsExactly("microphone", "connecting", "listening");
        assertThat(phone.evaluate("opened.length > 0 && opened.every(({readyState}) => readyState === 'ended')")
                        .asBoolean())
                .as("nothing of the microphone is left open")
                .isTrue();
        assertNothingLeft(exchange);
        assertThat(callsBegun(exchange)).as("it was no call").isEqualTo(callsBefore);
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far));
        phone.evaluate("phone.start(" + JsonSocket.quote(Exchange.NUMBER) + ").then(() => true)");
        phone.await("established", 15);
        far.awaitAudio(10);
        far.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Ear.hears("the browser", phone.hearOnceLoud(), Exchange.TELEPHONE_HZ);
        phone.evaluate("(phone.call.hangup(), true)");
        carrier.awaitSuccess(10);
    }

    @ParameterizedTest
    @EnumSource
    void aPageThatWantsToHearsItself(Browser.Kind kind, Trial trial, Exchange exchange) {
        SdkPage phone = page(kind, trial, exchange);
        phone.evaluate("(window.testing = phone.test({playback: true, seconds: 8}), true)");
        Sound heard = phone.hearOnceLoud();
        Ear.hears("the page", heard, kind.browser().microphoneHz());
        JsonNode report = phone.evaluate("testing");
        assertThat(codes(report)).containsExactly("fine");
    }

    @ParameterizedTest
    @EnumSource
    void aLongAndLossyWayIsReportedAsItIs(Browser.Kind kind, Trial trial, Exchange exchange) {
        SdkPage phone = page(kind, trial, exchange);
        Link first = trial.keep(new Link(exchange.config().mediaPort(), 0.10, 11));
        Link second = trial.keep(new Link(exchange.config().mediaPort() + 1, 0.10, 12));
        first.delay(150);
        second.delay(150);
        take(phone, exchange, first.port(), second.port());
        JsonNode report = test(phone, "{seconds: 10}", trial);
        assertThat(report.path("loss").path("up").asDouble())
                .as(report.toString())
                .isBetween(5.0, 16.0);
        assertThat(report.path("loss").path("down").asDouble())
                .as(report.toString())
                .isBetween(5.0, 16.0);
        assertThat(report.path("roundTrip").asDouble()).as(report.toString()).isBetween(280.0, 380.0);
        assertThat(report.path("mos").asDouble()).as(report.toString()).isBetween(1.0, 3.1);
        assertThat(codes(report)).contains("bad-sound-here", "slow-path").doesNotContain("fine");
        assertNothingLeft(exchange);
    }

    @ParameterizedTest
    @EnumSource
    void aSilentMicrophoneIsFound(Browser.Kind kind, Trial trial, Exchange exchange) {
        SdkPage phone = page(kind, trial, exchange);
        phone.evaluate("(window.microphone = 'silent', true)");
        JsonNode report = test(phone, "{seconds: 3}", trial);
        // Without a sound card Firefox starts no AudioContext: what is not known is not called silent.
        assertThat(codes(report))
                .as(report.toString())
                .containsExactly(kind == Browser.Kind.CHROMIUM ? "microphone-silent" : "fine");
        assertThat(report.path("mos").asDouble())
                .as("the way is tested all the same")
                .isGreaterThan(4);
    }

    @ParameterizedTest
    @EnumSource
    void withoutAMicrophoneTheWayIsTestedAllTheSame(Browser.Kind kind, Trial trial, Exchange exchange) {
        SdkPage phone = page(kind, trial, exchange);
        phone.evaluate("(window.microphone = 'missing', true)");
        JsonNode report = test(phone, "{seconds: 3}", trial);
        assertThat(codes(report)).as(report.toString()).containsExactly("microphone-missing");
        assertThat(report.path("microphone").isNull()).isTrue();
        assertThat(report.path("mos").asDouble()).as(report.toString()).isGreaterThan(4);
    }

    @ParameterizedTest
    @EnumSource
    void aBlockedWayIsReportedInTime(Browser.Kind kind, Trial trial, Exchange exchange) {
        SdkPage phone = page(kind, trial, exchange);
        Link nowhere = trial.keep(new Link(Tools.freePorts(1), 0, 1));
        take(phone, exchange, nowhere.port(), nowhere.port());
        JsonNode report = test(phone, "{}", trial);
        assertThat(codes(report)).as(report.toString()).containsExactly("media-unreachable");
        assertThat(report.path("connectMillis").isNull()).isTrue();
        assertThat(report.path("path").asText()).isEmpty();
        phone.evaluate("(window.rewrite = (sdp) => sdp, true)");
        assertThat(codes(test(phone, "{seconds: 3}", trial)))
                .as("and another after it")
                .containsExactly("fine");
    }

    @ParameterizedTest
    @EnumSource
    void aTestThatIsGivenUpLeavesNothingOpen(Browser.Kind kind, Trial trial, Exchange exchange) {
        SdkPage phone = page(kind, trial, exchange);
        phone.evaluate(
                "(window.giveUp = new AbortController(), window.testing = phone.test({signal: giveUp.signal}), true)");
        Tools.await(
                "it listens",
                10,
                () -> strings(phone.evaluate("phone.stages")).contains("listening"),
                () -> phone.evaluate("phone.stages").toString());
        phone.evaluate("(giveUp.abort(), true)");
        assertThat(phone.evaluate("testing").path("error").asText()).isEqualTo("aborted");
        assertThat(phone.evaluate("opened.every(({readyState}) => readyState === 'ended')")
                        .asBoolean())
                .isTrue();
        assertNothingLeft(exchange);
    }

    private static SdkPage page(Browser.Kind kind, Trial trial, Exchange exchange) {
        SdkPage phone = SdkPage.open(trial, kind.browser(), exchange.pages().uri("/sdk.html"), INSTRUMENTS);
        phone.connect(exchange.gateway());
        return phone;
    }

    private static JsonNode test(SdkPage phone, String options, Trial trial) {
        JsonNode report = phone.evaluate("phone.test(" + options + ")");
        trial.write("report.json", report.toPrettyString());
        return report;
    }

    /** The browser sends to these in place of the gateway's two ports, and nowhere else. */
    static void take(SdkPage phone, Exchange exchange, int first, int second) {
        int port = exchange.config().mediaPort();
        phone.evaluate("(window.rewrite = (sdp) => sdp.split('\\r\\n')"
                + ".filter((line) => !/^a=candidate:\\S+ \\d+ tcp/i.test(line)).join('\\r\\n')"
                + ".replaceAll(' " + port + " ', ' " + first + " ').replaceAll(' " + (port + 1) + " ', ' " + second
                + " '), true)");
    }

    private static void assertNothingLeft(Exchange exchange) {
        Tools.await(
                "the gateway has nothing of it any more",
                10,
                () -> legs(exchange) == 0,
                () -> exchange.gateway().debugState().path("media").toString());
    }

    private static int callsBegun(Exchange exchange) {
        return exchange.gateway().debugState().path("begun").asInt();
    }

    private static int legs(Exchange exchange) {
        int legs = 0;
        for (JsonNode loop : exchange.gateway().debugState().path("media").path("loops")) {
            legs += loop.path("calls").size();
        }
        return legs;
    }

    private static List<String> codes(JsonNode report) {
        return strings(report.path("codes"));
    }

    private static List<String> strings(JsonNode list) {
        List<String> strings = new ArrayList<>();
        list.forEach(each -> strings.add(each.asText()));
        return strings;
    }
}
