package io.ringdown.gateway.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/**
 * At most so many lines a second from one logger: what the network sends must not fill the log. What is left out is
 * counted, and told with the next line that comes through. Thread-safe.
 */
final class LineBound extends TurboFilter {
    private static final int LINES_PER_SECOND = 200;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final Map<String, Window> windows = new ConcurrentHashMap<>();

    /** One logger's second. */
    private static final class Window {
        private long began;
        private int lines;
        private int leftOut;

        Window(long now) {
            began = now;
        }

        /** How many were left out before this line if a new second begins with it; negative if it is left out itself. */
        synchronized int count(long now) {
            if (now - began >= SECOND_NANOS) {
                int before = leftOut;
                began = now;
                lines = 1;
                leftOut = 0;
                return before;
            }
            if (++lines > LINES_PER_SECOND) {
                leftOut++;
                return -1;
            }
            return 0;
        }
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable throwable) {
        if (format == null || level.toInt() < logger.getEffectiveLevel().toInt()) {
            return FilterReply.NEUTRAL;
        }
        long now = System.nanoTime();
        int leftOut =
                windows.computeIfAbsent(logger.getName(), _ -> new Window(now)).count(now);
        if (leftOut < 0) {
            return FilterReply.DENY;
        }
        if (leftOut > 0) {
            LoggerFactory.getLogger(LineBound.class).warn("{} lines of {} were left out", leftOut, logger.getName());
        }
        return FilterReply.NEUTRAL;
    }
}
