package io.ringdown.media.transport;

/**
 * How long a media loop rests before it looks at its sockets again. To be woken for a single packet costs the kernel as much as
 * forwarding it does us; while packets come densely the loop looks at the clock instead of waiting for each, and finds
 * several. The rest follows what a packet costs anyway, so a call without transcoding is delayed less. Pure; owned by one loop.
 *
 * <p>docs/adr/media-loops.md has the figures.
 */
final class Pace {
    private static final long WINDOW_NANOS = 10_000_000;
    private static final long SHORTEST_REST_NANOS = 80_000;
    private static final long LONGEST_REST_NANOS = 300_000;

    /** In units of what a packet costs. */
    private static final long REST_FACTOR = 14;

    /** A rest that finds fewer packets than this is one more wake-up, not one less. */
    private static final double LEAST_PACKETS = 1.2;

    private long windowStartNanos;
    private long windowPackets;
    private long windowWorkNanos;
    private long restNanos;

    Pace(long now) {
        windowStartNanos = now;
    }

    /** A look at the sockets has brought so many packets, and all that followed from it took so long. */
    void onCycle(long packets, long workNanos, long now) {
        windowPackets += packets;
        windowWorkNanos += workNanos;
        long passed = now - windowStartNanos;
        if (passed >= WINDOW_NANOS) {
            restNanos = restFor(passed);
            windowStartNanos = now;
            windowPackets = 0;
            windowWorkNanos = 0;
        }
    }

    /** How long to rest; 0 to wait for the next packet as long as it takes. */
    long restNanos() {
        return restNanos;
    }

    private long restFor(long passed) {
        if (windowPackets == 0) {
            return 0;
        }
        long rest = Math.clamp(REST_FACTOR * windowWorkNanos / windowPackets, SHORTEST_REST_NANOS, LONGEST_REST_NANOS);
        return windowPackets * (double) rest / passed >= LEAST_PACKETS ? rest : 0;
    }
}
