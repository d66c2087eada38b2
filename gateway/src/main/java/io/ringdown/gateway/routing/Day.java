package io.ringdown.gateway.routing;

import java.time.DayOfWeek;

/** A day of the week, as a configuration writes it. */
public enum Day {
    MON(DayOfWeek.MONDAY),
    TUE(DayOfWeek.TUESDAY),
    WED(DayOfWeek.WEDNESDAY),
    THU(DayOfWeek.THURSDAY),
    FRI(DayOfWeek.FRIDAY),
    SAT(DayOfWeek.SATURDAY),
    SUN(DayOfWeek.SUNDAY);

    private final DayOfWeek day;

    Day(DayOfWeek day) {
        this.day = day;
    }

    boolean is(DayOfWeek other) {
        return day == other;
    }
}
