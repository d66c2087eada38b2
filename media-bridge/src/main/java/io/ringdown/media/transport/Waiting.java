package io.ringdown.media.transport;

/**
 * How long packets have waited in their sockets before their loop took them up: an estimate, for the times at which they came
 * are known to the kernel only. If the loop was idle, a packet has just come. If it was busy or at rest, a packet may have come
 * at any moment since it last looked; each is taken to have come at another one, spread evenly, so that over many the
 * percentiles are right. Pure; owned by one loop.
 */
final class Waiting {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L; // multiples of it, modulo 2^64, lie evenly
    private static final int BITS = 24;

    private boolean hasLooked;
    private long lookedNanos;
    private long gapNanos;
    private long turn;
    private long nanos;

    /** The loop looks at its sockets; {@code wasIdle} if it has waited for the packets that it finds now. */
    void onLook(boolean wasIdle, long now) {
        gapNanos = wasIdle || !hasLooked ? 0 : now - lookedNanos;
        hasLooked = true;
        lookedNanos = now;
    }

    /** A packet that was there at the look is taken up. */
    void onPacket(long now) {
        turn += GOLDEN;
        long share = turn >>> (Long.SIZE - BITS);
        nanos = ((gapNanos * share) >> BITS) + (now - lookedNanos);
    }

    /** What is done from here on is not about a packet that has just come. */
    void onNoPacket() {
        nanos = 0;
    }

    /** How long the packet in work has waited. */
    long nanos() {
        return nanos;
    }
}
