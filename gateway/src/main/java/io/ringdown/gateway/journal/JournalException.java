package io.ringdown.gateway.journal;

/** The journal cannot be used: one line that says which setting to change, and how; or why a call is not taken. */
public final class JournalException extends Exception {
    JournalException(String message) {
        super(message);
    }

    JournalException(String message, Throwable cause) {
        super(message, cause);
    }
}
