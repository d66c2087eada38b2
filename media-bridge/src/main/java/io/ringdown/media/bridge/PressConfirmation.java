package io.ringdown.media.bridge;

import io.ringdown.dtmf.PressReceipt;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Whether presses that left in a stream have arrived, by the far end's receiver reports (RFC 3550 §6.4.1): a report that has got
 * past a press and counts fewer losses since the one before than the press had packets in between says that something of it
 * is there, and one packet of a press is enough. Pure; owned by one thread.
 */
final class PressConfirmation {
    /** Reports come every 5 s or so; who has said nothing for three times as long says nothing. */
    static final long PATIENCE_NANOS = 15_000_000_000L;

    private static final int MOST_WAITING =
            64; // an hour of presses at a time is asked for by nobody; the oldest give way
    private static final int MASK = 0xFFFF;

    private final Told told;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long reached;
    private long lost;

    /** Is told the last word of each press. */
    interface Told {
        void onFate(long press, PressReceipt fate);
    }

    PressConfirmation(Told told) {
        this.told = told;
    }

    /**
     * A press has left.
     *
     * @param first how many packets of the stream had left before its first one
     * @param count how many packets it had
     * @param needed how many of them must arrive for it to be understood
     */
    void onSent(long press, long first, int count, int needed, long now) {
        if (waiting.size() == MOST_WAITING) {
            end(waiting.removeFirst(), PressReceipt.Doubt.NO_REPORTS);
        }
        waiting.addLast(new Waiting(press, first, first + count, needed, first >= reached, now + PATIENCE_NANOS));
    }

    /**
     * The far end has told of our stream.
     *
     * @param sequence the low 16 bits of the highest number that it has got
     * @param lastSequence the low 16 bits of the last number that has left
     * @param packetsSent how many have left in all
     * @param cumulativeLost how many it has lost in all, as it counts
     */
    void onReport(int sequence, int lastSequence, long packetsSent, long cumulativeLost) {
        long now = packetsSent - ((lastSequence - sequence) & MASK);
        if (now <= reached) {
            lost = Math.max(lost, cumulativeLost);
            return;
        }
        long lostBetween = Math.max(0, cumulativeLost - lost);
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting press = each.next();
            press.onReport(reached, now, lostBetween);
            if (press.isConfirmed()) {
                each.remove();
                told.onFate(press.number, new PressReceipt.Confirmed());
            } else if (now >= press.end) {
                each.remove();
                told.onFate(
                        press.number,
                        press.isAllLost
                                ? new PressReceipt.Failed(PressReceipt.Failure.LOST)
                                : new PressReceipt.Unconfirmable(PressReceipt.Doubt.LOSS_REPORTED));
            }
        }
        reached = now;
        lost = cumulativeLost;
    }

    /** Gives up those that have waited too long. */
    void onTime(long now) {
        while (!waiting.isEmpty() && now - waiting.getFirst().deadlineNanos >= 0) {
            end(waiting.removeFirst(), PressReceipt.Doubt.NO_REPORTS);
        }
    }

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    long nextWakeup() {
        return waiting.isEmpty() ? Long.MAX_VALUE : waiting.getFirst().deadlineNanos;
    }

    /** Nothing more will be told by this far end. */
    void close() {
        while (!waiting.isEmpty()) {
            end(waiting.removeFirst(), PressReceipt.Doubt.CALL_ENDED);
        }
    }

    private void end(Waiting press, PressReceipt.Doubt why) {
        told.onFate(press.number, new PressReceipt.Unconfirmable(why));
    }

    /** A press that has left and of which nothing final is known. */
    private static final class Waiting {
        final long number;
        final long first;
        final long end;
        final long deadlineNanos;
        private final int needed;
        private long certain;
        boolean isAllLost;

        Waiting(long number, long first, long end, int needed, boolean isUntold, long deadlineNanos) {
            this.number = number;
            this.first = first;
            this.end = end;
            this.needed = needed;
            this.isAllLost = isUntold; // what a report told before the press was over may have come
            this.deadlineNanos = deadlineNanos;
        }

        /** Of the packets from {@code from} on and before {@code to} so many are lost, whichever they are. */
        void onReport(long from, long to, long lostBetween) {
            long within = Math.min(end, to) - Math.max(first, from);
            if (within > 0) {
                // The highest number that has been got is that of a packet that is there, so all can never be lost.
                boolean hasHighest = end >= to;
                certain += Math.max(hasHighest ? 1 : 0, within - lostBetween);
                isAllLost &= !hasHighest && lostBetween >= to - from - 1;
            }
        }

        boolean isConfirmed() {
            return certain >= needed;
        }
    }
}
