package io.ringdown.gateway.agents;

import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.Optional;

/**
 * People who share calls. Who is in it, users say.
 *
 * @param extension the short number that rings it
 * @param ring whom of them a call rings
 * @param each how long each of them is rung, one after the other
 * @param timeout how long a call waits for them, ringing or not; {@code calls.ring-timeout} where absent
 * @param overflow where a call goes that none of them takes
 * @param wrapUp how long after a call of the group its agent is given no other
 * @param mostWaiting how many calls may wait while nobody is free
 * @param awayAfter after how many calls in a row that rang unanswered an agent is set away; 0 for never
 * @param signIn what its people are when they sign in
 */
public record GroupSettings(
        Optional<PhoneNumber> extension,
        Ring ring,
        Duration each,
        Optional<Duration> timeout,
        Overflow overflow,
        Duration wrapUp,
        int mostWaiting,
        int awayAfter,
        Availability signIn) {

    /** Whom of those who can take a call it rings. */
    public enum Ring {
        /** All of them at once. */
        ALL,
        /** One after the other, in the order of the configuration. */
        IN_ORDER,
        /** One after the other, who has been without a call for longest first. */
        LONGEST_IDLE
    }

    /**
     * Where a call goes that nobody of a group takes; at most one of the three, and with none it ends as it went: nobody answered,
     * too many wait, nobody is there.
     *
     * @param group whose people it waits for next
     * @param user whom it rings
     * @param cause how it ends
     */
    public record Overflow(Optional<String> group, Optional<String> user, Optional<Cause> cause) {
        /** How a call may end. */
        public enum Cause {
            BUSY,
            NO_ANSWER,
            UNAVAILABLE
        }

        public Overflow {
            int said = (group.isPresent() ? 1 : 0) + (user.isPresent() ? 1 : 0) + (cause.isPresent() ? 1 : 0);
            if (said > 1) {
                throw new IllegalArgumentException("group, user, cause: more than one is there; leave one");
            }
        }

        /** Nowhere. */
        public static Overflow defaults() {
            return new Overflow(Optional.empty(), Optional.empty(), Optional.empty());
        }
    }

    public GroupSettings {
        requireWithin("each", each, Duration.ofSeconds(1), Duration.ofMinutes(10));
        timeout.ifPresent(time -> requireWithin("timeout", time, Duration.ofSeconds(1), Duration.ofHours(2)));
        requireWithin("wrap-up", wrapUp, Duration.ZERO, Duration.ofHours(1));
        requireWithin("most-waiting", mostWaiting, 10_000);
        requireWithin("away-after", awayAfter, 100);
    }

    /** Without an extension; all at once, for as long as calls ring; 50 may wait; nobody is set away, and all sign in available. */
    public static GroupSettings defaults() {
        return new GroupSettings(
                Optional.empty(),
                Ring.ALL,
                Duration.ofSeconds(15),
                Optional.empty(),
                Overflow.defaults(),
                Duration.ZERO,
                50,
                0,
                Availability.AVAILABLE);
    }

    private static void requireWithin(String key, Duration time, Duration least, Duration most) {
        if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
            throw new IllegalArgumentException(key + ": " + time.toMillis() + "ms is out of range; write "
                    + least.toSeconds() + "s to " + most.toSeconds() + "s");
        }
    }

    private static void requireWithin(String key, int count, int most) {
        if (count < 0 || count > most) {
            throw new IllegalArgumentException(key + ": " + count + " is out of range; write 0 to " + most);
        }
    }
}
