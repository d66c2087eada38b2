package io.ringdown.gateway.guard;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** What was used of one {@link Limit} by the calls that it counts together. Pure; one thread at a time. */
final class Usage {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long HOUR = Duration.ofHours(1).toNanos();
    private static final long MILLIS_OF_MINUTE = 60_000;

    private final Limit limit;
    private final String by;
    // When calls have begun, as far as that matters; never more than the limit lets through.
    private final Deque<Long> lastMinute = new ArrayDeque<>();
    private final Deque<Long> lastHour = new ArrayDeque<>();
    private int atOnce;
    private long day;
    private int today;
    private long millis;
    private long micros;

    /** {@code by} is whose call it was counted for first. */
    Usage(Limit limit, String by, long day) {
        this.limit = limit;
        this.by = by;
        this.day = day;
    }

    Limit limit() {
        return limit;
    }

    String by() {
        return by;
    }

    int atOnce() {
        return atOnce;
    }

    int today() {
        return today;
    }

    long millis() {
        return millis;
    }

    long micros() {
        return micros;
    }

    long day() {
        return day;
    }

    /**
     * It is this day, and this moment of a steady clock. A clock that is put back a little begins no day for the second time; one that
     * was wrong by more than a day is believed again.
     */
    void on(long nowDay, long now) {
        if (nowDay > day) {
            today = 0;
            millis = 0;
            micros = 0;
        }
        if (nowDay > day || nowDay < day - 1) {
            day = nowDay;
        }
        forget(lastMinute, now - MINUTE);
        forget(lastHour, now - HOUR);
    }

    private static void forget(Deque<Long> begun, long before) {
        while (!begun.isEmpty() && begun.getFirst() - before <= 0) {
            begun.removeFirst();
        }
    }

    /** Whether one more call fits, which reserves so much. */
    boolean hasRoom(long forMillis, long forMicros) {
        return (limit.atOnce().isEmpty() || atOnce < limit.atOnce().getAsInt())
                && (limit.perMinute().isEmpty()
                        || lastMinute.size() < limit.perMinute().getAsInt())
                && (limit.perHour().isEmpty()
                        || lastHour.size() < limit.perHour().getAsInt())
                && (limit.perDay().isEmpty() || today < limit.perDay().getAsInt())
                && hasTalkLeft(forMillis, forMicros);
    }

    /** Whether so much more talk fits. */
    boolean hasTalkLeft(long forMillis, long forMicros) {
        return (limit.minutesPerDay().isEmpty()
                        || millis + forMillis <= limit.minutesPerDay().getAsInt() * MILLIS_OF_MINUTE)
                && (limit.spendPerDay().isEmpty()
                        || micros + forMicros <= limit.spendPerDay().get().micros());
    }

    void begin(long now) {
        keep();
        today++;
        if (limit.perMinute().isPresent()) {
            lastMinute.addLast(now);
        }
        if (limit.perHour().isPresent()) {
            lastHour.addLast(now);
        }
    }

    /** One that began then, on that day, never was. */
    void unbegin(long begunAt, long begunDay) {
        lastMinute.removeLastOccurrence(begunAt);
        lastHour.removeLastOccurrence(begunAt);
        if (day == begunDay) {
            today = Math.max(0, today - 1);
        }
    }

    /** One call more that was counted before, or elsewhere. */
    void keep() {
        atOnce++;
    }

    void end() {
        atOnce--;
    }

    /** One of today's that is over. */
    void recall() {
        today++;
    }

    /** So much talk, or less than nothing where it is given back. */
    void talk(long moreMillis, long moreMicros) {
        if (limit.isMetered()) {
            millis = Math.max(0, millis + moreMillis);
            micros = Math.clamp(micros + moreMicros, 0, Money.UNCOUNTABLE);
        }
    }

    /** Whether it is as if it had never been. */
    boolean isIdle(long nowDay) {
        return lastMinute.isEmpty() && lastHour.isEmpty() && isQuiet(nowDay);
    }

    /** Whether nothing of it is under way, or counted for the day. */
    boolean isQuiet(long nowDay) {
        boolean isToday = limit.isDaily() && day >= nowDay && (today > 0 || millis > 0 || micros > 0);
        return atOnce == 0 && !isToday;
    }
}
