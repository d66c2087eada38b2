package io.ringdown.media;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.ringdown.media.MediaEngineTest.Events;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.hold.HoldMusic;
import io.ringdown.media.srtp.PaperSrtp;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trunks with keys in SDP, over real sockets; the other end is {@link PaperSrtp}, which shares no line with ours. */
final class EncryptedTrunkTest {
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
    private static final String GCM = "AEAD_AES_128_GCM";

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
    @ValueSource(
            strings = {"AEAD_AES_128_GCM", "AEAD_AES_256_GCM", "AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32"})
    void everySuiteIsHeardAndSpokenAndReportsAreEncryptedToo(String suite) throws Exception {
        try (MediaSession session = session();
                Carrier carrier = new Carrier(suite)) {
            session.onTrunkAnswer(carrier.answer(session.offerTrunk(trunk(TrunkSrtp.REQUIRED))));
            assertThat(carrier.hears()).isNotNull();
            carrier.speak(50);
            awaitReceived(session, 50);
            carrier.sendPlain(50, 20);
            carrier.speak(10);
            awaitReceived(session, 60); // what is not encrypted is not heard
            engine.close();
            assertThat(carrier.report()[1]).as("a report, and a BYE in it").isIn((byte) 200, (byte) 201);
        }
    }

    @Test
    void anInboundCallIsAnsweredInKind() throws Exception {
        try (MediaSession session = session();
                Carrier carrier = new Carrier("AES_CM_128_HMAC_SHA1_80")) {
            carrier.onAnswer(session.answerTrunk(trunk(TrunkSrtp.REQUIRED), carrier.offer()));
            assertThat(carrier.hears()).isNotNull();
            carrier.speak(50);
            awaitReceived(session, 50);
        }
    }

    @Test
    void aSecondTrunkHasKeysOfItsOwnAndTheFirstGoesOnUnderItsOldOnes() throws Exception {
        try (MediaSession session = session();
                Carrier first = new Carrier(GCM);
                Carrier second = new Carrier("AES_CM_128_HMAC_SHA1_80")) {
            session.onTrunkAnswer(first.answer(session.offerTrunk(trunk(TrunkSrtp.REQUIRED))));
            assertThat(first.hears()).isNotNull();
            first.speak(20);
            awaitReceived(session, 20);
            session.onAsideAnswer(second.answer(session.offerAside(trunk(TrunkSrtp.REQUIRED))));
            session.swapTrunks();
            assertThat(second.hears()).isNotNull();
            second.speak(20);
            awaitReceived(session, 40);
            first.forgetWhatCame();
            session.swapTrunks();
            session.dropAside();
            assertThat(first.hears()).isNotNull();
            first.speak(20);
            awaitReceived(session, 60);
        }
    }

