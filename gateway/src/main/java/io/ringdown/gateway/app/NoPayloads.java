package io.ringdown.gateway.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggerContextListener;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps the web server's log at INFO, whatever level is asked for: below that it writes down what its sockets carry, and the digits
 * of somebody's card are among it. Thread-safe.
 */
final class NoPayloads extends TurboFilter {
    private static final String WEB_SERVER = "org.eclipse.jetty";

    /** Holds for this context from now on, also after its configuration has been read again. */
    static void install(LoggerContext context) {
        add(context);
        context.addListener(new Again());
    }

    private static void add(LoggerContext context) {
        NoPayloads filter = new NoPayloads();
        filter.setContext(context);
        filter.start();
        context.addTurboFilter(filter);
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable throwable) {
        boolean isPayload = level.toInt() < Level.INFO_INT && logger.getName().startsWith(WEB_SERVER);
        return isPayload ? FilterReply.DENY : FilterReply.NEUTRAL;
    }

    /** A reset takes all filters away. */
    private static final class Again implements LoggerContextListener {
        @Override
        public boolean isResetResistant() {
            return true;
        }

        @Override
        public void onReset(LoggerContext context) {
            add(context);
        }

        @Override
        public void onStart(LoggerContext context) {
            // It is there already.
        }

        @Override
        public void onStop(LoggerContext context) {
            // Nothing is written any more.
        }

        @Override
        public void onLevelChange(Logger logger, Level level) {
            // Holds at any level.
        }
    }
}
