package io.ringdown.media.bridge;

/**
 * Whether what goes out keeps to our clock. Only a receiver with a fixed buffer needs that: it takes a frame every 20 ms by a
 * clock of its own, of which ours is the best guess, and where the sender's is another one it has to drop or repeat something
 * in the middle of a word. Owned by one thread.
 */
final class Pace {
    // By then the receiver's buffer has run over or dry and begun anew: so do we.
    private static final long GIVEN_UP_NANOS = 100_000_000;

    private long startNanos;
    private long outNanos;
    private boolean isStarted;

    /** Another timeline begins. */
    void restart() {
        isStarted = false;
    }

    /** So much has gone out. */
    void onOut(long nanos, long now) {
        if (!isStarted) {
            isStarted = true;
            startNanos = now;
            outNanos = 0;
        }
        outNanos += nanos;
        if (Math.abs(aheadNanos(now)) > GIVEN_UP_NANOS) {
            startNanos = now - outNanos;
        }
    }

    /** How far what has gone out is ahead of time; negative if it is behind. */
    long aheadNanos(long now) {
        return isStarted ? outNanos - (now - startNanos) : 0;
    }
}
