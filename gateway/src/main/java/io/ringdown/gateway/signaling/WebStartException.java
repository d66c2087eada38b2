package io.ringdown.gateway.signaling;

/** The web server cannot start; the message says in one line why, and what would help. */
public final class WebStartException extends Exception {
    private static final long serialVersionUID = 1L;

    public WebStartException(String message) {
        super(message);
    }
}
