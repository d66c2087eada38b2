package io.ringdown.sip.web;

import java.io.Serial;

/** Whether there is somebody of a name cannot be said just now: whoever knows gives no answer. */
public final class LoginUnavailableException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    public LoginUnavailableException(String message) {
        super(message);
    }
}
