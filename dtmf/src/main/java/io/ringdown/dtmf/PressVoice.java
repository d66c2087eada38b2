package io.ringdown.dtmf;

/** Plays what a {@link PressQueue} holds, on its own clock, into one line. Pure; owned by the queue's thread. */
public interface PressVoice {
    /** Sends what is due. */
    void onTime(long now);

    /** When {@link #onTime} wants to be called; {@code Long.MAX_VALUE} for never. */
    long nextWakeup();

    /** Ends the press under way now, at the length that has left, and gives the line back; what waits stays in the queue. */
    void stop(long now);
}
