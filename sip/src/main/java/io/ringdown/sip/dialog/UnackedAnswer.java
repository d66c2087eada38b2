package io.ringdown.sip.dialog;

/** A 2xx to an INVITE that is sent again until its ACK comes (RFC 3261 13.3.1.4). */
final class UnackedAnswer {
    private long id;
    private final long cseq;
    private final boolean answerWanted;
    private final SipTimers timers;
    private final long giveUpAt;
    private long intervalNanos;
    private long resendAt;

    UnackedAnswer(long id, long cseq, boolean answerWanted, SipTimers timers, long now) {
        this.id = id;
        this.cseq = cseq;
        this.answerWanted = answerWanted;
        this.timers = timers;
        this.giveUpAt = now + timers.transactionNanos();
        this.intervalNanos = timers.t1Nanos();
        this.resendAt = now + intervalNanos;
    }

    long id() {
        return id;
    }

    /** The same INVITE has come again, and was answered there too. */
    void isOf(long newId) {
        id = newId;
    }

    long cseq() {
        return cseq;
    }

    /** Whether our 2xx carried an offer, so that the ACK carries the answer. */
    boolean answerWanted() {
        return answerWanted;
    }

    boolean isLost(long now) {
        return now >= giveUpAt;
    }

    /** Whether it is to be sent again now. */
    boolean resendDue(long now) {
        if (now < resendAt || isLost(now)) {
            return false;
        }
        intervalNanos = Math.min(2 * intervalNanos, timers.t2Nanos());
        resendAt = now + intervalNanos;
        return true;
    }

    long nextWakeup() {
        return Math.min(resendAt, giveUpAt);
    }
}
