package io.ringdown.dtmf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Telephone-event packets as browsers and carriers send them, and a link that loses, delays and doubles them. */
final class Wire {
    static final long MILLI = 1_000_000;

    // RFC 2198 §3: the timestamp offset of a block has 14 bits.
    private static final int MOST_RED_OFFSET = (1 << 14) - 1;

    /** How a sender writes its events. */
    enum Form {
        /** Chromium with Opus and telephone-event/48000: right, long tones in segments of its own kind. */
        OPUS_48000(48_000, 20, 20),
        /** Both browsers with PCMU: right. */
        PCMU_8000(8_000, 20, 20),
        /** Both browsers with Opus and telephone-event/8000: 960 units a packet, so the wire time is a sixth. */
        OPUS_8000(8_000, 20, 120),
        CARRIER_10(8_000, 10, 10),
        CARRIER_20(8_000, 20, 20),
        CARRIER_30(8_000, 30, 30),
        CARRIER_40(8_000, 40, 40),
        CARRIER_50(8_000, 50, 50),
        /** A carrier with Opus: segments by RFC 4733 §2.5.1.3. */
        CARRIER_48000(48_000, 20, 20),
        NO_MARKER(8_000, 20, 20),
        MARKER_ON_ALL(48_000, 20, 20),
        /** No updates, only the three packets of the end. */
        ONLY_ENDS(8_000, 20, 20),
        /** The end is said once. */
        ONE_END(8_000, 20, 20),
        /** The end is never said. */
        NO_END(8_000, 20, 20),
        /** Another SSRC from the middle of every press on, the timestamps as before. */
        SSRC_IN_PRESS(8_000, 20, 20),
        /** The same, with other timestamps too. */
        STREAM_IN_PRESS(8_000, 20, 20),
        /** A test tool: every press has an SSRC of its own and begins at the same timestamp. */
        SSRC_PER_PRESS(8_000, 20, 20),
        /** Now one payload type, now another of another clock. */
        TYPE_PER_PRESS(48_000, 20, 20),
        /** Every packet under two payload types, each in its own clock. */
        BOTH_TYPES(48_000, 20, 20),
        /** RFC 2198: every packet repeats the two before it. */
        RED_PACKETS(8_000, 20, 20),
        /** RFC 4733 §2.6: every packet repeats how the last two events ended. */
        RED_EVENTS(8_000, 20, 20),
        /** The timestamp runs with the packets of an event. */
        RUNNING_TIMESTAMP(8_000, 20, 20),
        /** The timestamp runs with the packets of the end. */
        RUNNING_END(8_000, 20, 20);

        final int clockRate;
        final int packetMillis;
        final int statedMillisPerPacket;

        Form(int clockRate, int packetMillis, int statedMillisPerPacket) {
            this.clockRate = clockRate;
            this.packetMillis = packetMillis;
            this.statedMillisPerPacket = statedMillisPerPacket;
        }

        boolean isBrowser() {
            return this == OPUS_48000 || this == PCMU_8000 || this == OPUS_8000;
        }

        /** What the last packet of a press of {@code millis} states: browsers count whole packets. */
        int statedMillis(int millis) {
            return isBrowser()
                    ? (millis + statedMillisPerPacket - 1) / statedMillisPerPacket * statedMillisPerPacket
                    : millis;
        }

        /** Whether it breaks the rule that an event has one timestamp. */
        boolean isBroken() {
            return this == RUNNING_TIMESTAMP || this == RUNNING_END;
        }

        /** Whether presses beyond 16 bits of 8000 Hz are known of it. */
        boolean mayBeLong() {
            return switch (this) {
                case PCMU_8000, CARRIER_10, CARRIER_20, CARRIER_30, CARRIER_40, CARRIER_50, NO_MARKER, RED_PACKETS ->
                    true;
                default -> false;
            };
        }

