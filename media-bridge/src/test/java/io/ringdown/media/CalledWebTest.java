package io.ringdown.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.media.MediaEngineTest.Events;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.quality.WebPath;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are called with our offer and answer it, over real sockets and with real handshakes. */
final class CalledWebTest {
    private static final InetAddress CARRIER = InetAddress.ofLiteral("127.0.0.1");

    private final Events events = new Events();
    private final List<BrowserPeer> clients = new ArrayList<>();
    private MediaEngine engine;
    private MediaSession session;
    private TrunkPeer trunk;
    private int sequence;

    @BeforeEach
    void start() throws Exception {
        engine = MediaEngine.start(MediaEngineTest.settings());
        session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU, AudioCodec.OPUS)), events);
        trunk = new TrunkPeer(CARRIER);
        trunk.onOffer(session.offerTrunk(CallTest.trunkMedia(CARRIER)));
        session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
    }

    @AfterEach
    void stop() {
        clients.forEach(BrowserPeer::close);
        trunk.close();
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "passive"})
    void aClientThatIsCalledIsHeardAndHearsWhicheverOfUsBeginsTheHandshake(String setup) throws Exception {
        BrowserPeer client = answering(session.offerWeb(), setup);
        client.connect();
        assertTalks(client);
        assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
        assertThat(session.quality().webPath().dtls()).isEqualTo(WebPath.Dtls.CONNECTED);
        client.closeDtls();
        assertThat(events.next()).isInstanceOf(MediaEvent.WebClosed.class);
    }

    @Test
    void ofSeveralClientsWithTheSameOfferTheOneThatAnswersHasTheCall() throws Exception {
        String offer = session.offerWeb();
        assertThat(session.offerWeb()).isEqualTo(offer);
        BrowserPeer late = client();
        String lateAnswer = late.answer(offer, "active", "0 126");
        BrowserPeer first = answering(offer, "active");
        assertThatExceptionOfType(SdpRejectedException.class).isThrownBy(() -> session.onWebAnswer(lateAnswer));
        first.connect();
        assertTalks(first);
        assertThatThrownBy(late::connect)
                .as("its certificate was not announced")
                .isInstanceOf(IOException.class);
        assertTalks(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "passive"})
    void aSecondClientTakesTheCallOverOnceItIsConnectedAndTheTrunkNoticesNothing(String setup) throws Exception {
        BrowserPeer first = answering(session.offerWeb(), setup);
        first.connect();
        assertTalks(first);
        BrowserPeer second = answering(session.offerWeb(), setup.equals("active") ? "passive" : "active");
        assertTalks(first);
        second.connect();
        assertTalks(second);
        assertThat(first.closedDtls(2_000)).isTrue();
        BrowserPeer page = client();
        page.onAnswer(session.answerWeb(page.offer()));
        page.connect();
        assertTalks(page);
        assertTheTrunkHasHeardOneStream();
    }

    @Test
    void anAnswerWithNothingOfOursLeavesWhatThereIs() throws Exception {
        BrowserPeer first = answering(session.offerWeb(), "active");
        first.connect();
        String offer = session.offerWeb();
        String wrong = client().answer(offer, "active", "96");
        assertThatExceptionOfType(SdpRejectedException.class).isThrownBy(() -> session.onWebAnswer(wrong));
        assertTalks(first);
        assertThat(session.offerWeb()).isEqualTo(offer);
    }

    @Test
    void aWebSideThatIsClosedIsGoneAtOnceUntilAnotherOneComesAndTheTrunkHearsOneStream() throws Exception {
        BrowserPeer first = answering(session.offerWeb(), "active");
        first.connect();
        assertTalks(first);
        assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
        session.closeWeb();
        session.closeWeb();
        assertThat(first.closedDtls(2_000)).isTrue();
        assertThat(first.response(first.request(true)))
                .as("a check of who is gone")
                .isEqualTo(-1);
        assertThat(session.quality().webPath().dtls()).isEqualTo(WebPath.Dtls.NEW);
        assertThat(drained()).isEmpty();
        BrowserPeer second = answering(session.offerWeb(), "active");
        second.connect();
        assertTalks(second);
        assertThat(drained()).containsExactly(new MediaEvent.WebConnected());
        assertTheTrunkHasHeardOneStream();
    }

    @Test
    void theSamePageMayOfferAgainAfterItWasClosed() throws Exception {
        BrowserPeer page = client();
        page.onAnswer(session.answerWeb(page.offer()));
        page.connect();
        session.closeWeb();
        page.onAnswer(session.answerWeb(page.offer()));
        page.connect();
        assertTalks(page);
    }

    private BrowserPeer answering(String offer, String setup) throws Exception {
        BrowserPeer client = client();
        session.onWebAnswer(client.answer(offer, setup, "0 126"));
        return client;
    }

    private BrowserPeer client() throws Exception {
        BrowserPeer client = new BrowserPeer().loadedAnew();
        clients.add(client);
        return client;
    }

    /** Both ways. */
    private void assertTalks(BrowserPeer client) throws Exception {
        long before = session.stats().web().received();
        for (int sent = 0; sent < 500 && session.stats().web().received() < before + 5; sent++) {
            client.sendMedia(rtp(System.identityHashCode(client)), 172); // the first may find no key yet
            Thread.sleep(2);
        }
        assertThat(session.stats().web().received()).isGreaterThanOrEqualTo(before + 5);
        byte[] packet = new byte[0];
        for (int i = 0; i < 100 && packet.length == 0; i++) {
            trunk.send(rtp(9));
            byte[] opened = client.receiveMedia(20);
            packet = opened == null || (opened.length > 1 && (opened[1] & 0xff) >= 192) ? packet : opened;
        }
        assertThat(packet).as("what the client hears").isNotEmpty();
    }

    private void assertTheTrunkHasHeardOneStream() throws Exception {
        ByteBuffer before = null;
        for (byte[] packet = trunk.receive(0); packet != null; packet = trunk.receive(0)) {
            ByteBuffer next = ByteBuffer.wrap(packet);
            if (before != null) {
                assertThat(next.getInt(8)).isEqualTo(before.getInt(8));
                assertThat((short) (next.getShort(2) - before.getShort(2))).isEqualTo((short) 1);
                assertThat(next.getInt(4) - before.getInt(4)).isEqualTo(160);
            }
            before = next;
        }
        assertThat(before).isNotNull();
    }

    private List<MediaEvent> drained() throws InterruptedException {
        session.digitRoads(); // behind what the loop was given before
        return events.drained();
    }

    private byte[] rtp(int ssrc) {
        sequence++;
        return ByteBuffer.allocate(12 + 160)
                .put((byte) 0x80)
                .put((byte) 0)
                .putShort((short) sequence)
                .putInt(sequence * 160)
                .putInt(ssrc)
                .array();
    }
}
