package io.ringdown.gateway.agents;

import java.net.URI;
import java.util.Optional;

/**
 * Where users are asked for whom the configuration does not have.
 *
 * @param url of the directory
 */
public record DirectorySettings(Optional<URI> url) {
    /** No directory. */
    public static DirectorySettings defaults() {
        return new DirectorySettings(Optional.empty());
    }
}
