package io.ringdown.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.MediaEngine;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.MediaSession;
import io.ringdown.media.MediaSettings;
import io.ringdown.media.PortRange;
import io.ringdown.media.TrunkMedia;
import io.ringdown.media.WebCodecs;
import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A browser is called: it takes the gateway's offer and answers, by nothing but its RTCPeerConnection. The media engine runs in this
 * process; the telephone is an RTP socket.
 */
@ExtendWith(Trial.Extension.class)
final class ABrowserAnswersIT {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final String ANSWER = """
            (async (sdp, setup) => {
              const pc = window.pc = new RTCPeerConnection();
              pc.ontrack = (event) => ears.listenTo(event.streams[0] ?? new MediaStream([event.track]));
              const microphone = await navigator.mediaDevices.getUserMedia(
                  {audio: {echoCancellation: false, noiseSuppression: false, autoGainControl: false}});
              await pc.setRemoteDescription({type: 'offer', sdp});
              microphone.getAudioTracks().forEach((track) => pc.addTrack(track, microphone));
              const answer = await pc.createAnswer();
              await pc.setLocalDescription(
                  {type: 'answer', sdp: answer.sdp.replace('a=setup:active', 'a=setup:' + setup)});
              return pc.localDescription.sdp;
            })""";

    /** As the browser answers by itself, and as one that waits for our handshake. */
    @ParameterizedTest
    @CsvSource({
        "CHROMIUM, OPUS, active",
        "FIREFOX, OPUS, active",
        "CHROMIUM, PCMU, active",
        "FIREFOX, PCMU, active",
        "CHROMIUM, OPUS, passive",
    })
    void takesOurOfferIsHeardAndHears(Browser.Kind kind, AudioCodec first, String setup, Trial trial) throws Exception {
        Browser browser = kind.browser();
        PageServer pages = trial.keep(new PageServer(0));
        Browser.Page page = trial.keep(browser.open(pages.uri("/raw.html")));
        FarEnd far = trial.keep(new FarEnd());
        ConcurrentLinkedQueue<MediaEvent> events = new ConcurrentLinkedQueue<>();
        MediaEngine engine = trial.keep(MediaEngine.start(settings()));
        MediaSession session = trial.keep(engine.open(codecs(first), events::add));
        session.offerTrunk(new TrunkMedia(HERE, Optional.empty(), List.of(AudioCodec.PCMU)));
        session.onTrunkAnswer(answerOf(far));

        String answer = page.evaluate(ANSWER + "(" + JsonSocket.quote(session.offerWeb()) + ", '" + setup + "')")
                .asText();
        assertThat(answer).contains("a=setup:" + setup);
        session.onWebAnswer(answer);

        Tools.await(
                "the browser is connected",
                15,
                () -> events.stream().anyMatch(MediaEvent.WebConnected.class::isInstance),
                () -> events + "\n" + answer + "\n" + page.console());
        far.awaitAudio(10);
        far.speak(G711.PCMU.payloadType(), G711.PCMU.tone(trial.directory(), Exchange.TELEPHONE_HZ));
        Tools.pause(1_500);
        Ear.hears(
                "the telephone", Ear.of(trial.directory(), "telephone", far.listenFor(1_000)), browser.microphoneHz());
        byte[] recording =
                Base64.getDecoder().decode(page.evaluate("ears.hear(1500)").asText());
        Ear.hears("the browser", Ear.recording(trial, "browser", recording), Exchange.TELEPHONE_HZ);
    }

    private static WebCodecs codecs(AudioCodec first) {
        List<AudioCodec> all = first == AudioCodec.OPUS
                ? List.of(AudioCodec.OPUS, AudioCodec.PCMU, AudioCodec.PCMA)
                : List.of(AudioCodec.PCMU, AudioCodec.PCMA, AudioCodec.OPUS);
        return WebCodecs.one(all);
    }

    private static MediaSettings settings() {
        MediaSettings defaults = MediaSettings.defaults();
        MediaSettings.Web web = new MediaSettings.Web(List.of(HERE), List.of(), new PortRange(0, 0), Optional.empty());
        return new MediaSettings(web, defaults.trunkPorts(), defaults.silence(), defaults.opus(), defaults.bridge());
    }

    private static String answerOf(FarEnd far) {
        return """
                v=0
                o=- 1 1 IN IP4 %1$s
                s=-
                c=IN IP4 %1$s
                t=0 0
                m=audio %2$d RTP/AVP 0
                a=rtpmap:0 PCMU/8000
                a=sendrecv
                """.formatted(far.address(), far.port()).replace("\n", "\r\n");
    }
}
