package io.ringdown.gateway.call;

/** A written call cannot go on here; nothing of it was opened, so it can elsewhere. The message says why and repeats no value. */
public final class CallNotReadException extends Exception {
    CallNotReadException(String message) {
        super(message);
    }

    CallNotReadException(String message, Throwable cause) {
        super(message, cause);
    }
}
