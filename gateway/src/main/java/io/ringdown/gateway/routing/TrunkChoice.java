package io.ringdown.gateway.routing;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A trunk of a rule. Its name alone will do.
 *
 * @param trunk its name
 * @param order the lowest comes first; its place in the list where absent
 * @param weight how often it comes first among those of the same order, 1 to 1000
 * @param cost what a minute costs, in any unit; only compared
 */
public record TrunkChoice(String trunk, OptionalInt order, int weight, OptionalDouble cost) {
    private static final int HEAVIEST = 1000;

    public TrunkChoice {
        if (weight < 1 || weight > HEAVIEST) {
            throw new IllegalArgumentException(
                    "weight: " + weight + " is out of range; write 1 to " + HEAVIEST + ", 1 is usual");
        }
        if (cost.isPresent() && !(cost.getAsDouble() >= 0)) {
            throw new IllegalArgumentException("cost: " + cost.getAsDouble() + " is no cost; write 0 or more");
        }
    }

    /** One that is named, and no more. */
    public static TrunkChoice parse(String name) {
        return new TrunkChoice(name, OptionalInt.empty(), 1, OptionalDouble.empty());
    }

    /** The values of absent keys; the trunk is one of them only for form. */
    public static TrunkChoice defaults() {
        return parse("carrier");
    }

    /** The keys that no default can stand for. */
    public static Set<String> required() {
        return Set.of("trunk");
    }
}
