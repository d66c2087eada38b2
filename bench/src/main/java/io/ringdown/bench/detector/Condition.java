package io.ringdown.bench.detector;

import io.ringdown.media.codec.AudioCodec;

/**
 * What presses are like, and the line they come over.
 *
 * @param name as the table has it
 * @param dbm0 level of the louder tone
 * @param twist how much louder the high tone is, dB
 * @param lowOffset how far the low tone is off its frequency, per cent; up or down by chance
 * @param highOffset the same of the high tone
 * @param millis how long a press is
 * @param pauseMillis the least pause between presses; it is up to 60 ms longer
 * @param law the G.711 that the sound goes through
 * @param disturbance what is added to it or taken from it
 */
record Condition(
        String name,
        double dbm0,
        double twist,
        double lowOffset,
        double highOffset,
        double millis,
        double pauseMillis,
        AudioCodec law,
        Disturbance disturbance) {

    private static final double USUAL_DBM0 = -10;

    /** What happens on the line. */
    sealed interface Disturbance {}

    /** Nothing. */
    record Clean() implements Disturbance {}

    /** Noise all the time, so many dB below the two tones together; white, or with the spectrum of speech. */
    record Noisy(double snr, boolean isSpeechLike) implements Disturbance {}

    /** A dial tone of so many dBm0 a frequency. */
    record DialTone(double dbm0) implements Disturbance {}

    /** Each press is interrupted once, somewhere within. */
    record Interrupted(double millis) implements Disturbance {}

    /** Of each press one frame of 20 ms that lies within is lost; silence takes its place, or the frame before it again. */
    record FrameLost(boolean isRepeated) implements Disturbance {}

    static Condition usual(String name) {
        return new Condition(name, USUAL_DBM0, 2, 0, 0, 60, 60, AudioCodec.PCMU, new Clean());
    }

    Condition at(double newDbm0) {
        return new Condition(name, newDbm0, twist, lowOffset, highOffset, millis, pauseMillis, law, disturbance);
    }

    Condition twisted(double newTwist) {
        return new Condition(name, dbm0, newTwist, lowOffset, highOffset, millis, pauseMillis, law, disturbance);
    }

    Condition off(double low, double high) {
        return new Condition(name, dbm0, twist, low, high, millis, pauseMillis, law, disturbance);
    }

    Condition lasting(double newMillis, double newPauseMillis) {
        return new Condition(name, dbm0, twist, lowOffset, highOffset, newMillis, newPauseMillis, law, disturbance);
    }

    Condition by(AudioCodec newLaw) {
        return new Condition(name, dbm0, twist, lowOffset, highOffset, millis, pauseMillis, newLaw, disturbance);
    }

    Condition with(Disturbance newDisturbance) {
        return new Condition(name, dbm0, twist, lowOffset, highOffset, millis, pauseMillis, law, newDisturbance);
    }

    double lowDbm0() {
        return dbm0 - Math.max(0, twist);
    }

    double highDbm0() {
        return dbm0 + Math.min(0, twist);
    }
}
