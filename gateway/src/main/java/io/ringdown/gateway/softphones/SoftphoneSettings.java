package io.ringdown.gateway.softphones;

import java.time.Duration;

/**
 * Softphones that speak SIP over WebSocket, at {@code /sip}. Who may use it from which page is the web server's {@code origins}.
 *
 * @param enabled whether they are let in
 * @param realm what a password is asked for: a part of what digest hashes, so that stored hashes are of this realm
 * @param shortestRegistration how long a registration lasts at least; phones that ask for less are told so (423)
 * @param longestRegistration how long at most; phones that ask for more get this
 * @param returnWithin how long a phone's calls wait for it after its socket is gone
 */
public record SoftphoneSettings(
        boolean enabled,
        String realm,
        Duration shortestRegistration,
        Duration longestRegistration,
        Duration returnWithin) {
    private static final Duration MOST_SHORT = Duration.ofHours(1);
    private static final Duration MOST_LONG = Duration.ofDays(1);
    private static final Duration MOST_RETURN = Duration.ofMinutes(10);
    private static final int LONGEST_REALM = 64;

    public SoftphoneSettings {
        boolean isWord = realm.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"' && c != '\\');
        if (realm.isEmpty() || realm.length() > LONGEST_REALM || !isWord) {
            throw new IllegalArgumentException("realm: write a host name, such as example.com");
        }
        check("shortest-registration", shortestRegistration, Duration.ofSeconds(10), MOST_SHORT);
        check("longest-registration", longestRegistration, Duration.ofMinutes(1), MOST_LONG);
        if (longestRegistration.compareTo(shortestRegistration) < 0) {
            throw new IllegalArgumentException(
                    "longest-registration: is shorter than shortest-registration; swap them, or leave one out");
        }
        check("return-within", returnWithin, Duration.ZERO, MOST_RETURN);
    }

    /** Not let in; registrations last one minute to one hour, and lost phones have 64 s to come back. */
    public static SoftphoneSettings defaults() {
        return new SoftphoneSettings(
                false, "ringdown", Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofSeconds(64));
    }

    private static void check(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(key + ": " + value.toSeconds() + "s is out of range; write "
                    + least.toSeconds() + "s to " + most.toSeconds() + "s");
        }
    }
}
