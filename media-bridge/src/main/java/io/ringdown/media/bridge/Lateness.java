package io.ringdown.media.bridge;

import java.util.Arrays;

/**
 * How late the packets of one stream come: a clock base, the least transit seen of late, and the lateness above it that only
 * one packet in a hundred exceeds. Owned by one thread. The base follows the sender's clock, however that drifts.
 */
final class Lateness {
    // At 300 ppm the least of two such windows is off by at most 2.4 ms.
    private static final long WINDOW_NANOS = 4_000_000_000L;
    private static final long BIN_NANOS = 4_000_000;
    private static final int BINS = 40;
    private static final int FORGET_AT = 1_024;

    private final int[] bins = new int[BINS];
    private long windowStartNanos;
    private long windowLeast = Long.MAX_VALUE;
    private long earlierLeast = Long.MAX_VALUE;
    private int counted;
    private long percentileNanos;

    /** Begins with a packet that counts as being in time. */
    void restart(long transitNanos, long now) {
        windowStartNanos = now;
        windowLeast = transitNanos;
        earlierLeast = Long.MAX_VALUE;
    }

    /** Takes a packet in order into account; {@code transitNanos} is its arrival minus its time on the sender's clock. */
    void onPacket(long transitNanos, long now) {
        if (now - windowStartNanos >= WINDOW_NANOS) {
            earlierLeast = windowLeast;
            windowLeast = transitNanos;
            windowStartNanos = now;
        }
        windowLeast = Math.min(windowLeast, transitNanos);
        int bin = (int) Math.min(BINS - 1L, (transitNanos - base()) / BIN_NANOS);
        bins[bin]++;
        counted++;
        if (counted >= FORGET_AT) {
            forget();
        }
        if ((counted & 0x0F) == 0) {
            percentileNanos = percentile();
        }
    }

    /** The transit of a packet in time. */
    long base() {
        return Math.min(windowLeast, earlierLeast);
    }

    /** The lateness that 99 packets of 100 stay below. */
    long percentileNanos() {
        return percentileNanos;
    }

    private long percentile() {
        int above = counted / 100;
        int bin = BINS - 1;
        for (int seen = bins[bin]; seen <= above && bin > 0; seen += bins[bin]) {
            bin--;
        }
        return (bin + 1) * BIN_NANOS;
    }

    private void forget() {
        counted = 0;
        for (int i = 0; i < BINS; i++) {
            bins[i] /= 2;
            counted += bins[i];
        }
    }

    @Override
    public String toString() {
        return "p99 " + percentileNanos / 1_000_000 + " ms of "
                + Arrays.stream(bins).sum();
    }
}
