package io.ringdown.media;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.dtmf.Stroke;
import io.ringdown.media.MediaEngineTest.Events;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.sdp.Direction;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls whose media are written down as JSON and read back, over real sockets. */
final class ReopenedTest {
    private static final InetAddress CARRIER = InetAddress.ofLiteral("127.0.0.1");
    private static final WebCodecs CODECS = WebCodecs.one(List.of(AudioCodec.PCMU));
    private static final TrunkMedia MEDIA = CallTest.trunkMedia(CARRIER);

    private MediaEngine engine;

    @BeforeEach
    void start() throws Exception {
        engine = MediaEngine.start(MediaEngineTest.settings());
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void theTrunkHearsOneStreamAndTheBrowserOffersAnew() throws Exception {
        try (TrunkPeer trunk = new TrunkPeer(CARRIER);
                BrowserPeer browser = new BrowserPeer()) {
            MediaSession session = engine.open(CODECS, new Events());
            trunk.onOffer(session.offerTrunk(MEDIA));
            session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            for (int i = 0; i < 5; i++) { // a call that moves and moves
                ByteBuffer last = ByteBuffer.wrap(requireNonNull(trunk.receive(2_000)));
                String json = StateJson.write(session.state());
                session.letGo();
                for (byte[] packet = trunk.receive(50); packet != null; packet = trunk.receive(50)) {
                    last = ByteBuffer.wrap(packet);
                }
                session = reopened(json);
                ByteBuffer next = ByteBuffer.wrap(requireNonNull(trunk.receive(2_000)));
                assertThat(next.getInt(8)).as("SSRC").isEqualTo(last.getInt(8));
                assertThat((short) (next.getShort(2) - last.getShort(2))).isEqualTo((short) 1);
                int ticks = next.getInt(4) - last.getInt(4);
                assertThat(ticks).isBetween(2 * 160, 100 * 160);
                assertThat(ticks % 160).isZero();
            }
            browser.onAnswer(session.answerWeb(browser.offer()));
            browser.connect();
            trunk.send(rtp(1));
            assertThat(browser.receiveMedia(2_000)).isNotEmpty();
            browser.sendMedia(rtp(1), 172);
            awaitWebReceived(session, 1);
            session.close();
        }
    }

    @Test
    void aBrowserThatDoesNotComeToAReopenedCallIsToldAsSilent() throws Exception {
        Duration soon = Duration.ofSeconds(2);
        MediaSettings usual = MediaEngineTest.settings();
        MediaSettings hasty = new MediaSettings(
                usual.web(),
                usual.trunkPorts(),
                new MediaSettings.Silence(soon, soon, Duration.ofMinutes(1)),
                usual.opus(),
                usual.bridge());
        try (MediaEngine hurried = MediaEngine.start(hasty);
                TrunkPeer trunk = new TrunkPeer(CARRIER)) {
            MediaSession session = hurried.open(CODECS, new Events());
            trunk.onOffer(session.offerTrunk(MEDIA));
            session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            MediaState state = session.state();
            session.letGo();
            Events events = new Events();
            try (MediaSession _ = hurried.reopen(state, CODECS, MEDIA, HoldMusic.SILENCE, events)) {
                assertThat(requireNonNull(events.next())).isEqualTo(new MediaEvent.WebSilent(soon, false));
            }
        }
    }

    @Test
    void theNextDescriptionGoesOnFromTheLast() throws Exception {
        try (TrunkPeer trunk = new TrunkPeer(CARRIER)) {
            MediaSession session = engine.open(CODECS, new Events());
            String first = session.offerTrunk(MEDIA);
            trunk.onOffer(first);
            session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            String json = StateJson.write(session.state());
            session.letGo();
            try (MediaSession next = reopened(json)) {
                String held = next.offerTrunkAgain(Direction.SENDONLY);
                assertThat(origin(held).group(1)).isEqualTo(origin(first).group(1));
                assertThat(origin(held).group(2)).isEqualTo("2");
                assertThat(held).contains("a=sendonly", port(first));
                next.onTrunkAnswer(trunk.answer(0, "recvonly"), Direction.SENDONLY);
                assertThat(next.answerTrunk(MEDIA, trunk.answer(0, "sendrecv"))).contains(port(first), "a=sendonly");
            }
        }
    }

    @Test
    void pressesGoOnCountingAndNoDigitIsWrittenDown() throws Exception {
        Events events = new Events();
        try (TrunkPeer trunk = new TrunkPeer(CARRIER)) {
            MediaSession session = engine.open(CODECS, events);
            session.offerTrunk(MEDIA);
            session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            List<Stroke> digits = Stroke.parse("98765").orElseThrow();
            assertThat(session.press(digits, Duration.ofMillis(100), Duration.ofMillis(70)))
                    .hasValue(0);
            String json = StateJson.write(session.state());
            session.letGo();
            for (int i = 0; i < 5; i++) {
                assertThat(requireNonNull(events.next())).as("press %d", i).isInstanceOf(MediaEvent.Press.class);
            }
            assertThat(json).contains("\"nextPress\":5").doesNotContain("98765", "digit", "Digit");
            try (MediaSession next = reopened(json)) {
                assertThat(next.press(digits, Duration.ofMillis(100), Duration.ofMillis(70)))
                        .hasValue(5);
            }
        }
    }

    @Test
    void aCallWithoutATrunkYetIsMutedAsItWas() throws Exception {
        MediaSession session = engine.open(CODECS, new Events());
        session.muteWeb(true);
        String json = StateJson.write(session.state());
        session.letGo();
        try (MediaSession next = reopened(json);
                TrunkPeer trunk = new TrunkPeer(CARRIER)) {
            assertThat(next.quality().webPath().muted() || next.digitRoads().isEmpty())
                    .isTrue();
            trunk.onOffer(next.offerTrunk(MEDIA));
            next.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            assertThat(trunk.receive(2_000)).isNotNull();
            assertThat(next.quality().webPath().muted()).isTrue();
        }
    }

    @Test
    void portsThatSomebodyElseHasAreToldWithTheirRemedy() throws Exception {
        try (TrunkPeer trunk = new TrunkPeer(CARRIER);
                MediaSession session = engine.open(CODECS, new Events())) {
            session.offerTrunk(MEDIA);
            session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            String json = StateJson.write(session.state());
            assertThatThrownBy(() -> reopened(json))
                    .isInstanceOf(MediaUnavailableException.class)
                    .hasMessageContaining("in use");
        }
    }

    private MediaSession reopened(String json) throws Exception {
        return engine.reopen(StateJson.read(json, MediaState.class), CODECS, MEDIA, HoldMusic.SILENCE, new Events());
    }

    private static void awaitWebReceived(MediaSession session, long count) throws InterruptedException {
        for (int i = 0; i < 300 && session.stats().web().received() < count; i++) {
            Thread.sleep(10);
        }
        assertThat(session.stats().web().received()).isEqualTo(count);
    }

    private static Matcher origin(String sdp) {
        Matcher line = Pattern.compile("o=- (\\d+) (\\d+) ").matcher(sdp);
        assertThat(line.find()).isTrue();
        return line;
    }

    private static String port(String sdp) {
        Matcher line = Pattern.compile("m=audio \\d+ ").matcher(sdp);
        assertThat(line.find()).isTrue();
        return line.group();
    }

    private static byte[] rtp(int sequence) {
        return ByteBuffer.allocate(12 + 160)
                .put((byte) 0x80)
                .put((byte) 0)
                .putShort((short) sequence)
                .putInt(sequence * 160)
                .putInt(7)
                .array();
    }
}
