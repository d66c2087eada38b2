package io.ringdown.media.bridge;

/**
 * What the clock of a stream of ours says, whenever it is asked: sender reports give the same instant on two clocks (RFC 3550
 * §6.4.1), and a receiver draws a line through them. The packet that left earliest for its timestamp, of those since the report
 * before the last, holds the line: what made the others late is not the clock's. Owned by one thread.
 */
final class SendClock {
    private static final long SECOND = 1_000_000_000L;

    // By then the receiver's buffer has run over or dry and begun anew: so do we.
    private static final long GIVEN_UP_NANOS = 100_000_000;

    // Clocks of senders are apart by so much at most, as 1 / n; their receivers follow them, and so do we.
    private static final int CLOCKS_APART = 5_000;

    private int clockRate = 8_000;
    private boolean isSet;
    private int timestamp;
    private long nanos;
    private boolean isEarlierSet;
    private int earlierTimestamp;
    private long earlierNanos;
    private boolean isStarted;
    private int lastTimestamp;
    private long lastDueNanos;

    /** The stream counts at this rate from now on. */
    void rate(int newClockRate) {
        if (newClockRate != clockRate) {
            clockRate = newClockRate;
            isSet = false;
            isEarlierSet = false;
            isStarted = false;
        }
    }

    /** A packet with this timestamp leaves. */
    void onSent(int sentTimestamp, long now) {
        follow(sentTimestamp, now);
        if (!isSet || now - nanos < nanos(sentTimestamp - timestamp)) {
            isSet = true;
            timestamp = sentTimestamp;
            nanos = now;
        }
    }

    private void follow(int sentTimestamp, long now) {
        if (!isStarted) {
            start(sentTimestamp, now);
            return;
        }
        long step = nanos(sentTimestamp - lastTimestamp);
        long due = lastDueNanos + step;
        long most = Math.abs(step) / CLOCKS_APART;
        lastDueNanos = due + Math.clamp(now - due, -most, most);
        lastTimestamp = sentTimestamp;
    }

    /** How early a packet with this timestamp would leave if it left now, by the pace of those before it; negative if late. */
    long aheadNanos(int nextTimestamp, long now) {
        if (!isStarted) {
            return 0;
        }
        long ahead = lastDueNanos + nanos(nextTimestamp - lastTimestamp) - now;
        if (Math.abs(ahead) > GIVEN_UP_NANOS) {
            start(nextTimestamp, now);
            return 0;
        }
        return ahead;
    }

    private void start(int atTimestamp, long now) {
        isStarted = true;
        lastTimestamp = atTimestamp;
        lastDueNanos = now;
    }

    /** For a report: the timestamp of this instant; {@code unsent} where nothing has left yet. */
    int at(long now, int unsent) {
        if (!isSet && !isEarlierSet) {
            return unsent;
        }
        boolean isEarlierBest = !isSet || (isEarlierSet && earlierNanos - nanos < nanos(earlierTimestamp - timestamp));
        int clock = isEarlierBest ? earlierTimestamp + ticks(now - earlierNanos) : timestamp + ticks(now - nanos);
        if (isSet) {
            isEarlierSet = true;
            earlierTimestamp = timestamp;
            earlierNanos = nanos;
            isSet = false;
        }
        return clock;
    }

    private int ticks(long elapsed) {
        return (int) (elapsed / SECOND * clockRate + elapsed % SECOND * clockRate / SECOND);
    }

    private long nanos(int ticks) {
        return ticks * SECOND / clockRate;
    }
}
