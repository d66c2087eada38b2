package io.ringdown.dtmf;

import io.ringdown.dtmf.PressQueue.Press;
import org.jspecify.annotations.Nullable;

/**
 * Hands presses over whole, for a road outside of the sound such as SIP INFO: one that is known whole when its turn comes at
 * once, one that is still being pressed when it is over. The next one's turn comes when this one would have sounded and its gap
 * is over. Pure; owned by one thread.
 */
public final class SignallingVoice implements PressVoice {
    private static final int ONE_MESSAGE = 1;
    private static final int NO_TIMESTAMP = 0;

    private final PressQueue queue;
    private final Line line;
    private @Nullable Press pressed;

    /** Where presses are handed to. */
    public interface Line {
        /** A whole press; its receipt {@link PressQueue.Receipts#onPressSent} follows at once. */
        void onPress(long press, Digit digit, long lengthNanos);
    }

    public SignallingVoice(PressQueue queue, Line line) {
        this.queue = queue;
        this.line = line;
    }

    @Override
    public void onTime(long now) {
        boolean isMoreDue = true;
        while (isMoreDue) {
            isMoreDue = step(now);
        }
    }

    @Override
    public long nextWakeup() {
        Press current = pressed;
        return current == null ? queue.nextStartNanos() : queue.endNanos(current);
    }

    @Override
    public void stop(long now) {
        Press current = pressed;
        if (current != null) {
            handOver(current, Math.min(now - current.startNanos(), queue.lengthNanos(current)), now);
        }
    }

    private boolean step(long now) {
        Press current = pressed;
        if (current == null) {
            Press next = queue.take(now);
            if (next != null) {
                pressed = next;
                queue.started(next);
            }
            return next != null;
        }
        boolean isOver = now - queue.endNanos(current) >= 0;
        if (isOver || queue.isWhole(current)) {
            handOver(current, queue.lengthNanos(current), now);
            return true;
        }
        return false;
    }

    private void handOver(Press press, long lengthNanos, long now) {
        pressed = null;
        line.onPress(press.number, press.digit, lengthNanos);
        queue.sent(press, NO_TIMESTAMP, lengthNanos, ONE_MESSAGE, now);
    }
}
