package io.ringdown.dtmf;

import java.time.Duration;
import java.util.Optional;

/**
 * How digits travel to and from one trunk.
 *
 * @param road by which presses go there: {@code auto} takes what was agreed, and what is known of the trunk
 * @param infoForm the body of an INFO
 * @param shortest the least length of a press
 * @param longest the greatest length of a press
 * @param gap the least silence between two
 */
public record DtmfSettings(Road road, InfoForm infoForm, Duration shortest, Duration longest, Duration gap) {
    public DtmfSettings {
        within("shortest", shortest, 40, 1_000);
        within("longest", longest, 1_000, 60_000);
        within("gap", gap, 20, 1_000);
    }

    /** Which road is taken. */
    public enum Road {
        AUTO,
        RTP,
        INFO,
        INBAND;

        /** The one road that it names; empty for {@link #AUTO}. */
        public Optional<DtmfRoad> pinned() {
            return switch (this) {
                case AUTO -> Optional.empty();
                case RTP -> Optional.of(DtmfRoad.RTP);
                case INFO -> Optional.of(DtmfRoad.INFO);
                case INBAND -> Optional.of(DtmfRoad.IN_BAND);
            };
        }
    }

    /** The body of an INFO that we send; what comes in may be either. */
    public enum InfoForm {
        /** {@code application/dtmf-relay}, with the length. */
        DTMF_RELAY,
        /** {@code application/dtmf}, the key alone. */
        DTMF
    }

    /** Automatic, 40 ms to 6 s as RTCDTMFSender has it, gaps of 40 ms. */
    public static DtmfSettings defaults() {
        return new DtmfSettings(
                Road.AUTO, InfoForm.DTMF_RELAY, Duration.ofMillis(40), Duration.ofSeconds(6), Duration.ofMillis(40));
    }

    /** What holds for each press. */
    public PressQueue.Rules rules(int capacity) {
        return new PressQueue.Rules(gap.toNanos(), shortest.toNanos(), longest.toNanos(), capacity);
    }

    private static void within(String key, Duration value, long leastMillis, long mostMillis) {
        if (value.toMillis() < leastMillis || value.toMillis() > mostMillis) {
            throw new IllegalArgumentException(key + ": " + value.toMillis() + "ms is out of range; " + leastMillis
                    + "ms to " + mostMillis + "ms is possible");
        }
    }
}
