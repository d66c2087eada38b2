package io.ringdown.dtmf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns telephone-event packets into presses, one press per event, whatever was lost, doubled, swapped or cut into segments
 * on the way (RFC 4733 §2.5.2). Pure; owned by one thread. An event is known by its SSRC and timestamp, so a missing marker or
 * a first packet that already ends it does no harm. After each packet ask {@link #nextWakeup()} and call {@link #onTime} then.
 */
public final class TelephoneEventReceiver {
    /** An event without packets for this long is over, wherever its end packets are. */
    public static final long SILENCE_NANOS = 150_000_000;

    // When the next press has begun, this is as long as the last packets of the one before are waited for.
    private static final long OVERTAKEN_NANOS = 40_000_000;

    // Browsers' segments of a long tone begin up to this far behind the one before; RFC 4733 §2.5.1.3 says exactly
    // 65535.
    private static final int MOST_SEGMENT_STEP = 66_240;

    // An end packet is sent this often again (RFC 4733 §2.5.1.4).
    private static final int END_COPIES = 2;

    // At the shortest press and gap that RTCDTMFSender makes this is more than two seconds of events.
    private static final int REMEMBERED = 32;

    // No packet is that late; some senders use the same timestamps again for the next digits they play.
    private static final long REMEMBERED_NANOS = 10_000_000_000L;

    /** No more presses are under way at once than this; no sender has as many, but a hostile one would. */
    public static final int MOST_OPEN = 4;

    private final int clockRate;
    private final Presses presses;
    private final @Nullable Segment[] recent = new @Nullable Segment[REMEMBERED];
    private final List<Press> open = new ArrayList<>(MOST_OPEN);
    private int oldest;
    private long pressCount;
    private long ignoredCount;

    /**
     * Told about presses, in the order of their beginnings. The number of a press is its own for the life of the receiver.
     */
    public interface Presses {
        /** A press has begun; what it is known to last so far follows at once by {@link #onPressGrown}. */
        void onPressStarted(long press, Digit digit, long now);

        /** The press lasts at least this long; it may be more than has passed since it began. */
        void onPressGrown(long press, long lengthNanos, long now);

        /** The press is over and this was its length. */
        void onPressEnded(long press, Digit digit, long lengthNanos, long now);
    }

    /** A receiver for events whose timestamps count at {@code clockRate} Hz. */
    public TelephoneEventReceiver(int clockRate, Presses presses) {
        this.clockRate = clockRate;
        this.presses = presses;
    }

    /** Takes one packet's payload with what its RTP header says. Noise is counted and ignored. */
    public void onPacket(
            int ssrc, int sequence, int timestamp, boolean marker, byte[] payload, int offset, int length, long now) {
        onTime(now);
        if (length < TelephoneEvent.LENGTH) {
            ignoredCount++;
            return;
        }
        int event = TelephoneEvent.event(payload, offset);
        boolean end = TelephoneEvent.isEnd(payload, offset);
        int duration = TelephoneEvent.duration(payload, offset);
        Segment segment = find(ssrc, timestamp, event, now);
        if (segment == null) {
            segment = begin(ssrc, sequence, timestamp, marker, event, end, duration, now);
        }
        if (segment == null || segment.event != event) {
            ignoredCount++;
            return;
        }
        // Also when its press is over: the next segment is recognised by this one.
        segment.heard(sequence, duration, end);
        if (segment.press.isOpen) {
            measure(segment, now);
        } else {
            ignoredCount++;
        }
    }

    /** Closes events that have fallen silent. */
    public void onTime(long now) {
        for (int i = 0; i < open.size(); ) {
            Press press = open.get(i);
            if (now - press.deadlineNanos() < 0) {
                i++;
            } else {
                close(press, now);
            }
        }
    }

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    public long nextWakeup() {
        long earliest = Long.MAX_VALUE;
        for (int i = 0; i < open.size(); i++) {
            earliest = Math.min(earliest, open.get(i).deadlineNanos());
        }
        return earliest;
    }

    /** Ends what is open now, at the length known: the stream is gone, or its format changes. */
    public void close(long now) {
        while (!open.isEmpty()) {
            close(open.getFirst(), now);
        }
    }

    /** Packets that made no difference: repeated ends, late ones, events that are no digits, and noise. */
    public long ignoredCount() {
        return ignoredCount;
    }

    /** Presses begun so far. */
    public long pressCount() {
        return pressCount;
    }

    private @Nullable Segment find(int ssrc, int timestamp, int event, long now) {
        for (Segment segment : recent) {
            // A sender that changes its SSRC in mid-press goes on with the event's timestamp.
            if (segment != null
                    && segment.timestamp == timestamp
                    && (segment.ssrc == ssrc || segment.event == event)
                    && now - segment.lastPacketNanos < REMEMBERED_NANOS) {
                segment.lastPacketNanos = now;
                return segment;
            }
        }
        return null;
    }

    private @Nullable Segment begin(
            int ssrc, int sequence, int timestamp, boolean marker, int event, boolean end, int duration, long now) {
        Optional<Digit> digit = Digit.ofEvent(event);
        if (digit.isEmpty()) {
            return null;
        }
        Segment before = marker ? null : continued(ssrc, sequence, timestamp, event, end, duration);
        if (before == null) {
            return remember(new Segment(ssrc, timestamp, event, sequence, 0, start(digit.get(), now)), now);
        }
        before.isContinued = true;
        long base = before.baseTicks + TelephoneEvent.MAX_DURATION;
        return remember(new Segment(ssrc, timestamp, event, sequence, base, before.press), now);
    }

    private Press start(Digit digit, long now) {
        for (int i = 0; i < open.size(); i++) {
            open.get(i).isOvertaken = true;
        }
        if (open.size() == MOST_OPEN) {
            close(open.getFirst(), now);
        }
        Press press = new Press(pressCount++, digit, now);
        open.add(press);
        presses.onPressStarted(press.number, digit, now);
        return press;
    }

    private Segment remember(Segment segment, long now) {
        segment.lastPacketNanos = now;
        recent[oldest] = segment;
        oldest = (oldest + 1) % REMEMBERED;
        return segment;
    }

    /** The segment that a packet of an unknown timestamp goes on from, if it does. */
    private @Nullable Segment continued(int ssrc, int sequence, int timestamp, int event, boolean end, int duration) {
        for (Segment segment : recent) {
            if (segment == null || segment.ssrc != ssrc || segment.event != event) {
                continue;
            }
            int step = timestamp - segment.timestamp;
            if (step >= TelephoneEvent.MAX_DURATION
                    && step <= MOST_SEGMENT_STEP
                    && !segment.isEnded
                    && !segment.isContinued
                    && (segment.duration == TelephoneEvent.MAX_DURATION || leadsTo(segment, sequence, end, duration))) {
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
    private boolean leadsTo(Segment segment, int sequence, boolean end, int duration) {
        int ticksPerPacket = segment.ticksPerPacket > 0 ? segment.ticksPerPacket : clockRate / 50;
        int packets = (short) (sequence - segment.sequence);
        long ticks = TelephoneEvent.MAX_DURATION - segment.duration + (long) duration;
        // The boundary itself is two packets in the time of one.
        long latest = (packets - 1L) * ticksPerPacket + ticksPerPacket / 2;
        long earliest = latest - ticksPerPacket - (end ? END_COPIES * ticksPerPacket : 0);
        return packets > 0 && ticks >= earliest && ticks <= latest;
    }

    private void measure(Segment segment, long now) {
        Press press = segment.press;
        press.lastPacketNanos = now;
        long ticks = segment.baseTicks + segment.duration;
        if (ticks > press.ticks || !press.isMeasured) {
            press.ticks = ticks;
            press.isMeasured = true;
            presses.onPressGrown(press.number, nanos(ticks), now);
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
            presses.onPressEnded(closed.number, closed.digit, nanos(closed.ticks), now);
        } while (closed != press);
    }

    private long nanos(long ticks) {
        return ticks * 1_000_000_000L / clockRate;
    }

    /** Packets of one timestamp. */
    private static final class Segment {
        final int ssrc;
        final int timestamp;
        final int event;
        final long baseTicks;
        final Press press;
        int sequence;
        int duration;
        int ticksPerPacket;
        long lastPacketNanos;
        boolean isEnded;
        boolean isContinued;

        Segment(int ssrc, int timestamp, int event, int sequence, long baseTicks, Press press) {
            this.ssrc = ssrc;
            this.timestamp = timestamp;
            this.event = event;
            this.sequence = sequence;
            this.baseTicks = baseTicks;
            this.press = press;
        }

        void heard(int newSequence, int newDuration, boolean end) {
            isEnded |= end;
            if (newDuration <= duration) {
                return;
            }
            int packets = (short) (newSequence - sequence);
            if (packets > 0 && duration > 0 && newDuration < TelephoneEvent.MAX_DURATION) {
                ticksPerPacket = (newDuration - duration) / packets;
            }
            sequence = newSequence;
            duration = newDuration;
        }
    }

    /** One press: the segments of one event. */
    private static final class Press {
        final long number;
        final Digit digit;
        long lastPacketNanos;
        long ticks;
        boolean isMeasured;
        boolean isOvertaken;
        boolean isOpen = true;

        Press(long number, Digit digit, long now) {
            this.number = number;
            this.digit = digit;
            this.lastPacketNanos = now;
        }

        long deadlineNanos() {
            return lastPacketNanos + (isOvertaken ? OVERTAKEN_NANOS : SILENCE_NANOS);
        }
    }
}