        int ends() {
            return switch (this) {
                case ONE_END -> 1;
                case NO_END -> 0;
                default -> 3;
            };
        }
    }

    /** One packet; {@code lengthNanos} is what it lets one know of the press; {@code copies} are what it repeats. */
    record Packet(
            int press,
            int ssrc,
            int sequence,
            int timestamp,
            boolean marker,
            int event,
            boolean end,
            int duration,
            int clockRate,
            long lengthNanos,
            long nanos,
            List<Packet> copies) {
        /** One at 48 kHz that repeats nothing. */
        Packet(
                int ssrc,
                int sequence,
                int timestamp,
                boolean marker,
                int event,
                boolean end,
                int duration,
                long nanos) {
            this(
                    0,
                    ssrc,
                    sequence,
                    timestamp,
                    marker,
                    event,
                    end,
                    duration,
                    48_000,
                    duration * 1_000_000_000L / 48_000,
                    nanos,
                    List.of());
        }

        void to(TelephoneEventReceiver receiver, long now) {
            byte[] payload = new byte[TelephoneEvent.LENGTH];
            TelephoneEvent.write(payload, 0, event, end, duration);
            receiver.rate(clockRate);
            receiver.onPacket(ssrc, sequence, timestamp, marker, payload, 0, payload.length, now);
        }

        Packet at(long time) {
            return new Packet(
                    press,
                    ssrc,
                    sequence,
                    timestamp,
                    marker,
                    event,
                    end,
                    duration,
                    clockRate,
                    lengthNanos,
                    time,
                    copies);
        }

        /** As a block of a packet that comes {@code later} ones later. */
        Packet copyIn(int carrierSequence, int later) {
            return new Packet(
                    press,
                    ssrc,
                    (carrierSequence - later) & 0xFFFF,
                    timestamp,
                    false,
                    event,
                    end,
                    duration,
                    clockRate,
                    lengthNanos,
                    nanos,
                    List.of());
        }
    }

    private final Form form;
    private final Random random;
    private final List<Packet> packets = new ArrayList<>();
    private final List<Long> statedNanos = new ArrayList<>();
    private final List<Packet> lastOfEvents = new ArrayList<>();
    private final int segmentStep;
    private final int otherTimestamp;
    private int ssrc;
    private int sequence;
    private int firstTimestamp;
    private long millis;
    private int press;

    Wire(Form form, Random random) {
        this.form = form;
        this.random = random;
        this.ssrc = random.nextInt();
        this.sequence = random.nextInt(65_536);
        this.firstTimestamp = random.nextInt();
        this.otherTimestamp = random.nextInt();
        this.segmentStep = form == Form.OPUS_48000 ? random.nextInt(65_535, 66_241) : TelephoneEvent.MAX_DURATION;
    }

    List<Packet> packets() {
        return packets;
    }

    /** The lengths of all presses, as their last packets state them. */
    List<Long> statedNanos() {
        return statedNanos;
    }

