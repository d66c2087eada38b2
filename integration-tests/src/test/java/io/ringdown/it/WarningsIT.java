package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What goes wrong while people talk is told to the page, and taken back when it is right again. */
@ExtendWith(Trial.Extension.class)
final class WarningsIT {

    /** Lets a test take the place of the gateway's media ports, and the microphone away. */
    private static final String INSTRUMENTS = """
            window.rewrite = (sdp) => sdp;
            const setRemote = RTCPeerConnection.prototype.setRemoteDescription;
            RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
              return setRemote.call(this, { type, sdp: window.rewrite(sdp) });
            };
            const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
            navigator.mediaDevices.getUserMedia = async (constraints) => {
              const stream = await open(constraints);
              [window.track] = stream.getAudioTracks();
              return stream;
            };""";

    @ParameterizedTest
    @EnumSource
    void eachIsToldAndClearedAgain(Browser.Kind kind, Trial trial, Exchange exchange) {
        FarEnd far = trial.keep(new FarEnd());
        Sipp carrier = Sipp.start(trial, exchange.carrier("uas-answer", G711.PCMA, far));
        SdkPage phone = SdkPage.open(trial, kind.browser(), exchange.pages().uri("/sdk.html"), INSTRUMENTS);
        phone.connect(exchange.gateway());
        Link first = trial.keep(new Link(exchange.config().mediaPort(), 0, 21));
        Link second = trial.keep(new Link(exchange.config().mediaPort() + 1, 0, 22));
        ThePreCallTestIT.take(phone, exchange, first.port(), second.port());
        phone.evaluate("phone.start(" + JsonSocket.quote(Exchange.NUMBER) + ").then(() => true)");
        phone.await("established", 15);

        awaitTold(phone, "warning one-way-audio", 30); // the telephone says nothing
        far.speak(G711.PCMA.payloadType(), G711.PCMA.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        awaitTold(phone, "warningcleared one-way-audio", 30);

        boolean hasLevels = kind == Browser.Kind.CHROMIUM; // Firefox starts no AudioContext without a sound card
        if (hasLevels) {
            phone.evaluate("(phone.call.mute(), true)");
            awaitTold(phone, "warning muted-but-speaking", 10);
            phone.evaluate("(phone.call.unmute(), true)");
            awaitTold(phone, "warningcleared muted-but-speaking", 10);
        }

        first.lose(0.4);
        second.lose(0.4);
        awaitTold(phone, "warning bad-sound-here", 30);
        first.lose(0);
        second.lose(0);
        awaitTold(phone, "warningcleared bad-sound-here", 40);

        phone.evaluate("(track.stop(), true)");
        awaitTold(phone, "warning microphone-lost", 10);
        phone.evaluate("phone.call.restoreMedia({microphone: true}).then(() => true)");
        awaitTold(phone, "warningcleared microphone-lost", 15);

        assertEachIsToldAndClearedInTurn(told(phone));
        phone.evaluate("(phone.call.hangup(), true)");
        carrier.awaitSuccess(10);
    }

    /** Others than those that are provoked may come too, where the machine itself is slow. */
    private static void assertEachIsToldAndClearedInTurn(List<String> told) {
        Set<String> standing = new HashSet<>();
        for (String each : told) {
            String code = each.substring(each.indexOf(' ') + 1);
            boolean isTold = each.startsWith("warning ");
            assertThat(isTold ? standing.add(code) : standing.remove(code))
                    .as("%s of %s", each, told)
                    .isTrue();
        }
    }

    private static void awaitTold(SdkPage phone, String what, int seconds) {
        Tools.await(
                "the page is told " + what,
                seconds,
                () -> told(phone).contains(what),
                () -> phone.evaluate("phone.story").toString());
    }

    private static List<String> told(SdkPage phone) {
        List<String> told = new ArrayList<>();
        phone.evaluate(
                        "phone.story.filter(({name}) => name.startsWith('warning')).map(({name, code}) => `${name} ${code}`)")
                .forEach(each -> told.add(each.asText()));
        return told;
    }
}
