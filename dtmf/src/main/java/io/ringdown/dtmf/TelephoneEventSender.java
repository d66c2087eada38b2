package io.ringdown.dtmf;

import io.ringdown.dtmf.PressQueue.Press;
import org.jspecify.annotations.Nullable;

/**
 * Plays presses as telephone-event packets (RFC 4733 §2.5.1): the tone begins with what is known of a press and goes on with
 * it. Pure; owned by one thread.
 */
public final class TelephoneEventSender implements PressVoice {
    private static final int END_PACKETS = 3; // RFC 4733 §2.5.1.4

    private final PressQueue queue;
    private final int clockRate;
    private final long updateNanos;
    private final Line line;
    private final byte[] payload = new byte[TelephoneEvent.LENGTH];
    private @Nullable Press playing;
    private long nextUpdateNanos;
    private boolean mustFollow;
    private int endTimestamp;
    private int firstTimestamp;
    private int segmentTimestamp;
    private long segmentTicks;
    private long sentTicks;
    private int packets;

    /** The stream that the packets go into. */
    public interface Line {
        /** A press begins: no audio from here on. Answers the timestamp that the next audio packet would have had. */
        int seize();

        /** One packet of the press; its sequence number is the stream's next. The payload is the sender's again on return. */
        void onEventPacket(boolean marker, int timestamp, byte[] payload);

        /** The press is over: audio goes on at this timestamp and not before. */
        void release(int timestamp);
    }

    /**
     * A voice with timestamps that count at {@code clockRate} Hz.
     *
     * @param updateNanos between two packets of a press: the line's packet time
     */
    public TelephoneEventSender(PressQueue queue, int clockRate, long updateNanos, Line line) {
        if (clockRate <= 0) {
            throw new IllegalArgumentException("clockRate is " + clockRate + "; above 0 is right");
        }
        if (updateNanos <= 0) {
            throw new IllegalArgumentException("updateNanos is " + updateNanos + "; above 0 is right");
        }
        this.queue = queue;
        this.clockRate = clockRate;
        this.updateNanos = updateNanos;
        this.line = line;
    }

    @Override
    public void onTime(long now) {
        boolean isMoreDue = true;
        while (isMoreDue) {
            isMoreDue = step(now);
        }
    }

    @Override
    public long nextWakeup() {
        Press current = playing;
        return current == null ? queue.nextStartNanos() : Math.min(nextUpdateNanos, queue.endNanos(current));
    }

    @Override
    public void stop(long now) {
        Press current = playing;
        if (current != null) {
            long passedNanos = Math.min(now - current.startNanos(), queue.lengthNanos(current));
            end(current, Math.max(sentTicks, ticks(passedNanos)), now);
        }
    }

    private boolean step(long now) {
        Press current = playing;
        if (current == null) {
            Press next = queue.take(now);
            if (next != null) {
                start(next);
            }
            return next != null;
        }
        if (now - queue.endNanos(current) >= 0) {
            end(current, Math.max(sentTicks, ticks(queue.lengthNanos(current))), now);
            return true;
        }
        if (now - nextUpdateNanos >= 0) {
            update(current, now);
            return true;
        }
        return false;
    }

    private void start(Press press) {
        playing = press;
        firstTimestamp = line.seize();
        int earliest = endTimestamp + (int) ticks(press.silenceNanos());
        if (mustFollow && firstTimestamp - earliest < 0) {
            // Where no audio came between two presses, the line's time has not gone on; the silence has.
            firstTimestamp = earliest;
        }
        segmentTimestamp = firstTimestamp;
        segmentTicks = 0;
        sentTicks = 0;
        packets = 0;
        queue.started(press);
        update(press, press.startNanos());
    }

    private void update(Press press, long now) {
        long slots = (now - press.startNanos()) / updateNanos + 1;
        // Never more than is known: a tone whose packets stay away ends at what they have said, not at what we made of
        // it.
        sentTicks = Math.max(sentTicks, Math.min(slots * ticks(updateNanos), ticks(queue.lengthNanos(press))));
        state(press, sentTicks, false);
        nextUpdateNanos = press.startNanos() + slots * updateNanos;
    }

    private void end(Press press, long totalTicks, long now) {
        sentTicks = totalTicks;
        for (int i = 0; i < END_PACKETS; i++) {
            state(press, totalTicks, true);
        }
        playing = null;
        mustFollow = true;
        endTimestamp = firstTimestamp + (int) totalTicks;
        line.release(endTimestamp);
        queue.sent(press, firstTimestamp, nanos(totalTicks), packets, now);
    }

    /** Sends a packet that says how long the press has lasted, after those that fill its earlier segments. */
    private void state(Press press, long totalTicks, boolean end) {
        while (totalTicks - segmentTicks > TelephoneEvent.MAX_DURATION) { // RFC 4733 §2.5.1.3
            send(press, TelephoneEvent.MAX_DURATION, false);
            segmentTicks += TelephoneEvent.MAX_DURATION;
            segmentTimestamp += TelephoneEvent.MAX_DURATION;
        }
        send(press, (int) (totalTicks - segmentTicks), end);
    }

    private void send(Press press, int duration, boolean end) {
        TelephoneEvent.write(payload, 0, press.digit.event(), end, duration);
        line.onEventPacket(packets == 0, segmentTimestamp, payload);
        packets++;
    }

    private long ticks(long nanos) {
        return (nanos * clockRate + 500_000_000L) / 1_000_000_000L;
    }

    private long nanos(long ticks) {
        return ticks * 1_000_000_000L / clockRate;
    }
}
