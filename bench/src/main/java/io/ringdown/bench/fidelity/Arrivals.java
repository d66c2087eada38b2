package io.ringdown.bench.fidelity;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The RTP packets of one stream that reached an ear, by the place of their sound. The ear has a jitter buffer of {@link
 * #BUFFER_NANOS} behind its fastest packet; what comes later is too late. One thread.
 */
final class Arrivals {
    /** Deep enough for what a gateway may hold a packet (40 ms) and a network's jitter as much. */
    static final long BUFFER_NANOS = 80_000_000;

    private final int clockRate;
    private final TreeMap<Long, Arrival> byPlace = new TreeMap<>();
    private final Set<Long> places = new HashSet<>();
    private long octets;
    private boolean isStarted;
    private int firstTimestamp;
    private long fastest = Long.MAX_VALUE;

    /**
     * A packet that came.
     *
     * @param nanos when
     * @param payload its payload
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared with its bytes
    private record Arrival(long nanos, byte[] payload) {}

    /** For a stream whose timestamps have this clock. */
    Arrivals(int clockRate) {
        this.clockRate = clockRate;
    }

    /** Takes a packet. */
    void add(byte[] packet, long nanos) {
        ByteBuffer header = ByteBuffer.wrap(packet);
        if ((header.get(0) & 0xff) != 0x80) {
            throw new IllegalStateException("not a plain RTP header");
        }
        int timestamp = header.getInt(4);
        if (!isStarted) {
            isStarted = true;
            firstTimestamp = timestamp;
        }
        int ticks = timestamp - firstTimestamp; // timestamps wrap
        long place = ticks;
        byte[] payload = Arrays.copyOfRange(packet, 12, packet.length);
        octets += payload.length;
        fastest = Math.min(fastest, nanos - nanosOf(place));
        if (!places.add(place)) {
            throw new IllegalStateException("timestamp " + timestamp + " came twice");
        }
        if ((header.get(1) & 0x7f) == Red.PAYLOAD_TYPE) {
            Red.unwrap(payload, (before, frame) -> keep(place - before, nanos, frame));
        } else {
            keep(place, nanos, payload);
        }
    }

    /** Of a frame and its copies the first one is heard. */
    private void keep(long place, long nanos, byte[] frame) {
        Arrival before = byPlace.get(place);
        if (before == null || nanos < before.nanos) {
            byPlace.put(place, new Arrival(nanos, frame));
        }
    }

    /** The payload whose sound begins at this place, if it came in time. */
    Optional<byte[]> at(long place) {
        Arrival arrival = byPlace.get(place);
        boolean isLate = arrival != null && arrival.nanos - nanosOf(place) > fastest + BUFFER_NANOS;
        return arrival == null || isLate ? Optional.empty() : Optional.of(arrival.payload);
    }

    /** The first place of all, in timestamp units after the packet that came first. */
    long first() {
        return byPlace.firstKey();
    }

    /** The place of the last packet. */
    long last() {
        return byPlace.lastKey();
    }

    /** When the sound of the first place could be heard at the earliest, were there no jitter buffer. */
    long firstNanos() {
        return fastest + nanosOf(first());
    }

    /** Packets that came too late. */
    long late() {
        return byPlace.keySet().stream().filter(place -> at(place).isEmpty()).count();
    }

    long packets() {
        return byPlace.size();
    }

    /** Of payload. */
    long octets() {
        return octets;
    }

    private long nanosOf(long place) {
        return place * 1_000_000 / (clockRate / 1_000);
    }
}
