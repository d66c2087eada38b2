package io.ringdown.gateway.routing;

import java.util.List;
import java.util.Set;

/**
 * Numbers that calls may go to: those that are in one of the three. All of them empty is nowhere.
 *
 * @param numbers in the form of E.164
 * @param prefixes beginnings of such
 * @param countries whole countries
 */
public record Destinations(List<PhoneNumber> numbers, List<Prefix> prefixes, Set<Country> countries) {
    public Destinations {
        numbers = List.copyOf(numbers);
        prefixes = List.copyOf(prefixes);
        countries = Set.copyOf(countries);
    }

    /** Whether this number, as the plan reads it, is one of them. */
    public boolean has(PhoneNumber number, NumberPlan plan) {
        return numbers.contains(number)
                || prefixes.stream().anyMatch(prefix -> prefix.matches(number))
                || plan.country(number).filter(countries::contains).isPresent();
    }
}
