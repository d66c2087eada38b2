package io.ringdown.media;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.ringdown.media.MediaEngineTest.Events;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.quality.WebPath;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Browsers whose network lets no UDP through (RFC 6544). */
final class WebByTcpTest {
    private static final WebCodecs CODECS = WebCodecs.one(List.of(AudioCodec.PCMU));

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
    void aBrowserConnectsByTcpAndIsHeard() throws Exception {
        Events events = new Events();
        try (MediaSession session = engine.open(CODECS, events);
                BrowserPeer browser = new BrowserPeer()) {
            connectByTcp(session, browser, events, 0);
            speak(browser, 0, 50);
            awaitReceived(session, 50);
            assertThat(engine.debugState().toString()).contains("path=tcp /127.0.0.1:");
        }
        awaitConnections(0);
    }

    @Test
    void atItsEndACallSaysGoodByeByTcpToo() throws Exception {
        Events events = new Events();
        try (BrowserPeer browser = new BrowserPeer()) {
            try (MediaSession session = engine.open(CODECS, events)) {
                connectByTcp(session, browser, events, 0);
                speak(browser, 0, 50);
                awaitReceived(session, 50);
                assertThat(browser.closedDtls(10)).isFalse();
                speak(browser, 50, 50); // octets unread when it ends
            }
            assertThat(browser.closedDtls(5_000)).as("close_notify").isTrue();
            awaitBye(browser);
            awaitConnections(0);
        }
    }

    @Test
    void whoLetsACallGoClosesItsConnectionAtOnce() throws Exception {
        Events events = new Events();
        try (MediaSession session = engine.open(CODECS, events);
                BrowserPeer browser = new BrowserPeer()) {
            connectByTcp(session, browser, events, 0);
            session.letGo();
            assertThat(tcp()).containsEntry("connections", 0L);
        }
    }

    /** RFC 3550 §6.6: a packet of the compound. */
    private static void awaitBye(BrowserPeer browser) throws Exception {
        boolean isThere = false;
        byte[] packet = browser.receiveMedia(5_000);
        while (packet != null && !isThere) {
            isThere = packet.length > 8 && holds(packet, 203);
            packet = isThere ? packet : browser.receiveMedia(5_000);
        }
        assertThat(isThere).as("RTCP BYE").isTrue();
    }

    /** Whether an RTCP compound has a packet of this type. */
    private static boolean holds(byte[] compound, int type) {
        int at = 0;
        while (at + 4 <= compound.length) {
            if ((compound[at + 1] & 0xff) == type) {
                return true;
            }
            at += 4 + 4 * ((compound[at + 2] & 0xff) << 8 | (compound[at + 3] & 0xff));
        }
        return false;
    }

    @Test
    void aCallOutlivesItsConnection() throws Exception {
        Events events = new Events();
        try (MediaSession session = engine.open(CODECS, events);
                BrowserPeer browser = new BrowserPeer()) {
            connectByTcp(session, browser, events, 0);
            for (int i = 1; i <= 5; i++) {
                browser.loseTcp();
                awaitConnections(0);
                assertThat(session.quality().webPath().ice()).isEqualTo(WebPath.Ice.LOST);
                browser.goByTcp();
                assertThat(browser.check(i % 2 == 0)).as("found by its ufrag").isTrue();
                speak(browser, 8 * i, 8);
                awaitReceived(session, 8L * i);
            }
            assertThat(events.drained()).isEmpty();
        }
    }

    @Test
    void fromTcpToUdpAndBackTheCallIsWhereTheBrowserNominates() throws Exception {
        Events events = new Events();
        try (MediaSession session = engine.open(CODECS, events);
                BrowserPeer browser = new BrowserPeer()) {
            browser.onAnswer(session.answerWeb(browser.offer()));
            browser.connect();
            assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
            assertThat(engine.debugState().toString()).contains("path=udp /127.0.0.1:");
            browser.goByTcp();
            assertThat(browser.check(true)).isTrue();
            assertThat(engine.debugState().toString()).contains("path=tcp /127.0.0.1:");
        }
    }

