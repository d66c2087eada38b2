package io.ringdown.sip.web;

import io.ringdown.sip.HostPort;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What holds for all softphones.
 *
 * @param domain the host of our URIs towards them, and the realm of their passwords
 * @param userAgent what User-Agent and Server say; empty for nothing
 * @param leastExpires who would register for less is told to take more (423, RFC 3261 §10.3)
 * @param mostExpires who would register for longer gets this
 * @param away how long the calls of a phone whose socket is gone wait for it
 * @param noAnswerAfter without an answer by then, a call is cancelled (to it) or refused (from it)
 * @param maxPhonesPerUser registrations of one user; a new one takes the place of one that is away, and is refused where none is
 * @param maxSockets sockets at once
 * @param maxCalls calls at once
 * @param maxMessagesPerSecond messages from one socket, twice that in a burst; more closes it
 */
public record WebSipSettings(
        String domain,
        String userAgent,
        Duration leastExpires,
        Duration mostExpires,
        Duration away,
        Duration noAnswerAfter,
        int maxPhonesPerUser,
        int maxSockets,
        int maxCalls,
        int maxMessagesPerSecond) {

    public WebSipSettings {
        HostPort at = HostPort.parse(domain);
        if (at.port().isPresent() || !domain.matches("[A-Za-z0-9.:\\[\\]-]{1,253}")) {
            throw new IllegalArgumentException(
                    "domain: '" + domain + "' is no host name; write one as in pbx.example.org");
        }
        if (!userAgent.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("user-agent: has characters outside of printable ASCII; use others");
        }
        requireWithin("least-expires", leastExpires, Duration.ofSeconds(1), Duration.ofHours(1));
        requireWithin("most-expires", mostExpires, leastExpires, Duration.ofHours(24));
        requireWithin("away", away, Duration.ZERO, Duration.ofMinutes(10));
        requireWithin("no-answer-after", noAnswerAfter, Duration.ofSeconds(1), Duration.ofMinutes(10));
        requireWithin("max-phones-per-user", maxPhonesPerUser, 100);
        requireWithin("max-sockets", maxSockets, 1_000_000);
        requireWithin("max-calls", maxCalls, 1_000_000);
        requireWithin("max-messages-per-second", maxMessagesPerSecond, 100_000);
    }

    /** A minute to an hour; calls wait for 64 s; ten phones a user. */
    public static WebSipSettings defaults() {
        return new WebSipSettings(
                "ringdown.invalid",
                "Ringdown",
                Duration.ofSeconds(60),
                Duration.ofHours(1),
                Duration.ofSeconds(64),
                Duration.ofSeconds(180),
                10,
                10_000,
                5000,
                50);
    }

    /** As this, by another domain. */
    public WebSipSettings withDomain(String host) {
        return new WebSipSettings(
                host,
                userAgent,
                leastExpires,
                mostExpires,
                away,
                noAnswerAfter,
                maxPhonesPerUser,
                maxSockets,
                maxCalls,
                maxMessagesPerSecond);
    }

    /** As this, with calls that wait so long for a phone that has lost its socket. */
    public WebSipSettings withAway(Duration wait) {
        return new WebSipSettings(
                domain,
                userAgent,
                leastExpires,
                mostExpires,
                wait,
                noAnswerAfter,
                maxPhonesPerUser,
                maxSockets,
                maxCalls,
                maxMessagesPerSecond);
    }

    /** The domain as a host without a port. */
    public HostPort host() {
        return new HostPort(HostPort.parse(domain).host(), OptionalInt.empty());
    }

    private static void requireWithin(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(key + ": " + value.toMillis() + " ms is out of range; "
                    + least.toMillis() + " ms to " + most.toMillis() + " ms");
        }
    }

    private static void requireWithin(String key, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(key + ": " + value + " is out of range; 1 to " + most);
        }
    }
}
