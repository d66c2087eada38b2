package io.ringdown.sip;

import java.util.Map;
import java.util.Optional;

/**
 * What is known of a trunk now.
 *
 * @param reachable whether calls have anywhere to go: an address that is known and not down
 * @param targets its addresses with their states, {@code up}, {@code suspect}, {@code down} or {@code probing}
 * @param registered whether the trunk knows where we are; empty where we do not register
 */
public record TrunkHealth(boolean reachable, Map<String, String> targets, Optional<Boolean> registered) {
    public TrunkHealth {
        targets = Map.copyOf(targets);
    }
}
