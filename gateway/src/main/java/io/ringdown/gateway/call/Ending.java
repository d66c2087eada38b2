package io.ringdown.gateway.call;

import io.ringdown.sip.TrunkFailure;
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

    /** A trunk did not take the call. */
    public static Ending of(TrunkFailure failure) {
        EndCause cause = EndCause.of(failure);
        return switch (failure) {
            case TrunkFailure.Refused refused ->
                new Ending(cause, OptionalInt.of(refused.status()), refused.q850(), Optional.empty());
            case TrunkFailure.Unauthorized unauthorized ->
                new Ending(cause, OptionalInt.of(unauthorized.status()), OptionalInt.empty(), Optional.empty());
            case TrunkFailure.Silent _,
                    TrunkFailure.Unreachable _,
                    TrunkFailure.Unanswered _,
                    TrunkFailure.Cancelled _ -> Ending.of(cause);
        };
    }

    /** What would help; empty where nothing would. */
    public Optional<String> hint() {
        return detail.or(() -> Optional.of(cause.hint()).filter(hint -> !hint.isEmpty()));
    }
}
