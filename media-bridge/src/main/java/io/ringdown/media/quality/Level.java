package io.ringdown.media.quality;

import java.util.OptionalDouble;

/**
 * How loud the sound of a leg is.
 *
 * @param recentDbov the last second, dB relative to overload (ITU-T G.100.1); empty before the first frame; −127 is silence
 * @param speechDbov the last seconds of speech, pauses left out; empty before there was any
 * @param silentMillis how long it has been digital silence up to now, in milliseconds of sound
 * @param quietMillis how long it has been below −60 dBov up to now, in milliseconds of sound
 */
public record Level(OptionalDouble recentDbov, OptionalDouble speechDbov, long silentMillis, long quietMillis) {
    /** Nothing has come. */
    public static final Level NONE = new Level(OptionalDouble.empty(), OptionalDouble.empty(), 0, 0);

    private static final double SILENCE_DBOV = -127; // RFC 6464 §3
    private static final double DBM0_OF_0_DBOV =
            6.15; // G.711 table 1: A-law's overload is a sine of 3.14 dBm0, −3.01 dBov

    /** From what {@link SoundLevel} has measured; a negative power is none. */
    public static Level of(double recentPower, double speechPower, long silentMillis, long quietMillis) {
        return new Level(dbov(recentPower), dbov(speechPower), silentMillis, quietMillis);
    }

    /** {@link #speechDbov} as the telephone network counts: dBm0, where 0 dBov is +6.15 dBm0 (A-law; µ-law reads 0.1 lower). */
    public OptionalDouble speechDbm0() {
        return speechDbov.isPresent()
                ? OptionalDouble.of(speechDbov.getAsDouble() + DBM0_OF_0_DBOV)
                : OptionalDouble.empty();
    }

    private static OptionalDouble dbov(double power) {
        return power < 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.max(SILENCE_DBOV, 10 * Math.log10(power / SoundLevel.FULL_SCALE)));
    }
}
