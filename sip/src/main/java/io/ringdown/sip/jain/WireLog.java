package io.ringdown.sip.jain;

import gov.nist.core.ServerLogger;
import gov.nist.javax.sip.message.SIPMessage;
import java.util.Properties;
import javax.sip.SipStack;
import org.jspecify.annotations.Nullable;

/**
 * Where the stack says what goes over the wire, whatever the transport: handed to its {@link Tracing}. Public because the
 * stack makes it by its name.
 */
public final class WireLog implements ServerLogger {
    private @Nullable GuardedStack stack;

    /** Made by the stack. */
    public WireLog() {}

    @Override
    public void setSipStack(SipStack owner) {
        stack = owner instanceof GuardedStack guarded ? guarded : null;
    }

    @Override
    public void logMessage(SIPMessage message, String from, String to, boolean sender, long time) {
        GuardedStack owner = stack;
        if (owner != null) {
            owner.tracing().onMessage(message, from, to, sender);
        }
    }

    @Override
    public void logMessage(SIPMessage message, String from, String to, String status, boolean sender, long time) {
        logMessage(message, from, to, sender, time);
    }

    @Override
    public void logMessage(SIPMessage message, String from, String to, String status, boolean sender) {
        logMessage(message, from, to, sender, 0);
    }

    @Override
    public void closeLogFile() {}

    @Override
    public void logException(Exception exception) {}

    @Override
    public void setStackProperties(Properties properties) {}
}
