package io.ringdown.media;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.ringdown.media.MediaEngineTest.Events;
import io.ringdown.media.codec.AudioCodec;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What strangers can do to web ports: THREATS M1, M2, M9, M10. */
final class HostileWebTest {
    private static final WebCodecs CODECS = WebCodecs.one(List.of(AudioCodec.OPUS));

    private MediaEngine engine;
    private int polls;

    @BeforeEach
    void start() throws Exception {
        engine = MediaEngine.start(MediaEngineTest.settings());
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    @Test
    void strangersHellosBeforeDuringAndAfterTheRealOneDisturbNobodyAndGetNoAnswer() throws Exception {
        try (DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (int call = 0; call < 20; call++) {
                Events events = new Events();
                try (MediaSession session = engine.open(CODECS, events);
                        BrowserPeer browser = new BrowserPeer()) {
                    browser.onAnswer(session.answerWeb(browser.offer()));
                    List<byte[]> hellos = hellos(browser);
                    spray(stranger, browser.gateway(), hellos);
                    assertThat(browser.check(true)).isTrue();
                    spray(stranger, browser.gateway(), hellos);
                    Thread spraying = Thread.startVirtualThread(() -> {
                        for (int i = 0; i < 10; i++) {
                            spray(stranger, browser.gateway(), hellos);
                        }
                    });
                    browser.handshake();
                    spraying.join();
                    assertThat(events.next()).as("call %d", call).isInstanceOf(MediaEvent.WebConnected.class);
                    assertThat(browser.alertsWaiting())
                            .as("no alert for the browser")
                            .isZero();
                }
            }
            assertThat(hears(stranger)).isFalse();
        }
    }

    @Test
    void garbageAndAlertsUnderTheBrowsersOwnAddressDoNotEndTheHandshake() throws Exception {
        Events events = new Events();
        try (MediaSession session = engine.open(CODECS, events);
                BrowserPeer browser = new BrowserPeer()) {
            browser.onAnswer(session.answerWeb(browser.offer()));
            assertThat(browser.check(true)).isTrue();
            byte[] garbage = browser.clientHello();
            Arrays.fill(garbage, 60, garbage.length, (byte) 0xff);
            byte[] alert = {21, (byte) 0xfe, (byte) 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40};
            for (int i = 0; i < 5; i++) {
                browser.send(alert);
                browser.send(garbage);
                browser.send(new byte[] {22, 1, 2, 3});
            }
            browser.handshake();
            assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
        }
    }

    @Test
    void checksWithoutThePasswordAreNeverAnswered() throws Exception {
        try (MediaSession session = engine.open(CODECS, new Events());
                BrowserPeer browser = new BrowserPeer();
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String answer = session.answerWeb(browser.offer());
            browser.onAnswer(answer);
            String ufrag = answer.replaceAll("(?s).*a=ice-ufrag:(\\S+).*", "$1");
            byte[] check = browser.request(ufrag + ":brow", "wrongpasswordwrongpassword", true, true);
            byte[] unknown = browser.request("nobodyis:brow", "wrongpasswordwrongpassword", true, true);
            for (int i = 0; i < 100; i++) {
                spray(stranger, browser.gateway(), List.of(check, unknown, new byte[20], browser.clientHello()));
            }
            assertThat(hears(stranger)).isFalse();
            awaitNoise(400);
            assertThat(noise())
                    .containsEntry("WRONG_INTEGRITY", 100L)
                    .containsEntry("UNKNOWN_UFRAG", 100L)
                    .containsEntry("BAD_STUN", 100L)
                    .containsEntry("UNKNOWN_ADDRESS", 100L);
        }
    }

    @Test
    void aPeerThatBelievesItIsControlledIsToldOtherwise() throws Exception {
        try (MediaSession session = engine.open(CODECS, new Events());
                BrowserPeer browser = new BrowserPeer()) {
            String answer = session.answerWeb(browser.offer());
            browser.onAnswer(answer);
            String ufrag = answer.replaceAll("(?s).*a=ice-ufrag:(\\S+).*", "$1");
            String password = answer.replaceAll("(?s).*a=ice-pwd:(\\S+).*", "$1");
            assertThat(browser.response(browser.request(ufrag + ":brow", password, true, false)))
                    .isEqualTo(0x0111);
        }
    }

    @Test
    void anotherCallsBrowserCannotTakeAnAddressThatIsInUse() throws Exception {
        try (MediaSession first = engine.open(CODECS, new Events());
                MediaSession second = engine.open(CODECS, new Events());
                BrowserPeer browser = new BrowserPeer()) {
            browser.onAnswer(first.answerWeb(browser.offer()));
            assertThat(browser.check(true)).isTrue();
            browser.onAnswer(second.answerWeb(browser.offer()));
            assertThat(browser.response(browser.request(true))).isEqualTo(-1);
            assertThat(noise()).containsKey("ADDRESS_TAKEN");
        }
    }

    @Test
    void mutantsOfEverythingLeaveTheCallAsItWas() throws Exception {
        Events events = new Events();
        long seed = 42;
        Random random = new Random(seed);
        try (MediaSession session = engine.open(CODECS, events);
                BrowserPeer browser = new BrowserPeer();
                BrowserPeer stranger = new BrowserPeer()) {
            String answer = session.answerWeb(browser.offer());
            browser.onAnswer(answer);
            stranger.onAnswer(answer);
            browser.connect();
            assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
            List<byte[]> seeds = new ArrayList<>(hellos(browser));
            seeds.add(browser.request(true));
            seeds.add(new byte[172]);
            for (int i = 0; i < 5_000; i++) {
                byte[] mutant = seeds.get(random.nextInt(seeds.size())).clone();
                for (int k = random.nextInt(1, 8); k > 0; k--) {
                    mutant[random.nextInt(mutant.length)] = (byte) random.nextInt();
                }
                BrowserPeer sender = random.nextInt(20) == 0 ? browser : stranger;
                sender.send(Arrays.copyOf(mutant, random.nextInt(1, mutant.length + 1)));
            }
            assertThat(browser.check(true)).as("seed %d", seed).isTrue();
            assertThat(noise()).doesNotContainKey("OUR_FAULT");
            browser.closeDtls();
            assertThat(events.next()).isInstanceOf(MediaEvent.WebClosed.class);
        }
    }

    @Test
    void aFloodOfNoiseAllocatesNothing() throws Exception {
        try (MediaSession session = engine.open(CODECS, new Events());
                BrowserPeer browser = new BrowserPeer();
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            browser.onAnswer(session.answerWeb(browser.offer()));
            byte[] unknown = browser.request("nobodyis:brow", "wrongpasswordwrongpassword", true, true);
            byte[] srtp = new byte[100];
            srtp[0] = (byte) 0x80;
            List<byte[]> kinds = List.of(new byte[] {9, 9, 9}, new byte[20], unknown, browser.clientHello(), srtp);
            long counted = flood(stranger, browser.gateway(), kinds, 2_000, 0); // warm
            long thread = loopThread();
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long idle = threads.getThreadAllocatedBytes(thread);
            int beforePolls = polls;
            for (int i = 0; i < 200; i++) {
                noiseCount();
            }
            long before = threads.getThreadAllocatedBytes(thread);
            double aPoll = (before - idle) / (double) (polls - beforePolls);
            int floodPolls = polls;
            long after = flood(stranger, browser.gateway(), kinds, 20_000, counted);
            long bytes = threads.getThreadAllocatedBytes(thread) - before;
            double ofPolls = (polls - floodPolls) * aPoll; // being asked for the counts costs, the datagrams do not
            assertThat((bytes - ofPolls) / (after - counted))
                    .as("bytes a datagram")
                    .isLessThan(16);
        }
    }

    /** Sends in slices that the socket's buffer holds; answers how many the loop has counted in the end. */
    private long flood(DatagramSocket from, InetSocketAddress to, List<byte[]> kinds, int count, long counted)
            throws Exception {
        long expected = counted;
        for (int sent = 0; sent < count; sent += 100) {
            for (int i = 0; i < 100; i += kinds.size()) {
                spray(from, to, kinds);
            }
            expected += 100;
            awaitNoise(expected);
        }
        return expected;
    }

    private void awaitNoise(long count) throws InterruptedException {
        for (int i = 0; i < 2_000 && noiseCount() < count; i++) {
            Thread.sleep(2);
        }
        assertThat(noiseCount()).isGreaterThanOrEqualTo(count);
    }

    private long noiseCount() {
        polls++;
        return noise().values().stream().mapToLong(value -> (Long) value).sum();
    }

    @SuppressWarnings("unchecked") // the shape of debugState
    private Map<String, Object> noise() {
        Object loops = requireNonNull(engine.debugState().get("loops"));
        return (Map<String, Object>)
                requireNonNull(((List<Map<String, Object>>) loops).getFirst().get("noise"));
    }

    private static long loopThread() {
        return Arrays.stream(ManagementFactory.getThreadMXBean().dumpAllThreads(false, false))
                .filter(thread -> thread.getThreadName().equals("media-0"))
                .map(ThreadInfo::getThreadId)
                .findFirst()
                .orElseThrow();
    }

    /** Valid, without encryption, garbage, fragments. */
    private static List<byte[]> hellos(BrowserPeer browser) {
        byte[] valid = browser.clientHello();
        byte[] nullSuite = valid.clone();
        Arrays.fill(nullSuite, 61, 70, (byte) 0);
        byte[] garbage = valid.clone();
        new Random(7).nextBytes(garbage);
        garbage[0] = 22;
        byte[] fragment = Arrays.copyOf(valid, valid.length / 2);
        return List.of(valid, nullSuite, garbage, fragment);
    }

    private static void spray(DatagramSocket from, InetSocketAddress to, List<byte[]> datagrams) {
        try {
            for (byte[] datagram : datagrams) {
                from.send(new DatagramPacket(datagram, datagram.length, to));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean hears(DatagramSocket socket) throws IOException {
        socket.setSoTimeout(100);
        try {
            socket.receive(new DatagramPacket(new byte[2000], 2000));
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }
}
