package io.ringdown.sip.jain;

import gov.nist.core.StackLogger;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the stack says of itself, cut to one short line of debug: its words quote messages, so they hold numbers and
 * credentials. Safe for all threads. Public because the stack makes it by its name.
 */
public final class StackLog implements StackLogger {
    private static final Logger LOG = LoggerFactory.getLogger(StackLog.class);
    private static final int MAX_LINE = 80;

    /** Made by the stack. */
    public StackLog() {}

    private static void line(String message) {
        if (LOG.isDebugEnabled()) {
            int end = 0;
            while (end < Math.min(message.length(), MAX_LINE) && message.charAt(end) >= 0x20) {
                end++;
            }
            LOG.debug("{}", message.substring(0, end));
        }
    }

    @Override
    public void logStackTrace() {}

    @Override
    public void logStackTrace(int level) {}

    @Override
    public int getLineCount() {
        return 0;
    }

    @Override
    public void logException(Throwable exception) {
        line(exception.getClass().getSimpleName());
    }

    @Override
    public void logDebug(String message) {}

    @Override
    public void logDebug(String message, Exception exception) {}

    @Override
    public void logTrace(String message) {}

    @Override
    public void logFatalError(String message) {
        line(message);
    }

    @Override
    public void logError(String message) {
        line(message);
    }

    @Override
    public boolean isLoggingEnabled() {
        return false;
    }

    @Override
    public boolean isLoggingEnabled(int level) {
        return level == TRACE_MESSAGES; // without it WireLog hears of nothing
    }

    @Override
    public void logError(String message, Exception exception) {
        line(exception.getClass().getSimpleName() + ": " + message);
    }

    @Override
    public void logWarning(String message) {
        line(message);
    }

    @Override
    public void logInfo(String message) {}

    @Override
    public void disableLogging() {}

    @Override
    public void enableLogging() {}

    @Override
    public void setBuildTimeStamp(String stamp) {}

    @Override
    public void setStackProperties(Properties properties) {}

    @Override
    public String getLoggerName() {
        return LOG.getName();
    }
}
