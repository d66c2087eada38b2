package io.ringdown.gateway.routing;

import java.util.concurrent.CompletableFuture;

/** Which short numbers are somebody's here: calls to them stay in the house. Thread-safe; answers at once. */
@FunctionalInterface
public interface Extensions {
    /** What stands in the place of a trunk's name where a call is with somebody in the house; no trunk is named so. */
    String HOUSE = "house";

    /** Nobody has one. */
    Extensions NONE = _ -> false;

    /** Whether this number, as it was dialled, is one. */
    boolean has(PhoneNumber number);

    /**
     * Asks whose extension this is, where that is said elsewhere and may have changed; once that is done, at once or within seconds,
     * {@link #has} knows.
     */
    default CompletableFuture<Void> ask(PhoneNumber number) {
        return CompletableFuture.completedFuture(null);
    }
}
