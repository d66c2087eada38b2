package io.ringdown.media;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.MediaEngineTest.Events;
import io.ringdown.media.codec.AudioCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trunks that send from another address than they have announced (RFC 7362), over real sockets. */
final class LatchedTrunkTest {
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress CARRIERS = InetAddress.ofLiteral("127.0.0.2");
    private static final InetAddress NOBODYS = InetAddress.ofLiteral("127.0.0.3");

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
    void inTheFirstSecondACarriersOtherAddressIsTakenForTheTrunk() throws Exception {
        try (Scene call = new Scene(latching())) {
            call.answer();
            call.begin(call.other, 7);
            speak(call.other, 29, 7, 1);
            call.awaitReceived(30);
            assertThat(requireNonNull(call.other.receive(2_000))).hasSize(12 + 160);
            speak(call.announced, 20, 8);
            speak(call.foreign, 20, 9);
            speak(call.other, 10, 7, 30);
            call.awaitReceived(40);
            assertThat(call.session.quality().trunkPath().target()).contains(call.other.address());
            assertThat(engine.debugState().toString()).contains("latched=" + call.other.address() + ", latchMoves=1");
        }
    }

    @Test
    void theSameDescriptionAgainKeepsItAndAnotherAddressBeginsAnew() throws Exception {
        try (Scene call = new Scene(latching());
                TrunkPeer moved = new TrunkPeer(CARRIERS)) {
            call.answer();
            call.begin(call.other, 7);
            speak(call.other, 9, 7, 1);
            call.awaitReceived(10);
            call.answer();
            speak(call.announced, 10, 8);
            speak(call.other, 10, 7, 10);
            call.awaitReceived(20);
            moved.onOffer(call.offer);
            call.session.onTrunkAnswer(moved.answer(0, "sendrecv"));
            assertThat(moved.receive(2_000)).isNotNull();
            assertThat(call.session.quality().trunkPath().target()).contains(moved.address());
        }
    }

    @Test
    void aStrangerOutsideTheNetworksIsNever() throws Exception {
        try (Scene call = new Scene(latching())) {
            call.answer();
            speak(call.foreign, 50, 9);
            call.begin(call.announced, 7);
            speak(call.announced, 9, 7, 1);
            call.awaitReceived(10);
            assertThat(call.foreign.receive(100))
                    .as("nothing is sent to a stranger")
                    .isNull();
            assertThat(call.announced.receive(2_000)).isNotNull();
        }
    }

    @Test
    void onceTheAnnouncedAddressIsHeardNobodyElseIs() throws Exception {
        try (Scene call = new Scene(latching())) {
            call.answer();
            call.begin(call.announced, 7);
            speak(call.announced, 9, 7, 1);
            call.awaitReceived(10);
            speak(call.other, 30, 8);
            speak(call.announced, 10, 7, 10);
            call.awaitReceived(20);
            assertThat(call.other.receive(100)).isNull();
        }
    }

    @Test
    void withoutALatchTheAnnouncedAddressIsTheOnlyOne() throws Exception {
        try (Scene call = new Scene(new TrunkMedia(LOCAL, Optional.empty(), List.of(AudioCodec.PCMU)))) {
            call.answer();
            speak(call.other, 30, 8);
            speak(call.announced, 10, 7);
            call.awaitReceived(10);
            assertThat(call.other.receive(100)).isNull();
        }
    }

    @Test
    void otherPayloadTypesAndWhatDoesNotOpenMoveNothing() throws Exception {
        TrunkMedia encrypted = latching().withSrtp(TrunkSrtp.REQUIRED);
        try (Scene call = new Scene(encrypted)) {
            String key = "a=crypto:3 AES_CM_128_HMAC_SHA1_80 inline:" + "NzB4d1BINUAvLEw6UzF3WSJ+PSdFcGdUJShpX1Zj";
            call.session.onTrunkAnswer(call.announced
                    .answer(0, "sendrecv")
                    .replace("RTP/AVP", "RTP/SAVP")
                    .replace("a=ptime:20", key));
            speak(call.other, 40, 8);
            assertThat(call.announced.receive(2_000)).isNotNull();
            assertThat(call.other.receive(100)).as("it has no key").isNull();
        }
        try (Scene call = new Scene(latching())) {
            call.answer();
            for (int i = 0; i < 40; i++) {
                byte[] packet = rtp(i, 8);
                packet[1] = 8; // PCMA was not agreed
                call.other.send(packet);
                LockSupport.parkNanos(2_000_000);
            }
            assertThat(call.other.receive(100)).isNull();
        }
    }

    private static TrunkMedia latching() {
        return new TrunkMedia(LOCAL, Optional.empty(), List.of(AudioCodec.PCMU)).withLatchFrom(CARRIERS::equals);
    }

    private static void speak(TrunkPeer peer, int packets, int ssrc) throws IOException {
        speak(peer, packets, ssrc, 0);
    }

    private static void speak(TrunkPeer peer, int packets, int ssrc, int from) throws IOException {
        for (int i = from; i < from + packets; i++) {
            peer.send(rtp(i, ssrc));
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static byte[] rtp(int sequence, int ssrc) {
        return ByteBuffer.allocate(12 + 160)
                .put((byte) 0x80)
                .put((byte) 0)
                .putShort((short) sequence)
                .putInt(sequence * 160)
                .putInt(ssrc)
                .array();
    }

    /** A call whose trunk has announced one address of the carrier's and owns another. */
    private final class Scene implements AutoCloseable {
        private final MediaSession session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
        private final TrunkPeer announced = new TrunkPeer(CARRIERS);
        private final TrunkPeer other = new TrunkPeer(CARRIERS);
        private final TrunkPeer foreign = new TrunkPeer(NOBODYS);
        private final String offer;

        private Scene(TrunkMedia how) throws Exception {
            offer = session.offerTrunk(how);
            announced.onOffer(offer);
            other.onOffer(offer);
            foreign.onOffer(offer);
        }

        private void answer() throws Exception {
            session.onTrunkAnswer(announced.answer(0, "sendrecv"));
            session.digitRoads(); // answered by the loop after what came before
        }

        /** One packet, which locks the address; what waits in the socket at that moment is thrown away with the strangers'. */
        private void begin(TrunkPeer peer, int ssrc) throws Exception {
            speak(peer, 1, ssrc);
            awaitReceived(1);
        }

        private void awaitReceived(long count) throws InterruptedException {
            for (int i = 0; i < 300 && session.stats().trunk().received() < count; i++) {
                Thread.sleep(10);
            }
            assertThat(session.stats().trunk().received()).isEqualTo(count);
        }

        @Override
        public void close() {
            session.close();
            announced.close();
            other.close();
            foreign.close();
        }
    }
}
