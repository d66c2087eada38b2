package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.Extensions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a call out may go.
 *
 * @param trunks in the order in which they are tried; empty where none takes such a number
 * @param retryOn statuses of a trunk's refusal after which the next one is tried, besides the usual ones
 * @param asker who asked for it; what they may do holds for where a trunk redirects it to as well
 * @param emergency whether it calls for help: then no limit holds it up, and every refusal leads to the next trunk
 * @param longest how long it may last from its answer; absent for as long as it likes
 */
public record CallRoute(
        List<String> trunks,
        Set<Integer> retryOn,
        Optional<Asker> asker,
        boolean emergency,
        Optional<Duration> longest) {
    public CallRoute {
        trunks = List.copyOf(trunks);
        retryOn = Set.copyOf(retryOn);
    }

    /** To somebody in the house, as far as who asks may. */
    static CallRoute within(Asker asker) {
        return new CallRoute(
                List.of(Extensions.HOUSE),
                Set.of(),
                Optional.of(asker),
                false,
                asker.grant().longest());
    }

    /** Whether it goes to somebody in the house: nobody pays for it, and nobody judges it. */
    boolean isWithin() {
        return trunks.equals(List.of(Extensions.HOUSE));
    }

    /** As this, with the trunks that cannot be reached behind the others; each kind in its order. */
    public CallRoute reachableFirst(Predicate<String> isReachable) {
        Map<Boolean, List<String>> kinds = trunks.stream().collect(Collectors.partitioningBy(isReachable));
        List<String> order = Stream.of(true, false)
                .flatMap(kind -> kinds.getOrDefault(kind, List.of()).stream())
                .toList();
        return new CallRoute(order, retryOn, asker, emergency, longest);
    }

    /** Over these trunks, as usual. */
    public static CallRoute over(List<String> trunks) {
        return new CallRoute(trunks, Set.of(), Optional.empty(), false, Optional.empty());
    }
}
