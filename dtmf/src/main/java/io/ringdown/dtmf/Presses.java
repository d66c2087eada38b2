package io.ringdown.dtmf;

/**
 * Told about presses that are received, in the order of their beginnings. The number of a press is its own for the life of the
 * receiver. Who wants whole presses only, hears their ends.
 */
public interface Presses {
    /** A press has begun; what it is known to last so far follows at once by {@link #onPressGrown}. */
    default void onPressStarted(long press, Digit digit, long now) {}

    /** The press lasts at least this long; it may be more than has passed since it began. */
    default void onPressGrown(long press, long lengthNanos, long now) {}

    /** The press is over and this was its length. */
    void onPressEnded(long press, Digit digit, long lengthNanos, long now);

    /** The hook was flashed; only with {@link TelephoneEventReceiver.FlashPolicy#TELL}. */
    default void onFlash(long now) {}
}