    /** Presses {@code digit}; the next press begins no earlier than {@code gapMillis} after its end. */
    void press(Digit digit, int pressMillis, int gapMillis) {
        int stated = form.statedMillis(pressMillis);
        int updates = (stated + form.statedMillisPerPacket - 1) / form.statedMillisPerPacket;
        int changesAt = random.nextInt(updates);
        Event first = new Event(digit, form.clockRate, timestampAt(form));
        if (form == Form.TYPE_PER_PRESS && random.nextBoolean()) {
            first = new Event(digit, 8_000, otherTimestamp + (int) (millis * 8));
        }
        Event second = new Event(digit, 8_000, otherTimestamp + (int) (millis * 8));
        if (form == Form.SSRC_PER_PRESS) {
            ssrc = random.nextInt();
            sequence = random.nextInt(65_536);
        }
        for (int i = 0; i < updates; i++) {
            long nanos = (millis + (long) i * form.packetMillis) * MILLI;
            if (i == changesAt && (form == Form.SSRC_IN_PRESS || form == Form.STREAM_IN_PRESS)) {
                ssrc = random.nextInt();
                sequence = random.nextInt(65_536);
                if (form == Form.STREAM_IN_PRESS) {
                    int newTimestamp = random.nextInt();
                    firstTimestamp += newTimestamp - first.timestamp;
                    first.timestamp = newTimestamp;
                }
            }
            boolean isLast = i == updates - 1;
            int total = Math.min((i + 1) * form.statedMillisPerPacket, stated);
            boolean isUnsaid = form == Form.ONLY_ENDS && !isLast;
            int copies = isLast && form.ends() > 0 ? form.ends() : 1;
            for (int copy = 0; copy < copies && !isUnsaid; copy++) {
                boolean end = isLast && form.ends() > 0;
                long at = nanos + 200_000L * copy;
                first.state(total, i, end, copy, at);
                if (form == Form.BOTH_TYPES) {
                    second.state(total, i, end, copy, at + 50_000);
                }
            }
        }
        long span = Math.max(stated, (long) updates * form.packetMillis) + gapMillis;
        long slots = (span + form.packetMillis - 1) / form.packetMillis;
        sequence += (int) slots - updates;
        millis += slots * form.packetMillis;
        lastOfEvents.add(packets.getLast());
        statedNanos.add(stated * MILLI);
        press++;
    }

    private int timestampAt(Form of) {
        // The broken one counts the time of Opus.
        int ticksPerMilli = of == Form.OPUS_8000 ? 48 : of.clockRate / 1_000;
        return of == Form.SSRC_PER_PRESS ? 1_000 : firstTimestamp + (int) (millis * ticksPerMilli);
    }

    /** One event of one clock. */
    private final class Event {
        private final Digit digit;
        private final int clockRate;
        private int timestamp;
        private long base;

        Event(Digit digit, int clockRate, int timestamp) {
            this.digit = digit;
            this.clockRate = clockRate;
            this.timestamp = timestamp;
        }

        void state(int totalMillis, int update, boolean end, int copy, long nanos) {
            long total = (long) totalMillis * clockRate / 1_000;
            if (total - base > TelephoneEvent.MAX_DURATION) {
                add(timestamp, marker(false), false, TelephoneEvent.MAX_DURATION, nanos);
                base += TelephoneEvent.MAX_DURATION;
                timestamp += segmentStep;
            }
            int running = switch (form) {
                case RUNNING_TIMESTAMP -> update * 160 + copy * 160;
                case RUNNING_END -> copy * 160;
                default -> 0;
            };
            add(timestamp + running, marker(update == 0), end, (int) (total - base), nanos + 100_000);
        }

        private boolean marker(boolean isFirst) {
            return switch (form) {
                case NO_MARKER, SSRC_PER_PRESS, RUNNING_TIMESTAMP -> false;
                case MARKER_ON_ALL -> true;
                default -> isFirst;
            };
        }

        private void add(int at, boolean marker, boolean end, int duration, long nanos) {
            int number = sequence++ & 0xFFFF;
            List<Packet> copies = new ArrayList<>();
            switch (form) {
                case RED_PACKETS -> addCopies(copies, packets, number, at);
                case RED_EVENTS -> addCopies(copies, lastOfEvents, number, at);
                default -> {}
            }
            long length = (base + duration) * 1_000_000_000L / clockRate;
            packets.add(new Packet(
                    press, ssrc, number, at, marker, digit.event(), end, duration, clockRate, length, nanos, copies));
        }

        private void addCopies(List<Packet> copies, List<Packet> of, int carrier, int at) {
            for (int later = Math.min(2, of.size()); later > 0; later--) {
                Packet repeated = of.get(of.size() - later);
                if (at - repeated.timestamp() <= MOST_RED_OFFSET) {
                    copies.add(repeated.copyIn(carrier, later));
                }
            }
        }
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
}
