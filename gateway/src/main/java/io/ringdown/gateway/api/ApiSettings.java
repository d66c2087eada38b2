package io.ringdown.gateway.api;

import io.ringdown.gateway.tokens.Secret;
import java.util.Optional;

/**
 * What other systems may do with calls.
 *
 * @param key what they show; without one nobody may do anything
 */
public record ApiSettings(Optional<Secret> key) {
    /** Nothing. */
    public static ApiSettings defaults() {
        return new ApiSettings(Optional.empty());
    }
}
