package io.ringdown.gateway.tokens;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The tokens for one call ({@code once}) that have had it, by their {@code jti} (RFC 7519 §4.1.7), until they have run out.
 * Thread-safe. A new process knows of none, so such tokens are to be short-lived.
 */
public final class UsedTokens {
    private static final int MOST = 200_000;

    private final int most;
    private final Map<String, Instant> used = new HashMap<>();

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
     * @param jti its name
     * @param expires from when on it opens nothing in any case
     */
    public synchronized boolean use(String jti, Instant expires, Instant now) {
        if (used.size() >= most) {
            used.values().removeIf(until -> !now.isBefore(until));
        }
        return used.size() < most && used.putIfAbsent(jti, expires) == null;
    }

    /** Whether it has had its call. */
    public synchronized boolean isUsed(String jti) {
        return used.containsKey(jti);
    }
}
