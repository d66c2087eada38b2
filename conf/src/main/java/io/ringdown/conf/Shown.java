package io.ringdown.conf;

/** How written text appears in a problem: one line, printable, not long, secrets masked. Pure. */
final class Shown {
    private static final int MAX_CHARACTERS = 80;
    static final String MASK = "********";

    private Shown() {}

    static String value(String written, boolean secret) {
        return secret ? MASK : text(written);
    }

    static String text(String written) {
        StringBuilder shown = new StringBuilder();
        written.codePoints().limit(MAX_CHARACTERS).forEach(c -> {
            if (isPlain(c)) {
                shown.appendCodePoint(c);
            } else {
                shown.append(String.format("\\u%04x", c));
            }
        });
        return written.codePointCount(0, written.length()) > MAX_CHARACTERS ? shown + "…" : shown.toString();
    }

    private static boolean isPlain(int c) {
        int type = Character.getType(c);
        return type != Character.CONTROL
                && type != Character.FORMAT
                && type != Character.SURROGATE
                && type != Character.LINE_SEPARATOR
                && type != Character.PARAGRAPH_SEPARATOR
                && type != Character.UNASSIGNED;
    }
}
