package io.ringdown.bench.digits;

import io.ringdown.dtmf.Digit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What one sender sends: presses of 40 to 2000 ms with 40 to 300 ms between them, shorter ones more often, one in three the
 * digit before again, and audio all around. A seed repeats it to the byte.
 */
record Script(List<Press> presses, List<Packet> packets) {
    static final int SHORTEST_MILLIS = 40;
    static final int LONGEST_MILLIS = 2_000;
    static final int SHORTEST_GAP_MILLIS = 40;
    static final int LONGEST_GAP_MILLIS = 300;

    private static final int HEADER = 12;
    private static final long MILLI = 1_000_000;
    private static final int AROUND_FRAMES = 25;
    private static final int EVENTS = 16;
    private static final int ENDS = 3; // RFC 4733 §2.5.1.4
    private static final int MOST_TICKS = 0xFFFF;
    private static final int CHROMIUM_SEGMENT = 66_240; // whole packets, where RFC 4733 §2.5.1.3 has 65535
    private static final int VOLUME = 10;
    private static final int END = 0x80;
    private static final int MARKER = 0x80;

    Script {
        presses = List.copyOf(presses);
        packets = List.copyOf(packets);
    }

    /**
     * So many presses.
     *
     * @param sound payloads of the near leg's codec, one a frame
     */
    static Script of(Road road, Form form, List<byte[]> sound, int presses, long seed) {
        return new Writer(road, form, sound, new Random(seed)).write(presses);
    }

    private static final class Writer {
        private final Road road;
        private final Form form;
        private final List<byte[]> sound;
        private final Random random;
        private final int ssrc;
        private final int timestamp;
        private final long phaseNanos;
        private final List<Press> presses = new ArrayList<>();
        private final List<Packet> packets = new ArrayList<>();
        private int sequence;
        private int frame;

        Writer(Road road, Form form, List<byte[]> sound, Random random) {
            this.road = road;
            this.form = form;
            this.sound = sound;
            this.random = random;
            this.ssrc = random.nextInt();
            this.timestamp = random.nextInt();
            this.sequence = random.nextInt(65_536);
            this.phaseNanos = random.nextLong(Road.FRAME_MILLIS * MILLI);
        }

        Script write(int count) {
            talkUntil(AROUND_FRAMES);
            int event = random.nextInt(EVENTS);
            for (int i = 0; i < count; i++) {
                event = random.nextInt(3) == 0 ? event : random.nextInt(EVENTS);
                double part = random.nextDouble();
                int millis = SHORTEST_MILLIS + (int) ((LONGEST_MILLIS - SHORTEST_MILLIS + 1) * part * part * part);
                press(event, millis, random.nextInt(SHORTEST_GAP_MILLIS, LONGEST_GAP_MILLIS + 1));
            }
            talkUntil(frame + AROUND_FRAMES);
            return new Script(presses, packets);
        }

        private void press(int event, int millis, int gapMillis) {
            long start = frame * (long) Road.FRAME_MILLIS;
            int stated = form.statedMillis(millis);
            Digit digit = Digit.ofEvent(event).orElseThrow();
            presses.add(new Press(digit, nanos(start), stated * MILLI));
            int eventTimestamp = timestamp + road.ticks((int) start);
            int earlier = 0;
            int updates = Math.ceilDiv(stated, form.updateMillis);
            for (int i = 0; i < updates; i++) {
                long at = nanos(start + (long) i * form.updateMillis);
                int ticks = road.ticks(Math.min((i + 1) * form.updateMillis, stated)) - earlier;
                if (ticks > MOST_TICKS) {
                    event(at, eventTimestamp, false, event, false, MOST_TICKS);
                    ticks -= MOST_TICKS;
                    earlier += MOST_TICKS;
                    eventTimestamp += CHROMIUM_SEGMENT;
                }
                boolean isLast = i == updates - 1;
                for (int copy = 0; copy < (isLast ? ENDS : 1); copy++) {
                    long later = (long) (copy * form.endsApartMillis * MILLI);
                    event(at + later, eventTimestamp, i == 0 && copy == 0, event, isLast, ticks);
                }
            }
            double lastMillis = (updates - 1) * form.updateMillis + (ENDS - 1) * form.endsApartMillis;
            int frames = Math.ceilDiv(Math.max(stated, (int) lastMillis + 1), Road.FRAME_MILLIS);
            frame += frames;
            talkUntil(Math.max(frame, Math.ceilDiv((int) start + stated + gapMillis, Road.FRAME_MILLIS)));
        }

        private void event(long nanos, int eventTimestamp, boolean isFirst, int event, boolean isEnd, int ticks) {
            int marker = isFirst && form.hasMarker ? MARKER : 0;
            int payload = event << 24 | (isEnd ? END | VOLUME : VOLUME) << 16 | ticks;
            packets.add(new Packet(
                    nanos,
                    presses.size() - 1,
                    header(4, marker | road.eventType, eventTimestamp)
                            .putInt(payload)
                            .array()));
        }

        private void talkUntil(int end) {
            for (; frame < end; frame++) {
                byte[] payload = sound.get(frame % sound.size());
                int at = frame * Road.FRAME_MILLIS;
                packets.add(new Packet(
                        nanos(at),
                        Packet.AUDIO,
                        header(payload.length, road.audioType, timestamp + road.ticks(at))
                                .put(payload)
                                .array()));
            }
        }

        private ByteBuffer header(int payloadLength, int type, int packetTimestamp) {
            return ByteBuffer.allocate(HEADER + payloadLength)
                    .put((byte) 0x80)
                    .put((byte) type)
                    .putShort((short) sequence++)
                    .putInt(packetTimestamp)
                    .putInt(ssrc);
        }

        private long nanos(long millis) {
            return phaseNanos + millis * MILLI;
        }
    }
}
