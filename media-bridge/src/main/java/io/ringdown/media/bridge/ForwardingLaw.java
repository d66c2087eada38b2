package io.ringdown.media.bridge;

import io.ringdown.media.bridge.HeldFrames.Held;
import java.util.Arrays;

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

    // A sender's clock may be so much faster than ours, as 1 / n, before what it sends counts as more than time allows.
    private static final int CLOCKS_APART = 100;

    private static final int COPIES_REMEMBERED = 8;

    private final int clockRate;
    private final Frames frames;
    private final Lateness lateness = new Lateness();
    private final Reordering reordering;
    private final Pace pace = new Pace();
    private final HeldFrames held = new HeldFrames();
    private long heldSinceNanos;
    private long smoothNanos;

    // The places of the last copies that were played: their originals may still come, and are not late then.
    private final long[] copiedPlaces = new long[COPIES_REMEMBERED];
    private int copiedCount;

    // The last gap that was closed without its frames: they may still come, and tell how long to wait next time.
    private long closedFrom;
    private long closedTo;
    private long closedSinceNanos;

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
    private long lastOutNanos;

    private long filled;
    private long repairedRed;
    private long repairedFec;
    private long concealed;
    private long late;
    private long malformed;
    private long jumps;
    private long overruns;
    private long slips;
    private long nowNanos;

    /**
     * A law that has seen nothing yet.
     *
     * @param clockRate of the stream's timestamps
     * @param frameTicks how long a filler is before the first frame tells better
     * @param mostHoldNanos the most that a missing frame is waited for
     */
    ForwardingLaw(int clockRate, int frameTicks, long mostHoldNanos, Frames frames, long now) {
        this.clockRate = clockRate;
        this.lastOutNanos = now;
        this.nowNanos = now;
        this.frameTicks = frameTicks;
        this.reordering = new Reordering(mostHoldNanos, now);
        this.frames = frames;
        Arrays.fill(copiedPlaces, Long.MIN_VALUE);
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

    /** Holds every frame until so long after its time, so that what goes on is as steady as the sender's clock; 0 to not. */
    void smooth(long nanos) {
        smoothNanos = nanos;
    }

    /** What comes from here on is another stream; its first frame goes on at once. */
    void restart(long now) {
        nowNanos = now;
        release();
        isAnchored = false;
        lateInRow = 0;
        nextFillNanos = now + patienceNanos();
    }

    /**
     * Nothing comes in from here on, until {@link #restart}: fillers of this length, all of them silence and no loss, go on at the
     * pace of what went out before.
     */
    void alone(int ticks, long now) {
        long due = isFilling && !isAnchored ? nextFillNanos : Math.max(now, lastOutNanos + nanos(ticks));
        restart(now);
        frameTicks = ticks;
        nextFillNanos = due;
        isFilling = true;
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
        reordering.onTime(now);
        if (gap < 0 && -gap > ticks / 2) {
            onLate(sequence, position, buffer, offset, length, ticks, now);
        } else if (gap > ticks / 2) {
            onGap(sequence, position, buffer, offset, length, ticks, now);
        } else {
            inOrder(sequence, position, buffer, offset, length, ticks, now);
        }
    }

    /**
     * Takes a copy of an earlier frame, out of the packet with this sequence number and before that packet's own frame. It is
     * used only if the place of its frame is free and nothing waits for it.
     */
    void onCopy(long carrier, int timestamp, int ticksBefore, byte[] buffer, int offset, int length, long now) {
        int ticks = frames.ticksOf(buffer, offset, length);
        if (ticks <= 0) {
            malformed++;
            return;
        }
        onTime(now);
        int copied = timestamp - ticksBefore;
        long position = next + (copied - (int) next);
        long gap = position - next;
        boolean isUseless = !isAnchored || -gap > ticks / 2 || nanos(gap) > MOST_GAP_NANOS;
        if (isUseless || dueNanos(position) - now > JUMP_NANOS || isBacklog(position, ticks, now)) {
            return;
        }
        long sequence = carrier - Math.max(1, ticksBefore / ticks);
        if (gap > ticks / 2 || !isReleased(position, now)) {
            hold(sequence, position, true, buffer, offset, length, ticks, now);
        } else if (!isFlood()) {
            playCopy(sequence, position, buffer, offset, length, ticks);
            playHeld(now);
        }
    }

    private void playCopy(long sequence, long position, byte[] buffer, int offset, int length, int ticks) {
        repairedRed++;
        copiedPlaces[copiedCount] = position;
        copiedCount = (copiedCount + 1) % COPIES_REMEMBERED;
        nextSequence = Math.max(nextSequence, sequence + 1);
        next = position + ticks;
        play(buffer, offset, length, ticks, nowNanos);
    }

    /** Fills and releases what is due. */
    void onTime(long now) {
        nowNanos = now;
        while (!held.isEmpty() && now - heldDeadlineNanos() >= 0) {
            if (isNext(held.first())) {
                playHeld(now);
            } else {
                closeGap(now);
            }
        }
        if (!isFilling || !held.isEmpty()) {
            return;
        }
        skipSleep(now);
        while (now - nextFillerNanos() >= 0) {
            filler(now);
        }
    }

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    long nextWakeup() {
        if (!held.isEmpty()) {
            return heldDeadlineNanos();
        }
        return isFilling ? nextFillerNanos() : Long.MAX_VALUE;
    }

    /** How long a missing frame is waited for when what follows it has come. */
    long holdNanos() {
        return reordering.holdNanos();
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

    /** Missing frames of which a whole copy came in a later packet (RFC 2198). */
    long repairedRed() {
        return repairedRed;
    }

    /** Missing frames made out of what the frame after them tells of them (in-band FEC). */
    long repairedFec() {
        return repairedFec;
    }

    /** Those of the {@link #filled} that were made of the sound before them; the others are silence. */
    long concealed() {
        return concealed;
    }

    /** Frames left out or put in where it was silent, to keep to a clock that is not the sender's. */
    long slips() {
        return slips;
    }

    /** Frames dropped because a bound was hit: too many held, or more sound than time allows. */
    long overruns() {
        return overruns;
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
        if (!held.isEmpty()) {
            reordering.onReordered(now - heldSinceNanos);
        }
        boolean isDropped = isBacklog(position, ticks, now);
        if (!isDropped || hasMoved(now)) { // a backlog comes at once; what goes on being late is the stream's pace now
            isDropped = false;
            lateInRow = 0;
        }
        if (!isDropped && !isReleased(position, now)) {
            hold(sequence, position, false, buffer, offset, length, ticks, now);
            return;
        }
        nextSequence = Math.max(nextSequence, sequence + 1);
        next = position + ticks;
        boolean isFlood = !isDropped && isFlood();
        if (isFlood) {
            overruns++;
        }
        if (isDropped || isFlood) {
            late++;
            frames.absorb(buffer, offset, length);
        } else {
            fillersInRow = 0;
            isQuiet = false;
            play(buffer, offset, length, ticks, now);
        }
        playHeld(now);
    }

    private void play(byte[] buffer, int offset, int length, int ticks, long arrivalNanos) {
        frames.cameAt(arrivalNanos);
        long ahead = pace.aheadNanos(nowNanos);
        if (smoothNanos == 0 || Math.abs(ahead) < nanos(ticks)) {
            frames.play(buffer, offset, length, ticks);
            onOut(ticks);
        } else if (frames.playUnlessSilent(buffer, offset, length, ticks)) {
            onOut(ticks);
        } else {
            slips++;
            if (ahead < 0) {
                silence(ticks);
                silence(ticks);
            }
        }
    }

    private void silence(int ticks) {
        frames.silence(ticks);
        onOut(ticks);
    }

    private void onOut(int ticks) {
        long length = nanos(ticks);
        aheadNanos = aheadNanos() + length;
        lastOutNanos = nowNanos;
        if (smoothNanos > 0) {
            pace.onOut(length, nowNanos);
        }
    }

    /** How much more went out of late than time has gone by. */
    private long aheadNanos() {
        long elapsed = nowNanos - lastOutNanos;
        return Math.max(0, aheadNanos - elapsed - elapsed / CLOCKS_APART);
    }

    /** Whether a stall has just ended and this is more than 60 ms of what it has left behind. */
    private boolean isBacklog(long position, int ticks, long now) {
        boolean isStallOver = nanos((long) fillersInRow * ticks) >= BACKLOG_NANOS;
        return isStallOver && now - dueNanos(position) > BACKLOG_NANOS;
    }

    /** Plays what directly follows out of the held frames. */
    private void playHeld(long now) {
        while (!held.isEmpty()
                && isNext(held.first())
                && isReleased(held.first().position(), now)) {
            playFirstHeld();
        }
        if (!held.isEmpty()) {
            heldSinceNanos = held.first().arrivalNanos();
        }
    }

    private void playFirstHeld() {
        Held first = held.take();
        long behind = next - first.position();
        if (behind > first.ticks() / 2) {
            nextSequence = Math.max(nextSequence, first.sequence() + 1);
            late++;
            frames.absorb(first.buffer(), first.offset(), first.length());
        } else if (first.isCopy()) {
            playCopy(first.sequence(), first.position(), first.buffer(), first.offset(), first.length(), first.ticks());
        } else {
            nextSequence = Math.max(nextSequence, first.sequence() + 1);
            next = first.position() + first.ticks();
            fillersInRow = 0;
            isQuiet = false;
            play(first.buffer(), first.offset(), first.length(), first.ticks(), first.arrivalNanos());
        }
    }

    private boolean isNext(Held frame) {
        return frame.position() - next <= frame.ticks() / 2;
    }

    private void onLate(long sequence, long position, byte[] buffer, int offset, int length, int ticks, long now) {
        if (isCopied(position)) {
            return; // its copy was played in its place
        }
        late++;
        if (position >= closedFrom && position < closedTo) {
            reordering.onReordered(now - closedSinceNanos);
        }
        if (sequence < nextSequence) {
            return; // the decoder has already gone past it
        }
        nextSequence = sequence + 1;
        if (hasMoved(now)) {
            late--;
            jump(sequence, (int) position, now);
            inOrder(sequence, next, buffer, offset, length, ticks, now);
        } else {
            frames.absorb(buffer, offset, length);
        }
    }

    private boolean isCopied(long position) {
        for (long place : copiedPlaces) {
            if (place == position) {
                return true;
            }
        }
        return false;
    }

    /** Counts a frame that came too late; whether so many have by now that the timeline has moved. */
    private boolean hasMoved(long now) {
        if (lateInRow == 0) {
            lateSinceNanos = now;
        }
        lateInRow++;
        return lateInRow >= MOVED_FRAMES && now - lateSinceNanos >= MOVED_NANOS && held.isEmpty();
    }

    private void onGap(long sequence, long position, byte[] buffer, int offset, int length, int ticks, long now) {
        long missing = sequence - nextSequence;
        if (missing == 0 && held.isEmpty()) { // nothing was lost: the sender has paused
            fillTo(position, ticks, true);
            inOrder(sequence, position, buffer, offset, length, ticks, now);
            return;
        }
        if (isRepairedAtOnce(position, buffer, offset, length, ticks, now)) {
            inOrder(sequence, position, buffer, offset, length, ticks, now);
            return;
        }
        hold(sequence, position, false, buffer, offset, length, ticks, now);
    }

    /** Where nothing has come out of order lately, the one missing frame is a lost one. */
    private boolean isRepairedAtOnce(long position, byte[] buffer, int offset, int length, int ticks, long now) {
        boolean isOneFrame = Math.abs(position - next - ticks) <= ticks / 2;
        boolean isRepaired = isOneFrame
                && held.isEmpty()
                && smoothNanos == 0
                && !reordering.isSeen()
                && frames.repair(buffer, offset, length, ticks);
        if (isRepaired) {
            onOut(ticks);
            repairedFec++;
            closed(position, now);
        }
        return isRepaired;
    }

    private void hold(
            long sequence, long position, boolean isCopy, byte[] buffer, int offset, int length, int ticks, long now) {
        Held same = held.at(position);
        if (same != null) {
            if (!isCopy) { // of which the copy came first
                held.replace(same, sequence, buffer, offset, length);
            }
            return;
        }
        while (held.isFull()) { // one by one they go before their time
            overruns++;
            if (isNext(held.first())) {
                playFirstHeld();
            } else {
                closeGap(now);
            }
        }
        if (held.isEmpty()) {
            heldSinceNanos = now;
        } else if (!isCopy && position < held.last().position()) {
            reordering.onReordered(now - heldSinceNanos);
        }
        held.add(sequence, position, ticks, isCopy, buffer, offset, length, now);
    }

    private long heldDeadlineNanos() {
        Held first = held.first();
        if (isNext(first)) {
            return smoothNanos == 0 ? first.arrivalNanos() : dueNanos(first.position()) + smoothNanos;
        }
        long hold = reordering.holdNanos();
        return smoothNanos == 0 ? heldSinceNanos + hold : dueNanos(next) + Math.max(hold, smoothNanos);
    }

    /** The missing frame will not come: its place is filled, and what was held goes on. */
    private void closeGap(long now) {
        Held first = held.first();
        closed(first.position(), heldSinceNanos);
        if (smoothNanos > 0 && first.position() - next > first.ticks() + first.ticks() / 2) {
            conceal(first.ticks()); // the next place has its own time
            next += first.ticks();
            return;
        }
        boolean isPause = first.sequence() == nextSequence;
        fillTo(first.position() - (isPause ? 0 : first.ticks()), first.ticks(), isPause);
        if (first.position() - next > first.ticks() / 2) {
            if (frames.repair(first.buffer(), first.offset(), first.length(), first.ticks())) {
                repairedFec++;
                onOut(first.ticks());
            } else {
                conceal(first.ticks());
            }
        }
        next = first.position();
        playHeld(now);
    }

    private void closed(long to, long since) {
        closedFrom = next;
        closedTo = to;
        closedSinceNanos = since;
    }

    /** Lets everything held go, as if its time had come. */
    private void release() {
        while (!held.isEmpty()) {
            if (isNext(held.first())) {
                playFirstHeld();
            } else {
                closeGap(nowNanos);
            }
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
                silence(ticks);
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
        onOut(ticks);
    }

    private void filler(long now) {
        boolean isPause = !isAnchored || isUnexpected || frames.isQuiet() || (isQuiet && now - quietUntilNanos < 0);
        if (isPause || nanos((long) fillersInRow * frameTicks) >= CONCEALED_NANOS) {
            frames.silence(frameTicks);
        } else {
            concealed++;
            frames.conceal(frameTicks);
        }
        onOut(frameTicks);
        if (!isPause) {
            filled++;
        }
        fillersInRow = Math.min(fillersInRow + 1, Short.MAX_VALUE);
        next += frameTicks;
        nextFillNanos += nanos(frameTicks);
    }

    private long nextFillerNanos() {
        return isAnchored ? dueNanos(next) + Math.max(patienceNanos(), smoothNanos) : nextFillNanos;
    }

    /** Whether a frame may go on; where there is a steady hold, only when its time has come. */
    private boolean isReleased(long position, long now) {
        return smoothNanos == 0 || now - dueNanos(position) - smoothNanos >= 0;
    }

    private void skipSleep(long now) {
        long behind = now - nextFillerNanos();
        if (behind > SLEPT_NANOS) {
            long slept = behind / nanos(frameTicks);
            next += slept * frameTicks;
            nextFillNanos += slept * nanos(frameTicks);
        }
    }

    /** More in a short time than any stall can leave behind: it is not played faster than time goes. */
    private boolean isFlood() {
        return aheadNanos() > BACKLOG_NANOS + MOST_PATIENCE_NANOS;
    }

    private void anchor(long sequence, int timestamp, long now) {
        isAnchored = true;
        pace.restart();
        Arrays.fill(copiedPlaces, Long.MIN_VALUE);
        closedTo = closedFrom;
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
        return "hold " + holdNanos() / MILLI + " ms, patience " + patienceNanos() / MILLI + " ms, " + lateness;
    }
}