    @Test
    void theSameAddressAndPortByTcpAndByUdpAreTwoBrowsers() throws Exception {
        Events ofUdp = new Events();
        Events ofTcp = new Events();
        try (MediaSession byUdp = engine.open(CODECS, ofUdp);
                MediaSession byTcp = engine.open(CODECS, ofTcp);
                BrowserPeer first = new BrowserPeer();
                BrowserPeer second = new BrowserPeer()) {
            first.onAnswer(byUdp.answerWeb(first.offer()));
            first.connect();
            assertThat(ofUdp.next()).isInstanceOf(MediaEvent.WebConnected.class);
            connectByTcp(byTcp, second, ofTcp, first.address().getPort());
            speak(first, 0, 30);
            speak(second, 0, 20);
            awaitReceived(byUdp, 30);
            awaitReceived(byTcp, 20);
            assertThat(first.check(true)).isTrue();
            assertThat(second.check(true)).isTrue();
        }
    }

    @Test
    void anotherPageTakesTheCallOverByTcpAndTheOldConnectionIsClosed() throws Exception {
        Events events = new Events();
        try (MediaSession session = engine.open(CODECS, events);
                BrowserPeer before = new BrowserPeer();
                BrowserPeer after = before.reloaded()) {
            connectByTcp(session, before, events, 0);
            connectByTcp(session, after, events, 0);
            speak(after, 0, 5);
            awaitReceived(session, 5);
            awaitConnections(1);
        }
    }

    @Test
    void hostileConnectionsCostTheCallsNothing() throws Exception {
        Events ofUdp = new Events();
        Events ofTcp = new Events();
        List<Socket> hostile = new ArrayList<>();
        try (MediaSession byUdp = engine.open(CODECS, ofUdp);
                MediaSession byTcp = engine.open(CODECS, ofTcp);
                BrowserPeer first = new BrowserPeer();
                BrowserPeer second = new BrowserPeer()) {
            first.onAnswer(byUdp.answerWeb(first.offer()));
            first.connect();
            connectByTcp(byTcp, second, ofTcp, 0);
            byte[] wrong = first.request("nobodyis:brow", "wrongpasswordwrongpassword", true, true);
            for (int i = 0; i < 1000; i++) {
                Socket socket = new Socket(
                        second.passive().getAddress(), second.passive().getPort());
                hostile.add(socket);
                talk(socket, i, wrong);
                if (i % 4 == 0) { // fewer than a call may have at once
                    speak(first, i / 4, 1);
                    speak(second, i / 4, 1);
                }
            }
            awaitReceived(byUdp, 250);
            awaitReceived(byTcp, 250);
            assertThat(tcp().get("connections"))
                    .asString()
                    .satisfies(open -> assertThat(Long.parseLong(open)).isLessThanOrEqualTo(33));
            assertThat(ofTcp.drained()).isEmpty();
        } finally {
            for (Socket socket : hostile) {
                socket.close();
            }
        }
    }

    /** Says nothing; half a length; a giant; a check of nobody's; what is no check. */
    private static void talk(Socket socket, int kind, byte[] wrong) {
        try {
            switch (kind % 5) {
                case 0 -> {}
                case 1 -> socket.getOutputStream().write(0);
                case 2 -> socket.getOutputStream().write(new byte[] {(byte) 0xff, (byte) 0xff, 1, 2, 3});
                case 3 -> {
                    socket.getOutputStream().write(new byte[] {0, (byte) wrong.length});
                    socket.getOutputStream().write(wrong);
                }
                default -> socket.getOutputStream().write(new byte[3000]);
            }
        } catch (IOException e) {
            // it has been closed, as it should
        }
    }

