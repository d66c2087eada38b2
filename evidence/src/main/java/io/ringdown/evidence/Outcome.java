package io.ringdown.evidence;

/**
 * How one run of one test that shows a row has ended. As text it is one line of fields with tabs between.
 *
 * @param row what it shows
 * @param test class and method; a class alone where it failed before its tests began
 * @param run which of the method's runs: tests with parameters have several
 * @param verdict how it ended
 * @param peers whom it met, with commas between; empty for nobody
 */
record Outcome(Row row, String test, String run, Verdict verdict, String peers) {
    private static final int FIELDS = 5;

    /** How a test ends. */
    enum Verdict {
        GREEN,
        RED,
        NOT_RUN
    }

    /** The class of a test; of a class, itself. */
    String owner() {
        return test.split("#", 2)[0];
    }

    String line() {
        return String.join("\t", row.name(), test, plain(run), verdict.name(), peers);
    }

    /** Reads a line again; IllegalArgumentException for what is none. */
    static Outcome of(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("not a line of outcomes: " + line);
        }
        return new Outcome(Row.valueOf(fields[0]), fields[1], fields[2], Verdict.valueOf(fields[3]), fields[4]);
    }

    // A run's name has its parameters in it, which may be anything.
    private static String plain(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
