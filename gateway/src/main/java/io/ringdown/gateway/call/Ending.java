package io.ringdown.gateway.call;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a call ended.
 *
 * @param cause why
 * @param sip the trunk's own status, where it refused with one
 * @param q850 the trunk's own cause, where it told one
 * @param detail what is known beyond the cause's own hint, for the client; never a peer's text
 */
public record Ending(EndCause cause, OptionalInt sip, OptionalInt q850, Optional<String> detail) {
    /** Nothing is known but the cause. */
    public static Ending of(EndCause cause) {
        return new Ending(cause, OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
    }

    /** The cause, and what is known beyond its own hint. */
    public static Ending of(EndCause cause, String detail) {
        return new Ending(cause, OptionalInt.empty(), OptionalInt.empty(), Optional.of(detail));
    }

    /** What would help; empty where nothing would. */
    public Optional<String> hint() {
        return detail.or(() -> Optional.of(cause.hint()).filter(hint -> !hint.isEmpty()));
    }
}
