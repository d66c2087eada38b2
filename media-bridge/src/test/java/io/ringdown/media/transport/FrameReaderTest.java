package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FrameReaderTest {
    private static final int LONGEST = 300;

    private final byte[] packet = new byte[LONGEST];

    @Test
    void packetsComeWholeAndInOrderHoweverTheStreamIsCut() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            List<byte[]> sent = packets(random);
            byte[] stream = stream(sent);
            FrameReader reader = new FrameReader(LONGEST);
            List<byte[]> read = new ArrayList<>();
            int at = 0;
            while (at < stream.length) {
                int piece = Math.min(stream.length - at, 1 + random.nextInt(round % 2 == 0 ? 4 : 700));
                read.addAll(read(reader, ByteBuffer.wrap(stream, at, piece)));
                at += piece;
            }
            assertThat(read).as("seed %d, round %d", seed, round).containsExactlyElementsOf(sent);
        }
    }

    @Test
    void anAnnouncedLengthBeyondTheLongestIsRefusedBeforeTheRestHasCome() {
        FrameReader reader = new FrameReader(LONGEST);
        assertThat(reader.next(ByteBuffer.wrap(new byte[] {1, 45}), packet)).isEqualTo(FrameReader.TOO_LONG);
    }

    @Test
    void aLengthThatComesOctetByOctetIsRefusedAsWell() {
        FrameReader reader = new FrameReader(LONGEST);
        assertThat(reader.next(ByteBuffer.wrap(new byte[] {(byte) 0xff}), packet))
                .isEqualTo(FrameReader.NONE);
        assertThat(reader.next(ByteBuffer.wrap(new byte[] {(byte) 0xff}), packet))
                .isEqualTo(FrameReader.TOO_LONG);
    }

    private List<byte[]> read(FrameReader reader, ByteBuffer piece) {
        List<byte[]> read = new ArrayList<>();
        int size = reader.next(piece, packet);
        while (size != FrameReader.NONE) {
            read.add(Arrays.copyOf(packet, size));
            size = reader.next(piece, packet);
        }
        assertThat(piece.hasRemaining()).isFalse();
        return read;
    }

    private static List<byte[]> packets(Random random) {
        List<byte[]> packets = new ArrayList<>();
        for (int i = random.nextInt(20); i >= 0; i--) {
            byte[] packet = new byte[random.nextInt(LONGEST + 1)];
            random.nextBytes(packet);
            packets.add(packet);
        }
        return packets;
    }

    private static byte[] stream(List<byte[]> packets) {
        ByteBuffer stream = ByteBuffer.allocate(
                packets.stream().mapToInt(packet -> packet.length + 2).sum());
        packets.forEach(packet -> stream.putShort((short) packet.length).put(packet));
        return stream.array();
    }
}
