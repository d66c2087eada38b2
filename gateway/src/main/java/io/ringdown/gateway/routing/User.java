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
 * @param name how they are shown
 * @param sipPassword what their softphones register with; {@code key} where absent
 * @param supervises the groups whose calls they may listen to, and speak in
 * @param callWaiting whether another call rings while they have one
 */
public record User(
        Optional<Secret> key,
        List<PhoneNumber> numbers,
        Optional<PhoneNumber> extension,
        List<String> groups,
        Optional<String> name,
        Optional<Secret> sipPassword,
        List<String> supervises,
        boolean callWaiting) {
    public User {
        numbers = List.copyOf(numbers);
        groups = List.copyOf(groups);
        supervises = List.copyOf(supervises);
    }

    /** One who is rung and calls, and has nothing of what those have who work at telephones. */
    public User(Optional<Secret> key, List<PhoneNumber> numbers, Optional<PhoneNumber> extension, List<String> groups) {
        this(key, numbers, extension, groups, Optional.empty(), Optional.empty(), List.of(), true);
    }

    /** Nobody in particular. */
    public static User defaults() {
        return new User(Optional.empty(), List.of(), Optional.empty(), List.of());
    }
}
