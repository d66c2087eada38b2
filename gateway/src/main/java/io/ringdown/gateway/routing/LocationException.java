package io.ringdown.gateway.routing;

/** A document that says where callers are and cannot be used; the message names the file, the line, and what helps. */
public final class LocationException extends Exception {
    private static final long serialVersionUID = 1L;

    LocationException(String message) {
        super(message);
    }
}
