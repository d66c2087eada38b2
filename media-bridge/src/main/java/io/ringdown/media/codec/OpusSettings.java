package io.ringdown.media.codec;

/**
 * How we encode Opus, and with what.
 *
 * @param bitrate of what we send to the browser, in bit/s
 * @param complexity of the encoder, 0 (cheapest) to 10; decides most of what a call costs
 * @param engine whose Opus
 */
public record OpusSettings(int bitrate, int complexity, Engine engine) {

    /** Whose Opus encodes and decodes. */
    public enum Engine {
        /** The system's libopus where there is one, else the one in pure Java. */
        AUTO,
        /** The one in pure Java: four times the work, but memory-safe on data from the network. */
        JAVA
    }

    private static final int LOWEST_BITRATE = 6_000; // RFC 6716 §2.1.1
    static final int HIGHEST_BITRATE = 128_000; // RFC 7587 §3.1.1: 64 kbit/s is the most that mono gains from

    private static final int PROTECTION_SHARE = 4; // a quarter more

    public OpusSettings {
        if (bitrate < LOWEST_BITRATE || bitrate > HIGHEST_BITRATE) {
            throw new IllegalArgumentException("bitrate: %d bit/s is out of range; %d to %d is possible, 32000 is usual"
                    .formatted(bitrate, LOWEST_BITRATE, HIGHEST_BITRATE));
        }
        if (complexity < 0 || complexity > 10) {
            throw new IllegalArgumentException(
                    "complexity: %d is out of range; 0 (cheapest) to 10 is possible, 0 is usual".formatted(complexity));
        }
    }

    /**
     * The bit rate where this part of the packets gets lost: what protects them must not be taken from the voice, so that there
     * is a little more of it from the first percent on.
     *
     * @param most that the peer wants to receive (RFC 7587 §6.1)
     */
    int bitrate(int lossPercent, int most) {
        int wanted = lossPercent > 0 ? bitrate + bitrate / PROTECTION_SHARE : bitrate;
        return Math.clamp(Math.min(wanted, most), LOWEST_BITRATE, HIGHEST_BITRATE);
    }

    /**
     * Speech at 32 kbit/s, complexity 0, by the system's library: measured, a third more bits buy more than all the work of
     * higher complexities (docs/sound.md).
     */
    public static OpusSettings defaults() {
        return new OpusSettings(32_000, 0, Engine.AUTO);
    }
}
