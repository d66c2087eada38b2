package io.ringdown.dtmf;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Plays presses as telephone-event packets on its own clock (RFC 4733 §2.5.1): the tone begins with what is known of a press
 * and goes on with it, one press after the other, each at its own length. Pure; owned by one thread. Presses come whole, by
 * {@link #press}, or as they happen, by {@link #begin}, {@link #grow} and {@link #finish}. After each input call
 * {@link #onTime} with the same time, and again at {@link #nextWakeup()}.
 */
public final class TelephoneEventSender {
    private static final int END_PACKETS = 3; // RFC 4733 §2.5.1.4
    private static final long LONGEST_GAP_NANOS = 6_000_000_000L; // as RTCDTMFSender bounds it

    private final Rules rules;
    private final Line line;
    private final Queue<Queued> queue = new ArrayDeque<>();
    private final byte[] payload = new byte[TelephoneEvent.LENGTH];
    private @Nullable Queued playing;
    private long startNanos;
    private long nextUpdateNanos;
    private boolean mustWait;
    private long earliestStartNanos;
    private boolean mustFollow;
    private int earliestTimestamp;
    private int firstTimestamp;
    private int segmentTimestamp;
    private long segmentTicks;
    private long sentTicks;
    private int packets;

    /**
     * How presses are played.
     *
     * @param clockRate of the timestamps, in Hz
     * @param updateNanos between two packets of a press: the line's packet time
     * @param gapNanos the least silence between two presses
     * @param floorNanos the least length of a press
     * @param ceilingNanos the greatest length of a press
     * @param capacity the most presses that wait
     */
    public record Rules(
            int clockRate, long updateNanos, long gapNanos, long floorNanos, long ceilingNanos, int capacity) {
        public Rules {
            if (clockRate <= 0 || updateNanos <= 0 || gapNanos < 0 || capacity < 1) {
                throw new IllegalArgumentException("clock rate, update interval and capacity must be positive");
            }
            if (floorNanos <= 0 || ceilingNanos < floorNanos) {
                throw new IllegalArgumentException("a floor above zero and a ceiling not below it are right");
            }
        }

        /** The rules of RFC 4733 at 8000 Hz: 20 ms updates, gaps of 40 ms, 40 ms to 6 s, 64 waiting. */
        public static Rules defaults() {
            return new Rules(8_000, 20_000_000, 40_000_000, 40_000_000, 6_000_000_000L, 64);
        }
    }

    /** The stream that the packets go into. */
    public interface Line {
        /** A press begins: no audio from here on. Answers the timestamp that the next audio packet would have had. */
        int seize();

        /** One packet of the press; its sequence number is the stream's next. The payload is the sender's again on return. */
        void onEventPacket(boolean marker, int timestamp, byte[] payload);

        /** The press is over: audio goes on at this timestamp and not before. */
        void release(int timestamp);

        /** A press has left whole; {@code timestamp} was its first one. */
        void onPressSent(int timestamp, long lengthNanos, int packets);
    }

    public TelephoneEventSender(Rules rules, Line line) {
        this.rules = rules;
        this.line = line;
    }

    /** Queues a whole press and the silence after it, of 6 s at most; false if the queue is full. */
    public boolean press(Digit digit, long lengthNanos, long gapNanos) {
        return add(new Queued(-1, digit, lengthNanos, Math.min(gapNanos, LONGEST_GAP_NANOS), true));
    }

    /** A press has begun elsewhere, known by its number; false, and nothing comes of it, if the queue is full. */
    public boolean begin(long press, Digit digit) {
        return add(new Queued(press, digit, 0, 0, false));
    }

    /** The press is known to last this long at least, which may be more than has passed. */
    public void grow(long press, long lengthNanos) {
        Queued queued = find(press);
        if (queued != null) {
            queued.lengthNanos = Math.max(queued.lengthNanos, lengthNanos);
        }
    }

    /** The press lasts exactly this long. */
    public void finish(long press, long lengthNanos) {
        Queued queued = find(press);
        if (queued != null) {
            queued.lengthNanos = Math.max(queued.lengthNanos, lengthNanos);
            queued.isWhole = true;
        }
    }

    /** Ends the press under way now and forgets those that wait. */
    public void cancel(long now) {
        queue.clear();
        Queued current = playing;
        if (current != null) {
            current.lengthNanos = Math.max(nanos(sentTicks), Math.min(now - startNanos, current.lengthNanos));
            end(current);
        }
    }

    /** Sends what is due. */
    public void onTime(long now) {
        boolean isMoreDue = true;
        while (isMoreDue) {
            isMoreDue = step(now);
        }
    }

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    public long nextWakeup() {
        Queued current = playing;
        if (current != null) {
            return Math.min(nextUpdateNanos, endNanos(current));
        }
        if (queue.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return mustWait ? earliestStartNanos : Long.MIN_VALUE;
    }

    /** Whether a press is under way or waiting. */
    public boolean isBusy() {
        return playing != null || !queue.isEmpty();
    }

    private boolean step(long now) {
        Queued current = playing;
        if (current == null) {
            if (mustWait && now - earliestStartNanos < 0) {
                return false;
            }
            mustWait = false;
            Queued next = queue.poll();
            if (next != null) {
                start(next, now);
            }
            return next != null;
        }
        if (isOver(current, now)) {
            end(current);
            return true;
        }
        if (now - nextUpdateNanos >= 0) {
            update(current, now);
            return true;
        }
        return false;
    }

    private void start(Queued press, long now) {
        playing = press;
        startNanos = now;
        nextUpdateNanos = now;
        firstTimestamp = line.seize();
        if (mustFollow && firstTimestamp - earliestTimestamp < 0) {
            // Where no audio came between two presses, the line's time has not gone on; the silence has.
            firstTimestamp = earliestTimestamp;
        }
        segmentTimestamp = firstTimestamp;
        segmentTicks = 0;
        sentTicks = 0;
        packets = 0;
        update(press, now);
    }

    private void update(Queued press, long now) {
        long slots = (now - startNanos) / rules.updateNanos + 1;
        // Never more than is known: a tone whose packets stay away ends at what they have said, not at what we made of
        // it.
        sentTicks = Math.min(slots * ticks(rules.updateNanos), ticks(length(press)));
        state(press, sentTicks, false);
        nextUpdateNanos = startNanos + slots * rules.updateNanos;
    }

    private boolean isOver(Queued press, long now) {
        long end = endNanos(press);
        return end != Long.MAX_VALUE && now - end >= 0;
    }

    /** When the press under way ends; unknown, hence never, before its length is. */
    private long endNanos(Queued press) {
        return press.isWhole || press.lengthNanos >= rules.ceilingNanos ? startNanos + length(press) : Long.MAX_VALUE;
    }

    private void end(Queued press) {
        sentTicks = Math.max(sentTicks, ticks(length(press)));
        for (int i = 0; i < END_PACKETS; i++) {
            state(press, sentTicks, true);
        }
        playing = null;
        mustWait = true;
        long gapNanos = Math.max(rules.gapNanos, press.gapNanos);
        earliestStartNanos = startNanos + nanos(sentTicks) + gapNanos;
        mustFollow = true;
        earliestTimestamp = firstTimestamp + (int) (sentTicks + ticks(gapNanos));
        line.release(firstTimestamp + (int) sentTicks);
        line.onPressSent(firstTimestamp, nanos(sentTicks), packets);
    }

    /** Sends a packet that says how long the press has lasted, after those that fill its earlier segments. */
    private void state(Queued press, long totalTicks, boolean end) {
        while (totalTicks - segmentTicks > TelephoneEvent.MAX_DURATION) { // RFC 4733 §2.5.1.3
            send(press, TelephoneEvent.MAX_DURATION, false);
            segmentTicks += TelephoneEvent.MAX_DURATION;
            segmentTimestamp += TelephoneEvent.MAX_DURATION;
        }
        send(press, (int) (totalTicks - segmentTicks), end);
    }

    private void send(Queued press, int duration, boolean end) {
        TelephoneEvent.write(payload, 0, press.digit.event(), end, duration);
        line.onEventPacket(packets == 0, segmentTimestamp, payload);
        packets++;
    }

    private boolean add(Queued press) {
        return queue.size() < rules.capacity && queue.add(press);
    }

    private @Nullable Queued find(long press) {
        Queued current = playing;
        if (current != null && current.press == press && !current.isWhole) {
            return current;
        }
        for (Queued queued : queue) {
            if (queued.press == press && !queued.isWhole) {
                return queued;
            }
        }
        return null;
    }

    private long length(Queued press) {
        return Math.clamp(press.lengthNanos, rules.floorNanos, rules.ceilingNanos);
    }

    private long ticks(long nanos) {
        return (nanos * rules.clockRate + 500_000_000L) / 1_000_000_000L;
    }

    private long nanos(long ticks) {
        return ticks * 1_000_000_000L / rules.clockRate;
    }

    /** A press under way or waiting. */
    private static final class Queued {
        final long press;
        final Digit digit;
        final long gapNanos;
        long lengthNanos;
        boolean isWhole;

        Queued(long press, Digit digit, long lengthNanos, long gapNanos, boolean isWhole) {
            this.press = press;
            this.digit = digit;
            this.lengthNanos = lengthNanos;
            this.gapNanos = gapNanos;
            this.isWhole = isWhole;
        }
    }
}
