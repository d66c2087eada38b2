package io.ringdown.gateway.guard;

import io.ringdown.gateway.routing.Country;
import io.ringdown.gateway.routing.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A class of tariffs that a token can be bound to.
 *
 * @param maxPrice what a minute costs at most; numbers without a rate are not of the class then
 * @param prefixes beginnings of its numbers
 * @param countries of its numbers; neither prefixes nor countries is everywhere
 */
public record CostClass(Optional<Money> maxPrice, List<Prefix> prefixes, Set<Country> countries) {
    public CostClass {
        prefixes = List.copyOf(prefixes);
        countries = Set.copyOf(countries);
    }

    /** Every number, at any price. */
    public static CostClass defaults() {
        return new CostClass(Optional.empty(), List.of(), Set.of());
    }

    boolean has(Destination to, Optional<Rate> rate) {
        boolean isThere = (prefixes.isEmpty() && countries.isEmpty())
                || prefixes.stream().anyMatch(prefix -> prefix.matches(to.number()))
                || to.country().filter(countries::contains).isPresent();
        return isThere
                && maxPrice.map(most -> rate.filter(known -> known.price().compareTo(most) <= 0)
                                .isPresent())
                        .orElse(true);
    }
}
