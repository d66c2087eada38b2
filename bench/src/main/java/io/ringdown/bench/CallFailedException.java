package io.ringdown.bench;

/** A call that did not come to be, or not whole; the message says where it ended. */
final class CallFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    CallFailedException(String message) {
        super(message);
    }
}
