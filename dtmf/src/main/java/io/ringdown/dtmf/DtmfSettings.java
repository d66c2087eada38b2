package io.ringdown.dtmf;

import java.time.Duration;
import java.util.Optional;

/**
 * How digits travel to and from one trunk.
 *
 * @param road by which presses go there: {@code auto} takes what was agreed, and what is known of the trunk
 * @param hear whether tones in the trunk's sound are presses
 * @param infoForm the body of an INFO
 * @param shortest the least length of a press
 * @param longest the greatest length of a press
 * @param gap the least silence between two
 */
public record DtmfSettings(Road road, Hear hear, InfoForm infoForm, Duration shortest, Duration longest, Duration gap) {
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

    /** Whether tones are listened for, which costs a decoder and a detector for each call. */
    public enum Hear {
        /** Where no telephone-event was agreed. */
        AUTO,
        ALWAYS,
        NEVER
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
                Road.AUTO,
                Hear.AUTO,
                InfoForm.DTMF_RELAY,
                Duration.ofMillis(40),
                Duration.ofSeconds(6),
                Duration.ofMillis(40));
    }

    /** Whether tones are listened for on a call where telephone-event was agreed, or was not. */
    public boolean hear(boolean isAgreed) {
        return switch (hear) {
            case AUTO -> !isAgreed;
            case ALWAYS -> true;
            case NEVER -> false;
        };
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
