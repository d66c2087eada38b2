package io.ringdown.gateway.api;

import io.ringdown.gateway.tokens.Secret;

/**
 * A key of one system.
 *
 * @param key what it shows
 * @param may what it may do
 */
public record ApiKey(Secret key, May may) {
    static final int SHORTEST = 32;

    /** What may be done. */
    public enum May {
        /** Look. */
        READ,
        /** Look, and act on calls. */
        ACT
    }

    public ApiKey {
        if (key.reveal().length() < SHORTEST) {
            throw new IllegalArgumentException(
                    "key: is shorter than 32 characters; make one with `openssl rand -hex 32`");
        }
    }
}
