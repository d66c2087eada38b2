package io.ringdown.gateway.call;

import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.Optional;

/** What a trunk's failure means for the trunks behind it. Pure. */
final class CrankBack {
    private static final int REQUEST_TIMEOUT = 408;
    private static final int SERVICE_UNAVAILABLE = 503;

    private CrankBack() {}

    /**
     * Whether the failure is the trunk's own, and not an answer to the call: 5xx, 408 before it rang (afterwards it says that
     * nobody answered), no word at all, no way there, no credentials. The called's own word is never one: 486, 600, 603, 607.
     */
    static boolean mayGoOn(TrunkFailure failure, CallRoute route, boolean rang) {
        return switch (failure) {
            case TrunkFailure.Refused refused ->
                route.emergency() || (!isWordOfTheCalled(refused) && mayGoOn(refused.status(), route, rang));
            case TrunkFailure.Silent _, TrunkFailure.Unreachable _, TrunkFailure.Unauthorized _ -> true;
            case TrunkFailure.Unanswered _, TrunkFailure.Cancelled _ -> false;
        };
    }

    private static boolean mayGoOn(int status, CallRoute route, boolean rang) {
        return (status >= 500 && status <= 599)
                || (status == REQUEST_TIMEOUT && !rang)
                || route.retryOn().contains(status);
    }

    /** Some gateways send 5xx for everything and the reason in Q.850 (RFC 3398 8.2.6.1). */
    private static boolean isWordOfTheCalled(TrunkFailure.Refused refused) {
        EndCause cause = EndCause.of(refused);
        return cause == EndCause.BUSY || cause == EndCause.REJECTED;
    }

    /** How long the trunk asks to be left alone: 503 with Retry-After (RFC 3261 21.5.4). */
    static Optional<Duration> rest(TrunkFailure failure) {
        return failure instanceof TrunkFailure.Refused refused
                        && refused.status() == SERVICE_UNAVAILABLE
                        && refused.retryAfterSeconds().orElse(0) > 0
                ? Optional.of(Duration.ofSeconds(refused.retryAfterSeconds().getAsInt()))
                : Optional.empty();
    }
}
