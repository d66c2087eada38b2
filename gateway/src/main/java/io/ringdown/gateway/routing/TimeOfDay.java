package io.ringdown.gateway.routing;

import java.time.DateTimeException;
import java.time.LocalTime;
import java.util.Locale;

/**
 * A span of the day, {@code 08:00-18:00}: from the first minute to before the second one; over midnight where that is earlier.
 *
 * @param from minutes after midnight
 * @param to minutes after midnight
 */
public record TimeOfDay(int from, int to) {
    private static final int HOUR = 60;

    public TimeOfDay {
        if (from == to) {
            throw new IllegalArgumentException("is no time at all; leave it out for the whole day");
        }
    }

    /** For the configuration. */
    public static TimeOfDay parse(String text) {
        String[] ends = text.split("-", -1);
        if (ends.length != 2) {
            throw unreadable();
        }
        return new TimeOfDay(minute(ends[0]), ends[1].equals("24:00") ? 0 : minute(ends[1]));
    }

    private static int minute(String text) {
        try {
            LocalTime time = LocalTime.parse(text);
            return time.getHour() * HOUR + time.getMinute();
        } catch (DateTimeException wrong) {
            throw unreadable();
        }
    }

    private static IllegalArgumentException unreadable() {
        return new IllegalArgumentException("is no span of a day; write one as 08:00-18:00");
    }

    boolean holds(LocalTime time) {
        int minute = time.getHour() * HOUR + time.getMinute();
        return from < to ? minute >= from && minute < to : minute >= from || minute < to;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%02d:%02d-%02d:%02d", from / HOUR, from % HOUR, to / HOUR, to % HOUR);
    }
}
