package io.ringdown.gateway.tokens;

import io.ringdown.gateway.routing.Destinations;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a token lets its bearer do, beside what the gateway lets everybody do: it only ever narrows.
 *
 * @param token the name of the token itself: its {@code jti} (RFC 7519 §4.1.7), with its issuer where it names one, since
 *     each issuer gives names of its own; its own caps are counted by it
 * @param once whether it is good for one call out only; then it has a name
 * @param expires from when on it opens no session and begins no call; calls under way go on
 * @param destinations where it may call; empty for wherever the gateway lets it
 * @param callerIds the numbers that it may show; empty for any that the gateway lets it
 * @param calls how many calls it may have at once
 * @param longest how long each call may last
 * @param costClass which of the gateway's classes of tariffs it may use; empty for any
 */
public record Grant(
        Optional<String> token,
        boolean once,
        Optional<Instant> expires,
        Optional<Destinations> destinations,
        Optional<List<PhoneNumber>> callerIds,
        OptionalInt calls,
        Optional<Duration> longest,
        Optional<String> costClass) {
    /** Everything that the gateway lets everybody do. */
    public static final Grant ALL = new Grant(
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty());

    public Grant {
        callerIds = callerIds.map(List::copyOf);
        if (once && token.isEmpty()) {
            throw new IllegalArgumentException("a token for one call needs a name (jti)");
        }
    }

    /** Whether a signed token gave it, which says all that its bearer may do. */
    public boolean isOfToken() {
        return expires.isPresent();
    }

    /** What it opens to whoever acts for its bearer by a right of their own: as long as they like, and as often. */
    public Grant lasting() {
        return new Grant(token, false, Optional.empty(), destinations, callerIds, calls, longest, costClass);
    }

    /** Whether it has run out. */
    public boolean isOver(Instant now) {
        return expires.filter(until -> !now.isBefore(until)).isPresent();
    }
}
