package io.ringdown.sip.jain;

import org.jspecify.annotations.Nullable;

/**
 * A bug for the log: of what kind and where, without its message, which may quote what a peer or a user sent, a digit among it.
 */
final class Muted extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_CAUSES = 8;

    private Muted(Throwable bug, int causes) {
        super(bug.getClass().getName(), causeOf(bug, causes), false, true);
        setStackTrace(bug.getStackTrace());
    }

    private static @Nullable Throwable causeOf(Throwable bug, int causes) {
        Throwable cause = bug.getCause();
        return cause == null || causes == 0 ? null : new Muted(cause, causes - 1);
    }

    static Throwable of(Throwable bug) {
        return new Muted(bug, MAX_CAUSES);
    }
}
