package io.ringdown.sip;

/** SIP could not be started; the message says in one line why, and what to change. */
public final class SipStartException extends Exception {
    private static final long serialVersionUID = 1L;

    public SipStartException(String message, Throwable cause) {
        super(message, cause);
    }

    public SipStartException(String message) {
        super(message);
    }
}
