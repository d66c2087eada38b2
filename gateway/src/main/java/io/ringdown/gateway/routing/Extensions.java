package io.ringdown.gateway.routing;

/** Which short numbers are somebody's here: calls to them stay in the house. Thread-safe; answers at once. */
@FunctionalInterface
public interface Extensions {
    /** What stands in the place of a trunk's name where a call is with somebody in the house; no trunk is named so. */
    String HOUSE = "house";

    /** Nobody has one. */
    Extensions NONE = _ -> false;

    /** Whether this number, as it was dialled, is one. */
    boolean has(PhoneNumber number);
}
