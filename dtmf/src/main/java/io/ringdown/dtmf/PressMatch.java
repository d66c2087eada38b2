package io.ringdown.dtmf;

/**
 * Tells a press once that comes by several roads: as telephone-event, as SIP INFO, as a tone in the sound. Pure; owned by one
 * thread; allocates nothing. Reports are matched one to one: a road's report of a digit is the oldest press of that digit
 * near in time of which this road has not spoken yet, and a new press if there is none. So however many roads a far end uses,
 * and whether a road misses a press, each is told with its first report, and equal digits side by side stay as many as they
 * are.
 */
public final class PressMatch {
    /** How far the same press may lie apart on two roads, beside its own length. */
    public static final long WINDOW_NANOS = 1_200_000_000;

    // At presses 100 ms apart this is what a window, and a press of 6 s in it, can hold.
    private static final int REMEMBERED = 128;
    private static final int ROADS = DtmfRoad.values().length;

    private final Digit[] digits = new Digit[REMEMBERED];
    private final long[] startNanos = new long[REMEMBERED];
    private final long[] endNanos = new long[REMEMBERED];
    private final int[] roads = new int[REMEMBERED];
    private final long[] matched = new long[ROADS];
    private int first;
    private int size;

    /**
     * Takes the report of a press that lasted from {@code startNanos} to {@code endNanos} as far as this road knows, which for
     * INFO may be one moment. Answers whether it is the first of this press, and so is to be told.
     */
    public boolean isNew(DtmfRoad road, Digit digit, long startNanos, long endNanos) {
        for (int i = 0; i < size; i++) {
            int at = (first + i) % REMEMBERED;
            if (isSame(at, road, digit, startNanos, endNanos)) {
                roads[at] |= bit(road);
                this.startNanos[at] = Math.min(this.startNanos[at], startNanos);
                this.endNanos[at] = Math.max(this.endNanos[at], endNanos);
                matched[index(road)]++;
                return false;
            }
        }
        remember(road, digit, startNanos, endNanos);
        return true;
    }

    /** How many reports of this road another one had told before. */
    public long matchedCount(DtmfRoad road) {
        return matched[index(road)];
    }

    private boolean isSame(int at, DtmfRoad road, Digit digit, long start, long end) {
        return digits[at] == digit
                && (roads[at] & bit(road)) == 0
                && start - endNanos[at] <= WINDOW_NANOS
                && startNanos[at] - end <= WINDOW_NANOS;
    }

    private void remember(DtmfRoad road, Digit digit, long start, long end) {
        if (size == REMEMBERED) {
            first = (first + 1) % REMEMBERED;
            size--;
        }
        int at = (first + size) % REMEMBERED;
        digits[at] = digit;
        startNanos[at] = start;
        endNanos[at] = end;
        roads[at] = bit(road);
        size++;
    }

    private static int bit(DtmfRoad road) {
        return 1 << index(road);
    }

    private static int index(DtmfRoad road) {
        return switch (road) {
            case RTP -> 0;
            case INFO -> 1;
            case IN_BAND -> 2;
        };
    }
}
