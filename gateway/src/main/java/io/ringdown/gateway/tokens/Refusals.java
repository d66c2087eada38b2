package io.ringdown.gateway.tokens;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tokens that opened nothing: counted by reason, and told in the log, so many a second at most. Thread-safe. */
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final int LINES_PER_SECOND = 10;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final EnumMap<Refusal, AtomicLong> counts = new EnumMap<>(Refusal.class);
    private long second;
    private int lines;
    private long untold;

    Refusals() {
        for (Refusal why : Refusal.values()) {
            counts.put(why, new AtomicLong());
        }
    }

    void on(Verdict.Bad bad, Presented shown, long now) {
        count(bad.why()).incrementAndGet();
        long before = mayTell(now);
        if (before >= 0) {
            LOG.info(
                    "a token is refused ({}): {}; shown from {}{}",
                    bad.why().code(),
                    bad.detail(),
                    shown.from().getHostAddress(),
                    before == 0 ? "" : "; " + before + " before it were not told here");
        }
    }

    /** How many lines were left out before this one, or -1 if it is to be left out too. */
    private synchronized long mayTell(long now) {
        if (now - second >= SECOND_NANOS || lines == 0) {
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

    /** By reason. */
    Map<String, Long> counts() {
        Map<String, Long> seen = new LinkedHashMap<>();
        counts.forEach((why, count) -> seen.put(why.code(), count.get()));
        return seen;
    }

    private AtomicLong count(Refusal why) {
        AtomicLong count = counts.get(why);
        if (count == null) {
            throw new IllegalStateException("every reason has a counter");
        }
        return count;
    }
}
