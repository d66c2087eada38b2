package io.ringdown.gateway.check;

import java.util.Locale;

/**
 * One line of the verdict.
 *
 * @param subject what was looked at
 * @param grade how it is
 * @param seen what was seen
 * @param change what to change; empty where nothing
 */
public record Finding(String subject, Grade grade, String seen, String change) {

    /** How a point is. */
    public enum Grade {
        /** As it should be. */
        OK,
        /** It works, and one should know this. */
        NOTE,
        /** It does not work. */
        BAD,
        /** It was not tried. */
        SKIPPED
    }

    private static final int SUBJECT_WIDTH = 17;
    private static final int GRADE_WIDTH = 8;

    static Finding ok(String subject, String seen) {
        return new Finding(subject, Grade.OK, seen, "");
    }

    static Finding note(String subject, String seen, String change) {
        return new Finding(subject, Grade.NOTE, seen, change);
    }

    static Finding bad(String subject, String seen, String change) {
        return new Finding(subject, Grade.BAD, seen, change);
    }

    static Finding skipped(String subject, String why) {
        return new Finding(subject, Grade.SKIPPED, why, "");
    }

    /** A line of the table, and one below where something is to be changed. */
    public String text() {
        String line = "  " + padded(grade.name().toLowerCase(Locale.ROOT), GRADE_WIDTH) + padded(subject, SUBJECT_WIDTH)
                + seen;
        return change.isEmpty() ? line : line + "\n  " + " ".repeat(GRADE_WIDTH + SUBJECT_WIDTH) + "-> " + change;
    }

    private static String padded(String text, int width) {
        return text.length() >= width ? text + " " : text + " ".repeat(width - text.length());
    }
}
