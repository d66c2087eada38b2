package io.ringdown.bench;

/**
 * Finds out which frame sent is which frame received, in one direction of one call: from our sending to our receiving, without
 * what the codecs hold back by nature. At first every frame is decoded until a mark is heard; from then on timestamps tell, and
 * only the frames about where a mark must be are decoded, to see that it still is there. Time is passed in. One thread.
 */
final class FrameMatcher {
    private static final int WINDOW = 2; // frames before and behind a mark
    private static final int EARLY = 128; // arrivals kept until the first mark
    private static final long LATE_NANOS = 20_000_000;

    private final Board board;
    private final int place;
    private final Board.Way way;
    private final int ticks;
    private final Listener listener;
    private final EndFigures figures;
    private final long[] early = new long[EARLY];
    private boolean begun;
    private boolean aligned;
    private boolean searching = true;
    private int lastTimestamp;
    private int highestSequence;
    private long seen = 1; // of the last 64 sequence numbers, the highest in the lowest bit
    private long frame;
    private long offset;
    private long heardAt;

    FrameMatcher(Board board, int place, Board.Way way, Format format, Listener listener, EndFigures figures) {
        this.board = board;
        this.place = place;
        this.way = way;
        this.ticks = format.ticks();
        this.listener = listener;
        this.figures = figures;
    }

    /** A packet of speech came at this time. */
    void onPacket(int sequence, int timestamp, byte[] packet, int offset, int length, long at) {
        figures.received++;
        follow(sequence, timestamp);
        if (!aligned) {
            early[(int) Math.floorMod(frame, (long) EARLY)] = at;
        }
        if (searching) {
            if (listener.isMark(packet, offset, length)) {
                onMark(at);
            }
        } else {
            check(packet, offset, length, at);
        }
        if (aligned) {
            measure(at);
        }
    }

    /** Whether frames of the other end have come. */
    boolean isHeard() {
        return aligned;
    }

    /** When the first frame of the other end came; asked once that is so. */
    long heardAt() {
        return heardAt;
    }

    private void follow(int sequence, int timestamp) {
        if (!begun) {
            begun = true;
            lastTimestamp = timestamp;
            highestSequence = sequence;
            frame = EARLY;
            return;
        }
        int step = (short) (sequence - highestSequence);
        if (step > 0) {
            figures.lost += step - 1;
            highestSequence = sequence;
            seen = step < Long.SIZE ? seen << step | 1 : 1;
        } else {
            long bit = step > -Long.SIZE ? 1L << -step : 0;
            if ((seen & bit) == 0 && bit != 0) {
                figures.lost--; // it was taken for lost before
            }
            seen |= bit;
            figures.reordered++;
        }
        frame += Math.round((double) (timestamp - lastTimestamp) / ticks);
        lastTimestamp = timestamp;
    }

    private void check(byte[] packet, int at, int length, long now) {
        long number = frame - offset;
        long fromMark = Math.floorMod(number - Speech.MARK_EVERY / 2 + WINDOW, (long) Speech.MARK_EVERY) - WINDOW;
        if (fromMark > WINDOW) {
            return;
        }
        if (listener.isMark(packet, at, length)) {
            onMark(now);
        } else if (fromMark == 0 && board.sentAt(place, way, Math.max(0, number)) != Board.LOST) {
            figures.marksMissed++;
            searching = true;
        }
    }

    /** The mark that came is the last one that had been sent: delays are far below a second. */
    private void onMark(long at) {
        long last = board.lastSent(place, way);
        long number = last - Math.floorMod(last - Speech.MARK_EVERY / 2, (long) Speech.MARK_EVERY);
        if (number >= 0 && board.sentAt(place, way, number) > at) {
            number -= Speech.MARK_EVERY;
        }
        if (number < 0 || board.sentAt(place, way, number) == 0) {
            return;
        }
        searching = false;
        figures.marks++;
        long found = frame - number;
        if (aligned && found != offset) {
            figures.shifts++;
        }
        offset = found;
        if (!aligned) {
            aligned = true;
            heardAt = firstHeard(at);
        }
    }

    /** The arrival of the first frame that the other end had spoken. */
    private long firstHeard(long now) {
        for (long back = Math.min(frame, frame - offset); back >= 0; back--) {
            // from the first frame spoken onwards, found by going back from the mark
            long number = frame - offset - back;
            if (number < 0 || back >= EARLY || board.sentAt(place, way, number) <= 0) {
                continue;
            }
            long at = early[(int) Math.floorMod(frame - back, (long) EARLY)];
            if (at > 0 && at <= now) {
                return at;
            }
        }
        return now;
    }

    private void measure(long at) {
        long number = frame - offset;
        if (number < 0 || number > board.lastSent(place, way)) {
            figures.invented++;
            return;
        }
        long sentAt = board.sentAt(place, way, number);
        if (sentAt == Board.LOST) {
            figures.replaced++;
        } else if (sentAt == 0 || at < sentAt) {
            figures.invented++; // it was still on its way to the gateway
        } else if (number > board.lastSent(place, way) - Board.REMEMBERED) {
            long delay = at - sentAt;
            if (delay > LATE_NANOS) {
                figures.late++;
            }
            figures.delay(place).add(delay);
            figures.recent.add(delay);
        }
    }
}
