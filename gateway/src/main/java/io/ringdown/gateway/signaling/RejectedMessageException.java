package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.ErrorCode;
import java.util.Optional;

/** A message that cannot be taken; what it says goes to the client as an {@code error}. */
final class RejectedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<String> ref;
    private final ErrorCode code;
    private final String text;

    RejectedMessageException(Optional<String> ref, ErrorCode code, String text) {
        super(text, null, false, false);
        this.ref = ref;
        this.code = code;
        this.text = text;
    }

    Optional<String> ref() {
        return ref;
    }

    ErrorCode code() {
        return code;
    }

    String text() {
        return text;
    }
}
