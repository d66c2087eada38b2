package io.ringdown.sip;

import java.time.Duration;

/**
 * How a trunk's calls are kept from outliving one of their ends (RFC 4028).
 *
 * @param expires the session interval that we ask for; the peer may lower it. Zero switches session timers off
 * @param refresher who is to refresh the session, where the peer leaves it to us
 */
public record SessionTimerSettings(Duration expires, Refresher refresher) {
    private static final Duration LEAST = Duration.ofSeconds(90); // RFC 4028 5
    private static final Duration MOST = Duration.ofHours(24);

    /** Who refreshes. */
    public enum Refresher {
        /** As the peer likes; we, where it says nothing. */
        AUTO,
        US,
        THEM
    }

    public SessionTimerSettings {
        if (!expires.isZero() && (expires.compareTo(LEAST) < 0 || expires.compareTo(MOST) > 0)) {
            throw new IllegalArgumentException("expires: " + expires.toSeconds() + " s is out of range; "
                    + LEAST.toSeconds() + "s to " + MOST.toHours() + "h, or 0s for no session timer");
        }
    }

    /** Half an hour, as RFC 4028 4 recommends. */
    public static SessionTimerSettings defaults() {
        return new SessionTimerSettings(Duration.ofMinutes(30), Refresher.AUTO);
    }

    /** No session timers. */
    public static SessionTimerSettings off() {
        return new SessionTimerSettings(Duration.ZERO, Refresher.AUTO);
    }
}
