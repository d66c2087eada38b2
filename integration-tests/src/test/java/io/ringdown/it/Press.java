package io.ringdown.it;

import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * One press as the far end sees it: the packets of RFC 4733 that share a timestamp, read here independently of the code
 * under test.
 *
 * @param event its number
 * @param timestamp of RTP, where it begins
 * @param duration the longest that its packets tell, in units of 1/8000 s
 * @param packets how many came
 * @param ends how many of them had the end bit
 * @param markers how many had the marker bit
 * @param wireNanos from the first packet's arrival to the first end packet's
 */
record Press(int event, long timestamp, int duration, int packets, int ends, int markers, long wireNanos) {

    static final String KEYS = "0123456789*#ABCD";

    /** The presses among these packets, in the order of their timestamps. */
    static List<Press> of(List<FarEnd.Packet> packets) {
        SequencedMap<Long, List<FarEnd.Packet>> byTimestamp = new TreeMap<>();
        for (FarEnd.Packet packet : FarEnd.inOrder(packets)) {
            if (packet.payloadType() >= 96 && packet.payload().length == 4) {
                byTimestamp
                        .computeIfAbsent(packet.timestamp(), timestamp -> new ArrayList<>())
                        .add(packet);
            }
        }
        return byTimestamp.values().stream().map(Press::read).toList();
    }

    private static Press read(List<FarEnd.Packet> packets) {
        int duration = 0;
        int ends = 0;
        int markers = 0;
        long firstEnd = packets.getLast().arrivalNanos();
        for (FarEnd.Packet packet : packets) {
            byte[] payload = packet.payload();
            duration = Math.max(duration, (payload[2] & 0xff) << 8 | (payload[3] & 0xff));
            if ((payload[1] & 0x80) != 0) {
                ends++;
                firstEnd = Math.min(firstEnd, packet.arrivalNanos());
            }
            markers += packet.marker() ? 1 : 0;
        }
        FarEnd.Packet first = packets.getFirst();
        return new Press(
                first.payload()[0] & 0xff,
                first.timestamp(),
                duration,
                packets.size(),
                ends,
                markers,
                firstEnd - first.arrivalNanos());
    }

    String digit() {
        return event < KEYS.length() ? KEYS.substring(event, event + 1) : "event " + event;
    }

    double millis() {
        return duration / 8.0;
    }

    /** The RTP time at which it is over. */
    long end() {
        return timestamp + duration;
    }
}
