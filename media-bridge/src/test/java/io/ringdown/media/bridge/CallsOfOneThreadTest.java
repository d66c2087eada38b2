package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.codec.Codecs;
import io.ringdown.media.codec.Effort;
import io.ringdown.media.codec.OpusSettings;
import io.ringdown.media.sdp.WebFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of one thread work in the same buffers; none of them may hear anything of another. */
final class CallsOfOneThreadTest {
    private static final long FRAME_NANOS = 20 * Call.MILLI;
    private static final int FRAMES = 150;
    private static final WebFormat OPUS_AND_RED = new WebFormat(
            AudioCodec.OPUS,
            111,
            OptionalInt.of(110),
            48_000,
            20,
            List.of(),
            OptionalInt.of(63),
            WebFormat.ANY_BITRATE);

    /** What two ends of a call speak, and which of their frames get lost. */
    private record Talk(WebFormat web, AudioCodec trunk, long seed) {
        private static final List<WebFormat> WEBS = List.of(Call.OPUS, OPUS_AND_RED, Call.WEB_PCMU);

        static Talk any(Random random) {
            AudioCodec[] trunks = AudioCodec.values();
            return new Talk(
                    WEBS.get(random.nextInt(WEBS.size())), trunks[random.nextInt(trunks.length)], random.nextLong());
        }
    }

    /** A call on its way, frame by frame. */
    private static final class Speaking {
        private final Talk talk;
        private final Call call;
        private final Random random;
        private final Voice browser;
        private final Voice telephone;
        private int frame;

        Speaking(Talk talk, Codecs codecs) {
            this.talk = talk;
            this.call = new Call(codecs).open(talk.web(), Call.trunk(talk.trunk(), 20));
            this.random = new Random(talk.seed());
            this.browser = new Voice(talk.web().codec(), talk.trunk());
            this.telephone = new Voice(talk.trunk(), talk.web().codec());
        }

        void step() {
            call.runTo(frame * FRAME_NANOS);
            double hertz = 300 + 40 * random.nextInt(20);
            byte[] up = browser.frame(hertz, 8_000);
            byte[] down = telephone.frame(hertz / 2, 8_000);
            if (random.nextInt(10) != 0) {
                call.fromWeb(false, talk.web().payloadType(), frame, browser.timestamp(frame), up);
            }
            if (random.nextInt(10) != 0) {
                call.fromTrunk(false, Call.payloadType(talk.trunk()), frame, telephone.timestamp(frame), down);
            }
            if (frame % 25 == 24 && !call.toWeb.isEmpty()) {
                byte[] report = RepairTest.report(call.toWeb.getLast().ssrc(), 0.05, call.now);
                call.bridge.onWebRtcp(report, 0, report.length, call.now);
            }
            frame++;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatACallSendsIsTheSameAloneAndAmongOthers(long seed) {
        Random random = new Random(seed);
        Codecs shared = Codecs.load(OpusSettings.defaults()).with(new Effort(0));
        List<Speaking> together = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            together.add(new Speaking(Talk.any(random), shared));
        }
        for (int i = 0; i < FRAMES; i++) {
            together.forEach(Speaking::step);
        }
        for (Speaking one : together) {
            Speaking alone = new Speaking(one.talk, Codecs.load(OpusSettings.defaults()));
            for (int i = 0; i < FRAMES; i++) {
                alone.step();
            }
            assertSame(seed + " " + one.talk, one.call.toTrunk, alone.call.toTrunk);
            assertSame(seed + " " + one.talk, one.call.toWeb, alone.call.toWeb);
        }
    }

    private static void assertSame(String what, List<Call.Sent> sent, List<Call.Sent> expected) {
        assertThat(sent).as(what).hasSameSizeAs(expected).hasSizeGreaterThan(FRAMES / 2);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(sent.get(i).payload())
                    .as("%s, packet %d", what, i)
                    .isEqualTo(expected.get(i).payload());
            assertThat(sent.get(i).payloadType()).isEqualTo(expected.get(i).payloadType());
            assertThat(sent.get(i).timestamp()).isEqualTo(expected.get(i).timestamp());
        }
    }
}
