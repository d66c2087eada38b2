package io.ringdown.gateway.guard;

import java.time.Instant;

/** Tokens that are good for one call, and were used. Thread-safe. */
@FunctionalInterface
public interface SingleUse {
    /** Uses up the token of this name ({@code jti}), which runs out then; true for who is the first. */
    boolean use(String name, Instant expires, Instant now);
}
