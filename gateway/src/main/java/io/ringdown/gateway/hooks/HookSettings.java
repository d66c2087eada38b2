package io.ringdown.gateway.hooks;

import java.net.URI;
import java.util.Optional;

/**
 * Who is told what happens to calls.
 *
 * @param url where it is told
 */
public record HookSettings(Optional<URI> url) {
    /** Nobody. */
    public static HookSettings defaults() {
        return new HookSettings(Optional.empty());
    }
}
