package io.ringdown.gateway.routing;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whom a call from a trunk rings. A call fits where all of the conditions that there are hold; of a list, one is enough.
 *
 * @param trunks that it comes from
 * @param numbers that it calls
 * @param prefixes beginnings of the number that it calls
 * @param divertedFrom that sent it on last, or were called at first
 * @param user whom it rings
 * @param group whose members it rings; with neither, whoever is signed in for the number
 * @param ring how it rings several
 * @param each how long each of them rings, one after the other
 * @param timeout how long it rings in all; {@code calls.ring-timeout} where absent
 */
public record InboundRule(
        List<String> trunks,
        List<PhoneNumber> numbers,
        List<Prefix> prefixes,
        List<PhoneNumber> divertedFrom,
        Optional<String> user,
        Optional<String> group,
        Ring ring,
        Duration each,
        Optional<Duration> timeout) {

    /** How a call rings several people. */
    public enum Ring {
        /** All of them at once. */
        ALL,
        /** One after the other, in the order of the configuration. */
        IN_ORDER,
        /** The first of them who can be rung, and nobody else. */
        ONE
    }

    public InboundRule {
        trunks = List.copyOf(trunks);
        numbers = List.copyOf(numbers);
        prefixes = List.copyOf(prefixes);
        divertedFrom = List.copyOf(divertedFrom);
        if (user.isPresent() && group.isPresent()) {
            throw new IllegalArgumentException("group: there is a user too; leave one of them out");
        }
        requireWithin("each", each);
        timeout.ifPresent(time -> requireWithin("timeout", time));
    }

    /** Every call, to whoever is signed in for its number. */
    public static InboundRule defaults() {
        return new InboundRule(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Ring.ALL,
                Duration.ofSeconds(15),
                Optional.empty());
    }

    boolean fits(String trunk, PhoneNumber called, Set<String> before, NumberPlan plan) {
        return (trunks.isEmpty() || trunks.contains(trunk))
                && ((numbers.isEmpty() && prefixes.isEmpty())
                        || numbers.stream().map(plan::canonical).anyMatch(called::equals)
                        || prefixes.stream().anyMatch(prefix -> prefix.matches(called)))
                && (divertedFrom.isEmpty()
                        || divertedFrom.stream()
                                .map(number -> plan.canonical(number).digits())
                                .anyMatch(before::contains));
    }

    private static void requireWithin(String key, Duration time) {
        if (time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(Duration.ofMinutes(10)) > 0) {
            throw new IllegalArgumentException(key + ": " + time.toMillis() + "ms is out of range; write 1s to 10m");
        }
    }
}
