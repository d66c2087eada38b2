package io.ringdown.sip.stream;

import java.util.concurrent.TimeUnit;

/**
 * When a connection is asked for a sign of life and answers one (RFC 5626 4.4.1: two line ends are the question, one the
 * answer). A peer that has once answered and then is silent is dead. One that never did may not know the question, so its
 * silence says nothing. Pure; times in nanoseconds.
 */
public final class KeepAlive {
    /** No time at which anything is due. */
    public static final long NEVER = Long.MAX_VALUE;

    // RFC 5626 4.4.1: an answer that takes longer means that the flow has failed.
    private static final long ANSWER_WITHIN = TimeUnit.SECONDS.toNanos(10);
    // Two line ends further apart than this are not one question.
    private static final long PAIR_WITHIN = TimeUnit.SECONDS.toNanos(1);

    /** What is to be done. */
    public enum Step {
        NOTHING,
        /** Send two line ends. */
        ASK,
        /** Send one line end. */
        ANSWER,
        /** Close the connection. */
        CLOSE
    }

    private final long every;
    private long asksAt;
    private long answerBy = NEVER;
    private boolean answersAsked;
    private boolean halfCounted;
    private long unpairedAt = NEVER;

    /**
     * A connection that has just opened.
     *
     * @param every how long nothing comes before we ask; 0 to answer only
     */
    public KeepAlive(long every, long now) {
        this.every = every;
        this.asksAt = every == 0 ? NEVER : now + every;
    }

    /** When {@link #onTime} wants to be called; {@link #NEVER} for not at all. */
    public long nextWakeup() {
        return Math.min(asksAt, answerBy);
    }

    /** A message has come. */
    public void onMessage(long now) {
        unpairedAt = NEVER;
        alive(now);
    }

    /** A line end has come between messages. */
    public Step onLineEnd(long now) {
        if (unpairedAt != NEVER && now - unpairedAt <= PAIR_WITHIN) {
            // A question, so its first half was no answer to ours.
            unpairedAt = NEVER;
            answersAsked &= !halfCounted;
            return Step.ANSWER;
        }
        halfCounted = answerBy != NEVER && !answersAsked;
        answersAsked |= halfCounted;
        unpairedAt = now;
        alive(now);
        return Step.NOTHING;
    }

    /** A time has come. */
    public Step onTime(long now) {
        if (now >= answerBy) {
            answerBy = NEVER;
            if (answersAsked) {
                asksAt = NEVER;
                return Step.CLOSE;
            }
        }
        if (now < asksAt) {
            return Step.NOTHING;
        }
        asksAt = now + every;
        answerBy = now + Math.min(ANSWER_WITHIN, every);
        return Step.ASK;
    }

    private void alive(long now) {
        answerBy = NEVER;
        if (every != 0) {
            asksAt = now + every;
        }
    }
}
