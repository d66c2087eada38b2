package io.ringdown.sip.dialog;

import java.time.Duration;

/**
 * The times of a call.
 *
 * @param t1Nanos the round trip estimate (RFC 3261 17.1.1.1)
 * @param t2Nanos the longest interval between retransmissions
 * @param silentNanos how long not even a 100 is waited for
 * @param noAnswerNanos how long an answer is waited for
 * @param reofferNanos how long our side may think about an offer in a call
 */
public record SipTimers(long t1Nanos, long t2Nanos, long silentNanos, long noAnswerNanos, long reofferNanos) {

    /** RFC 3261's values, with a trunk's limits. */
    public static SipTimers of(Duration silentAfter, Duration noAnswerAfter) {
        return new SipTimers(
                Duration.ofMillis(500).toNanos(),
                Duration.ofSeconds(4).toNanos(),
                silentAfter.toNanos(),
                noAnswerAfter.toNanos(),
                Duration.ofSeconds(10).toNanos());
    }

    SipTimers withSilentAfter(Duration limit) {
        return new SipTimers(t1Nanos, t2Nanos, limit.toNanos(), noAnswerNanos, reofferNanos);
    }

    /** 64·T1: how long a transaction lives, and how long a call that is over is remembered. */
    public long transactionNanos() {
        return 64 * t1Nanos;
    }
}
