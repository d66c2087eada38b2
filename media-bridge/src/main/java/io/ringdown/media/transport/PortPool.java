package io.ringdown.media.transport;

import io.ringdown.media.PortRange;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalInt;

/**
 * The even ports of a range, each for a pair. A pair rests after a call, so that late packets of the old call find a closed
 * port and not the next call (THREATS M12); the longest unused goes first. When only resting ones are left, those go that have
 * rested for the lesser time. Pure; {@code now} in nanoseconds; not thread-safe.
 */
final class PortPool {
    static final Duration REST = Duration.ofSeconds(30);
    static final Duration REST_UNDER_PRESSURE = Duration.ofSeconds(5);

    private final ArrayDeque<Free> free = new ArrayDeque<>();
    private final int pairs;
    private long takenUnderPressure;
    private long exhausted;

    /** All of them are free; {@code start} says, in any number, which one goes first. */
    PortPool(PortRange range, int start) {
        int first = range.first() + (range.first() & 1);
        pairs = (range.last() - first + 1) / 2;
        for (int i = 0; i < pairs; i++) {
            free.add(new Free(first + 2 * Math.floorMod(start + i, pairs), false, 0));
        }
    }

    /** The even port of a pair that has rested, if there is one. */
    OptionalInt take(long now) {
        Free head = free.peek();
        if (head == null || !head.rested(REST_UNDER_PRESSURE, now)) {
            exhausted++;
            return OptionalInt.empty();
        }
        if (!head.rested(REST, now)) {
            takenUnderPressure++;
        }
        free.remove();
        return OptionalInt.of(head.port);
    }

    /** Takes this pair, rested or not, for whoever had it before; false if it is in use, or none of the range. */
    boolean reclaim(int port) {
        return free.removeIf(pair -> pair.port == port);
    }

    /** Whether {@link #take} would answer with one. */
    boolean hasFree(long now) {
        Free head = free.peek();
        return head != null && head.rested(REST_UNDER_PRESSURE, now);
    }

    /** The pair rests from now on; its sockets are closed. */
    void giveBack(int port, long now) {
        free.add(new Free(port, true, now));
    }

    int pairs() {
        return pairs;
    }

    int inUse() {
        return pairs - free.size();
    }

    /** How many pairs were taken that had not rested for the full time. */
    long takenUnderPressure() {
        return takenUnderPressure;
    }

    /** How often none could be had. */
    long exhausted() {
        return exhausted;
    }

    private record Free(int port, boolean used, long sinceNanos) {
        private boolean rested(Duration rest, long now) {
            return !used || now - sinceNanos >= rest.toNanos();
        }
    }
}
