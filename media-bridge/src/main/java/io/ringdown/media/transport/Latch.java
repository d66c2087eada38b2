package io.ringdown.media.transport;

import io.ringdown.media.transport.StrangerWatch.Step;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a trunk's RTP is, when that may be another place than its description says (RFC 7362): whoever is allowed to and is the
 * first to be heard in the second after the description is the trunk, until a description names another address. Pure and
 * single-threaded; {@code now} in nanoseconds. Who is allowed to, and whether a packet is one of the call's, the caller knows.
 */
final class Latch {
    private static final long WINDOW_NANOS = 1_000_000_000L;
    private static final long NEVER = Long.MAX_VALUE;

    private @Nullable InetSocketAddress described;
    private @Nullable InetSocketAddress latched;
    private boolean isHeard;
    private boolean isOpen;
    private long untilNanos;
    private long moves;

    /**
     * A description says where RTP is. One that says nothing new changes nothing once the trunk has been heard; else there is a
     * second again, since a trunk that answers early may send first when it answers for good.
     *
     * @param mayMove whether anybody else may be heard at all
     */
    void onDescription(InetSocketAddress rtp, boolean mayMove, long now) {
        if (!rtp.equals(described)) {
            described = rtp;
            latched = null;
            isHeard = false;
        }
        isOpen = mayMove && !isHeard;
        untilNanos = now + WINDOW_NANOS;
    }

    /** The trunk was found before: what is described now is known, and it is heard at {@code place}, if that is another. */
    void resume(InetSocketAddress rtp, @Nullable InetSocketAddress place) {
        described = rtp;
        latched = place;
        isHeard = true;
    }

    /** Nothing is described any more. */
    void forget() {
        described = null;
        latched = null;
        isHeard = false;
        isOpen = false;
    }

    /** Whether somebody else may be taken for the trunk now. */
    boolean isOpen(long now) {
        return isOpen && now - untilNanos < 0;
    }

    /** RTP has come from where it should: it is locked. */
    Step onHeard() {
        isHeard = true;
        return lock();
    }

    /** This one is the trunk. */
    void onMoved(InetSocketAddress to) {
        latched = to;
        isHeard = true;
        isOpen = false;
        moves++;
    }

    /** Where packets go instead of to the described address; null if they go there. */
    @Nullable
    InetSocketAddress latched() {
        return latched;
    }

    /** How often it has moved away from what was described. */
    long moves() {
        return moves;
    }

    /** When to call {@link #onTime} next. */
    long nextWakeup() {
        return isOpen ? untilNanos : NEVER;
    }

    /** Says what is due. */
    Step onTime(long now) {
        return isOpen && now - untilNanos >= 0 ? lock() : Step.NOTHING;
    }

    private Step lock() {
        boolean wasOpen = isOpen;
        isOpen = false;
        return wasOpen ? Step.CLOSE : Step.NOTHING;
    }
}
