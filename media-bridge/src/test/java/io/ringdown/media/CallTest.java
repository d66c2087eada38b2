package io.ringdown.media;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import io.ringdown.dtmf.PressReceipt;
import io.ringdown.dtmf.Stroke;
import io.ringdown.media.MediaEngineTest.Events;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioDecoder;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.quality.WebPath;
import io.ringdown.media.sdp.Direction;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole calls between a browser and a carrier, over real sockets on loopback. */
final class CallTest {
    private static final Codecs CODECS = Codecs.load(OpusSettings.defaults());
    private static final int BROWSERS_TONE = 440;
    private static final int TRUNKS_TONE = 1_000;
    private static final int FRAMES = 75;
    private static final int JUDGED_SAMPLES = 8_000; // the last second

    private MediaEngine engine;

    @BeforeEach
    void start() throws Exception {
        engine = MediaEngine.start(MediaEngineTest.settings());
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @ParameterizedTest
    @CsvSource({"OPUS, 0, 127.0.0.1", "OPUS, 8, 127.0.0.2", "PCMU, 0, 127.0.0.3", "PCMA, 0, ::1"})
    void eachSideHearsTheOtherAndNotItself(AudioCodec web, int trunkPayloadType, String trunkAddress) throws Exception {
        InetAddress carrier = InetAddress.ofLiteral(trunkAddress);
        Events events = new Events();
        try (MediaSession session = engine.open(WebCodecs.one(List.of(web)), events);
                BrowserPeer browser = new BrowserPeer();
                TrunkPeer trunk = new TrunkPeer(carrier)) {
            browser.onAnswer(session.answerWeb(browser.offer()));
            browser.connect();
            assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
            trunk.onOffer(session.offerTrunk(trunkMedia(carrier)));
            session.onTrunkAnswer(trunk.answer(trunkPayloadType, "sendrecv"));

            Heard heard = new Talk(browser, web, trunk, trunkPayloadType).run();

            assertThat(power(heard.byBrowser, TRUNKS_TONE))
                    .as("the browser hears the trunk")
                    .isGreaterThan(100 * power(heard.byBrowser, BROWSERS_TONE));
            assertThat(power(heard.byTrunk, BROWSERS_TONE))
                    .as("the trunk hears the browser")
                    .isGreaterThan(100 * power(heard.byTrunk, TRUNKS_TONE));
            awaitReceived(session, FRAMES);
            assertThat(session.stats().trunk().received()) // the first one may come before the answer has taken effect
                    .isBetween(FRAMES - 1L, (long) FRAMES);
        }
    }

    @Test
    void onlyTheAddressOfTheDescriptionIsHeardAndSentTo() throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.2");
        try (MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
                TrunkPeer trunk = new TrunkPeer(carrier);
                TrunkPeer stranger = new TrunkPeer(carrier)) {
            String offer = session.offerTrunk(trunkMedia(carrier));
            trunk.onOffer(offer);
            stranger.onOffer(offer);
            for (int i = 0; i < 50; i++) { // before there is an answer, too
                stranger.send(rtp(0, i, i * 160, 99, new byte[160]));
            }
            session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            assertThat(trunk.receive(2_000)).as("silence opens pinholes").isNotNull();
            for (int i = 0; i < 50; i++) {
                stranger.send(rtp(0, i, i * 160, 99, new byte[160]));
                trunk.send(rtp(0, i, i * 160, 7, new byte[160]));
                LockSupport.parkNanos(2_000_000);
            }
            assertThat(stranger.receive(100)).isNull();
            for (int i = 0; i < 300 && session.stats().trunk().received() < 50; i++) {
                Thread.sleep(10);
            }
            assertThat(session.stats().trunk().received()).isEqualTo(50);
            assertThat(session.stats().trunk().lost()).isZero();
        }
    }

