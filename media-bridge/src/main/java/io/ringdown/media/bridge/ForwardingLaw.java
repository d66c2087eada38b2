package io.ringdown.media.bridge;

/**
 * The forwarding law for one stream in one direction: what is in order goes on at once; what follows a gap is held for a short
 * time; where nothing comes, a filler takes the place of a timestamp, and no place is filled twice. Pure; owned by one thread.
 * There is no jitter buffer: the ends have theirs. docs/adr/forwarding-law.md says why.
 *
 * <p>Positions are the stream's timestamps, extended to 64 bits. {@code next} is the first whose place is free.
 */
final class ForwardingLaw {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000_000_000L;
    private static final long LEAST_PATIENCE_NANOS = 40 * MILLI;
    private static final long MOST_PATIENCE_NANOS = 120 * MILLI;
    private static final long PATIENCE_MARGIN_NANOS = 20 * MILLI;

    /** What is left of a stall when it ends; older frames are dropped. */
    private static final long BACKLOG_NANOS = 60 * MILLI;

    /** A frame this much ahead of its time belongs to another timeline: the sender's timestamps have jumped. */
    private static final long JUMP_NANOS = 150 * MILLI;

    /** No gap as long as this is filled in one go. */
    private static final long MOST_GAP_NANOS = 500 * MILLI;

    // So many frames over so long a time, each too late: the timeline has moved for good, it is no stall that ends.
    private static final int MOVED_FRAMES = 5;
    private static final long MOVED_NANOS = 80 * MILLI;

    /** Further behind than this it is we who have slept: the time is skipped, not filled. */
    private static final long SLEPT_NANOS = 200 * MILLI;

    /** A pause of the sender's, said by other packets of its stream, is no loss for this long. */
    private static final long QUIET_NANOS = 200 * MILLI;

    /** After this much made-up sound only silence is left of what was said. */
    private static final long CONCEALED_NANOS = 100 * MILLI;

    // Whatever length a peer's packets have: a packet of one sample must not make us fill 8000 times a second.
    private static final int FILLERS_PER_SECOND = 100;

    private static final int FASTEST_CLOCK = 1_000; // one part of so many

    private static final int HELD = 16;
    private static final int HEADROOM = RtpStream.HEADROOM;

    private final int clockRate;
    private final long holdNanos;
    private final Frames frames;
    private final Lateness lateness = new Lateness();
    private final Held[] held = new Held[HELD];
    private int heldCount;
    private long holdDeadlineNanos;

    private boolean isFilling;
    private boolean isAnchored;
    private long next;
    private long nextSequence;
    private long origin;
    private int frameTicks;
    private long nextFillNanos;
    private int fillersInRow;
    private boolean isUnexpected;
    private boolean isQuiet;
    private long quietUntilNanos;
    private int lateInRow;
    private long lateSinceNanos;
    private long aheadNanos;
    private long lastPlayNanos;

    private long filled;
    private long concealed;
    private long repaired;
    private long late;
    private long malformed;
    private long jumps;

    /**
     * A law that has seen nothing yet.
     *
     * @param clockRate of the stream's timestamps
     * @param frameTicks how long a filler is before the first frame tells better
     */
    ForwardingLaw(int clockRate, int frameTicks, long holdNanos, Frames frames, long now) {
        this.clockRate = clockRate;
        this.lastPlayNanos = now;
        this.frameTicks = frameTicks;
        this.holdNanos = holdNanos;
        this.frames = frames;
        for (int i = 0; i < HELD; i++) {
            held[i] = new Held();
        }
    }

    /** There is output at all times, whether anything comes in or not; the first filler is due at {@code from}. */
    void fill(long from) {
        if (!isFilling) {
            isFilling = true;
            nextFillNanos = from;
        }
    }

    /** Whether there is output at all times. */
    boolean isFilling() {
        return isFilling;
    }

    /** What comes from here on is another stream; its first frame goes on at once. */
    void restart(long now) {
        release();
        isAnchored = false;
        lateInRow = 0;
        nextFillNanos = now + patienceNanos();
    }

    /** Whether the sender is to send at all just now; if not, fillers are silence and no loss. */
    void expect(boolean expected) {
        isUnexpected = !expected;
    }

    /** A packet of the stream says that there is no sound just now: fillers are silence and no loss. */
    void onPause(long sequence, long now) {
        isQuiet = true;
        quietUntilNanos = now + QUIET_NANOS;
        nextSequence = Math.max(nextSequence, sequence + 1);
    }

    /**
     * Takes a frame that has not been seen before.
     *
     * @param sequence its extended sequence number
     */
    void onFrame(long sequence, int timestamp, byte[] buffer, int offset, int length, long now) {
        int ticks = frames.ticksOf(buffer, offset, length);
        if (ticks <= 0) {
            malformed++;
            return;
        }
        onTime(now);
        if (!isAnchored) {
            anchor(sequence, timestamp, now);
        }
        long position = next + (timestamp - (int) next);
        long gap = position - next;
        if (gap != 0 && (dueNanos(position) - now > JUMP_NANOS || nanos(gap) > MOST_GAP_NANOS)) {
            jump(sequence, timestamp, now);
            position = next;
            gap = 0;
        }
        frameTicks = fillerTicks(ticks);
        lateness.onPacket(now - nanos(position - origin), now);
        if (gap < 0 && -gap > ticks / 2) {
            onLate(sequence, timestamp, buffer, offset, length, ticks, now);
        } else if (gap > ticks / 2) {
            onGap(sequence, position, buffer, offset, length, ticks, now);
        } else {
            inOrder(sequence, position, buffer, offset, length, ticks, now);
        }
    }

