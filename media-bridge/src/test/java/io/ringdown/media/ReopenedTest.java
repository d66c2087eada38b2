package io.ringdown.media;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.MediaEngineTest.Events;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.hold.HoldMusic;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls whose media are written down and read back, over real sockets. */
final class ReopenedTest {
    private static final InetAddress CARRIER = InetAddress.ofLiteral("127.0.0.1");

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
    void theTrunkHearsOneStreamAcrossAReopening() throws Exception {
        WebCodecs codecs = WebCodecs.one(List.of(AudioCodec.PCMU));
        TrunkMedia media = CallTest.trunkMedia(CARRIER);
        try (TrunkPeer trunk = new TrunkPeer(CARRIER)) {
            MediaState state;
            ByteBuffer last;
            try (MediaSession session = engine.open(codecs, new Events())) {
                trunk.onOffer(session.offerTrunk(media));
                session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
                last = ByteBuffer.wrap(requireNonNull(trunk.receive(2_000)));
                state = session.state();
                session.letGo();
            }
            for (byte[] packet = trunk.receive(50); packet != null; packet = trunk.receive(50)) {
                last = ByteBuffer.wrap(packet);
            }
            try (MediaSession session = engine.reopen(state, codecs, media, HoldMusic.SILENCE, new Events())) {
                ByteBuffer next = ByteBuffer.wrap(requireNonNull(trunk.receive(2_000)));
                assertThat(next.getInt(8)).as("SSRC").isEqualTo(last.getInt(8));
                assertThat((short) (next.getShort(2) - last.getShort(2))).isEqualTo((short) 1);
                int ticks = next.getInt(4) - last.getInt(4);
                assertThat(ticks).isPositive();
                assertThat(ticks % 160).isZero();
                assertThat(session.offerTrunkAgain())
                        .contains("m=audio " + state.trunk().orElseThrow().port() + " ");
            }
        }
    }
}
