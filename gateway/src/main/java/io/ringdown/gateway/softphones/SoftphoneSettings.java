package io.ringdown.gateway.softphones;

import io.ringdown.gateway.call.CallSettings;
import io.ringdown.gateway.routing.User;
import io.ringdown.sip.web.WebSipSettings;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Softphones that speak SIP over WebSocket, at {@code /sip}. Who may use it from which page is the web server's {@code origins}.
 *
 * @param enabled whether they are let in
 * @param realm the host of our URIs towards them, and what their passwords are for (RFC 3261 §22.1)
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
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}");
    // Above every time that a call rings by itself: how it ends is the call's to say.
    private static final Duration NO_ANSWER = Duration.ofMinutes(10);

    public SoftphoneSettings {
        if (!HOST.matcher(realm).matches()) {
            throw new IllegalArgumentException("realm: is no host name; write one such as example.com");
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

    /**
     * As the stack takes it.
     *
     * @param calls how long calls ring, and how many there are at once
     */
    public WebSipSettings sip(CallSettings calls) {
        WebSipSettings usual = WebSipSettings.defaults();
        return new WebSipSettings(
                realm,
                usual.userAgent(),
                shortestRegistration,
                longestRegistration,
                returnWithin,
                NO_ANSWER,
                usual.maxPhonesPerUser(),
                usual.maxSockets(),
                Math.max(usual.maxCalls(), 2 * calls.maxCalls()),
                usual.maxMessagesPerSecond());
    }

    /**
     * That what is kept in the place of this user's password can open anything here.
     *
     * @param what names it for who reads the error
     */
    public void check(String what, User user) {
        user.sipHa1().filter(ha1 -> !ha1.realm().equals(realm)).ifPresent(_ -> {
            throw new IllegalArgumentException(what + ": is not softphones.realm, which is " + realm
                    + "; write that, and hashes of NAME:" + realm + ":PASSWORD");
        });
    }

    private static void check(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(key + ": " + value.toSeconds() + "s is out of range; write "
                    + least.toSeconds() + "s to " + most.toSeconds() + "s");
        }
    }
}
