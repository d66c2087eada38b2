package io.ringdown.gateway.routing;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * Which trunks a number goes to: those with the longest matching prefix first, equal ones in the order of the configuration.
 * Immutable.
 */
public final class Routes {
    private record Entry(String trunk, Prefix prefix) {}

    private final List<Entry> entries;

    /** The routes of trunks by name, in the order of the configuration. */
    public Routes(SequencedMap<String, List<Prefix>> prefixesByTrunk) {
        entries = prefixesByTrunk.entrySet().stream()
                .flatMap(Routes::entriesOf)
                .sorted(Comparator.comparingInt(entry -> -entry.prefix.digits().length()))
                .toList();
    }

    /** The trunks to try, in order; empty if no prefix matches. */
    public List<String> trunksFor(PhoneNumber number) {
        return entries.stream()
                .filter(entry -> entry.prefix.matches(number))
                .map(Entry::trunk)
                .distinct()
                .toList();
    }

    /** Every prefix with its trunk, in the order they are tried. */
    public List<String> describe() {
        return entries.stream().map(entry -> entry.prefix + " → " + entry.trunk).toList();
    }

    private static Stream<Entry> entriesOf(Map.Entry<String, List<Prefix>> trunk) {
        return trunk.getValue().stream().map(prefix -> new Entry(trunk.getKey(), prefix));
    }
}
