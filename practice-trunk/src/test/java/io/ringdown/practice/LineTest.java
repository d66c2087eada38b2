package io.ringdown.practice;

import static org.assertj.core.api.Assertions.assertThat;

import io.ringdown.dtmf.Digit;
import io.ringdown.dtmf.TelephoneEvent;
import io.ringdown.media.codec.AudioCodec;
import io.ringdown.media.rtp.RtpPacket;
import io.ringdown.media.sdp.TrunkFormat;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LineTest {
    private static final long MILLI = 1_000_000L;
    private static final Prompts PROMPTS = Prompts.load();

    private static final class Sent {
        private final long now;
        private final RtpPacket header = new RtpPacket();
        private final byte[] payload;

        Sent(long now, byte[] buffer, int offset, int length) {
            this.now = now;
            assertThat(header.wrap(buffer, offset, length)).isTrue();
            payload =
                    Arrays.copyOfRange(buffer, header.payloadOffset(), header.payloadOffset() + header.payloadLength());
        }

        int sequence() {
            return header.sequence();
        }

        int timestamp() {
            return header.timestamp();
        }

        boolean isEvent() {
            return header.payloadType() == 101;
        }
    }

    private final List<Sent> sent = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    // Sequence numbers and timestamps are near the end of their circles.
    private final Line line = new Line(
            new Line.Identity(0xCAFE, 65_530, -1_000),
            PROMPTS,
            (buffer, offset, length) -> sent.add(new Sent(at(), buffer, offset, length)),
            new Line.Listener() {
                @Override
                public void onPressed(Digit digit, long at) {
                    told.add("pressed " + digit.character());
                }

                @Override
                public void onQuiet(long at) {
                    told.add("quiet");
                }
            });
    private long now = 7_000_000_000_123L;

    private long at() {
        return now;
    }

    @Test
    void silenceLeavesEveryTwentyMillisecondsWithoutDrift() {
        line.open(format(AudioCodec.PCMU, 20), now);
        long start = now;
        // Woken late by up to 3 ms each time, as a busy machine does.
        Random random = new Random(1);
        while (line.nextWakeup() - start < 60_000 * MILLI) {
            now = line.nextWakeup() + random.nextLong(3 * MILLI);
            line.onTime(now);
        }
        assertThat(sent).hasSize(3_000);
        for (int n = 0; n < sent.size(); n++) {
            assertThat(sent.get(n).now - start - n * 20L * MILLI).isBetween(0L, 3 * MILLI);
            assertThat(sent.get(n).timestamp()).isEqualTo(-1_000 + 160 * n);
            assertThat(sent.get(n).sequence()).isEqualTo((65_530 + n) & 0xFFFF);
            assertThat(sent.get(n).payload).hasSize(160).containsOnly(0xFF);
        }
    }

    @Test
    void aThreadThatWasHeldUpLeavesAHoleNotABurst() {
        line.open(format(AudioCodec.PCMA, 20), now);
        line.onTime(now);
        now += 2_000 * MILLI;
        line.onTime(now);
        run(100);
        assertThat(sent).hasSizeLessThan(10);
        assertThat(sent.get(1).timestamp() - sent.get(0).timestamp()).isEqualTo(16_000);
        assertThat(sent.get(1).payload).containsOnly(0xD5);
    }

    @Test
    void clipsAreSaidWholeOneAfterTheOtherAndThenItIsQuiet() {
        line.open(format(AudioCodec.PCMU, 30), now);
        line.say(List.of(Clip.DIGIT_1, Clip.DIGIT_2));
        run(2_000);
        byte[] one = PROMPTS.sound(Clip.DIGIT_1, AudioCodec.PCMU);
        byte[] two = PROMPTS.sound(Clip.DIGIT_2, AudioCodec.PCMU);
        byte[] heard = audio();
        assertThat(sent).allMatch(packet -> packet.payload.length == 240);
        assertThat(Arrays.copyOf(heard, one.length)).isEqualTo(one);
        assertThat(Arrays.copyOfRange(heard, one.length, one.length + two.length))
                .isEqualTo(two);
        assertThat(told).containsExactly("quiet");
    }

    @Test
    void theLawIsTheOneThatWasAgreed() {
        line.open(format(AudioCodec.PCMA, 20), now);
        line.say(List.of(Clip.DIGIT_7));
        run(1_000);
        byte[] sound = PROMPTS.sound(Clip.DIGIT_7, AudioCodec.PCMA);
        assertThat(Arrays.copyOf(audio(), sound.length)).isEqualTo(sound);
        assertThat(sent).allMatch(packet -> packet.header.payloadType() == 8);
    }

    @Test
    void hushStopsInMidWord() {
        line.open(format(AudioCodec.PCMU, 20), now);
        line.say(List.of(Clip.MONOLOGUE));
        run(1_000);
        line.hush(now);
        int before = sent.size();
        run(200);
        assertThat(sent.subList(before, sent.size()))
                .isNotEmpty()
                .allSatisfy(packet -> assertThat(packet.payload).containsOnly(0xFF));
        assertThat(told).isEmpty();
    }

    @Test
    void pressesTakeTheLineAtTheirOwnLengthAndSilenceGoesOnAround() {
        line.open(format(AudioCodec.PCMU, 20), now);
        line.say(List.of(Clip.DIGIT_1));
        line.press(digits("5#"), 100 * MILLI, 80 * MILLI);
        run(2_000);
        List<Sent> events = sent.stream().filter(Sent::isEvent).toList();
        assertThat(events).filteredOn(packet -> packet.header.marker()).hasSize(2);
        assertThat(events)
                .filteredOn(packet -> TelephoneEvent.isEnd(packet.payload, 0))
                .hasSize(6)
                .allMatch(packet -> TelephoneEvent.duration(packet.payload, 0) == 800);
        int first = events.getFirst().timestamp();
        assertThat(events.getLast().timestamp()).isEqualTo(first + 1_440);
        assertThat(events.getFirst().payload[0]).isEqualTo((byte) 5);
        assertThat(events.getLast().payload[0]).isEqualTo((byte) 11);
        for (int n = 1; n < sent.size(); n++) {
            assertThat(sent.get(n).sequence()).isEqualTo((sent.get(n - 1).sequence() + 1) & 0xFFFF);
        }
        List<Integer> audio = sent.stream()
                .filter(packet -> !packet.isEvent())
                .map(Sent::timestamp)
                .toList();
        assertThat(audio)
                .doesNotContain(first, first + 160, first + 640, first + 1_440)
                .contains(first - 160, first + 800, first + 1_280, first + 2_240);
        assertThat(told).containsExactly("quiet");
    }

    @Test
    void whatIsHeardAsADigitIsToldOnce() {
        line.open(format(AudioCodec.PCMU, 20), now);
        byte[] payload = new byte[4];
        for (int n = 0; n < 8; n++) {
            TelephoneEvent.write(payload, 0, 7, n > 4, Math.min(n + 1, 5) * 160);
            hear(101, 100 + n, 5_000, payload);
            run(20);
        }
        hear(99, 200, 9_000, payload);
        assertThat(told).containsExactly("pressed 7");
    }

    @Test
    void echoGivesPacketsBackWithTheirLossAndOrder() {
        line.open(format(AudioCodec.PCMU, 20), now);
        line.echo();
        run(100);
        int silent = sent.size();
        for (int n : new int[] {0, 1, 3, 2, 6}) {
            hear(0, 40_000 + n, 160 * n, new byte[] {(byte) n, 1, 2});
            run(20);
        }
        List<Sent> echoed = sent.subList(silent, sent.size());
        int firstSequence = echoed.getFirst().sequence();
        int firstTimestamp = echoed.getFirst().timestamp();
        assertThat(echoed)
                .extracting(packet -> (packet.sequence() - firstSequence) & 0xFFFF)
                .containsExactly(0, 1, 3, 2, 6);
        assertThat(echoed)
                .extracting(packet -> packet.timestamp() - firstTimestamp)
                .containsExactly(0, 160, 480, 320, 960);
        assertThat(echoed).extracting(packet -> (int) packet.payload[0]).containsExactly(0, 1, 3, 2, 6);
        assertThat(firstSequence).isEqualTo((sent.get(silent - 1).sequence() + 1) & 0xFFFF);
        assertThat(firstTimestamp - sent.get(silent - 1).timestamp()).isBetween(1, 320);
        assertThat(sent).allMatch(packet -> packet.header.ssrc() == 0xCAFE);
    }

    @Test
    void nothingIsSentWhileTheCallerHolds() {
        TrunkFormat free = format(AudioCodec.PCMU, 20);
        line.open(
                new TrunkFormat(
                        free.codec(),
                        free.payloadType(),
                        free.eventPayloadType(),
                        20,
                        free.rtp(),
                        free.rtcp(),
                        false,
                        false),
                now);
        run(500);
        assertThat(sent).isEmpty();
        line.open(free, now);
        run(100);
        assertThat(sent).isNotEmpty();
    }

    @Test
    void noiseDoesNothing() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        line.open(format(AudioCodec.PCMU, 20), now);
        line.echo();
        byte[] noise = new byte[2_048];
        for (int run = 0; run < 20_000; run++) {
            random.nextBytes(noise);
            if (random.nextBoolean()) {
                noise[0] = (byte) 0x80;
                noise[1] = (byte) (random.nextBoolean() ? 0 : 101);
            }
            line.onRtp(noise, 0, random.nextInt(noise.length), now);
            run(random.nextInt(3));
        }
        assertThat(told).as("seed %d", seed).doesNotContain("quiet");
    }

    private void run(long millis) {
        long end = now + millis * MILLI;
        while (line.nextWakeup() <= end) {
            now = Math.max(now, line.nextWakeup());
            line.onTime(now);
        }
        now = end;
    }

    private void hear(int payloadType, int sequence, int timestamp, byte[] payload) {
        byte[] packet = new byte[12 + payload.length];
        RtpPacket.writeHeader(packet, 0, false, payloadType, sequence, timestamp, 77);
        System.arraycopy(payload, 0, packet, 12, payload.length);
        line.onRtp(packet, 0, packet.length, now);
    }

    private byte[] audio() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        sent.forEach(packet -> all.writeBytes(packet.payload));
        return all.toByteArray();
    }

    private static List<Digit> digits(String characters) {
        return characters
                .chars()
                .mapToObj(c -> Digit.of((char) c).orElseThrow())
                .toList();
    }

    private static TrunkFormat format(AudioCodec codec, int ptimeMillis) {
        InetSocketAddress there = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4_000);
        return new TrunkFormat(
                codec, codec == AudioCodec.PCMU ? 0 : 8, OptionalInt.of(101), ptimeMillis, there, there, true, true);
    }
}