    @Test
    void aReInviteWithTheSameKeyGoesOnAndOneWithANewKeyBeginsAnew() throws Exception {
        try (MediaSession session = session();
                Carrier carrier = new Carrier(GCM)) {
            TrunkMedia how = trunk(TrunkSrtp.REQUIRED);
            carrier.onAnswer(session.answerTrunk(how, carrier.offer()));
            assertThat(session.digitRoads())
                    .as("answered behind what came before")
                    .isNotEmpty();
            carrier.speak(20);
            awaitReceived(session, 20);
            String same = session.answerTrunk(how, carrier.offer());
            assertThat(Carrier.inline(same, GCM)).isEqualTo(carrier.ours);
            carrier.replay();
            carrier.speak(20);
            awaitReceived(session, 40);
            carrier.newKey();
            carrier.onAnswer(session.answerTrunk(how, carrier.offer()));
            assertThat(session.digitRoads()).isNotEmpty();
            carrier.speak(20);
            awaitReceived(session, 60);
            assertThat(carrier.hears()).as("under a new key of ours").isNotNull();
            assertThat(engine.debugState().toString()).contains("ourKeys=2, theirKeys=2", "REPLAYED=1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AEAD_AES_256_GCM", "AES_CM_128_HMAC_SHA1_80"})
    void aCallThatIsReadBackGoesOnUnderTheKeysOfBoth(String suite) throws Exception {
        try (Carrier carrier = new Carrier(suite)) {
            TrunkMedia how = trunk(TrunkSrtp.REQUIRED);
            String json;
            try (MediaSession session = session()) {
                carrier.onAnswer(session.answerTrunk(how, carrier.offer()));
                assertThat(session.digitRoads()).isNotEmpty();
                carrier.speak(20);
                awaitReceived(session, 20);
                json = StateJson.write(session.state());
                session.letGo();
            }
            MediaState state = StateJson.read(json, MediaState.class);
            assertThat(state.toString()).doesNotContain(Base64.getEncoder().encodeToString(carrier.ours));
            try (MediaSession session = engine.reopen(
                    state, WebCodecs.one(List.of(AudioCodec.PCMU)), how, HoldMusic.SILENCE, new Events())) {
                carrier.forgetWhatCame();
                carrier.replay();
                carrier.speak(20);
                awaitReceived(session, 40);
                assertThat(engine.debugState().toString()).contains("REPLAYED=1");
                assertThat(carrier.hears()).isNotNull();
                assertThat(Carrier.inline(session.answerTrunk(how, carrier.offer()), suite))
                        .as("the key is the trunk's old one, and so is ours")
                        .isEqualTo(carrier.ours);
                carrier.speak(20);
                awaitReceived(session, 60);
            }
        }
    }

    @Test
    void ofSeveralForksTheOneThatHoldsIsOpened() throws Exception {
        try (MediaSession session = session();
                Carrier early = new Carrier(GCM);
                Carrier late = new Carrier("AES_CM_128_HMAC_SHA1_80")) {
            String offer = session.offerTrunk(trunk(TrunkSrtp.REQUIRED));
            session.onTrunkAnswer(early.answer(offer));
            assertThat(early.hears()).isNotNull();
            session.onTrunkAnswer(late.answer(offer));
            assertThat(late.hears()).isNotNull();
            late.speak(20);
            awaitReceived(session, 20);
        }
    }

    @Test
    void bestEffortIsPlainWithWhoCannotAndRequiredIsNot() throws Exception {
        try (MediaSession session = session();
                TrunkPeer plain = new TrunkPeer(LOCAL)) {
            plain.onOffer(session.offerTrunk(trunk(TrunkSrtp.BEST_EFFORT)));
            session.onTrunkAnswer(plain.answer(0, "sendrecv"));
            byte[] heard = requireNonNull(plain.receive(2_000));
            assertThat(heard).hasSize(12 + 160);
        }
        try (MediaSession session = session();
                TrunkPeer plain = new TrunkPeer(LOCAL)) {
            session.offerTrunk(trunk(TrunkSrtp.REQUIRED));
            assertThatThrownBy(() -> session.onTrunkAnswer(plain.answer(0, "sendrecv")))
                    .isInstanceOf(SdpRejectedException.class)
                    .hasMessageContaining("srtp is required");
            assertThat(plain.receive(300)).as("nothing leaves in the clear").isNull();
        }
    }

    /** Of the bound of the house, 150 bytes, jitsi-srtp takes about 100 for each packet that it seals or opens. */
    @Test
    void aPacketLeavesLittleGarbage() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long loop = Arrays.stream(threads.dumpAllThreads(false, false))
                .filter(thread -> thread.getThreadName().equals("media-0"))
                .map(ThreadInfo::getThreadId)
                .findFirst()
                .orElseThrow();
        try (MediaSession session = session();
                Carrier carrier = new Carrier(GCM)) {
            session.onTrunkAnswer(carrier.answer(session.offerTrunk(trunk(TrunkSrtp.REQUIRED))));
            Thread speaker = Thread.ofVirtual().start(() -> {
                try {
                    carrier.speak(Integer.MAX_VALUE);
                } catch (IOException | GeneralSecurityException closed) {
                    // the call is over
                }
            });
            Thread.sleep(2_000); // until what is compiled is compiled
            long packets = packets(session);
            long bytes = threads.getThreadAllocatedBytes(loop);
            Thread.sleep(2_000);
            long more = packets(session) - packets;
            double each = (threads.getThreadAllocatedBytes(loop) - bytes) / (double) more;
            assertThat(more).isGreaterThan(100);
            assertThat(each).as("bytes a packet").isLessThan(150);
            carrier.hush();
            speaker.join();
        }
    }

    private static long packets(MediaSession session) {
        MediaStats.Leg leg = session.stats().trunk();
        return leg.received() + leg.sent();
    }

