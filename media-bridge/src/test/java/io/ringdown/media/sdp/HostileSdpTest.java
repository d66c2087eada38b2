package io.ringdown.media.sdp;

import static io.ringdown.media.codec.AudioCodec.OPUS;
import static io.ringdown.media.codec.AudioCodec.PCMA;
import static io.ringdown.media.codec.AudioCodec.PCMU;
import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.SdpRejectedException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever comes, the answer is a description that we can read ourselves, or the declared rejection. */
final class HostileSdpTest {
    private static final int MUTANTS = Boolean.getBoolean("ringdown.full") ? 1_000_000 : 50_000;
    private static final int MOST_KEPT_BYTES = 16 * 1024 * 1024;
    private static final String[] PIECES = {
        "m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\n",
        "a=group:BUNDLE 0 1\r\n",
        "a=group:BUNDLE\r\n",
        "a=bundle-only\r\n",
        "a=mid:0\r\n",
        "a=mid:\r\n",
        "a=rtpmap:111 opus/48000/2\r\n",
        "a=rtpmap:0 telephone-event/8000\r\n",
        "a=fingerprint:sha-512 00\r\n",
        "a=ptime:99999999999\r\n",
        "c=IN IP4 0.0.0.0\r\n",
        "a=rtcp:1\r\n",
        "a=inactive\r\n",
        "m=image 1 udptl\r\n",
        " ",
        "\r",
        ":",
        "/",
        "\u0000",
        "\uD800",
        "é"
    };

    static List<String> fixtures() {
        return SdpFixtures.all();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void aDescriptionCutAtAnyLength(String fixture) {
        String text = SdpFixtures.read(fixture);
        for (int length = 0; length <= text.length(); length++) {
            offerEverywhere(text.substring(0, length), fixture + " cut at " + length);
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void aDescriptionWithAnyCharacterChanged(String fixture) {
        StringBuilder text = new StringBuilder(SdpFixtures.read(fixture));
        for (int at = 0; at < text.length(); at++) {
            char original = text.charAt(at);
            for (char other : new char[] {(char) (original ^ 1), '0', ' '}) {
                text.setCharAt(at, other);
                offerEverywhere(text.toString(), fixture + " changed at " + at);
            }
            text.setCharAt(at, original);
        }
    }

    @Test
    void mutants() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        long before = 0;
        List<String> fixtures =
                SdpFixtures.all().stream().map(SdpFixtures::read).toList();
        int answered = 0;
        for (int i = 0; i < MUTANTS; i++) {
            String mutant = mutant(random, fixtures);
            answered += offerEverywhere(mutant, "seed " + seed + " mutant " + i);
            if (i == MUTANTS / 10) { // what is loaded once is there by now
                before = heap();
            }
        }
        assertThat(heap() - before).as("bytes that are kept of them").isLessThan(MOST_KEPT_BYTES);
        assertThat(answered)
                .as("mutants that were still answered, seed %d", seed)
                .isGreaterThan(MUTANTS / 20);
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static String mutant(Random random, List<String> fixtures) {
        StringBuilder text = new StringBuilder(fixtures.get(random.nextInt(fixtures.size())));
        for (int changes = random.nextInt(1, 6); changes > 0 && !text.isEmpty(); changes--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(1, 60));
            switch (random.nextInt(6)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(0x180));
                case 1 -> text.delete(at, end);
                case 2 -> text.insert(at, text.substring(at, end));
                case 3 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 4 -> insertLine(random, text, at);
                default -> {
                    String other = fixtures.get(random.nextInt(fixtures.size()));
                    int from = random.nextInt(other.length());
                    text.insert(at, other, from, Math.min(other.length(), from + random.nextInt(200)));
                }
            }
        }
        return text.toString();
    }

    private static void insertLine(Random random, StringBuilder text, int near) {
        int line = text.indexOf("\n", near) + 1;
        text.insert(line, PIECES[random.nextInt(PIECES.length)]);
    }

    /** In how many of the three places it was answered. */
    private static int offerEverywhere(String text, String what) {
        int answered = 0;
        try {
            answered += 1;
            WebNegotiation web = SdpFixtures.webNegotiation(OPUS, PCMU, PCMA);
            isAnswer(web.answer(text, SdpFixtures.ice("ours")).sdp(), text, what);
        } catch (SdpRejectedException e) {
            answered -= rejected(e, what);
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
        TrunkNegotiation trunk = SdpFixtures.trunkNegotiation(PCMU, PCMA);
        try {
            answered += 1;
            isAnswer(trunk.answer(text).sdp(), text, what);
        } catch (SdpRejectedException e) {
            answered -= rejected(e, what);
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
        try {
            isReadable(trunk.offer(), what);
            TrunkFormat format = trunk.onAnswer(text);
            assertThat(format.rtp().isUnresolved()).as(what).isFalse();
            assertThat(format.ptimeMillis()).as(what).isBetween(10, 60);
        } catch (SdpRejectedException e) {
            rejected(e, what);
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
        return answered;
    }

    /** Nothing in an offer makes more or fewer media of our answer. */
    private static void isAnswer(String sdp, String offer, String what) throws SdpRejectedException {
        isReadable(sdp, what);
        assertThat(SessionDescription.parse(sdp, SdpLimits.defaults()).media())
                .as(what)
                .hasSameSizeAs(
                        SessionDescription.parse(offer, SdpLimits.defaults()).media());
    }

    private static void isReadable(String sdp, String what) throws SdpRejectedException {
        SessionDescription description = SessionDescription.parse(sdp, SdpLimits.defaults());
        if (!description.text().equals(sdp)) {
            throw new AssertionError(what + " is answered with what does not round-trip: " + sdp);
        }
    }

    private static int rejected(SdpRejectedException e, String what) {
        String message = String.valueOf(e.getMessage());
        if (message.length() > 300 || message.chars().anyMatch(c -> c < ' ')) {
            throw new AssertionError(what + " is rejected with the message " + message);
        }
        return 1;
    }
}