    @Test
    void aSecondAnswerWithAnotherAddressReTargetsAtOnce() throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.1");
        try (MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
                TrunkPeer early = new TrunkPeer(carrier);
                TrunkPeer late = new TrunkPeer(InetAddress.ofLiteral("127.0.0.2"))) {
            session.offerTrunk(trunkMedia(carrier));
            session.onTrunkAnswer(early.answer(0, "sendrecv"));
            assertThat(early.receive(2_000)).isNotNull();
            session.onTrunkAnswer(late.answer(0, "sendrecv"));
            assertThat(late.receive(2_000)).isNotNull();
        }
    }

    @Test
    void anAnswerOfTheOtherAddressFamilyIsRejected() throws Exception {
        try (MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
                TrunkPeer six = new TrunkPeer(InetAddress.ofLiteral("::1"))) {
            session.offerTrunk(trunkMedia(InetAddress.ofLiteral("127.0.0.1")));
            assertThatThrownBy(() -> session.onTrunkAnswer(six.answer(0, "sendrecv")))
                    .isInstanceOf(SdpRejectedException.class)
                    .hasMessageContaining("cannot be reached");
        }
    }

    @Test
    void aTrunksOfferIsAnsweredWithWhatItAdvertises() throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.2");
        TrunkMedia media = new TrunkMedia(
                carrier, Optional.of(InetAddress.ofLiteral("203.0.113.9")), List.of(AudioCodec.PCMA, AudioCodec.PCMU));
        try (MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
                TrunkPeer trunk = new TrunkPeer(carrier)) {
            assertThat(session.answerTrunk(media, trunk.answer(8, "sendrecv")))
                    .contains("c=IN IP4 203.0.113.9")
                    .contains("RTP/AVP 8 101");
            assertThat(trunk.receive(2_000)).isNotNull();
        }
    }

    /** Also where the trunk is configured anew: it keeps its old sockets and their target. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2"})
    void aRefusedChangeLeavesSoundGoingBothWays(String listensNow) throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.1");
        TrunkMedia now = new TrunkMedia(
                InetAddress.ofLiteral(listensNow), Optional.empty(), List.of(AudioCodec.PCMA, AudioCodec.PCMU));
        try (MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
                BrowserPeer browser = new BrowserPeer();
                TrunkPeer trunk = new TrunkPeer(carrier)) {
            browser.onAnswer(session.answerWeb(browser.offer()));
            browser.connect();
            trunk.onOffer(session.offerTrunk(trunkMedia(carrier)));
            session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            String good = trunk.answer(0, "sendrecv");
            for (String bad : List.of(
                    good.replace("m=audio", "m=image"),
                    good.replace("RTP/AVP 0", "RTP/AVP 18").replace("rtpmap:0 PCMU", "rtpmap:18 G729"),
                    good.replace("c=IN IP4 127.0.0.1", "c=IN IP4 169.254.169.254"),
                    good.replaceAll("m=audio \\d+", "m=audio 22"),
                    "v=0\r\nnonsense\r\n")) {
                assertThatThrownBy(() -> session.answerTrunk(now, bad)).isInstanceOf(SdpRejectedException.class);
            }

            Heard heard = new Talk(browser, AudioCodec.PCMU, trunk, 0).run();

            assertThat(power(heard.byBrowser, TRUNKS_TONE)).isGreaterThan(100 * power(heard.byBrowser, BROWSERS_TONE));
            assertThat(power(heard.byTrunk, BROWSERS_TONE)).isGreaterThan(100 * power(heard.byTrunk, TRUNKS_TONE));
            assertThat(requireNonNull(engine.debugState().get("trunkPorts")).toString())
                    .as("no refused change keeps ports")
                    .contains("inUse=1");
        }
    }

    @Test
    void aChangeThatIsTakenMovesUsInTheSameDialog() throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.1");
        try (MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
                TrunkPeer trunk = new TrunkPeer(carrier)) {
            String before = session.answerTrunk(trunkMedia(carrier), trunk.answer(0, "sendrecv"));
            String after =
                    session.answerTrunk(trunkMedia(InetAddress.ofLiteral("127.0.0.2")), trunk.answer(0, "sendrecv"));
            String session1 = before.replaceAll("(?s).*o=- (\\d+) .*", "$1");
            assertThat(before).contains("o=- " + session1 + " 1 IN IP4 127.0.0.1");
            assertThat(after).contains("o=- " + session1 + " 2 IN IP4 127.0.0.2");
        }
    }

    @Test
    void ourOfferInMidCallIsWholeAgainAndChangesNothingByItself() throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.1");
        try (MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
                TrunkPeer trunk = new TrunkPeer(carrier)) {
            assertThat(session.answerTrunk(trunkMedia(carrier), trunk.answer(0, "sendonly")))
                    .contains("a=recvonly");
            String offer = session.offerTrunkAgain();
            assertThat(offer).contains("RTP/AVP 0 8 101", "a=sendrecv");
            assertThat(trunk.receive(300)).as("still on hold").isNull();
            session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            assertThat(trunk.receive(2_000)).isNotNull();
        }
    }

    @Test
    void aPressGoesOutAsTelephoneEvent() throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.1");
        Events events = new Events();
        try (MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), events);
                TrunkPeer trunk = new TrunkPeer(carrier)) {
            List<Stroke> five = Stroke.parse("5").orElseThrow();
            session.offerTrunk(trunkMedia(carrier));
            assertThat(session.press(five, Duration.ofMillis(100), Duration.ofMillis(70)))
                    .as("before there is an answer")
                    .isEmpty();
            session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            assertThat(session.press(five, Duration.ofMillis(100), Duration.ofMillis(70)))
                    .hasValue(0);
            byte[] packet = requireNonNull(trunk.receive(2_000));
            while ((packet[1] & 0x7f) != 101) {
                packet = requireNonNull(trunk.receive(2_000));
            }
            assertThat(packet[12]).isEqualTo((byte) 5);
            assertThat(events.next())
                    .isInstanceOfSatisfying(
                            MediaEvent.Press.class,
                            press -> assertThat(press.receipt()).isInstanceOf(PressReceipt.Sent.class));
        }
    }

    @Test
    void aBrowserThatChangesItsNetworkIsFollowedWithoutANewHandshake() throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.1");
        try (MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
                BrowserPeer browser = new BrowserPeer();
                TrunkPeer trunk = new TrunkPeer(carrier)) {
            String first = session.answerWeb(browser.offer());
            browser.onAnswer(first);
            browser.connect();
            trunk.onOffer(session.offerTrunk(trunkMedia(carrier)));
            session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            speak(trunk);
            assertThat(browser.receiveMedia(2_000)).isNotNull();

            browser.restartIce();
            String second = session.answerWeb(browser.offer());
            assertThat(second).doesNotContain(first.replaceAll("(?s).*a=ice-ufrag:(\\S+).*", "$1"));
            assertThat(browser.receiveMedia(2_000)).as("the old path stays").isNotNull();
            browser.onAnswer(second);
            browser.move();
            assertThat(browser.check(true)).isTrue();
            byte[] opened = requireNonNull(browser.receiveMedia(2_000));
            assertThat(opened).as("with the keys it has").isNotEmpty();
            int before = (int) session.stats().web().received();
            browser.sendMedia(rtp(0, 1, 160, 5, new byte[160]), 172);
            awaitReceived(session, before + 1);
        }
    }

    /** Chromium checks once more before it nominates; where nothing comes by the old path that is not waited for. */
    @Test
    void aDeadPathIsLeftForTheFirstCheckOfTheNewOne() throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.1");
        try (MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
                BrowserPeer browser = new BrowserPeer();
                TrunkPeer trunk = new TrunkPeer(carrier)) {
            browser.onAnswer(session.answerWeb(browser.offer()));
            browser.connect();
            trunk.onOffer(session.offerTrunk(trunkMedia(carrier)));
            session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            browser.restartIce();
            browser.onAnswer(session.answerWeb(browser.offer()));
            browser.move();
            byte[] heard = null;
            for (int i = 0; i < 50 && heard == null; i++) { // the path is dead after a second
                assertThat(browser.check(false)).isTrue();
                trunk.send(rtp(0, i, i * 160, 7, new byte[160]));
                heard = browser.receiveMedia(100);
            }
            assertThat(heard).as("without a nomination").isNotEmpty();
        }
    }

    @Test
    void forgedPacketsUnderTheBrowsersAddressDoNotUseUpItsShare() throws Exception {
        try (MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
                BrowserPeer browser = new BrowserPeer()) {
            browser.onAnswer(session.answerWeb(browser.offer()));
            browser.connect();
            awaitPath(session, path -> path.dtls() == WebPath.Dtls.CONNECTED);
            for (int i = 0; i < 40; i++) {
                for (int k = 0; k < 50; k++) {
                    browser.send(rtp(0, i + k, i * 160, 5, new byte[160]));
                }
                browser.sendMedia(rtp(0, i, i * 160, 5, new byte[160]), 172);
                int forged = 50 * (i + 1); // read before the next slice comes: the socket's buffer holds two of them
                awaitPath(session, path -> path.refused() == forged);
            }
            awaitReceived(session, 40);
        }
    }

    @Test
    void aTrunkThatHoldsTheCallOrIsHeldMayBeSilent() throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.1");
        MediaSettings usual = MediaEngineTest.settings();
        Duration soon = Duration.ofSeconds(2);
        MediaSettings.Silence silence = new MediaSettings.Silence(soon, soon, soon);
        List<MediaEvent> onHold = new CopyOnWriteArrayList<>();
        Events talking = new Events();
        try (MediaEngine impatient = MediaEngine.start(
                        new MediaSettings(usual.web(), usual.trunkPorts(), silence, usual.opus(), usual.bridge()));
                MediaSession held = impatient.open(WebCodecs.one(List.of(AudioCodec.PCMU)), onHold::add);
                MediaSession holding = impatient.open(WebCodecs.one(List.of(AudioCodec.PCMU)), onHold::add);
                MediaSession inactive = impatient.open(WebCodecs.one(List.of(AudioCodec.PCMU)), onHold::add);
                MediaSession silent = impatient.open(WebCodecs.one(List.of(AudioCodec.PCMU)), talking);
                TrunkPeer trunk = new TrunkPeer(carrier)) {
            held.offerTrunk(trunkMedia(carrier));
            held.onTrunkAnswer(trunk.answer(0, "sendonly"));
            holding.offerTrunk(trunkMedia(carrier));
            holding.hold(HoldMusic.SILENCE);
            holding.onTrunkAnswer(trunk.answer(0, "sendrecv")); // which a hold must outlast
            inactive.offerTrunk(trunkMedia(carrier));
            inactive.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            inactive.offerTrunkAgain(Direction.INACTIVE);
            inactive.onTrunkAnswer(trunk.answer(0, "inactive"), Direction.INACTIVE);
            silent.offerTrunk(trunkMedia(carrier));
            silent.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            assertThat(talking.next()).isInstanceOf(MediaEvent.TrunkSilent.class);
            assertThat(onHold).isEmpty();
        }
    }

    /** As long as five intervals of reports are. */
    @Test
    @Tag("slow")
    void aTrunkOnHoldWhoseReportsStopIsGone() throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.1");
        MediaSettings usual = MediaEngineTest.settings();
        Duration soon = Duration.ofSeconds(2);
        MediaSettings.Silence silence = new MediaSettings.Silence(soon, soon, soon);
        BlockingQueue<MediaEvent> told = new LinkedBlockingQueue<>();
        try (MediaEngine impatient = MediaEngine.start(
                        new MediaSettings(usual.web(), usual.trunkPorts(), silence, usual.opus(), usual.bridge()));
                MediaSession held = impatient.open(WebCodecs.one(List.of(AudioCodec.PCMU)), told::add);
                TrunkPeer trunk = new TrunkPeer(carrier)) {
            trunk.onOffer(held.offerTrunk(trunkMedia(carrier)));
            held.hold(HoldMusic.SILENCE);
            held.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            assertThat(trunk.receive(2_000)).as("it is held by now").isNotNull();
            trunk.send(new byte[] {(byte) 0x80, (byte) 201, 0, 1, 0, 0, 0, 7}); // RFC 3550 6.4.2: a report of nothing
            assertThat(told.poll(60, TimeUnit.SECONDS)).isEqualTo(new MediaEvent.TrunkSilent());
        }
    }

    /** The bound of the house: 150 bytes of garbage for each packet in or out, nearly all of it jitsi-srtp's. */
    @Test
    void aPacketLeavesLittleGarbage() throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.1");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long loop = Arrays.stream(threads.dumpAllThreads(false, false))
                .filter(thread -> thread.getThreadName().equals("media-0"))
                .map(ThreadInfo::getThreadId)
                .findFirst()
                .orElseThrow();
        List<AutoCloseable> open = new ArrayList<>();
        List<MediaSession> sessions = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) { // of several sources, so that none is the last one again
                MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.OPUS)), new Events());
                BrowserPeer browser = new BrowserPeer();
                TrunkPeer trunk = new TrunkPeer(carrier);
                open.addAll(List.of(session, browser, trunk));
                sessions.add(session);
                browser.onAnswer(session.answerWeb(browser.offer()));
                browser.connect();
                trunk.onOffer(session.offerTrunk(trunkMedia(carrier)));
                session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
                speak(trunk);
                speak(browser);
            }
            Thread.sleep(2_000); // until what is compiled is compiled
            long packets = packets(sessions);
            long bytes = threads.getThreadAllocatedBytes(loop);
            Thread.sleep(3_000);
            long more = packets(sessions) - packets;
            double each = (threads.getThreadAllocatedBytes(loop) - bytes) / (double) more;
            assertThat(more).isGreaterThan(1_000);
            assertThat(each).as("bytes a packet").isLessThan(150);
        } finally {
            for (AutoCloseable closeable : open) {
                closeable.close();
            }
        }
    }

    private static long packets(List<MediaSession> sessions) {
        long packets = 0;
        for (MediaSession session : sessions) {
            MediaStats stats = session.stats();
            packets += stats.web().received() + stats.web().sent();
            packets += stats.trunk().received() + stats.trunk().sent();
        }
        return packets;
    }

    @ParameterizedTest
    @ValueSource(ints = 30)
    void whatACallTookIsGivenBack(int calls) throws Exception {
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.1");
        aWholeCall(carrier); // what is loaded once
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        awaitIdle();
        long filesBefore = system.getOpenFileDescriptorCount();
        int threadsBefore = Thread.activeCount();
        for (int i = 0; i < calls; i++) {
            aWholeCall(carrier);
        }
        awaitIdle();
        for (int i = 0; i < 300 && system.getOpenFileDescriptorCount() > filesBefore + 2; i++) {
            Thread.sleep(10); // the selector gives closed sockets back when it next wakes
        }
        assertThat(system.getOpenFileDescriptorCount()).isLessThanOrEqualTo(filesBefore + 2);
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threadsBefore);
        assertThat(requireNonNull(engine.debugState().get("trunkPorts")).toString())
                .contains("inUse=0");
    }

    @Test
    void whenPortsAreUsedUpTheNextCallIsToldAtOnce() throws Exception {
        MediaSettings few = MediaEngineTest.settings();
        InetAddress carrier = InetAddress.ofLiteral("127.0.0.4");
        try (MediaEngine small = MediaEngine.start(new MediaSettings(
                        few.web(), new PortRange(50_000, 50_003), few.silence(), few.opus(), few.bridge()));
                MediaSession one = small.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
                MediaSession two = small.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
                MediaSession three = small.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events())) {
            one.offerTrunk(trunkMedia(carrier));
            assertThat(small.isFull()).isFalse();
            two.offerTrunk(trunkMedia(carrier));
            assertThat(small.isFull()).as("so that nobody is rung for nothing").isTrue();
            two.offerTrunk(trunkMedia(carrier)); // crank-back keeps its pair
            assertThatThrownBy(() -> three.offerTrunk(trunkMedia(carrier)))
                    .isInstanceOf(MediaUnavailableException.class)
                    .hasMessageContaining("50000-50003");
        }
    }

    private void aWholeCall(InetAddress carrier) throws Exception {
        try (MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.OPUS)), new Events());
                BrowserPeer browser = new BrowserPeer();
                TrunkPeer trunk = new TrunkPeer(carrier)) {
            browser.onAnswer(session.answerWeb(browser.offer()));
            browser.connect();
            trunk.onOffer(session.offerTrunk(trunkMedia(carrier)));
            session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
            assertThat(trunk.receive(2_000)).isNotNull();
            speak(trunk);
            assertThat(browser.receiveMedia(2_000)).isNotNull();
        }
    }

    /** Opus from the browser until the peer is closed. */
    private static void speak(BrowserPeer browser) {
        Thread.ofVirtual().start(() -> {
            try (AudioEncoder encoder = CODECS.encoder(AudioCodec.OPUS, 8_000)) {
                for (int i = 0; ; i++) {
                    byte[] packet = rtp(111, i, i * 960, 0x1234, Talk.encoded(encoder, BROWSERS_TONE, i));
                    browser.sendMedia(packet, packet.length);
                    LockSupport.parkNanos(20_000_000);
                }
            } catch (IOException e) {
                // closed: the call is over
            }
        });
    }

    /** Sound from the trunk until the peer is closed. */
    private static void speak(TrunkPeer trunk) {
        Thread.ofVirtual().start(() -> {
            try {
                for (int i = 0; ; i++) {
                    trunk.send(rtp(0, i, i * 160, 7, new byte[160]));
                    LockSupport.parkNanos(20_000_000);
                }
            } catch (IOException e) {
                // closed: the call is over
            }
        });
    }

    @SuppressWarnings("unchecked") // the shape of debugState
    private void awaitIdle() throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            Object loops = requireNonNull(engine.debugState().get("loops"));
            boolean idle = ((List<Map<String, Object>>) loops)
                    .stream()
                            .allMatch(loop -> List.of().equals(loop.get("calls"))
                                    && Integer.valueOf(0).equals(loop.get("ufrags"))
                                    && Integer.valueOf(0).equals(loop.get("addresses")));
            if (idle) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("calls are left: " + engine.debugState());
    }

    private static void awaitReceived(MediaSession session, long count) throws InterruptedException {
        for (int i = 0; i < 300 && session.stats().web().received() < count; i++) {
            Thread.sleep(10);
        }
        assertThat(session.stats().web().received()).isEqualTo(count);
    }

    private static void awaitPath(MediaSession session, Predicate<WebPath> reached) throws InterruptedException {
        for (int i = 0; i < 300 && !reached.test(session.quality().webPath()); i++) {
            Thread.sleep(10);
        }
        assertThat(session.quality().webPath()).matches(reached);
    }

    static TrunkMedia trunkMedia(InetAddress listen) {
        return new TrunkMedia(listen, Optional.empty(), List.of(AudioCodec.PCMU, AudioCodec.PCMA));
    }

    private static byte[] rtp(int payloadType, int sequence, int timestamp, int ssrc, byte[] payload) {
        return ByteBuffer.allocate(12 + payload.length)
                .put((byte) 0x80)
                .put((byte) payloadType)
                .putShort((short) sequence)
                .putInt(timestamp)
                .putInt(ssrc)
                .put(payload)
                .array();
    }

    /** The power of one frequency in the last second (Goertzel). */
    private static double power(short[] pcm, int frequency) {
        int from = Math.max(0, pcm.length - JUDGED_SAMPLES);
        double coefficient = 2 * Math.cos(2 * Math.PI * frequency / 8_000);
        double one = 0;
        double two = 0;
        for (int i = from; i < pcm.length; i++) {
            double now = pcm[i] + coefficient * one - two;
            two = one;
            one = now;
        }
        return one * one + two * two - coefficient * one * two;
    }

    /** What the two ends heard, at 8 kHz. */
    private static final class Heard {
        private short[] byBrowser = new short[0];
        private short[] byTrunk = new short[0];
    }

    /** Both ends speak their tone in real time and listen. */
    private static final class Talk {
        private final BrowserPeer browser;
        private final AudioCodec web;
        private final TrunkPeer trunk;
        private final int trunkPayloadType;
        private final Heard heard = new Heard();

        private Talk(BrowserPeer browser, AudioCodec web, TrunkPeer trunk, int trunkPayloadType) {
            this.browser = browser;
            this.web = web;
            this.trunk = trunk;
            this.trunkPayloadType = trunkPayloadType;
        }

        private Heard run() throws Exception {
            AudioCodec narrow = trunkPayloadType == 0 ? AudioCodec.PCMU : AudioCodec.PCMA;
            int webPayloadType = web == AudioCodec.OPUS ? 111 : web == AudioCodec.PCMU ? 0 : 8;
            int webStep = web.clockRate() / 50;
            try (AudioEncoder mouth = CODECS.encoder(web, 8_000);
                    AudioEncoder far = CODECS.encoder(narrow, 8_000);
                    AudioDecoder ear = CODECS.decoder(web, 8_000);
                    AudioDecoder farEar = CODECS.decoder(narrow, 8_000)) {
                long begun = System.nanoTime();
                for (int i = 0; i < FRAMES; i++) {
                    byte[] ours = rtp(webPayloadType, i, i * webStep, 0x1234, encoded(mouth, BROWSERS_TONE, i));
                    browser.sendMedia(ours, ours.length);
                    trunk.send(rtp(trunkPayloadType, i, i * 160, 0x5678, encoded(far, TRUNKS_TONE, i)));
                    LockSupport.parkNanos(begun + (i + 1) * 20_000_000L - System.nanoTime());
                    listen(ear, webPayloadType, farEar);
                }
                listen(ear, webPayloadType, farEar);
            }
            return heard;
        }

        private void listen(AudioDecoder ear, int webPayloadType, AudioDecoder farEar) throws Exception {
            for (byte[] packet = browser.receiveMedia(0); packet != null; packet = browser.receiveMedia(0)) {
                if (packet.length > 12 && (packet[1] & 0x7f) == webPayloadType) {
                    heard.byBrowser = appended(heard.byBrowser, ear, packet);
                }
            }
            for (byte[] packet = trunk.receive(0); packet != null; packet = trunk.receive(0)) {
                if ((packet[1] & 0x7f) == trunkPayloadType) {
                    heard.byTrunk = appended(heard.byTrunk, farEar, packet);
                }
            }
        }

        private static byte[] encoded(AudioEncoder encoder, int frequency, int frame) {
            short[] pcm = new short[160];
            for (int i = 0; i < pcm.length; i++) {
                pcm[i] = (short) (8_000 * Math.sin(2 * Math.PI * frequency * (160 * frame + i) / 8_000));
            }
            byte[] packet = new byte[1_500];
            return Arrays.copyOf(packet, encoder.encode(pcm, 160, packet, 0, packet.length));
        }

        private static short[] appended(short[] before, AudioDecoder decoder, byte[] packet) {
            short[] pcm = new short[960];
            int samples = decoder.decode(packet, 12, packet.length - 12, pcm);
            short[] all = Arrays.copyOf(before, before.length + samples);
            System.arraycopy(pcm, 0, all, before.length, samples);
            return all;
        }
    }
}