    /** Fills and releases what is due. */
    void onTime(long now) {
        while (heldCount > 0 && now - holdDeadlineNanos >= 0) {
            closeGap();
        }
        if (!isFilling || heldCount > 0) {
            return;
        }
        skipSleep(now);
        while (now - nextFillerNanos() >= 0) {
            filler(now);
        }
    }

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    long nextWakeup() {
        if (heldCount > 0) {
            return holdDeadlineNanos;
        }
        return isFilling ? nextFillerNanos() : Long.MAX_VALUE;
    }

    /** How long after its time a frame is still waited for when nothing at all comes. */
    long patienceNanos() {
        return Math.clamp(
                lateness.percentileNanos() + PATIENCE_MARGIN_NANOS, LEAST_PATIENCE_NANOS, MOST_PATIENCE_NANOS);
    }

    /** Frames made up in place of missing ones. */
    long filled() {
        return filled;
    }

    /** Those of the {@link #filled} that were made of the sound before them; the others are silence. */
    long concealed() {
        return concealed;
    }

    /** Frames made out of the copy in the one after them. */
    long repaired() {
        return repaired;
    }

    /** Frames dropped because their time had gone. */
    long late() {
        return late;
    }

    /** Payloads that their codec does not know. */
    long malformed() {
        return malformed;
    }

    /** How often the timeline began anew. */
    long jumps() {
        return jumps;
    }

    private void inOrder(long sequence, long position, byte[] buffer, int offset, int length, int ticks, long now) {
        boolean isStallOver = nanos((long) fillersInRow * ticks) >= BACKLOG_NANOS;
        boolean isBacklog = isStallOver && now - dueNanos(position) > BACKLOG_NANOS;
        if (!isBacklog || hasMoved(now)) { // a backlog comes at once; what goes on being late is the stream's pace now
            isBacklog = false;
            lateInRow = 0;
        }
        nextSequence = Math.max(nextSequence, sequence + 1);
        next = position + ticks;
        if (isBacklog || isFlood(nanos(ticks), now)) {
            late++;
            frames.absorb(buffer, offset, length);
        } else {
            fillersInRow = 0;
            isQuiet = false;
            frames.cameAt(now);
            frames.play(buffer, offset, length, ticks);
        }
        playHeld();
        if (heldCount > 0) {
            holdDeadlineNanos = held[0].arrivalNanos + holdNanos;
        }
    }

    /** Plays what directly follows out of the held frames. */
    private void playHeld() {
        while (heldCount > 0 && held[0].position - next <= held[0].ticks / 2) {
            Held first = takeHeld();
            nextSequence = Math.max(nextSequence, first.sequence + 1);
            if (first.position - next < -first.ticks / 2) {
                late++;
                frames.absorb(first.buffer, HEADROOM, first.length);
            } else {
                next = first.position + first.ticks;
                frames.cameAt(first.arrivalNanos);
                frames.play(first.buffer, HEADROOM, first.length, first.ticks);
            }
        }
    }

    private void onLate(long sequence, int timestamp, byte[] buffer, int offset, int length, int ticks, long now) {
        late++;
        if (sequence < nextSequence) {
            return; // the decoder has already gone past it
        }
        nextSequence = sequence + 1;
        if (hasMoved(now)) {
            late--;
            jump(sequence, timestamp, now);
            inOrder(sequence, next, buffer, offset, length, ticks, now);
        } else {
            frames.absorb(buffer, offset, length);
        }
    }

    /** Counts a frame that came too late; whether so many have by now that the timeline has moved. */
    private boolean hasMoved(long now) {
        if (lateInRow == 0) {
            lateSinceNanos = now;
        }
        lateInRow++;
        return lateInRow >= MOVED_FRAMES && now - lateSinceNanos >= MOVED_NANOS && heldCount == 0;
    }

    private void onGap(long sequence, long position, byte[] buffer, int offset, int length, int ticks, long now) {
        long missing = sequence - nextSequence;
        if (missing == 0 && heldCount == 0) { // nothing was lost: the sender has paused
            fillTo(position, ticks, true);
            inOrder(sequence, position, buffer, offset, length, ticks, now);
            return;
        }
        boolean isOneFrame = Math.abs(position - next - ticks) <= ticks / 2;
        if (isOneFrame && heldCount == 0 && frames.repair(buffer, offset, length, ticks)) {
            repaired++;
            inOrder(sequence, position, buffer, offset, length, ticks, now);
            return;
        }
        if (heldCount == HELD) {
            closeGap();
            onFrame(sequence, (int) position, buffer, offset, length, now);
            return;
        }
        hold(sequence, position, buffer, offset, length, ticks, now);
        if (heldCount == 1) {
            holdDeadlineNanos = now + holdNanos;
        }
    }

