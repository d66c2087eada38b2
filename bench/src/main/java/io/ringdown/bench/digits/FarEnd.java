package io.ringdown.bench.digits;

import io.ringdown.dtmf.Digit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is called, and takes RFC 4733 at its word: packets of one SSRC, timestamp and event are one press, whenever they come;
 * another timestamp is another press, but for one that goes on where a full segment stopped (§2.5.1.3). It shares no code with
 * the gateway's own receiver, so that what both sides of ours would get wrong is seen. Pure; one thread.
 */
final class FarEnd {
    private static final int CLOCK_RATE = 8_000;
    private static final int HEADER = 12;
    private static final int EVENT = 4;
    private static final int MOST_TICKS = 0xFFFF;
    private static final long SECOND = 1_000_000_000L;

    private final int eventType;
    private final Map<Key, Segment> segments = new HashMap<>();
    private final List<Segment> firsts = new ArrayList<>();

    private record Key(int ssrc, int timestamp, int event) {}

    private static final class Segment {
        final Digit digit;
        final long nanos;
        int ticks;

        @Nullable
        Segment next;

        Segment(Digit digit, long nanos) {
            this.digit = digit;
            this.nanos = nanos;
        }

        long totalTicks() {
            Segment after = next;
            return after == null ? ticks : ticks + after.totalTicks();
        }
    }

    /** Whose telephone-events come under this payload type. */
    FarEnd(int eventType) {
        this.eventType = eventType;
    }

    /** Takes a datagram; what is no telephone-event of a digit is passed over. */
    void onPacket(byte[] bytes, int length, long nanos) {
        if (length < HEADER + EVENT || (bytes[1] & 0x7F) != eventType) {
            return;
        }
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        int event = bytes[HEADER] & 0xFF;
        Optional<Digit> digit = Digit.ofEvent(event);
        if (digit.isEmpty()) {
            return;
        }
        Key key = new Key(packet.getInt(8), packet.getInt(4), event);
        Segment segment = segments.get(key);
        if (segment == null) {
            segment = begin(key, digit.get(), nanos);
        }
        segment.ticks = Math.max(segment.ticks, packet.getShort(HEADER + 2) & 0xFFFF);
    }

    private Segment begin(Key key, Digit digit, long nanos) {
        Segment segment = new Segment(digit, nanos);
        segments.put(key, segment);
        Segment before = segments.get(new Key(key.ssrc, key.timestamp - MOST_TICKS, key.event));
        if (before != null && before.ticks == MOST_TICKS) {
            before.next = segment;
        } else {
            firsts.add(segment);
        }
        return segment;
    }

    /** The presses so far, in the order in which they began. */
    List<Press> presses() {
        return firsts.stream()
                .map(first -> new Press(first.digit, first.nanos, first.totalTicks() * SECOND / CLOCK_RATE))
                .toList();
    }
}
