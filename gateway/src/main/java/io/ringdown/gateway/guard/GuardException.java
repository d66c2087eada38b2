package io.ringdown.gateway.guard;

/** A file of the guard's cannot be used; the message says which, where and why. */
public final class GuardException extends Exception {
    private static final long serialVersionUID = 1L;

    GuardException(String message) {
        super(message);
    }
}
