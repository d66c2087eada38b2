package io.ringdown.dtmf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns telephone-event packets into presses, one press per event, whatever was lost, doubled, swapped or cut into segments
 * on the way (RFC 4733 §2.5.2). Pure; owned by one thread. An event is known by its SSRC and timestamp, so a missing marker or
 * a first packet that already ends it does no harm. One receiver takes all that one sender sends, under whatever SSRCs and
 * payload types: see {@link #rate}. After each packet ask {@link #nextWakeup()} and call {@link #onTime} then.
 */
public final class TelephoneEventReceiver {
    /** An event without packets for this long is over, wherever its end packets are, if its sender sends every 20 ms or faster. */
    public static final long SILENCE_NANOS = 150_000_000;

    /** The same of a sender that sends seldom, however seldom it is. */
    public static final long MOST_SILENCE_NANOS = 500_000_000;

    /** No more presses are under way at once than this; no sender has as many, but a hostile one would. */
    public static final int MOST_OPEN = 4;

    // RFC 4733 §2.5.1.2: an update is sent every packet time, 20 ms; but every 50 ms by many. As many of those may be
    // lost.
    private static final long USUAL_UPDATE_NANOS = 20_000_000;

    // The next update counts so much in what is known of the sender's interval.
    private static final int UPDATES_AVERAGED = 4;

    // RFC 4733 §2.5.1.5: events of one packet follow each other without a pause, so there are few; no sender has as
    // many.
    private static final int MOST_PACKED = 8;

    // When the next press has begun, this is as long as the last packets of the one before are waited for.
    private static final long OVERTAKEN_NANOS = 40_000_000;

    // No sender's gap is shorter: RTCDTMFSender allows 30 ms.
    private static final long LEAST_GAP_NANOS = 30_000_000;

    // How far two packets may disagree on when their event began, by what they state and when they come. Two presses
    // begin
    // at least one of 40 ms and a gap apart; what is late may be a packet time behind as well.
    private static final long MOST_EARLY_NANOS = 35_000_000;
    private static final long MOST_LATE_NANOS = 50_000_000;

    // So much of a tone that goes on may be lost; an equal digit long ago is no part of it.
    private static final long LONGEST_HOLE_NANOS = 1_000_000_000;

    // Browsers' segments of a long tone begin up to this far behind the one before; RFC 4733 §2.5.1.3 says exactly
    // 65535.
    private static final int MOST_SEGMENT_STEP = 66_240;

    // An end packet is sent this often again (RFC 4733 §2.5.1.4).
    private static final int END_COPIES = 2;

    // RFC 2833 §3.10; RFC 4733 took it out again, but it is still sent.
    private static final int FLASH = 16;

    // At the shortest press and gap that RTCDTMFSender makes this is more than two seconds of events.
    private static final int REMEMBERED = 32;

    /** No event has this number: of what was told elsewhere nobody says which digit it was. */
    private static final int TOLD = -1;

    // No packet is that late; some senders use the same timestamps again for the next digits they play.
    private static final long REMEMBERED_NANOS = 10_000_000_000L;

    private final Presses presses;
    private final FlashPolicy flashPolicy;
    private final @Nullable Segment[] recent = new @Nullable Segment[REMEMBERED];
    private final List<Press> open = new ArrayList<>(MOST_OPEN);
    private int clockRate;
    private int oldest;
    private long updateNanos = USUAL_UPDATE_NANOS;
    private long pressCount;
    private long flashCount;
    private long unknownCount;
    private long ignoredCount;

    /** What becomes of a hook flash, event 16. */
    public enum FlashPolicy {
        /** It is counted and goes no further. */
        IGNORE,
        /** It is told, once each, by {@link Presses#onFlash}. */
        TELL
    }

    /** A receiver for events whose timestamps count at {@code clockRate} Hz, which ignores flashes. */
    public TelephoneEventReceiver(int clockRate, Presses presses) {
        this(clockRate, FlashPolicy.IGNORE, presses);
    }

    public TelephoneEventReceiver(int clockRate, FlashPolicy flashPolicy, Presses presses) {
        this.clockRate = checked(clockRate);
        this.flashPolicy = flashPolicy;
        this.presses = presses;
    }

    /**
     * Timestamps of the packets that follow count at this rate in Hz: say so before each packet where a sender has several
     * telephone-event lines, or once when a new answer changes the line. Presses under way go on.
     */
    public void rate(int newClockRate) {
        clockRate = checked(newClockRate);
    }

    private static int checked(int clockRate) {
        if (clockRate <= 0) {
            throw new IllegalArgumentException("clockRate is " + clockRate + "; above 0 is right");
        }
        return clockRate;
    }

    /**
     * Takes one packet's payload with what its RTP header says. Noise is counted and ignored. Of a packet by RFC 2198 give every
     * block, oldest first: its own timestamp, no marker, and the sequence number of the packet that it repeats. Where a packet has
     * several events, each begins when the one before has ended (RFC 4733 §2.5.1.5); what follows one that goes on is noise.
     */
    public void onPacket(
            int ssrc, int sequence, int timestamp, boolean marker, byte[] payload, int offset, int length, long now) {
        onTime(now);
        if (length < TelephoneEvent.LENGTH) {
            ignoredCount++;
            return;
        }
        int packed = Math.min(length / TelephoneEvent.LENGTH, MOST_PACKED);
        int begins = timestamp;
        for (int i = 0; i < packed; i++) {
            int at = offset + i * TelephoneEvent.LENGTH;
            int duration = TelephoneEvent.duration(payload, at);
            if (i > 0 && duration == 0) {
                return; // padding
            }
            boolean end = TelephoneEvent.isEnd(payload, at);
            onEvent(ssrc, sequence, begins, marker, TelephoneEvent.event(payload, at), end, duration, now);
            if (!end && duration < TelephoneEvent.MAX_DURATION) {
                return;
            }
            begins += duration;
        }
    }

    private void onEvent(
            int ssrc, int sequence, int timestamp, boolean marker, int event, boolean end, int duration, long now) {
        if (event > FLASH) {
            unknownCount++;
            return;
        }
        Segment segment = find(ssrc, timestamp, now);
        if (segment == null) {
            segment = begin(ssrc, sequence, timestamp, marker, event, end, duration, now);
        }
        if (segment.event != event) {
            ignoredCount++;
            return;
        }
        // Also when its press is over: the next segment is recognised by this one.
        learn(segment.heard(sequence, marker, duration, end, now));
        Press press = segment.press;
        if (press != null && press.isOpen) {
            measure(segment, press, now);
        } else {
            ignoredCount++;
        }
    }

    /** How often the sender tells of an event that goes on; 0 if a packet does not show it. */
    private void learn(long update) {
        if (update > 0) {
            updateNanos += (update - updateNanos) / UPDATES_AVERAGED;
        }
    }

    /** How long an event without packets may still go on: as many lost updates in a row as 150 ms are at one every 20 ms. */
    private long silenceNanos() {
        return Math.clamp(updateNanos * SILENCE_NANOS / USUAL_UPDATE_NANOS, SILENCE_NANOS, MOST_SILENCE_NANOS);
    }

    private long deadlineNanos(Press press) {
        return press.lastPacketNanos + (press.isOvertaken ? OVERTAKEN_NANOS : silenceNanos());
    }

    /** Closes events that have fallen silent. */
    public void onTime(long now) {
        for (int i = 0; i < open.size(); ) {
            Press press = open.get(i);
            if (now - deadlineNanos(press) < 0) {
                i++;
            } else {
                close(press, now);
                i = 0;
            }
        }
    }

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    public long nextWakeup() {
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < open.size(); i++) {
            earliest = Math.min(earliest, deadlineNanos(open.get(i)));
        }
        return earliest;
    }

    /** Ends what is open now, at the length known: the stream is gone. */
    public void close(long now) {
        while (!open.isEmpty()) {
            close(open.getFirst(), now);
        }
    }

    /** The events of which packets may still come; call {@link #close} first, so that all of them have been told. */
    public List<RecentEvent> recentEvents(long now) {
        List<RecentEvent> events = new ArrayList<>();
        for (Segment segment : recent) {
            if (segment != null && now - segment.lastPacketNanos < REMEMBERED_NANOS) {
                events.add(new RecentEvent(segment.ssrc, segment.timestamp, segment.clockRate));
            }
        }
        return events;
    }

    /** What still comes of these has been told already. */
    public void remember(List<RecentEvent> events, long now) {
        for (RecentEvent event : events) {
            remember(new Segment(event.ssrc(), event.timestamp(), event.clockRate(), TOLD, 0, 0, null), now);
        }
    }

    /** Packets that made no difference: repeated ends, late ones, all but the first of a flash, and noise. */
    public long ignoredCount() {
        return ignoredCount;
    }

    /** Flashes so far, told or not. */
    public long flashCount() {
        return flashCount;
    }

    /** Packets of events that are neither digits nor flashes: 17 and above. */
    public long unknownCount() {
        return unknownCount;
    }

    /** Presses begun so far. */
    public long pressCount() {
        return pressCount;
    }

    private @Nullable Segment find(int ssrc, int timestamp, long now) {
        for (Segment segment : recent) {
            if (segment != null
                    && segment.timestamp == timestamp
                    && segment.ssrc == ssrc
                    && segment.clockRate == clockRate
                    && now - segment.lastPacketNanos < REMEMBERED_NANOS) {
                return segment;
            }
        }
        return null;
    }

    private Segment begin(
            int ssrc, int sequence, int timestamp, boolean marker, int event, boolean end, int duration, long now) {
        Segment before = continued(ssrc, sequence, timestamp, marker, event, end, duration, now);
        if (before != null) {
            before.isContinued = true;
            long base = before.baseNanos + nanos(TelephoneEvent.MAX_DURATION);
            return remember(segment(ssrc, sequence, timestamp, event, base, before.press), now);
        }
        Segment other = elsewhere(ssrc, event, end, duration, now);
        if (other == null) {
            other = drifted(ssrc, sequence, timestamp, marker, event, end, duration, now);
        }
        if (other != null) {
            return remember(segment(ssrc, sequence, timestamp, event, other.baseNanos, other.press), now);
        }
        return remember(segment(ssrc, sequence, timestamp, event, 0, start(event, now)), now);
    }

    private Segment segment(int ssrc, int sequence, int timestamp, int event, long baseNanos, @Nullable Press press) {
        return new Segment(ssrc, timestamp, clockRate, event, sequence, baseNanos, press);
    }

    /** Null for a flash, which has no length. */
    private @Nullable Press start(int event, long now) {
        Optional<Digit> digit = Digit.ofEvent(event);
        if (digit.isEmpty()) {
            flashCount++;
            if (flashPolicy == FlashPolicy.TELL) {
                presses.onFlash(now);
            }
            return null;
        }
        for (int i = 0; i < open.size(); i++) {
            open.get(i).isOvertaken = true;
        }
        if (open.size() == MOST_OPEN) {
            close(open.getFirst(), now);
        }
        Press press = new Press(pressCount++, digit.get(), now);
        open.add(press);
        presses.onPressStarted(press.number, press.digit, now);
        return press;
    }

    private Segment remember(Segment segment, long now) {
        segment.lastPacketNanos = now;
        segment.grownNanos = now;
        recent[oldest] = segment;
        oldest = (oldest + 1) % REMEMBERED;
        return segment;
    }

    /**
     * The event that this packet belongs to although its SSRC or its clock is another: the sender changed it in mid-press, or
     * sends each press under two payload types. What both say of the beginning must agree.
     */
    private @Nullable Segment elsewhere(int ssrc, int event, boolean end, int duration, long now) {
        for (Segment segment : recent) {
            if (segment == null || segment.event != event || (segment.ssrc == ssrc && segment.clockRate == clockRate)) {
                continue;
            }
            long quietNanos = now - segment.grownNanos;
            // Not whether its press is: one that fell silent too long may still be sent.
            boolean isOpen = !segment.isEnded;
            long expectedNanos = segment.lengthNanos() + (isOpen ? quietNanos : 0);
            long earlyNanos = segment.baseNanos + nanos(duration) - expectedNanos;
            boolean isInTime = quietNanos < (isOpen ? SILENCE_NANOS : end ? OVERTAKEN_NANOS : LEAST_GAP_NANOS);
            if (isInTime && earlyNanos <= MOST_EARLY_NANOS && earlyNanos >= -MOST_LATE_NANOS) {
                return segment;
            }
        }
        return null;
    }

    /**
     * The event that this packet belongs to although its timestamp is another: some senders let it run with the packets of an
     * event. Its timestamp then has moved by just what the duration has grown; or it repeats the end, and would lie within the
     * event.
     */
    private @Nullable Segment drifted(
            int ssrc, int sequence, int timestamp, boolean marker, int event, boolean end, int duration, long now) {
        for (Segment segment : recent) {
            if (segment == null
                    || segment.event != event
                    || segment.ssrc != ssrc
                    || segment.clockRate != clockRate
                    || now - segment.lastPacketNanos >= SILENCE_NANOS) {
                continue;
            }
            int packets = (short) (sequence - segment.sequence);
            int moved = timestamp - segment.timestamp;
            int grown = duration - segment.duration;
            boolean isRepeated = segment.isEnded
                    && end
                    && grown == 0
                    && Math.abs(packets) <= END_COPIES
                    && Math.abs(moved) <= duration;
            if (isRepeated
                    || isLate(segment, packets, moved, end)
                    || (!marker && isWithin(segment, packets, moved, end, duration))
                    || (!marker && isSteady(segment, packets, moved, grown))) {
                return segment;
            }
        }
        return null;
    }

    /** A packet from before the end, which came behind it. Of an earlier press only an end can be as near. */
    private static boolean isLate(Segment segment, int packets, int moved, boolean end) {
        return segment.isEnded
                && !end
                && packets < 0
                && packets >= -END_COPIES - 1
                && moved < 0
                && -moved <= segment.duration;
    }

    /** An end that cannot be another press's: it would have begun within this one, or there are too few packets between. */
    private static boolean isWithin(Segment segment, int packets, int moved, boolean end, int duration) {
        Press press = segment.press;
        boolean isOpen = press != null && press.isOpen;
        boolean isNear = packets <= END_COPIES + 1;
        int most = isNear ? segment.duration + duration : segment.duration;
        return isOpen && end && packets > 0 && moved > 0 && moved <= most;
    }

    private static boolean isSteady(Segment segment, int packets, int moved, int grown) {
        if (packets == 0 || moved != grown || (segment.isEnded && packets > 0)) {
            return false;
        }
        int ticksPerPacket = grown / packets;
        return ticksPerPacket > 0 && grown % packets == 0 && segment.duration % ticksPerPacket == 0;
    }

    /**
     * The segment that a packet of an unknown timestamp goes on from, if it does. Presses of two begin whole milliseconds
     * apart, or whole packets; 65535 units are neither at any clock.
     */
    private @Nullable Segment continued(
            int ssrc, int sequence, int timestamp, boolean marker, int event, boolean end, int duration, long now) {
        for (Segment segment : recent) {
            if (segment == null
                    || segment.ssrc != ssrc
                    || segment.event != event
                    || segment.clockRate != clockRate
                    || (marker && !segment.isMarkedThroughout)
                    || now - segment.lastPacketNanos >= REMEMBERED_NANOS) {
                continue;
            }
            int step = timestamp - segment.timestamp;
            if (step >= TelephoneEvent.MAX_DURATION
                    && step <= MOST_SEGMENT_STEP
                    && !segment.isEnded
                    && !segment.isContinued
                    && (step == TelephoneEvent.MAX_DURATION
                            || segment.duration == TelephoneEvent.MAX_DURATION
                            || leadsTo(segment, sequence, end, duration, now))) {
                return segment;
            }
        }
        return null;
    }

    /**
     * Whether the packets missing between the segment's last one and this one are just those of a tone that went on: when
     * the packet that states 65535 is lost, only that tells a long tone from two equal digits. Two presses have at least the
     * repetitions of the first one's end packet more. An end packet may itself be a repetition.
     */
    private boolean leadsTo(Segment segment, int sequence, boolean end, int duration, long now) {
        int ticksPerPacket = segment.ticksPerPacket > 0 ? segment.ticksPerPacket : clockRate / 50;
        int packets = (short) (sequence - segment.sequence);
        long ticks = TelephoneEvent.MAX_DURATION - segment.duration + (long) duration;
        // The boundary itself is two packets in the time of one.
        long latest = (packets - 1L) * ticksPerPacket + ticksPerPacket / 2;
        long earliest = latest - ticksPerPacket - (end ? END_COPIES * ticksPerPacket : 0);
        boolean isLive = now - segment.grownNanos < LONGEST_HOLE_NANOS;
        return isLive && packets > 0 && ticks >= earliest && ticks <= latest;
    }

    private void measure(Segment segment, Press press, long now) {
        press.lastPacketNanos = now;
        long lengthNanos = segment.lengthNanos();
        if (lengthNanos > press.lengthNanos || !press.isMeasured) {
            press.lengthNanos = lengthNanos;
            press.isMeasured = true;
            presses.onPressGrown(press.number, lengthNanos, now);
        }
        if (segment.isEnded) {
            close(press, now);
        }
    }

    private void close(Press press, long now) {
        // Presses are told in order, so those begun before are over too.
        Press closed;
        do {
            closed = open.removeFirst();
            closed.isOpen = false;
            presses.onPressEnded(closed.number, closed.digit, closed.lengthNanos, now);
        } while (closed != press);
    }

    private long nanos(long ticks) {
        return nanos(ticks, clockRate);
    }

    private static long nanos(long ticks, int clockRate) {
        return ticks * 1_000_000_000L / clockRate;
    }

    /** Packets of one timestamp. */
    private static final class Segment {
        final int ssrc;
        final int timestamp;
        final int clockRate;
        final int event;
        final long baseNanos;
        final @Nullable Press press;
        int sequence;
        int duration;
        int ticksPerPacket;
        long lastPacketNanos;
        long grownNanos;
        boolean isMarkedThroughout;
        boolean isEnded;
        boolean isContinued;

        Segment(
                int ssrc,
                int timestamp,
                int clockRate,
                int event,
                int sequence,
                long baseNanos,
                @Nullable Press press) {
            this.ssrc = ssrc;
            this.timestamp = timestamp;
            this.clockRate = clockRate;
            this.event = event;
            this.sequence = sequence;
            this.baseNanos = baseNanos;
            this.press = press;
        }

        long lengthNanos() {
            return baseNanos + nanos(duration, clockRate);
        }

        /** Answers how long after the update before this one was sent; 0 if that does not show. */
        long heard(int newSequence, boolean marker, int newDuration, boolean end, long now) {
            lastPacketNanos = now;
            isEnded |= end;
            if (newDuration <= duration) {
                return 0;
            }
            isMarkedThroughout |= marker && duration > 0;
            int packets = (short) (newSequence - sequence);
            long update = 0;
            if (packets > 0 && duration > 0 && newDuration < TelephoneEvent.MAX_DURATION) {
                ticksPerPacket = (newDuration - duration) / packets;
                // Browsers that state too much at 8 kHz send as often as others.
                update = end ? 0 : Math.min(nanos(ticksPerPacket, clockRate), (now - grownNanos) / packets);
            }
            sequence = newSequence;
            duration = newDuration;
            grownNanos = now;
            return update;
        }
    }

    /** One press: the segments of one event. */
    private static final class Press {
        final long number;
        final Digit digit;
        long lastPacketNanos;
        long lengthNanos;
        boolean isMeasured;
        boolean isOvertaken;
        boolean isOpen = true;

        Press(long number, Digit digit, long now) {
            this.number = number;
            this.digit = digit;
            this.lastPacketNanos = now;
        }
    }
}
