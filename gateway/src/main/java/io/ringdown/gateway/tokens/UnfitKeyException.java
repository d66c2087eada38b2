package io.ringdown.gateway.tokens;

/** A key that cannot be used; the message says why, and what would do. */
public final class UnfitKeyException extends Exception {
    UnfitKeyException(String message) {
        super(message);
    }

    UnfitKeyException(String message, Throwable cause) {
        super(message, cause);
    }
}
