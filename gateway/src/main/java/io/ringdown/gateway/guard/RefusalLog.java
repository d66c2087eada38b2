package io.ringdown.gateway.guard;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of refused calls in the log, so many a second at most, so that an alarm is not lost among them. Thread-safe. */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final int LINES_PER_SECOND = 10;
    private static final long SECOND_NANOS = Duration.ofSeconds(1).toNanos();

    private long second;
    private int lines;
    private long untold;

    void tell(Wish wish, Refusal why, long now) {
        long before = leftOut(now);
        if (before >= 0) {
            LOG.info(
                    "a call of {} to {} is refused: {}{}",
                    wish.subject(),
                    wish.to(),
                    why,
                    before == 0 ? "" : "; " + before + " before it were not told here");
        }
    }

    /** How many lines were left out before this one, or -1 if it is to be left out too. */
    synchronized long leftOut(long now) {
        if (lines == 0 || now - second >= SECOND_NANOS) {
            second = now;
            lines = 0;
        }
        if (lines >= LINES_PER_SECOND) {
            untold++;
            return -1;
        }
        lines++;
        long before = untold;
        untold = 0;
        return before;
    }
}
