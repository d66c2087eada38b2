package io.ringdown.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.media.codec.AudioCodec;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The web leg of sessions as a browser meets it, over real sockets on loopback. */
final class MediaEngineTest {
    private static final WebCodecs CODECS = WebCodecs.one(List.of(AudioCodec.OPUS, AudioCodec.PCMU, AudioCodec.PCMA));

    private MediaEngine engine;

    @BeforeEach
    void start() throws Exception {
        engine = MediaEngine.start(settings());
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    static MediaSettings settings() {
        MediaSettings defaults = MediaSettings.defaults();
        MediaSettings.Web web = new MediaSettings.Web(
                List.of(InetAddress.getLoopbackAddress()), List.of(), new PortRange(0, 0), Optional.empty());
        return new MediaSettings(web, defaults.trunkPorts(), defaults.silence(), defaults.opus(), defaults.bridge());
    }

    @ParameterizedTest
    @ValueSource(ints = {7, 8, 1})
    void aBrowserConnectsWithEachProfile(int profile) throws Exception {
        Events events = new Events();
        try (MediaSession session = engine.open(CODECS, events);
                BrowserPeer browser = new BrowserPeer().profiles(profile)) {
            browser.onAnswer(session.answerWeb(browser.offer()));
            browser.connect();
            assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
        }
    }

    @Test
    void theFirstProfileOfOursIsTakenWhateverTheBrowsersOrder() throws Exception {
        Events events = new Events();
        try (MediaSession session = engine.open(CODECS, events);
                BrowserPeer browser = new BrowserPeer()) {
            browser.onAnswer(session.answerWeb(browser.offer()));
            browser.connect();
            assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
            assertThat(engine.debugState().toString()).contains("profile=AEAD_AES_128_GCM");
        }
    }

    @Test
    void aCertificateWithAnotherFingerprintIsRefusedAtOnceAndForGood() throws Exception {
        Events events = new Events();
        try (MediaSession session = engine.open(CODECS, events);
                BrowserPeer browser = new BrowserPeer()) {
            String wrong = "00:" + "11:".repeat(30) + "22";
            browser.onAnswer(session.answerWeb(browser.offer(wrong)));
            assertThatThrownBy(browser::connect).isInstanceOf(IOException.class);
            assertThat(events.next())
                    .isEqualTo(new MediaEvent.WebFailed(MediaEvent.WebFailed.Cause.FINGERPRINT_MISMATCH));
        }
    }

    @Test
    void everyAddressOfALoopAnswersForItself() throws Exception {
        List<InetAddress> addresses = List.of(
                InetAddress.ofLiteral("127.0.0.2"), InetAddress.ofLiteral("127.0.0.3"), InetAddress.ofLiteral("::1"));
        MediaSettings one = settings();
        MediaSettings.Web web = new MediaSettings.Web(addresses, List.of(), new PortRange(0, 0), Optional.empty());
        try (MediaEngine several =
                MediaEngine.start(new MediaSettings(web, one.trunkPorts(), one.silence(), one.opus(), one.bridge()))) {
            for (int i = 0; i < addresses.size(); i++) {
                Events events = new Events();
                try (MediaSession session = several.open(CODECS, events);
                        BrowserPeer browser = new BrowserPeer(addresses.get(i))) {
                    browser.onAnswer(session.answerWeb(browser.offer()), i);
                    assertThat(browser.gateway().getAddress()).isEqualTo(addresses.get(i));
                    browser.connect();
                    assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
                }
            }
        }
    }

    @Test
    void whatIsAdvertisedIsToldInPlaceOfWhatIsListenedOn() throws Exception {
        MediaSettings one = settings();
        MediaSettings.Web web = new MediaSettings.Web(
                one.web().listen(),
                List.of(InetAddress.ofLiteral("203.0.113.7"), InetAddress.ofLiteral("2001:db8::7")),
                new PortRange(0, 0),
                Optional.empty());
        try (MediaEngine behindNat = MediaEngine.start(
                        new MediaSettings(web, one.trunkPorts(), one.silence(), one.opus(), one.bridge()));
                MediaSession session = behindNat.open(CODECS, new Events());
                BrowserPeer browser = new BrowserPeer()) {
            String answer = session.answerWeb(browser.offer());
            assertThat(answer).contains(" 203.0.113.7 ").contains(" 2001:db8:").doesNotContain("127.0.0.1 ");
        }
    }

    @Test
    void aPortThatIsTakenIsToldWithItsRemedy() throws Exception {
        MediaSettings one = settings();
        try (DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            MediaSettings.Web web = new MediaSettings.Web(
                    one.web().listen(),
                    List.of(),
                    new PortRange(other.getLocalPort(), other.getLocalPort()),
                    Optional.empty());
            assertThatThrownBy(() -> MediaEngine.start(new MediaSettings(
                            web, new PortRange(1_024, 1_030), one.silence(), one.opus(), one.bridge())))
                    .isInstanceOf(MediaUnavailableException.class)
                    .hasMessageContaining(String.valueOf(other.getLocalPort()))
                    .hasMessageContaining("media.web.ports");
        }
    }

    @Test
    void aReloadedPageTakesItsCallOverWithANewHandshake() throws Exception {
        Events events = new Events();
        try (MediaSession session = engine.open(CODECS, events);
                BrowserPeer before = new BrowserPeer();
                BrowserPeer after = new BrowserPeer()) {
            before.onAnswer(session.answerWeb(before.offer()));
            before.connect();
            assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
            after.restartIce();
            after.onAnswer(session.answerWeb(after.offer()));
            after.connect();
            byte[] packet = new byte[172];
            packet[0] = (byte) 0x80;
            packet[1] = 111;
            for (int i = 0;
                    i < 100 && session.stats().web().received() < 1;
                    i++) { // the first may come before the keys do
                packet[3]++;
                after.sendMedia(packet, packet.length);
                Thread.sleep(20);
            }
            assertThat(session.stats().web().received()).isPositive();
            assertThat(before.response(before.request(true)))
                    .as("the old page has nothing to say")
                    .isEqualTo(-1);
        }
    }

    @Test
    void closeNotifyIsReported() throws Exception {
        Events events = new Events();
        try (MediaSession session = engine.open(CODECS, events);
                BrowserPeer browser = new BrowserPeer()) {
            browser.onAnswer(session.answerWeb(browser.offer()));
            browser.connect();
            assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
            browser.closeDtls();
            assertThat(events.next()).isInstanceOf(MediaEvent.WebClosed.class);
        }
    }

    /** What the listener was told, in order. */
    static final class Events implements MediaListener {
        private final LinkedBlockingQueue<MediaEvent> events = new LinkedBlockingQueue<>();

        @Override
        public void onEvent(MediaEvent event) {
            events.add(event);
        }

        /** All that was not asked for. */
        List<MediaEvent> drained() {
            List<MediaEvent> all = new ArrayList<>();
            events.drainTo(all);
            return all;
        }

        @Nullable
        MediaEvent next() throws InterruptedException {
            return events.poll(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
