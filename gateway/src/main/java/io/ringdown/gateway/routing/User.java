package io.ringdown.gateway.routing;

import io.ringdown.gateway.tokens.Secret;
import io.ringdown.sip.web.DigestSecret;
import io.ringdown.sip.web.Ha1;
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
 * @param sipHa1 what is kept in the place of that
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
        Optional<Ha1> sipHa1,
        List<String> supervises,
        boolean callWaiting) {
    public User {
        numbers = List.copyOf(numbers);
        groups = List.copyOf(groups);
        supervises = List.copyOf(supervises);
        if (sipPassword.isPresent() && sipHa1.isPresent()) {
            throw new IllegalArgumentException("sip-ha1: stands beside a sip-password, which it would take the place"
                    + " of; leave one of them out");
        }
    }

    /** One who is rung and calls, and has nothing of what those have who work at telephones. */
    public User(Optional<Secret> key, List<PhoneNumber> numbers, Optional<PhoneNumber> extension, List<String> groups) {
        this(key, numbers, extension, groups, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), true);
    }

    /** What the digest of their softphones is judged by; empty where nothing was given to them. */
    public Optional<DigestSecret> sipSecret() {
        return sipHa1.<DigestSecret>map(ha1 -> ha1)
                .or(() -> sipPassword.or(this::key).map(password -> DigestSecret.of(password.reveal())));
    }

    /** The same, without an extension. */
    User withoutExtension() {
        return new User(key, numbers, Optional.empty(), groups, name, sipPassword, sipHa1, supervises, callWaiting);
    }

    /** Nobody in particular. */
    public static User defaults() {
        return new User(Optional.empty(), List.of(), Optional.empty(), List.of());
    }
}
