package io.ringdown.gateway.agents;

import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.Optional;

/**
 * A group as it is at a moment. Immutable.
 *
 * @param group its name
 * @param waiting how many calls wait for its people, those among them that ring
 * @param longestWait of these
 * @param answered how many calls its people have taken since the start
 * @param overflowed how many went on to somebody else, or were refused, since none of them took them
 * @param abandoned how many ended while they waited
 */
public record GroupSeen(
        String group,
        Optional<PhoneNumber> extension,
        int waiting,
        Optional<Duration> longestWait,
        long answered,
        long overflowed,
        long abandoned) {}
