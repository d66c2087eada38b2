package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.ErrorCode;
import java.util.Optional;
import java.util.OptionalLong;

/** A message that cannot be taken; what it says goes to the client as an {@code error}. */
final class RejectedMessageException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<String> ref;
    private final ErrorCode code;
    private final String text;
    private final transient OptionalLong seq;

    RejectedMessageException(Optional<String> ref, ErrorCode code, String text) {
        this(ref, code, text, OptionalLong.empty());
    }

    private RejectedMessageException(Optional<String> ref, ErrorCode code, String text, OptionalLong seq) {
        super(text, null, false, false);
        this.seq = seq;
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

    /** The message's number among all of its session; empty if it has none that can be read. */
    OptionalLong seq() {
        return seq;
    }

    RejectedMessageException numbered(OptionalLong number) {
        return new RejectedMessageException(ref, code, text, number);
    }
}
