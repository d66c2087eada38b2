package io.ringdown.gateway.tokens;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The tokens for one call ({@code once}) that have had it, by their {@link Grant#token names}, until they have run out.
 * Thread-safe. A new process knows of none, so such tokens are to be short-lived.
 */
public final class UsedTokens {
    private static final int MOST = 200_000;
    // Looking through all of them takes milliseconds, and may not be had for each call.
    private static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(1);

    private final int most;
    private final Map<String, Instant> used = new HashMap<>();
    private Instant swept = Instant.MIN;

    /** None yet. */
    public UsedTokens() {
        this(MOST);
    }

    UsedTokens(int most) {
        this.most = most;
    }

    /**
     * Whether the token may be used now, which it has been then. False too where so many are remembered that this one could
     * not be: it would be good for a second call.
     *
     * @param name its own, which no other has
     * @param expires from when on it opens nothing in any case
     */
    public synchronized boolean use(String name, Instant expires, Instant now) {
        // A clock that was set back is no reason to wait.
        if (used.size() >= most
                && (now.isBefore(swept) || !now.minus(BETWEEN_SWEEPS).isBefore(swept))) {
            swept = now;
            used.values().removeIf(until -> !now.isBefore(until));
        }
        return used.size() < most && used.putIfAbsent(name, expires) == null;
    }

    /** Whether it has had its call. */
    public synchronized boolean isUsed(String name) {
        return used.containsKey(name);
    }
}
