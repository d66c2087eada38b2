package io.ringdown.dtmf;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The presses towards one line: which wait, when the next may begin, how long the one under way lasts, and what became of
 * each. A {@link PressVoice} plays them. Pure; owned by one thread. Presses come whole, by {@link #press}, or as they happen,
 * by {@link #begin}, {@link #grow} and {@link #finish}; every one has a number of its own from the moment it is given, and
 * exactly one final word in {@link Receipts}. After each input call the voice's {@link PressVoice#onTime} with the same time.
 * The queue outlives its voices: what waits when a voice is stopped is played by the next.
 */
public final class PressQueue {
    private static final long LONGEST_GAP_NANOS = 6_000_000_000L; // as RTCDTMFSender bounds it
    private static final long LONGEST_PAUSE_NANOS = 60_000_000_000L;

    // Who begins a press finishes it; this is for one who forgets to. A receiver does so after 150 ms of silence.
    private static final long FORGOTTEN_NANOS = 1_000_000_000L;

    private Rules rules;
    private final Receipts receipts;
    private final Queue<Item> waiting = new ArrayDeque<>();
    private @Nullable Press playing;
    private long given;
    // No press begins before this: the gap after the last one, then a pause.
    private boolean isHeld;
    private long heldUntilNanos;
    private long gapUntilNanos;
    private boolean isPausing;
    private long gapNanos;
    private long silenceNanos;

    /**
     * What holds for every press of a line.
     *
     * @param gapNanos the least silence between two presses, 0 to 6 s
     * @param floorNanos the least length of a press, above 0
     * @param ceilingNanos the greatest length of a press, not below the floor
     * @param capacity the most presses and pauses that wait, 1 to 1024
     */
    public record Rules(long gapNanos, long floorNanos, long ceilingNanos, int capacity) {
        private static final int MOST_CAPACITY = 1_024;
        private static final long MOST_CEILING_NANOS = 600_000_000_000L;

        public Rules {
            within("gapNanos", gapNanos, 0, LONGEST_GAP_NANOS);
            within("floorNanos", floorNanos, 1, MOST_CEILING_NANOS);
            within("ceilingNanos", ceilingNanos, floorNanos, MOST_CEILING_NANOS);
            within("capacity", capacity, 1, MOST_CAPACITY);
        }

        /** Gaps of 40 ms, presses of 40 ms (as RTCDTMFSender bounds them) to 6 s, 64 waiting. */
        public static Rules defaults() {
            return new Rules(40_000_000, 40_000_000, 6_000_000_000L, 64);
        }

        private static void within(String key, long value, long least, long most) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(key + " is " + value + "; " + least + " to " + most + " is right");
            }
        }
    }

    /** Why a press was not played. */
    public enum Reason {
        /** As many wait as may. */
        QUEUE_FULL,
        /** Whoever gave it took it back before it began. */
        CANCELLED,
        /** The line went away before it began. */
        LINE_GONE,
        /** There is no line. */
        NO_LINE
    }

    /**
     * What becomes of each press, by its number. Of {@link #onPressSent} and {@link #onPressDropped} each press gets exactly one,
     * and a press that was started is never dropped. Nothing here may call the queue back.
     */
    public interface Receipts {
        /** The press begins; its packets are the line's next. */
        void onPressStarted(long press);

        /**
         * The press has left whole.
         *
         * @param timestamp of its beginning, in the line's clock
         * @param lengthNanos as it was stated or sounded
         * @param packets handed to the line
         */
        void onPressSent(long press, int timestamp, long lengthNanos, int packets);

        /** The press will not be played. */
        void onPressDropped(long press, Reason reason);
    }

    public PressQueue(Rules rules, Receipts receipts) {
        this.rules = rules;
        this.receipts = receipts;
    }

    /** What holds for presses from now on, the one under way included. */
    public void rules(Rules newRules) {
        rules = newRules;
    }

    /**
     * Gives a whole press, and how long it is silent after it at least, of which 6 s count at most. Answers its number; where
     * there is no {@link #room()} it has been told as dropped by then.
     */
    public long press(Digit digit, long lengthNanos, long gapNanos) {
        Press press = new Press(given++, digit, Math.min(gapNanos, LONGEST_GAP_NANOS));
        press.lengthNanos = lengthNanos;
        press.isWhole = true;
        return add(press);
    }

    /** Gives a press that has begun elsewhere. Answers its number; where there is no room it has been told as dropped by then. */
    public long begin(Digit digit) {
        return add(new Press(given++, digit, 0));
    }

    /** The next press has this number, and the others follow. */
    public void numberFrom(long number) {
        given = number;
    }

    /** The number of the press that is given next. */
    public long nextNumber() {
        return given;
    }

    /** A press that cannot be taken: it has a number, and is told as dropped by the time that this returns. */
    public long refuse(Reason reason) {
        long press = given++;
        receipts.onPressDropped(press, reason);
        return press;
    }

    /** The press is known to last this long at least, which may be more than has passed. */
    public void grow(long press, long lengthNanos) {
        Press growing = find(press);
        if (growing != null && !growing.isWhole) {
            growing.lengthNanos = Math.max(growing.lengthNanos, lengthNanos);
        }
    }

    /** The press lasts exactly this long. */
    public void finish(long press, long lengthNanos) {
        Press finished = find(press);
        if (finished != null && !finished.isWhole) {
            finished.lengthNanos = Math.max(finished.lengthNanos, lengthNanos);
            finished.isWhole = true;
        }
    }

    /** Puts a pause, of which 60 s count at most, before what is given next; false if there is no room. */
    public boolean pause(long nanos) {
        return room() > 0 && waiting.add(new Pause(Math.clamp(nanos, 0, LONGEST_PAUSE_NANOS)));
    }

    /** Takes one press back. If it is under way it ends as soon as it has lasted the floor. */
    public void cancel(long press, long now) {
        Press cancelled = find(press);
        if (cancelled == null) {
            return;
        }
        if (waiting.remove(cancelled)) {
            receipts.onPressDropped(press, Reason.CANCELLED);
        } else {
            cancelled.lengthNanos = Math.min(lengthNanos(cancelled), now - cancelled.startNanos);
            cancelled.isWhole = true;
        }
    }

    /** Forgets all that waits, pauses too; the press under way goes on, as with RTCDTMFSender. */
    public void dropWaiting(Reason reason) {
        if (isPausing) {
            isPausing = false;
            heldUntilNanos = gapUntilNanos;
            silenceNanos = gapNanos;
        }
        for (Item item : waiting) {
            if (item instanceof Press press) {
                receipts.onPressDropped(press.number, reason);
            }
        }
        waiting.clear();
    }

    /** How many more presses and pauses may be given now. */
    public int room() {
        return rules.capacity - waiting.size() - (isPausing ? 1 : 0);
    }

    /** Whether a press is under way, or anything waits. */
    public boolean isBusy() {
        return playing != null || isPausing || !waiting.isEmpty();
    }

    /** The press that begins at this time, which is under way from then on; null if none may. */
    @Nullable
    Press take(long now) {
        while (playing == null && !(isHeld && now - heldUntilNanos < 0)) {
            isPausing = false;
            switch (waiting.poll()) {
                case null -> {
                    return null;
                }
                case Pause pause -> rest(now, pause);
                case Press press -> {
                    press.startNanos = now;
                    press.silenceNanos = silenceNanos;
                    playing = press;
                }
            }
        }
        return playing;
    }

    /** When {@link #take} wants to be called while no press is under way; {@code Long.MAX_VALUE} for never. */
    long nextStartNanos() {
        if (waiting.isEmpty() && !isPausing) {
            return Long.MAX_VALUE;
        }
        return isHeld ? heldUntilNanos : Long.MIN_VALUE;
    }

    /** Whether the next thing to come is a press, and not a pause or nothing. */
    boolean isPressNext() {
        return !isPausing && waiting.peek() instanceof Press;
    }

    /** The least silence after a press, which nothing else may fill. */
    long leastGapNanos() {
        return rules.gapNanos;
    }

    /** Whether nothing more will be said of the press's length. */
    boolean isWhole(Press press) {
        return press.isWhole;
    }

    /** How long the press lasts by what is known of it, within floor and ceiling. */
    long lengthNanos(Press press) {
        return Math.clamp(press.lengthNanos, rules.floorNanos, rules.ceilingNanos);
    }

    /** How long a press lasts that goes on until its end is told: its length, or the ceiling while that is not known. */
    long longestNanos(Press press) {
        return press.isWhole ? lengthNanos(press) : rules.ceilingNanos;
    }

    /** When a press is over of which no more is said than is known. */
    long endNanos(Press press) {
        boolean isKnown = press.isWhole || press.lengthNanos >= rules.ceilingNanos;
        return press.startNanos + (isKnown ? lengthNanos(press) : rules.ceilingNanos + FORGOTTEN_NANOS);
    }

    /** The press under way is about to send its first packet. */
    void started(Press press) {
        receipts.onPressStarted(press.number);
    }

    /**
     * The press under way is over and was this long; its gap begins, no earlier than now: to whom the end is told only now the
     * tone has lasted until now.
     */
    void sent(Press press, int timestamp, long lengthNanos, int packets, long now) {
        playing = null;
        gapNanos = Math.max(rules.gapNanos, press.gapNanos);
        silenceNanos = gapNanos;
        isHeld = true;
        gapUntilNanos = Math.max(press.startNanos + lengthNanos, now) + gapNanos;
        heldUntilNanos = gapUntilNanos;
        receipts.onPressSent(press.number, timestamp, lengthNanos, packets);
    }

    private void rest(long now, Pause pause) {
        isPausing = true;
        isHeld = true;
        gapUntilNanos = now; // it is over, or there was none
        heldUntilNanos = now + pause.nanos;
        silenceNanos += pause.nanos;
    }

    private long add(Press press) {
        if (room() > 0) {
            waiting.add(press);
        } else {
            receipts.onPressDropped(press.number, Reason.QUEUE_FULL);
        }
        return press.number;
    }

    private @Nullable Press find(long number) {
        Press current = playing;
        if (current != null && current.number == number) {
            return current;
        }
        for (Item item : waiting) {
            if (item instanceof Press press && press.number == number) {
                return press;
            }
        }
        return null;
    }

    /** What may wait. */
    sealed interface Item {}

    private record Pause(long nanos) implements Item {}

    /** A press that waits or is under way. */
    static final class Press implements Item {
        final long number;
        final Digit digit;
        private final long gapNanos;
        private long lengthNanos;
        private boolean isWhole;
        private long startNanos;
        private long silenceNanos;

        private Press(long number, Digit digit, long gapNanos) {
            this.number = number;
            this.digit = digit;
            this.gapNanos = gapNanos;
        }

        long startNanos() {
            return startNanos;
        }

        /** The gap and the pauses that lie between this press and the one before; 0 for the first. */
        long silenceNanos() {
            return silenceNanos;
        }
    }
}
