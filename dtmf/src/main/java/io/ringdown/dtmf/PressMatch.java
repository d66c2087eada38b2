package io.ringdown.dtmf;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tells a press once that comes by several roads: as telephone-event, as SIP INFO, as a tone in the sound. Pure; owned by one
 * thread; {@link #isNew} allocates nothing. Reports are matched one to one: a road's report of a digit is the oldest press of that digit
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
    private final boolean[] isUnknown = new boolean[REMEMBERED];
    private final long[] startNanos = new long[REMEMBERED];
    private final long[] endNanos = new long[REMEMBERED];
    private final int[] roads = new int[REMEMBERED];
    private final long[] matched = new long[ROADS];
    private int first;
    private int size;

    /**
     * A press that was told, without its digit.
     *
     * @param began how long ago
     * @param ended how long ago
     * @param roads which have spoken of it
     */
    public record Remembered(Duration began, Duration ended, List<DtmfRoad> roads) {}

    /** Nothing was pressed yet. */
    public PressMatch() {}

    /**
     * One that goes on from what another had {@link #remembered} at its end, the oldest first. A press whose digit is not known any
     * more is the same as any that another road reports near it in time: that a far end's roads differ within a second is rarer than
     * that one of them is late. {@code now} in nanoseconds.
     */
    public PressMatch(List<Remembered> presses, long now) {
        for (Remembered press : presses) {
            int at = next();
            isUnknown[at] = true;
            startNanos[at] = now - press.began.toNanos();
            endNanos[at] = now - press.ended.toNanos();
            press.roads.forEach(road -> roads[at] |= bit(road));
        }
    }

    /** What was told and may come by another road yet, the oldest first; digits are kept to ourselves. */
    public List<Remembered> remembered(long now) {
        List<Remembered> presses = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int at = (first + i) % REMEMBERED;
            List<DtmfRoad> spoken = Arrays.stream(DtmfRoad.values())
                    .filter(road -> (roads[at] & bit(road)) != 0)
                    .toList();
            presses.add(new Remembered(
                    Duration.ofNanos(now - startNanos[at]), Duration.ofNanos(now - endNanos[at]), spoken));
        }
        return presses;
    }

    /**
     * Takes the report of a press that lasted from {@code startNanos} to {@code endNanos} as far as this road knows, which for
     * INFO may be one moment. Answers whether it is the first of this press, and so is to be told.
     */
    public boolean isNew(DtmfRoad road, Digit digit, long startNanos, long endNanos) {
        for (int i = 0; i < size; i++) {
            int at = (first + i) % REMEMBERED;
            if (isSame(at, road, digit, startNanos, endNanos)) {
                roads[at] |= bit(road);
                digits[at] = digit;
                isUnknown[at] = false;
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
        return (isUnknown[at] || digits[at] == digit)
                && (roads[at] & bit(road)) == 0
                && start - endNanos[at] <= WINDOW_NANOS
                && startNanos[at] - end <= WINDOW_NANOS;
    }

    private void remember(DtmfRoad road, Digit digit, long start, long end) {
        int at = next();
        digits[at] = digit;
        isUnknown[at] = false;
        startNanos[at] = start;
        endNanos[at] = end;
        roads[at] = bit(road);
    }

    /** A place for one more, in the stead of the oldest where there is none free. */
    private int next() {
        if (size == REMEMBERED) {
            first = (first + 1) % REMEMBERED;
            size--;
        }
        int at = (first + size) % REMEMBERED;
        size++;
        roads[at] = 0;
        return at;
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
