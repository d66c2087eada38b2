package io.ringdown.gateway.routing;

import io.ringdown.gateway.tokens.Secret;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who calls and is called.
 *
 * @param key what they show as their token; without one nobody signs in as them, but sessions that answer for one of their numbers
 *     ring as theirs
 * @param numbers the numbers that are theirs
 * @param extension a short number within the house
 * @param groups what they belong to
 */
public record User(
        Optional<Secret> key, List<PhoneNumber> numbers, Optional<PhoneNumber> extension, List<String> groups) {
    public User {
        numbers = List.copyOf(numbers);
        groups = List.copyOf(groups);
    }

    /** Nobody in particular. */
    public static User defaults() {
        return new User(Optional.empty(), List.of(), Optional.empty(), List.of());
    }
}
