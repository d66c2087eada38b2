package io.ringdown.gateway.agents;

import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.User;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who works at the telephones.
 *
 * @param user the name that they sign in by
 * @param name how they are shown
 * @param extension their short number
 * @param groups whose calls they take
 * @param supervises the groups whose people's calls they see, and may listen to
 * @param callWaiting whether another call rings while they have one
 */
public record Person(
        String user,
        Optional<String> name,
        Optional<PhoneNumber> extension,
        List<String> groups,
        List<String> supervises,
        boolean callWaiting) {
    public Person {
        groups = List.copyOf(groups);
        supervises = List.copyOf(supervises);
    }

    /** A user of this name. */
    public static Person of(String user, User said) {
        return new Person(user, said.name(), said.extension(), said.groups(), said.supervises(), said.callWaiting());
    }

    /** Whether they see the calls of this one. */
    public boolean supervises(Person other) {
        return supervises.stream().anyMatch(other.groups::contains);
    }
}
