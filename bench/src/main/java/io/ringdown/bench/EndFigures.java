package io.ringdown.bench;

/** What one end has counted since it was asked to begin. On the thread of its wheel alone; a reading is immutable. */
final class EndFigures {
    long sent;
    long received;
    long lost;
    long late;
    long invented;
    long replaced;
    long reordered;
    long shifts;
    long marks;
    long marksMissed;
    long srtpErrors;
    long sendErrors;
    long socketDrops;
    final Histogram lateness = new Histogram();
    final Histogram recent = new Histogram();
    private final Histogram established = new Histogram();
    private final Histogram newcomers = new Histogram();
    private int boundary = Integer.MAX_VALUE;

    /** What is told over the wire between processes. */
    record Reading(
            long sent,
            long received,
            long lost,
            long late,
            long invented,
            long replaced,
            long reordered,
            long shifts,
            long marks,
            long marksMissed,
            long srtpErrors,
            long sendErrors,
            long socketDrops,
            boolean preferred,
            Histogram lateness,
            Histogram delay,
            Histogram newcomers,
            Histogram recent) {}

    /** Where the delays of the call at this place are gathered. */
    Histogram delay(int place) {
        return place < boundary ? established : newcomers;
    }

    /** Calls from this place on are newcomers. */
    void boundary(int place) {
        boundary = place;
    }

    /** All that there is; what is recent begins anew. */
    Reading read(boolean preferred) {
        Histogram latest = recent.copy();
        recent.clear();
        return new Reading(
                sent,
                received,
                lost,
                late,
                invented,
                replaced,
                reordered,
                shifts,
                marks,
                marksMissed,
                srtpErrors,
                sendErrors,
                socketDrops,
                preferred,
                lateness.copy(),
                established.copy(),
                newcomers.copy(),
                latest);
    }

    void clear() {
        sent = 0;
        received = 0;
        lost = 0;
        late = 0;
        invented = 0;
        replaced = 0;
        reordered = 0;
        shifts = 0;
        marks = 0;
        marksMissed = 0;
        srtpErrors = 0;
        sendErrors = 0;
        socketDrops = 0;
        lateness.clear();
        recent.clear();
        established.clear();
        newcomers.clear();
    }
}
