package io.ringdown.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.time.Duration;
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
    private static final List<AudioCodec> CODECS = List.of(AudioCodec.OPUS, AudioCodec.PCMU, AudioCodec.PCMA);

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
        try (MediaSession session = engine.open(CODECS, new Events());
                BrowserPeer browser = new BrowserPeer()) {
            browser.onAnswer(session.answerWeb(browser.offer()));
            browser.connect();
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
            assertThatThrownBy(browser::connect).isInstanceOf(java.io.IOException.class);
            assertThat(events.next())
                    .isEqualTo(new MediaEvent.WebFailed(MediaEvent.WebFailed.Cause.FINGERPRINT_MISMATCH));
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

        @Nullable
        MediaEvent next() throws InterruptedException {
            return events.poll(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
