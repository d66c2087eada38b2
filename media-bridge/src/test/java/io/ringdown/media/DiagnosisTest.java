package io.ringdown.media;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.MediaEngineTest.Events;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.AudioEncoder;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.OpusSettings;
import io.ringdown.media.quality.CallQuality;
import io.ringdown.media.quality.Diagnosis;
import io.ringdown.media.quality.OneWayAudio;
import io.ringdown.media.quality.Signalled;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Each verdict, produced by what causes it, over real sockets on loopback. All calls run side by side, since most verdicts take
 * seconds to be sure.
 */
final class DiagnosisTest {
    private static final Codecs CODECS = Codecs.load(OpusSettings.defaults());
    private static final InetAddress LOCAL = InetAddress.ofLiteral("127.0.0.1");
    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final byte[] TONE = tone(8_000);
    private static final byte[] MURMUR = tone(12);
    private static final byte[] SILENCE = pcmu(new short[160]);

    private static MediaEngine engine;
    private static ExecutorService threads;

    @BeforeAll
    static void start() throws Exception {
        engine = MediaEngine.start(MediaEngineTest.settings());
        threads = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterAll
    static void stop() {
        threads.shutdownNow();
        engine.close();
    }

    @TestFactory
    List<DynamicTest> eachCauseIsNamed() {
        List<Story> stories = List.of(
                new Story("fine", call -> call.connect().talk().trunkTalks()),
                new Story("browser-unreachable", call -> {}),
                new Story("browser-away", call -> call.connect().browser.close()),
                new Story("browser-path-lost", call -> {
                    call.connect().browser.close();
                    call.isAwaySaying = false; // it is said before
                }),
                new Story("browser-wrong-certificate", Scene::connectWithAnotherCertificate),
                new Story("browser-dtls-failed", call -> call.keepChecking()),
                new Story(
                        "browser-media-before-keys", call -> call.keepChecking().sendGarbage()),
                new Story("browser-closed", call -> call.connect().browser.closeDtls()),
                new Story(
                        "browser-media-refused",
                        call -> call.connect().keepChecking().trunkTalks().sendGarbage()),
                new Story(
                        "browser-sends-nothing",
                        call -> call.connect().keepChecking().trunkTalks()),
                new Story(
                        "browser-sends-silence",
                        call -> call.connect().trunkTalks().browserSends(SILENCE)),
                new Story(
                        "browser-is-quiet", call -> call.connect().trunkTalks().browserSends(MURMUR)),
                new Story(
                        "browser-muted",
                        call -> call.connect().talk().trunkTalks().session.muteWeb(true)),
                new Story(
                        "browser-receives-nothing",
                        call -> call.connect().talk().trunkTalks().browserHearsNothing()),
                new Story("on-hold", call -> call.connect().talk().trunkAnswers("sendonly")),
                new Story("trunk-sends-nothing", call -> call.connect().talk().trunkAnswers("sendrecv")),
                new Story(
                        "trunk-sends-from-elsewhere",
                        call -> call.connect().talk().strangerTalks()),
                new Story(
                        "trunk-address-private",
                        new Signalled(true, Optional.of(InetAddress.ofLiteral("198.51.100.7"))),
                        call -> call.connect().talk().trunkAnswers("sendrecv")),
                new Story(
                        "trunk-port-unreachable",
                        call -> call.connect()
                                .talk()
                                .trunkAnswers("sendrecv")
                                .trunk
                                .close()),
                new Story("trunk-sends-silence", call -> call.connect().talk().trunkSends(SILENCE)),
                new Story("trunk-is-quiet", call -> call.connect().talk().trunkSends(MURMUR)),
                new Story(
                        "trunk-receives-nothing",
                        call -> call.connect().talk().trunkTalks().trunkHearsNothing()));
        List<DynamicTest> tests = new ArrayList<>();
        for (Story story : stories) {
            Future<Diagnosis> verdict = threads.submit(story::verdict);
            tests.add(DynamicTest.dynamicTest(
                    story.code,
                    () -> assertThat(verdict.get(60, TimeUnit.SECONDS).about().code())
                            .isEqualTo(story.code)));
        }
        return tests;
    }

    /** Nothing of a stranger's gets anywhere while we look who it is, and the trunk that comes at last is heard. */
    @Test
    void aStrangerIsSeenAndNotHeardAndTheTrunkIsHeardAfterwards() throws Exception {
        try (Scene call = new Scene()) {
            call.connect().talk().strangerTalks();
            Diagnosis seen = call.verdict(new Signalled(true, Optional.of(LOCAL)));
            assertThat(seen)
                    .isInstanceOfSatisfying(
                            Diagnosis.TrunkSendsFromElsewhere.class,
                            found -> assertThat(found.seen()).isEqualTo(call.stranger.address()));
            assertThat(call.session.quality().trunk().counts().received()).isZero();
            assertThat(call.stranger.receive(100))
                    .as("nothing is sent to a stranger")
                    .isNull();
            call.repeat(i -> call.trunk.send(rtp(0, i, 7, TONE)));
            for (int i = 0; i < 500 && call.session.stats().trunk().received() < 50; i++) {
                Thread.sleep(10);
            }
            CallQuality now = call.session.quality();
            assertThat(now.trunk().counts().received()).isGreaterThanOrEqualTo(50);
            assertThat(now.trunkPath().stranger()).isEmpty();
            assertThat(call.session.stats().trunk().lost()).isZero();
        }
    }

    @Test
    void aCallIsMeasured() throws Exception {
        try (Scene call = new Scene()) {
            call.connect().talk().trunkTalks();
            Thread.sleep(3_000);
            CallQuality quality = call.session.quality();
            assertThat(quality.web().codec()).contains(AudioCodec.PCMU);
            assertThat(quality.web().level().speechDbov().orElseThrow()).isBetween(-16.0, -14.5);
            assertThat(quality.trunk().level().speechDbov().orElseThrow()).isBetween(-16.0, -14.5);
            assertThat(quality.toTrunk().count()).isGreaterThan(100);
            assertThat(quality.toWeb().count()).isGreaterThan(100);
            assertThat(quality.toWeb().p50Millis()).isPositive();
            assertThat(quality.toWeb().maxMillis())
                    .isGreaterThanOrEqualTo(quality.toWeb().p99Millis());
            assertThat(quality.webMos().orElseThrow()).isBetween(4.0, 4.42);
            assertThat(quality.trunkMos().orElseThrow()).isBetween(4.0, 4.42);
            // Packets that come in time put wake-ups off; those for reports come every few seconds all the same.
            for (int i = 0; i < 100 && engine.loops().getFirst().lag().count() == 0; i++) {
                Thread.sleep(100);
            }
            var loop = engine.loops().getFirst();
            assertThat(loop.datagramsIn()).isGreaterThan(200);
            assertThat(loop.lag().count()).isPositive();
            assertThat(loop.cycles().maxMillis()).isPositive();
            assertThat(loop.kernelDrops().keySet())
                    .containsExactly(loop.listen().getFirst().getPort());
        }
    }

    /** What has to happen, and the verdict that has to come of it. */
    private record Story(String code, Signalled known, Cause cause) {
        Story(String code, Cause cause) {
            this(code, new Signalled(true, Optional.of(LOCAL)), cause);
        }

        Diagnosis verdict() throws Exception {
            try (Scene call = new Scene()) {
                cause.happen(call);
                return call.verdict(known);
            }
        }
    }

    @FunctionalInterface
    private interface Cause {
        void happen(Scene call) throws Exception;
    }

    @FunctionalInterface
    private interface Packets {
        void send(int index) throws Exception;
    }

    /** One call with its two ends. */
    private static final class Scene implements AutoCloseable {
        boolean isAwaySaying = true;
        final MediaSession session;
        final BrowserPeer browser;
        final TrunkPeer trunk;
        final TrunkPeer stranger;
        private final AtomicBoolean isOver = new AtomicBoolean();

        Scene() throws Exception {
            session = engine.open(WebCodecs.one(List.of(AudioCodec.PCMU)), new Events());
            browser = new BrowserPeer();
            trunk = new TrunkPeer(LOCAL);
            stranger = new TrunkPeer(LOCAL);
            browser.onAnswer(session.answerWeb(browser.offer()));
        }

        Scene connect() throws Exception {
            browser.connect();
            return this;
        }

        void connectWithAnotherCertificate() throws Exception {
            browser.onAnswer(session.answerWeb(browser.offer("00:" + "11:".repeat(30) + "22")));
            try {
                browser.connect();
            } catch (IOException refused) {
                assertThat(refused).isNotNull();
            }
        }

        Scene keepChecking() {
            return repeat(i -> {
                if (i % 25 == 0) {
                    browser.send(browser.request(true));
                }
            });
        }

        Scene sendGarbage() {
            return repeat(i -> browser.send(rtp(0, i, 5, TONE)));
        }

        Scene talk() {
            return browserSends(TONE);
        }

        Scene browserSends(byte[] sound) {
            return repeat(i -> {
                byte[] packet = rtp(0, i, 5, sound);
                browser.sendMedia(packet, packet.length);
            });
        }

        Scene browserHearsNothing() {
            return repeat(i -> {
                if (i % 50 == 0) {
                    browser.sendMedia(emptyReport(5), 8);
                }
            });
        }

        Scene trunkAnswers(String direction) throws Exception {
            String offer = session.offerTrunk(new TrunkMedia(LOCAL, Optional.empty(), List.of(AudioCodec.PCMU)));
            trunk.onOffer(offer);
            stranger.onOffer(offer);
            session.onTrunkAnswer(trunk.answer(0, direction));
            return this;
        }

        Scene trunkTalks() throws Exception {
            return trunkSends(TONE);
        }

        Scene trunkSends(byte[] sound) throws Exception {
            return trunkAnswers("sendrecv").repeat(i -> trunk.send(rtp(0, i, 7, sound)));
        }

        Scene trunkHearsNothing() {
            return repeat(i -> {
                if (i % 50 == 0) {
                    trunk.send(emptyReport(7));
                }
            });
        }

        Scene strangerTalks() throws Exception {
            return trunkAnswers("sendrecv").repeat(i -> stranger.send(rtp(0, i, 9, TONE)));
        }

        /** Every 20 ms until the call is over. */
        Scene repeat(Packets packets) {
            threads.execute(() -> {
                long begun = System.nanoTime();
                try {
                    for (int i = 0; !isOver.get(); i++) {
                        packets.send(i);
                        LockSupport.parkNanos(begun + (i + 1) * 20_000_000L - System.nanoTime());
                    }
                } catch (Exception closed) {
                    isOver.set(true);
                }
            });
            return this;
        }

        /** The first verdict that says more than that it is too early; of a fine call the last one. */
        Diagnosis verdict(Signalled known) throws Exception {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            CallQuality before = session.quality();
            Diagnosis verdict = new Diagnosis.TooEarly();
            while (System.nanoTime() < deadline
                    && (!isSaying(verdict) || (verdict instanceof Diagnosis.BrowserAway && !isAwaySaying))) {
                Thread.sleep(500);
                CallQuality now = session.quality();
                verdict = OneWayAudio.judge(before, now, known);
                before = now;
            }
            return verdict;
        }

        private static boolean isSaying(Diagnosis verdict) {
            return !(verdict instanceof Diagnosis.TooEarly) && !(verdict instanceof Diagnosis.Fine);
        }

        @Override
        public void close() {
            isOver.set(true);
            session.close();
            browser.close();
            trunk.close();
            stranger.close();
        }
    }

    private static byte[] rtp(int payloadType, int index, int ssrc, byte[] payload) {
        return ByteBuffer.allocate(12 + payload.length)
                .put((byte) 0x80)
                .put((byte) payloadType)
                .putShort((short) index)
                .putInt(index * 160)
                .putInt(ssrc)
                .put(payload)
                .array();
    }

    /** A receiver report with no block: its sender receives nobody. */
    private static byte[] emptyReport(int ssrc) {
        return ByteBuffer.allocate(8)
                .put((byte) 0x80)
                .put((byte) 201)
                .putShort((short) 1)
                .putInt(ssrc)
                .array();
    }

    private static byte[] tone(int amplitude) {
        short[] pcm = new short[160];
        for (int i = 0; i < pcm.length; i++) {
            pcm[i] = (short) (amplitude * Math.sin(2 * Math.PI * 500 * i / 8_000));
        }
        return pcmu(pcm);
    }

    private static byte[] pcmu(short[] pcm) {
        byte[] codes = new byte[pcm.length];
        try (AudioEncoder encoder = CODECS.encoder(AudioCodec.PCMU, 8_000)) {
            encoder.encode(pcm, pcm.length, codes, 0, codes.length);
        }
        return codes;
    }
}
