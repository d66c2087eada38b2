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
 */
public record GroupSettings(Optional<PhoneNumber> extension, Ring ring, Duration each) {

    /** Whom of those who can take a call it rings. */
    public enum Ring {
        /** All of them at once. */
        ALL,
        /** One after the other, in the order of the configuration. */
        IN_ORDER,
        /** One after the other, who has been without a call for longest first. */
        LONGEST_IDLE
    }

    /** Without an extension; all at once. */
    public static GroupSettings defaults() {
        return new GroupSettings(Optional.empty(), Ring.ALL, Duration.ofSeconds(15));
    }
}
