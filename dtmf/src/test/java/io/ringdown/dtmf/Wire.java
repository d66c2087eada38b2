package io.ringdown.dtmf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Telephone-event packets as browsers were seen to send them, and a link that loses, delays and doubles them. */
final class Wire {
    static final long MILLI = 1_000_000;

    /** How a browser writes its events. */
    enum Form {
        /** Chromium with Opus and telephone-event/48000: right, long tones in segments. */
        OPUS_48000(48_000, 960, 20),
        /** Both browsers with PCMU: right. */
        PCMU_8000(8_000, 160, 20),
        /** Both browsers with Opus and telephone-event/8000: 960 units a packet, so the wire time is a sixth. */
        OPUS_8000(8_000, 960, 120);

        final int clockRate;
        final int ticksPerPacket;
        final int pressMillisPerPacket;

        Form(int clockRate, int ticksPerPacket, int pressMillisPerPacket) {
            this.clockRate = clockRate;
            this.ticksPerPacket = ticksPerPacket;
            this.pressMillisPerPacket = pressMillisPerPacket;
        }

        /** The length that the end packet states for a press of {@code millis}. */
        int statedMillis(int millis) {
            return (millis + pressMillisPerPacket - 1) / pressMillisPerPacket * pressMillisPerPacket;
        }
    }

    /** One packet; {@code totalTicks} is the length of the whole press that it lets one know. */
    record Packet(
            int press,
            int ssrc,
            int sequence,
            int timestamp,
            boolean marker,
            int event,
            boolean end,
            int duration,
            long totalTicks,
            long nanos) {
        byte[] payload() {
            byte[] payload = new byte[TelephoneEvent.LENGTH];
            TelephoneEvent.write(payload, 0, event, end, duration);
            return payload;
        }

        Packet at(long time) {
            return new Packet(press, ssrc, sequence, timestamp, marker, event, end, duration, totalTicks, time);
        }
    }

    private final Form form;
    private final int ssrc;
    private final List<Packet> packets = new ArrayList<>();
    private int sequence;
    private long slot;
    private int press;
    private final int firstTimestamp;
    private final int segmentStep;

    Wire(Form form, Random random) {
        this.form = form;
        this.ssrc = random.nextInt();
        this.sequence = random.nextInt(65_536);
        this.firstTimestamp = random.nextInt();
        this.segmentStep = random.nextInt(65_535, 66_241);
    }

    List<Packet> packets() {
        return packets;
    }

    /** Presses {@code digit}; the next press begins no earlier than {@code gapMillis} after its end. */
    void press(Digit digit, int millis, int gapMillis) {
        int slots = form.statedMillis(millis) / form.pressMillisPerPacket;
        // What the page waits for is the true length; the bug only shortens what is on the wire.
        int spanSlots = (Math.max(form.statedMillis(millis), slots * 20) + gapMillis + 19) / 20;
        int ticksPerSlot = form == Form.OPUS_8000 ? 960 : form.ticksPerPacket;
        int start = firstTimestamp + (int) (slot * ticksPerSlot);
        long base = 0;
        for (int i = 1; i <= slots; i++) {
            long total = (long) i * form.ticksPerPacket;
            boolean end = i == slots;
            long nanos = (slot + i - 1) * (20 * MILLI);
            if (total - base > TelephoneEvent.MAX_DURATION) {
                add(start, false, digit, false, TelephoneEvent.MAX_DURATION, base + TelephoneEvent.MAX_DURATION, nanos);
                base += TelephoneEvent.MAX_DURATION;
                start += segmentStep;
                nanos += 200_000;
            }
            boolean marker = i == 1;
            for (int copy = 0; copy < (end ? 3 : 1); copy++) {
                add(start, marker, digit, end, (int) (total - base), total, nanos + 100_000L * copy);
            }
        }
        sequence += spanSlots - slots;
        slot += spanSlots;
        press++;
    }

    private void add(int timestamp, boolean marker, Digit digit, boolean end, int duration, long total, long nanos) {
        packets.add(new Packet(
                press, ssrc, sequence++ & 0xFFFF, timestamp, marker, digit.event(), end, duration, total, nanos));
    }

    /** What arrives of {@code sent}, in order of arrival. */
    static List<Packet> link(List<Packet> sent, double loss, double reorder, double duplicate, Random random) {
        List<Packet> arrived = new ArrayList<>();
        for (Packet packet : sent) {
            if (random.nextDouble() < loss) {
                continue;
            }
            long delay = random.nextDouble() < reorder ? random.nextLong(30 * MILLI) : 0;
            arrived.add(packet.at(packet.nanos() + delay));
            if (random.nextDouble() < duplicate) {
                arrived.add(packet.at(packet.nanos() + delay + random.nextLong(30 * MILLI)));
            }
        }
        arrived.sort(Comparator.comparingLong(Packet::nanos));
        return arrived;
    }

    /** The presses of which anything arrived, in order of first arrival. */
    static List<Integer> pressesIn(List<Packet> packets) {
        Set<Integer> seen = new HashSet<>();
        List<Integer> presses = new ArrayList<>();
        for (Packet packet : packets) {
            if (seen.add(packet.press())) {
                presses.add(packet.press());
            }
        }
        return presses;
    }
}
