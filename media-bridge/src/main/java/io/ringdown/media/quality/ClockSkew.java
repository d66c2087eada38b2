package io.ringdown.media.quality;

/**
 * How much faster than ours the clock of a sender runs, from arrivals against timestamps. Single-threaded; allocates nothing
 * per packet.
 *
 * <p>The least transit in each window of 2 s is hardly touched by queues; the skew is the median of the slopes between
 * windows that lie a quarter of the observed time apart (Theil's estimator over a part of the pairs), so that a path that
 * becomes longer or shorter once does not count. It is known after 16 s and remembers two minutes.
 */
public final class ClockSkew {
    private static final long WINDOW_NANOS = 2_000_000_000L;
    private static final long JUMP_NANOS = 150_000_000; // more than a network does from one packet to the next window
    private static final int WINDOWS = 64;
    private static final int FEWEST = 8;
    private static final double UNKNOWN = Double.NaN;
    private static final double MOST_PPM = 10_000; // beyond one in a hundred it is no clock

    private final double[] least = new double[WINDOWS];
    private final double[] middle = new double[WINDOWS];
    private final double[] slopes = new double[WINDOWS];
    private int next;
    private int count;
    private boolean isStarted;
    private int lastTimestamp;
    private long ticks;
    private long startNanos;
    private double nanosPerTick = 1;
    private long windowStartNanos;
    private double windowLeast;
    private double windowLeastAt;
    private double ppm = UNKNOWN;

    /** Takes a packet that arrived at {@code now}; {@code clockRate} is that of its timestamps. */
    public void onPacket(int timestamp, int clockRate, long now) {
        if (!isStarted) {
            start(timestamp, clockRate, now);
            return;
        }
        ticks += timestamp - lastTimestamp;
        lastTimestamp = timestamp;
        double transit = (now - startNanos) - ticks * nanosPerTick;
        if (transit < windowLeast - JUMP_NANOS) {
            start(timestamp, clockRate, now); // the timestamps have jumped ahead
            return;
        }
        if (now - windowStartNanos >= WINDOW_NANOS) {
            close(transit, now);
        }
        if (transit < windowLeast) {
            windowLeast = transit;
            windowLeastAt = now - startNanos;
        }
    }

    /** What comes next is another stream. */
    public void restart() {
        isStarted = false;
        count = 0;
        next = 0;
        ppm = UNKNOWN;
    }

    /** Parts per million; above zero the sender is faster than we are. NaN while unknown. */
    public double ppm() {
        return ppm;
    }

    private void start(int timestamp, int clockRate, long now) {
        restart();
        isStarted = true;
        lastTimestamp = timestamp;
        ticks = 0;
        startNanos = now;
        nanosPerTick = 1e9 / clockRate;
        windowStartNanos = now;
        windowLeast = 0;
        windowLeastAt = 0;
    }

    private void close(double transit, long now) {
        boolean isPath = count == 0 || Math.abs(windowLeast - least[(next + WINDOWS - 1) % WINDOWS]) <= JUMP_NANOS;
        if (!isPath) { // a pause in which its clock stood still
            count = 0;
            next = 0;
            ppm = UNKNOWN;
        }
        least[next] = windowLeast;
        middle[next] = windowLeastAt;
        next = (next + 1) % WINDOWS;
        count = Math.min(count + 1, WINDOWS);
        windowStartNanos = now;
        windowLeast = transit;
        windowLeastAt = now - startNanos;
        if (count >= FEWEST) {
            estimate();
        }
    }

    private void estimate() {
        int apart = count / 4;
        int oldest = (next - count + WINDOWS) % WINDOWS;
        int pairs = count - apart;
        for (int i = 0; i < pairs; i++) {
            int from = (oldest + i) % WINDOWS;
            int to = (from + apart) % WINDOWS;
            insert((least[to] - least[from]) / (middle[to] - middle[from]), i);
        }
        double median = (slopes[(pairs - 1) / 2] + slopes[pairs / 2]) / 2;
        ppm = Math.clamp(-median * 1e6, -MOST_PPM, MOST_PPM);
    }

    /** Keeps the first {@code size} slopes in order. */
    private void insert(double slope, int size) {
        int at = size;
        while (at > 0 && slopes[at - 1] > slope) {
            slopes[at] = slopes[at - 1];
            at--;
        }
        slopes[at] = slope;
    }
}
