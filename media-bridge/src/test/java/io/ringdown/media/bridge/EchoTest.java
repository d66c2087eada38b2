package io.ringdown.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.sdp.WebFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser that hears itself, in virtual time. */
class EchoTest {
    private static final long MILLI = Call.MILLI;
    private static final long LONGEST = 10_000 * MILLI;
    private static final int TICKS = 960; // 20 ms at 48 kHz

    /** The law of the way back: our numbers have no hole, our timestamps rise as the browser's do, and nothing is made up. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 20, 50})
    void whatComesGoesBackOnceInOrderAndNothingElse(int lossPercent) {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Call call = echoing(Call.OPUS);
            List<Integer> arrived = talk(call, random, lossPercent, 15);
            String what = "seed " + seed;
            assertThat(call.toWeb).as(what).hasSizeLessThanOrEqualTo(arrived.size());
            assertThat(call.toWeb.size()).as(what).isGreaterThan(arrived.size() * 9 / 10);
            for (int i = 1; i < call.toWeb.size(); i++) {
                Call.Sent before = call.toWeb.get(i - 1);
                Call.Sent sent = call.toWeb.get(i);
                assertThat(sent.sequence()).as(what).isEqualTo((before.sequence() + 1) & 0xFFFF);
                assertThat(sent.timestamp() - before.timestamp())
                        .as(what + ", packet " + i)
                        .isPositive()
                        .isEqualTo((number(sent) - number(before)) * TICKS);
                assertThat(sent.ssrc()).isEqualTo(0xAAAA);
            }
        }
    }

    @Test
    void theBrowserIsToldWithinASecondWhatItsWayHereHasLost() {
        Call call = echoing(Call.OPUS);
        for (int i = 0; i < 200; i++) {
            call.runTo(i * 20L * MILLI);
            if (i % 10 != 3) {
                call.fromWeb(false, 111, i, i * TICKS, payload(i));
            }
        }
        assertThat(call.webReports).hasSizeGreaterThanOrEqualTo(3);
        Call.Report last = call.webReports.getLast();
        ByteBuffer bytes = ByteBuffer.wrap(last.bytes());
        assertThat(bytes.get(1) & 0xFF)
                .as("a sender report: what we send can be measured too")
                .isEqualTo(200);
        assertThat(bytes.getInt(28)).as("about the browser's stream").isEqualTo(Call.WEB_SSRC);
        assertThat((bytes.get(32) & 0xFF) / 256.0)
                .as("lost since the report before")
                .isBetween(0.06, 0.14);
    }

    @Test
    void itEndsByItselfHoweverLongTheBrowserGoesOn() {
        Call call = echoing(Call.OPUS);
        for (int i = 0; i < 1_000; i++) {
            call.runTo(i * 20L * MILLI);
            call.fromWeb(false, 111, i, i * TICKS, payload(i));
        }
        assertThat(call.toWeb.getLast().nanos()).isLessThan(LONGEST);
        assertThat(call.toWeb).hasSize(500);
    }

    @Test
    void aFloodOfPacketsDoesNotComeBackAsOne() {
        Call call = echoing(Call.OPUS);
        for (int i = 0; i < 1_000; i++) { // 5 ms each, for 5 s
            call.runTo(i * 5L * MILLI);
            call.fromWeb(false, 111, i, i * 240, payload(i));
        }
        assertThat(call.toWeb.size()).isLessThanOrEqualTo(5 * 60 + 30);
    }

    @Test
    void eventsAndWhatIsNotAgreedAreNoSound() {
        Call call = echoing(Call.OPUS);
        call.fromWeb(true, 110, 1, 0, (byte) 5, (byte) 10, (byte) 0, (byte) 160);
        call.fromWeb(false, 63, 2, 960, payload(2));
        call.fromWeb(false, 111, 3, 1_920);
        assertThat(call.toWeb).isEmpty();
    }

    @Test
    void aBrowserThatGoesOverToAnotherCodecStillHearsItself() {
        WebFormat law = new WebFormat(AudioCodec.PCMU, 0, OptionalInt.of(126), 8_000, 20);
        WebFormat both = new WebFormat(
                AudioCodec.OPUS,
                111,
                OptionalInt.of(110),
                48_000,
                20,
                List.of(law),
                OptionalInt.empty(),
                WebFormat.ANY_BITRATE);
        Call call = echoing(both);
        for (int i = 0; i < 50; i++) {
            call.runTo(i * 20L * MILLI);
            if (i < 25) {
                call.fromWeb(false, 111, i, i * TICKS, payload(i));
            } else {
                call.fromWeb(false, 0, i, i * 160, Call.sound(160, 0x55));
            }
        }
        assertThat(call.toWeb).hasSize(50);
        assertThat(call.toWeb.getLast().payloadType()).isZero();
        assertThat(call.toWeb.getLast().timestamp() - call.toWeb.get(48).timestamp())
                .isEqualTo(160);
    }

    private static Call echoing(WebFormat web) {
        Call call = new Call();
        call.bridge.echo(LONGEST);
        call.bridge.web(web, call.now);
        return call;
    }

    /** Eight seconds of packets, late by up to this; answers the numbers of those that came. */
    private static List<Integer> talk(Call call, Random random, int lossPercent, int jitterMillis) {
        record Coming(long nanos, int number) {}
        PriorityQueue<Coming> coming = new PriorityQueue<>((one, other) -> Long.compare(one.nanos(), other.nanos()));
        for (int i = 0; i < 400; i++) {
            if (random.nextInt(100) >= lossPercent) {
                coming.add(new Coming((i * 20L + random.nextInt(jitterMillis + 1)) * MILLI + i, i));
            }
        }
        int first = random.nextInt(65_536);
        int origin = random.nextInt();
        List<Integer> arrived = new ArrayList<>();
        for (Coming packet = coming.poll(); packet != null; packet = coming.poll()) {
            call.runTo(packet.nanos());
            int number = packet.number();
            call.fromWeb(false, 111, (first + number) & 0xFFFF, origin + number * TICKS, payload(number));
            arrived.add(number);
        }
        return arrived;
    }

    private static byte[] payload(int number) {
        return new byte[] {(byte) 0x08, (byte) (number >> 8), (byte) number};
    }

    private static int number(Call.Sent sent) {
        return (sent.payload()[1] & 0xFF) << 8 | (sent.payload()[2] & 0xFF);
    }
}
