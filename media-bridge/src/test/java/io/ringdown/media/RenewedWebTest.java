package io.ringdown.media;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ringdown.media.MediaEngineTest.Events;
import io.ringdown.media.codec.AudioCodec;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages that are loaded anew in mid-call, over real sockets and with real handshakes. */
final class RenewedWebTest {
    private static final InetAddress CARRIER = InetAddress.ofLiteral("127.0.0.1");
    private static final String WRONG = "00:" + "11:".repeat(30) + "22";

    private final Events events = new Events();
    private final List<BrowserPeer> pages = new ArrayList<>();
    private MediaEngine engine;
    private MediaSession session;
    private TrunkPeer trunk;
    private int sequence;

    @BeforeEach
    void start() throws Exception {
        engine = MediaEngine.start(MediaEngineTest.settings());
        session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), events);
        trunk = new TrunkPeer(CARRIER);
        trunk.onOffer(session.offerTrunk(CallTest.trunkMedia(CARRIER)));
        session.onTrunkAnswer(trunk.answer(0, "sendrecv"));
    }

    @AfterEach
    void stop() {
        pages.forEach(BrowserPeer::close);
        trunk.close();
        engine.close();
    }

    @Test
    void pageAfterPageIsHeardAndHearsAndTheTrunkNoticesNothing() throws Exception {
        BrowserPeer page = connected(new BrowserPeer());
        assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
        List<ByteBuffer> toPages = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            BrowserPeer old = page;
            page = keep(i % 2 == 0 ? old.reloaded() : new BrowserPeer().loadedAnew());
            page.onAnswer(session.answerWeb(page.offer()));
            if (i % 3 == 0) {
                old.closeDtls(); // after the offer of the new page it is no news
            } else if (i % 3 == 1) {
                assertTalks(old, toPages); // it serves until the new one does
            }
            page.connect();
            assertTalks(page, toPages);
        }
        assertThat(toPages.stream().map(packet -> packet.getInt(8)).distinct()).hasSize(1);
        for (int i = 1; i < toPages.size(); i++) {
            ByteBuffer before = toPages.get(i - 1);
            ByteBuffer packet = toPages.get(i);
            assertThat((short) (packet.getShort(2) - before.getShort(2))).isPositive();
            assertThat(packet.getInt(4) - before.getInt(4)).isPositive();
        }
        assertTheTrunkHasHeardOneStream();
        assertThat(toldSoFar()).as("each is told once").hasSize(10).containsOnly(new MediaEvent.WebConnected());
    }

    @Test
    void aNewPageThatComesToNothingIsNoHarmWhileTheOldOneWorks() throws Exception {
        BrowserPeer old = connected(new BrowserPeer());
        assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
        BrowserPeer wrong = keep(new BrowserPeer().loadedAnew());
        wrong.onAnswer(session.answerWeb(wrong.offer(WRONG)));
        assertThatThrownBy(wrong::connect).isInstanceOf(IOException.class);
        assertTalks(old, new ArrayList<>());
        assertThat(toldSoFar()).isEmpty();
        assertTalks(connected(new BrowserPeer().loadedAnew()), new ArrayList<>());
    }

    @Test
    void aNewPageThatComesToNothingAfterTheOldOneHasGoneIsTold() throws Exception {
        BrowserPeer old = connected(new BrowserPeer());
        assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
        BrowserPeer wrong = keep(new BrowserPeer().loadedAnew());
        wrong.onAnswer(session.answerWeb(wrong.offer(WRONG)));
        old.closeDtls();
        assertThatThrownBy(wrong::connect).isInstanceOf(IOException.class);
        assertThat(events.next()).isEqualTo(new MediaEvent.WebFailed(MediaEvent.WebFailed.Cause.FINGERPRINT_MISMATCH));
    }

    @Test
    void whoWasToComeAndIsDroppedChangesNothingAndTheOldOneGoesOn() throws Exception {
        BrowserPeer old = keep(new BrowserPeer());
        String agreed = session.answerWeb(old.offer());
        old.onAnswer(agreed);
        old.connect();
        assertThat(events.next()).isInstanceOf(MediaEvent.WebConnected.class);
        BrowserPeer dropped = keep(new BrowserPeer().loadedAnew());
        dropped.onAnswer(session.answerWeb(dropped.offer()));
        assertThat(session.dropComingWeb()).as("somebody serves").isTrue();
        assertThatThrownBy(dropped::connect).isInstanceOf(IOException.class);
        assertTalks(old, new ArrayList<>());
        assertThat(session.answerWeb(old.offer()))
                .as("the same offer again")
                .endsWith(agreed.substring(agreed.indexOf("t=0 0")));
        assertTalks(old, new ArrayList<>());
        assertThat(old.response(old.request(true))).as("a check").isNotEqualTo(-1);
        assertThat(toldSoFar()).isEmpty();
        assertTalks(connected(new BrowserPeer().loadedAnew()), new ArrayList<>());
        assertTheTrunkHasHeardOneStream();
    }

    @Test
    void whoIsDroppedOnceItServesIsClosedAndTheNextOfferBeginsAnew() throws Exception {
        BrowserPeer first = connected(new BrowserPeer());
        BrowserPeer second = connected(new BrowserPeer().loadedAnew());
        assertTalks(second, new ArrayList<>());
        toldSoFar();
        assertThat(session.dropComingWeb()).as("the one before serves").isFalse();
        assertThat(second.closedDtls(2_000)).isTrue();
        assertThat(toldSoFar()).isEmpty();
        first.loadedAnew();
        first.onAnswer(session.answerWeb(first.offer()));
        first.connect();
        assertTalks(first, new ArrayList<>());
    }

    @Test
    void whoIsDroppedAfterTheOldPageHasGoneLeavesNobody() throws Exception {
        BrowserPeer old = connected(new BrowserPeer());
        BrowserPeer dropped = keep(new BrowserPeer().loadedAnew());
        dropped.onAnswer(session.answerWeb(dropped.offer()));
        old.closeDtls();
        while (engine.debugState().toString().contains("CONNECTED")) {
            Thread.sleep(2);
        }
        assertThat(session.dropComingWeb()).as("somebody serves").isFalse();
        assertTalks(connected(new BrowserPeer().loadedAnew()), new ArrayList<>());
    }

    @Test
    void whatTheOldPageStillSendsIsNotHeard() throws Exception {
        BrowserPeer old = connected(new BrowserPeer());
        BrowserPeer page = connected(old.reloaded());
        assertTalks(page, new ArrayList<>()); // until the loop has its keys, the old one serves
        long before = session.stats().web().received();
        for (int i = 0; i < 20; i++) {
            speak(old, 1);
        }
        assertThat(old.response(old.request(true))).isEqualTo(-1);
        int sent = assertTalks(page, new ArrayList<>());
        assertThat(session.stats().web().received()).isLessThanOrEqualTo(before + sent);
    }

    /** Any order of what pages do: offers in quick succession, handshakes begun and left, late packets of all before. */
    @Test
    void whateverPagesDoTheLastOneThatGetsThroughIsHeard() throws Exception {
        long seed = Long.getLong("seed", new Random().nextLong());
        Random random = new Random(seed);
        BrowserPeer serving = connected(new BrowserPeer());
        List<ByteBuffer> heard = new ArrayList<>();
        assertTalks(serving, heard);
        BrowserPeer coming = null;
        for (int step = 0; step < 60; step++) {
            String which = "-Dseed=" + seed + " step " + step;
            BrowserPeer any = pages.get(random.nextInt(pages.size()));
            switch (random.nextInt(7)) {
                case 0, 1 -> {
                    coming = keep(random.nextBoolean() ? serving.reloaded() : new BrowserPeer().loadedAnew());
                    coming.onAnswer(session.answerWeb(coming.offer()));
                }
                case 2 -> any.send(any.request(random.nextBoolean()));
                case 3 -> any.send(any.clientHello());
                case 4 -> {
                    if (coming != null) {
                        coming.connect();
                        serving = coming;
                        coming = null;
                        assertTalks(serving, heard);
                    }
                }
                case 5 -> {
                    if (any != serving && any != coming) {
                        any.closeDtls();
                    }
                }
                default -> assertTalks(serving, heard);
            }
            assertThat(heard.stream().map(packet -> packet.getInt(8)).distinct())
                    .as(which)
                    .hasSize(1);
        }
        assertTheTrunkHasHeardOneStream();
        assertThat(toldSoFar()).as("-Dseed=" + seed).containsOnly(new MediaEvent.WebConnected());
    }

    private BrowserPeer connected(BrowserPeer page) throws Exception {
        keep(page).onAnswer(session.answerWeb(page.offer()));
        page.connect();
        return page;
    }

    private BrowserPeer keep(BrowserPeer page) {
        pages.add(page);
        return page;
    }

    /** Both ways; what the page hears goes into {@code heard}. Answers how many packets the page has sent. */
    private int assertTalks(BrowserPeer page, List<ByteBuffer> heard) throws Exception {
        long before = session.stats().web().received();
        int sent = 0;
        while (sent < 500 && session.stats().web().received() < before + 5) { // the first may find no key yet
            speak(page, 1);
            sent++;
            Thread.sleep(2);
        }
        assertThat(session.stats().web().received()).isGreaterThanOrEqualTo(before + 5);
        byte[] packet = new byte[0];
        for (int i = 0; i < 100 && packet.length == 0; i++) {
            trunk.send(rtp(sequence++, 9));
            byte[] opened = page.receiveMedia(20);
            packet = opened == null || (opened.length > 1 && (opened[1] & 0xff) >= 192) ? packet : opened;
        }
        assertThat(packet).as("what the page hears").isNotEmpty();
        heard.add(ByteBuffer.wrap(packet));
        return sent;
    }

    private void speak(BrowserPeer page, int packets) throws IOException {
        for (int i = 0; i < packets; i++) {
            page.sendMedia(rtp(sequence++, System.identityHashCode(page)), 172);
        }
    }

    private void assertTheTrunkHasHeardOneStream() throws Exception {
        ByteBuffer before = ByteBuffer.wrap(requireNonNull(trunk.receive(0)));
        for (byte[] packet = trunk.receive(0); packet != null; packet = trunk.receive(0)) {
            ByteBuffer next = ByteBuffer.wrap(packet);
            assertThat(next.getInt(8)).isEqualTo(before.getInt(8));
            assertThat((short) (next.getShort(2) - before.getShort(2))).isEqualTo((short) 1);
            assertThat(next.getInt(4) - before.getInt(4)).isEqualTo(160);
            before = next;
        }
    }

    private List<MediaEvent> toldSoFar() throws InterruptedException {
        session.digitRoads(); // behind what the loop was given before
        return events.drained();
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
}
