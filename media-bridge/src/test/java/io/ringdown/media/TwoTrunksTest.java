package io.ringdown.media;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.media.MediaEngineTest.Events;
import io.ringdown.media.codec.AudioCodec;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A call that is on its way from one trunk leg to another: which of the two is heard and spoken to, over real sockets. */
final class TwoTrunksTest {
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
    private static final TrunkMedia TRUNK =
            new TrunkMedia(LOCAL, Optional.empty(), List.of(AudioCodec.PCMU, AudioCodec.PCMA));

    private MediaEngine engine;
    private MediaSession session;
    private TrunkPeer first;
    private TrunkPeer second;

    @BeforeEach
    void start() throws Exception {
        engine = MediaEngine.start(MediaEngineTest.settings());
        session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
        first = new TrunkPeer(LOCAL);
        second = new TrunkPeer(LOCAL);
        first.onOffer(session.offerTrunk(TRUNK));
        session.onTrunkAnswer(first.answer(0, "sendrecv"));
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        session.close();
        engine.close();
    }

    @Test
    void theSecondIsDeafAndMuteUntilItTakesThePlaceOfTheFirst() throws Exception {
        second.onOffer(session.offerAside(TRUNK));
        session.onAsideAnswer(second.answer(8, "sendrecv"));
        nextOf(first);
        heard(first, 0, 20);
        speak(second, 8, 20);
        assertThat(second.receive(60)).isNull();
        assertThat(session.stats().trunk().received()).isEqualTo(20);

        session.swapTrunks();
        assertThat(nextOf(second)[1] & 0x7f).as("in its own codec").isEqualTo(8);
        heard(second, 8, 20);
        silent(first);
    }

    @Test
    void itGoesBackToTheFirstAsThatWas() throws Exception {
        second.onOffer(session.offerAside(TRUNK));
        session.onAsideAnswer(second.answer(0, "sendrecv"));
        session.swapTrunks();
        assertThat(nextOf(second)).isNotEmpty();
        speak(first, 0, 50); // meanwhile, and not to be heard afterwards
        forgetWhatCame(first);
        session.swapTrunks();
        session.dropAside();
        assertThat(nextOf(first)).isNotEmpty();
        heard(first, 0, 20);
        silent(second);
        assertThat(portPairs()).isEqualTo(1);
    }

    @Test
    void anOfferOfTheSecondIsAnsweredAndTheFirstIsLetGo() throws Exception {
        second.onOffer(session.answerAside(TRUNK, second.answer(0, "sendrecv")));
        session.swapTrunks();
        session.dropAside();
        assertThat(nextOf(second)).isNotEmpty();
        heard(second, 0, 20);
        assertThat(portPairs()).isEqualTo(1);
    }

    @Test
    void whatDoesNotFitChangesNothingAndKeepsNoPorts() throws Exception {
        assertThatThrownBy(() -> session.answerAside(
                        TRUNK,
                        second.answer(0, "sendrecv").replace("PCMU", "GSM").replace("RTP/AVP 0", "RTP/AVP 3")))
                .isInstanceOf(SdpRejectedException.class);
        assertThat(portPairs()).isEqualTo(1);
        session.offerAside(TRUNK);
        session.offerAside(TRUNK); // the next one is tried
        assertThatThrownBy(() -> session.onAsideAnswer("v=0")).isInstanceOf(SdpRejectedException.class);
        session.dropAside();
        assertThat(portPairs()).isEqualTo(1);
        heard(first, 0, 20);
    }

    private void heard(TrunkPeer peer, int payloadType, int packets) throws Exception {
        long before = session.stats().trunk().received();
        speak(peer, payloadType, packets);
        for (int i = 0; i < 300 && session.stats().trunk().received() < before + packets; i++) {
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(session.stats().trunk().received()).isEqualTo(before + packets);
    }

    private static void speak(TrunkPeer peer, int payloadType, int packets) throws Exception {
        for (int i = 0; i < packets; i++) {
            peer.send(ByteBuffer.allocate(172)
                    .put((byte) 0x80)
                    .put((byte) payloadType)
                    .putShort((short) i)
                    .putInt(i * 160)
                    .putInt(7 + payloadType)
                    .array());
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static byte[] nextOf(TrunkPeer peer) throws Exception {
        return requireNonNull(peer.receive(2_000), "nothing comes");
    }

    private static void silent(TrunkPeer peer) throws Exception {
        forgetWhatCame(peer);
        assertThat(peer.receive(100)).isNull();
    }

    private static void forgetWhatCame(TrunkPeer peer) throws Exception {
        boolean hasMore = true;
        while (hasMore) {
            hasMore = peer.receive(0) != null;
        }
    }

    private Object portPairs() throws Exception {
        for (int i = 0; i < 300 && !pairs().equals(1); i++) {
            LockSupport.parkNanos(10_000_000);
        }
        return pairs();
    }

    private Object pairs() {
        Map<?, ?> ports = (Map<?, ?>) requireNonNull(engine.debugState().get("trunkPorts"));
        return requireNonNull(ports.get("inUse"));
    }
}