    private void hold(long sequence, long position, byte[] buffer, int offset, int length, int ticks, long now) {
        Held frame = held[heldCount];
        int at = heldCount;
        while (at > 0 && held[at - 1].position > position) {
            held[at] = held[at - 1];
            at--;
        }
        held[at] = frame;
        heldCount++;
        frame.set(sequence, position, ticks, now, buffer, offset, length);
    }

    private Held takeHeld() {
        Held first = held[0];
        heldCount--;
        System.arraycopy(held, 1, held, 0, heldCount);
        held[heldCount] = first;
        return first;
    }

    /** The missing frame will not come: its place is filled, and what was held goes on. */
    private void closeGap() {
        Held first = held[0];
        fillTo(first.position - first.ticks, first.ticks, false);
        if (first.position - next > first.ticks / 2) {
            if (frames.repair(first.buffer, HEADROOM, first.length, first.ticks)) {
                repaired++;
            } else {
                conceal(first.ticks);
            }
        }
        next = first.position;
        playHeld();
        if (heldCount > 0) {
            holdDeadlineNanos = held[0].arrivalNanos + holdNanos;
        }
    }

    /** Lets everything held go, as if its time had come. */
    private void release() {
        while (heldCount > 0) {
            closeGap();
        }
    }

    /** How long one piece of made-up sound is among frames of this length. */
    private int fillerTicks(int ticks) {
        return Math.max(ticks, clockRate / FILLERS_PER_SECOND);
    }

    private void fillTo(long position, int frame, boolean isPause) {
        int ticks = fillerTicks(frame);
        while (position - next > ticks / 2) {
            if (isPause) {
                frames.silence(ticks);
            } else {
                conceal(ticks);
            }
            next += ticks;
        }
        next = position;
    }

    private void conceal(int ticks) {
        filled++;
        concealed++;
        frames.conceal(ticks);
    }

    private void filler(long now) {
        boolean isPause = !isAnchored || isUnexpected || (isQuiet && now - quietUntilNanos < 0);
        if (isPause || nanos((long) fillersInRow * frameTicks) >= CONCEALED_NANOS) {
            frames.silence(frameTicks);
        } else {
            concealed++;
            frames.conceal(frameTicks);
        }
        if (!isPause) {
            filled++;
        }
        fillersInRow = Math.min(fillersInRow + 1, Short.MAX_VALUE);
        next += frameTicks;
        nextFillNanos += nanos(frameTicks);
    }

    private long nextFillerNanos() {
        return isAnchored ? dueNanos(next) + patienceNanos() : nextFillNanos;
    }

    private void skipSleep(long now) {
        long behind = now - nextFillerNanos();
        if (behind > SLEPT_NANOS) {
            long slept = behind / nanos(frameTicks);
            next += slept * frameTicks;
            nextFillNanos += slept * nanos(frameTicks);
        }
    }

    /**
     * More in a short time than any stall can leave behind: it is not played faster than time goes, but for the little by which
     * the sender's clock may be faster than ours.
     */
    private boolean isFlood(long frameNanos, long now) {
        long elapsed = now - lastPlayNanos;
        aheadNanos = Math.max(0, aheadNanos - elapsed - elapsed / FASTEST_CLOCK);
        lastPlayNanos = now;
        if (aheadNanos > BACKLOG_NANOS + MOST_PATIENCE_NANOS) {
            return true;
        }
        aheadNanos += frameNanos;
        return false;
    }

    private void anchor(long sequence, int timestamp, long now) {
        isAnchored = true;
        next = Integer.toUnsignedLong(timestamp);
        origin = next;
        nextSequence = sequence;
        lateness.restart(now, now);
    }

    private void jump(long sequence, int timestamp, long now) {
        release();
        jumps++;
        lateInRow = 0;
        anchor(sequence, timestamp, now);
    }

    private long dueNanos(long position) {
        return lateness.base() + nanos(position - origin);
    }

    private long nanos(long ticks) {
        return ticks / clockRate * SECOND + ticks % clockRate * SECOND / clockRate;
    }

    @Override
    public String toString() {
        return "patience " + patienceNanos() / MILLI + " ms, " + lateness;
    }

    /** A frame that waits for the one before it. */
    private static final class Held {
        private byte[] buffer = new byte[0];
        private int length;
        private long sequence;
        private long position;
        private int ticks;
        private long arrivalNanos;

        void set(long newSequence, long newPosition, int newTicks, long now, byte[] from, int offset, int newLength) {
            if (buffer.length < newLength + 2 * HEADROOM) {
                buffer = new byte[newLength + 3 * HEADROOM];
            }
            System.arraycopy(from, offset, buffer, HEADROOM, newLength);
            length = newLength;
            sequence = newSequence;
            position = newPosition;
            ticks = newTicks;
            arrivalNanos = now;
        }
    }
}