    private MediaSession session() {
        return engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
    }

    private static TrunkMedia trunk(TrunkSrtp use) {
        return new TrunkMedia(LOCAL, Optional.empty(), List.of(AudioCodec.PCMU))
                .withSrtp(use)
                .withRtcpMux();
    }

    private static void awaitReceived(MediaSession session, long count) throws InterruptedException {
        for (int i = 0; i < 300 && session.stats().trunk().received() < count; i++) {
            Thread.sleep(10);
        }
        assertThat(session.stats().trunk().received()).isEqualTo(count);
    }

    /** A carrier that encrypts. */
    private static final class Carrier implements AutoCloseable {
        private final TrunkPeer peer = new TrunkPeer(LOCAL);
        private final Random random = new Random(8643);
        private final String suite;
        private byte[] theirs = new byte[0];
        private byte[] ours = new byte[0];
        private int sequence = 10;
        private byte[] last = new byte[0];
        private volatile boolean closed;

        private Carrier(String suite) throws IOException {
            this.suite = suite;
            newKey();
        }

        private void newKey() {
            theirs = new byte[suite.contains("256") ? 44 : suite.startsWith("AEAD") ? 28 : 30];
            random.nextBytes(theirs);
        }

        private String answer(String offer) {
            onAnswer(offer);
            return described(tag(offer));
        }

        private String offer() {
            return described("1");
        }

        private String described(String tag) {
            String line = "a=crypto:" + tag + " " + suite + " inline:"
                    + Base64.getEncoder().encodeToString(theirs);
            return peer.answer(0, "sendrecv")
                    .replace("RTP/AVP", "RTP/SAVP")
                    .replace("a=ptime:20", line + "\r\na=rtcp-mux\r\na=ptime:20");
        }

        private void onAnswer(String sdp) {
            peer.onOffer(sdp);
            ours = inline(sdp, suite);
        }

        private String tag(String sdp) {
            Matcher line = Pattern.compile("a=crypto:(\\d+) " + suite + " ").matcher(sdp);
            assertThat(line.find()).isTrue();
            return line.group(1);
        }

        private static byte[] inline(String sdp, String suite) {
            Matcher line = Pattern.compile(suite + " inline:(\\S+)").matcher(sdp);
            assertThat(line.find()).as(sdp).isTrue();
            return Base64.getDecoder().decode(line.group(1));
        }

        /** The next RTP packet that opens under our key; null if none comes. */
        private byte[] hears() throws Exception {
            PaperSrtp ear = new PaperSrtp(suite, ours);
            int early = 0; // from before the key
            while (early < 100) {
                byte[] packet = requireNonNull(peer.receive(2_000), "nothing comes");
                try {
                    return ear.open(packet, 0);
                } catch (GeneralSecurityException before) {
                    early++;
                }
            }
            throw new AssertionError("of " + early + " packets none opens");
        }

        private void forgetWhatCame() throws InterruptedException {
            boolean hasMore = true;
            while (hasMore) {
                hasMore = peer.receive(0) != null;
            }
        }

        private byte[] report() throws Exception {
            PaperSrtp ear = new PaperSrtp(suite, ours);
            while (true) {
                byte[] packet = requireNonNull(peer.receive(2_000), "no report comes");
                if ((packet[1] & 0xff) >= 192 && (packet[1] & 0xff) <= 223) {
                    return ear.openControl(packet);
                }
            }
        }

        private void speak(int packets) throws IOException, GeneralSecurityException {
            PaperSrtp mouth = new PaperSrtp(suite, theirs);
            for (int i = 0; i < packets && !closed; i++) {
                last = mouth.seal(rtp(sequence++), 0);
                peer.send(last);
                LockSupport.parkNanos(packets == Integer.MAX_VALUE ? 20_000_000 : 2_000_000);
            }
        }

        private void hush() {
            closed = true;
        }

        private void replay() throws IOException {
            peer.send(last);
        }

        private void sendPlain(int from, int packets) throws IOException {
            for (int i = 0; i < packets; i++) {
                peer.send(rtp(sequence + from + i));
                LockSupport.parkNanos(2_000_000);
            }
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

        @Override
        public void close() {
            hush();
            peer.close();
        }
    }
}
