package io.ringdown.media;

/** Media cannot be had now: no port is free, or a socket cannot be opened; the message says which and what would help. */
public final class MediaUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public MediaUnavailableException(String message) {
        super(message);
    }
}
