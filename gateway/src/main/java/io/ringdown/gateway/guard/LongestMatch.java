package io.ringdown.gateway.guard;

import io.ringdown.gateway.routing.PhoneNumber;
import java.util.Map;
import java.util.Optional;

/**
 * What is said of numbers by their beginnings; the longest counts. Immutable.
 *
 * @param byDigits by the digits of the beginning, with {@code +} where they have it; none for every number
 */
record LongestMatch<T>(Map<String, T> byDigits) {
    LongestMatch {
        byDigits = Map.copyOf(byDigits);
    }

    /** A beginning that fits, and what is said of it. */
    record Match<T>(String digits, T said) {}

    Optional<Match<T>> of(PhoneNumber number) {
        for (int length = number.digits().length(); length >= 0; length--) {
            String digits = number.digits().substring(0, length);
            Optional<T> said = Optional.ofNullable(byDigits.get(digits));
            if (said.isPresent()) {
                return Optional.of(new Match<>(digits, said.get()));
            }
        }
        return Optional.empty();
    }
}
