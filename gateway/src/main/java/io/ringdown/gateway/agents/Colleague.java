package io.ringdown.gateway.agents;

import io.ringdown.gateway.call.Call;
import io.ringdown.gateway.call.CallId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Somebody as colleagues see them at a moment. Immutable.
 *
 * @param person who
 * @param chosen what they said of themselves
 * @param standing what they are doing
 * @param reason why they are away or busy, in their own words
 * @param since for how long they have been doing it
 * @param devices on how many devices they are signed in
 * @param calls which calls they have, oldest first
 */
public record Colleague(
        Person person,
        Availability chosen,
        Standing standing,
        Optional<String> reason,
        Duration since,
        int devices,
        List<OnCall> calls) {
    public Colleague {
        calls = List.copyOf(calls);
    }

    /** How a call of theirs stands. */
    public enum Stage {
        RINGING,
        /** Theirs, and not answered by the other side. */
        CALLING,
        TALKING,
        HELD;

        /** As the protocol writes it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A call of theirs.
     *
     * @param with the number of the other side, where it is known
     * @param since for how long it has stood so
     */
    public record OnCall(CallId call, Stage stage, Optional<String> with, Call.Direction direction, Duration since) {
        @Override
        public String toString() {
            return "OnCall[" + call + " " + stage + "]";
        }
    }
}