    @Test
    void aPacketByTcpLeavesNoMoreGarbageThanByUdp() throws Exception {
        Events events = new Events();
        try (MediaSession byUdp = engine.open(CODECS, events);
                MediaSession byTcp = engine.open(CODECS, events);
                BrowserPeer first = new BrowserPeer();
                BrowserPeer second = new BrowserPeer()) {
            first.onAnswer(byUdp.answerWeb(first.offer()));
            first.connect();
            assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
            connectByTcp(byTcp, second, events, 0);
            garbage(first, byUdp, 0); // warm
            garbage(second, byTcp, 0);
            double ofUdp = garbage(first, byUdp, 200);
            double ofTcp = garbage(second, byTcp, 200);
            assertThat(ofTcp).as("bytes a packet; by UDP %s", ofUdp).isLessThan(ofUdp + 32);
        }
    }

    /** How much the loop allocates for each of 200 packets. */
    private static double garbage(BrowserPeer browser, MediaSession session, int from) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long loop = Arrays.stream(threads.dumpAllThreads(false, false))
                .filter(thread -> thread.getThreadName().equals("media-0"))
                .map(ThreadInfo::getThreadId)
                .findFirst()
                .orElseThrow();
        long before = threads.getThreadAllocatedBytes(loop);
        for (int i = from; i < from + 200; i += 8) { // counts are shown every eighth packet
            speak(browser, i, 8);
            awaitReceived(session, i + 8);
        }
        return (threads.getThreadAllocatedBytes(loop) - before) / 200.0;
    }

    @Test
    void withTcpOffTheAnswerNamesNone() throws Exception {
        MediaSettings one = MediaEngineTest.settings();
        MediaSettings.Web web = new MediaSettings.Web(
                one.web().listen(), List.of(), new PortRange(0, 0), Optional.empty(), new TcpPorts.Off());
        try (MediaEngine off = MediaEngine.start(
                        new MediaSettings(web, one.trunkPorts(), one.silence(), one.opus(), one.bridge()));
                MediaSession session = off.open(CODECS, new Events());
                BrowserPeer browser = new BrowserPeer()) {
            assertThat(session.answerWeb(browser.offer())).contains(" udp ").doesNotContain(" tcp ");
        }
    }

    @Test
    void aTcpPortThatIsTakenIsToldWithItsRemedy() throws Exception {
        MediaSettings one = MediaEngineTest.settings();
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            MediaSettings.Web web = new MediaSettings.Web(
                    one.web().listen(),
                    List.of(),
                    new PortRange(0, 0),
                    Optional.empty(),
                    TcpPorts.parse(String.valueOf(other.getLocalPort())));
            assertThatThrownBy(() -> MediaEngine.start(
                            new MediaSettings(web, one.trunkPorts(), one.silence(), one.opus(), one.bridge())))
                    .isInstanceOf(MediaUnavailableException.class)
                    .hasMessageContaining("TCP port " + other.getLocalPort())
                    .hasMessageContaining("media.web.tcp-ports");
        }
    }

    private static void connectByTcp(MediaSession session, BrowserPeer browser, Events events, int from)
            throws Exception {
        browser.onAnswer(session.answerWeb(browser.offer()));
        browser.goByTcp(from);
        browser.connect();
        assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
    }

    private static void speak(BrowserPeer browser, int first, int count) throws IOException {
        for (int i = first; i < first + count; i++) {
            byte[] packet = new byte[172];
            packet[0] = (byte) 0x80;
            packet[2] = (byte) (i >> 8);
            packet[3] = (byte) i;
            packet[11] = 7;
            browser.sendMedia(packet, packet.length);
        }
    }

    private static void awaitReceived(MediaSession session, long count) throws InterruptedException {
        for (int i = 0; i < 1000 && session.stats().web().received() < count; i++) {
            Thread.sleep(5);
        }
        assertThat(session.stats().web().received()).isEqualTo(count);
    }

    private void awaitConnections(long count) throws InterruptedException {
        for (int i = 0; i < 1000 && !Objects.equals(tcp().get("connections"), count); i++) {
            Thread.sleep(5);
        }
        assertThat(tcp()).containsEntry("connections", count);
    }

    @SuppressWarnings("unchecked") // the shape of debugState
    private Map<String, Object> tcp() {
        Object loops = requireNonNull(engine.debugState().get("loops"));
        return (Map<String, Object>)
                requireNonNull(((List<Map<String, Object>>) loops).getFirst().get("tcp"));
    }
}
