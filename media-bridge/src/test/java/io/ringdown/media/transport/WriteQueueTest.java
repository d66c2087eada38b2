package io.ringdown.media.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** In virtual time: a connection that takes as many octets as the test lets it, now and then. */
final class WriteQueueTest {
    private static final int LONGEST = 1200;
    private static final long PACKET_NANOS = 20_000_000;

    private final ByteArrayOutputStream wire = new ByteArrayOutputStream();
    private int room;
    private final WriteQueue queue = new WriteQueue(this::take, LONGEST);
    private long now;

    @Test
    void whatArrivesIsWholePacketsInOrderAndNoneIsOlderThanTheQueueIsLong() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        List<byte[]> offered = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            now += PACKET_NANOS;
            byte[] packet = new byte[4 + random.nextInt(random.nextInt(50) == 0 ? LONGEST - 3 : 200)];
            random.nextBytes(packet);
            ByteBuffer.wrap(packet).putInt(i);
            offered.add(packet);
            room = random.nextInt(4) == 0 ? random.nextInt(900) : 0;
            queue.flush(now);
            queue.offer(packet, 0, packet.length, now);
            assertThat(queue.packets()).as("seed %d", seed).isLessThanOrEqualTo(WriteQueue.MOST_PACKETS);
        }
        room = Integer.MAX_VALUE;
        queue.flush(now);
        List<byte[]> arrived = arrived();
        int before = -1;
        for (byte[] packet : arrived) {
            int number = ByteBuffer.wrap(packet).getInt();
            assertThat(number).as("seed %d", seed).isGreaterThan(before);
            assertThat(packet).as("seed %d, packet %d", seed, number).isEqualTo(offered.get(number));
            before = number;
        }
        assertThat(before).as("the newest is never dropped; seed %d", seed).isEqualTo(offered.size() - 1);
        assertThat(arrived.size() + queue.dropped())
                .as("each is sent or counted; seed %d", seed)
                .isEqualTo(offered.size());
        assertThat(queue.dropped()).isPositive();
    }

    @Test
    void aPacketThatHasBegunIsWrittenToItsEndWhateverComesAfterIt() throws IOException {
        room = 3;
        queue.offer(new byte[] {1, 1, 1, 1}, 0, 4, now);
        room = 0;
        for (int i = 0; i < 10 * WriteQueue.MOST_PACKETS; i++) {
            queue.offer(new byte[] {2, 2}, 0, 2, now);
        }
        room = Integer.MAX_VALUE;
        queue.flush(now);
        assertThat(arrived().getFirst()).containsExactly(1, 1, 1, 1);
        assertThat(arrived()).hasSize(1 + WriteQueue.MOST_PACKETS);
    }

    @Test
    void aReaderThatDoesNotReadIsKnownByItsTime() throws IOException {
        queue.offer(new byte[10], 0, 10, now);
        now += 3 * PACKET_NANOS;
        assertThat(queue.stalledNanos(now)).isEqualTo(3 * PACKET_NANOS);
        room = 1;
        queue.flush(now);
        assertThat(queue.stalledNanos(now)).isZero();
        room = Integer.MAX_VALUE;
        queue.flush(now);
        assertThat(queue.stalledNanos(now + PACKET_NANOS)).as("nothing waits").isZero();
    }

    private int take(ByteBuffer octets) {
        int taken = Math.min(room, octets.remaining());
        for (int i = 0; i < taken; i++) {
            wire.write(octets.get());
        }
        room -= taken;
        return taken;
    }

    private List<byte[]> arrived() {
        List<byte[]> packets = new ArrayList<>();
        FrameReader reader = new FrameReader(LONGEST);
        ByteBuffer stream = ByteBuffer.wrap(wire.toByteArray());
        byte[] packet = new byte[LONGEST];
        int size = reader.next(stream, packet);
        while (size >= 0) {
            packets.add(Arrays.copyOf(packet, size));
            size = reader.next(stream, packet);
        }
        assertThat(size).isEqualTo(FrameReader.NONE);
        return packets;
    }
}
