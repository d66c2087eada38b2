package io.ringdown.bench;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The time that frames of one direction of one call spend in the gateway: from our sending to our receiving, without what the
 * codecs hold back by nature. A mark tells which frame sent is which frame received; from then on every packet counts, by its
 * timestamp. One thread sends, one receives, any asks.
 */
final class Delay {
    private static final int REMEMBERED = 256; // frames: five seconds
    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLongArray sentAt = new AtomicLongArray(REMEMBERED);
    private final Figures figures;
    private volatile long lastSent = -1;
    private volatile boolean counting;
    private final AtomicInteger marks = new AtomicInteger();
    private final AtomicInteger shifts = new AtomicInteger();
    private long offset;
    private long lastTimestamp = NEVER;
    private long frame;

    Delay(Figures figures) {
        this.figures = figures;
    }

    /** A frame leaves now. */
    void onSent(long number, long now) {
        sentAt.set((int) (number % REMEMBERED), now);
        lastSent = number;
    }

    /** A packet came; its timestamp in units of frames is found from {@code step}, the clock's ticks of a frame. */
    void onReceived(int timestamp, int step, boolean mark, long now) {
        if (lastTimestamp == NEVER) {
            lastTimestamp = timestamp;
        }
        int ahead = timestamp - (int) lastTimestamp;
        frame += Math.round((double) ahead / step);
        lastTimestamp = timestamp;
        if (mark) {
            onMark(now);
        }
        if (counting && marks.get() > 0) {
            long number = frame - offset;
            if (number > lastSent - REMEMBERED && number <= lastSent) {
                figures.add(now - sentAt.get((int) (number % REMEMBERED)));
            }
        }
    }

    /** Begins or ends to take part in the figures. */
    void count(boolean on) {
        counting = on;
    }

    int marks() {
        return marks.get();
    }

    /** How often a mark showed that frames had been left out or put in. */
    int shifts() {
        return shifts.get();
    }

    /** The mark that came is the last one that had been sent: delays are far below a second. */
    private void onMark(long now) {
        long number = lastSent;
        while (number >= 0
                && number > lastSent - Speech.MARK_EVERY
                && !(Speech.isMark(number) && sentAt.get((int) (number % REMEMBERED)) <= now)) {
            number--;
        }
        if (number < 0 || !Speech.isMark(number)) {
            return;
        }
        long found = frame - number;
        if (marks.get() > 0 && found != offset) {
            shifts.incrementAndGet();
        }
        offset = found;
        marks.incrementAndGet();
    }
}
