package io.ringdown.media;

/**
 * UDP ports from {@code first} to {@code last}, both included; written {@code 10000-10007}, or {@code 10000} for one.
 * {@code 0} alone stands for one port of the system's choice.
 */
public record PortRange(int first, int last) {
    private static final int HIGHEST = 65_535;

    public PortRange {
        if (first < 0 || last > HIGHEST || first > last || (first == 0 && last != 0)) {
            throw new IllegalArgumentException(
                    first + "-" + last + " is no range of ports; write the lower port first, like 10000-10007");
        }
    }

    /** Reads {@code 10000-10007} or {@code 10000}. */
    public static PortRange parse(String text) {
        int dash = text.indexOf('-');
        try {
            int first = Integer.parseInt((dash < 0 ? text : text.substring(0, dash)).strip());
            int last =
                    dash < 0 ? first : Integer.parseInt(text.substring(dash + 1).strip());
            return new PortRange(first, last);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException('"' + text + "\" is no range of ports; write it like 10000-10007", e);
        }
    }

    public int size() {
        return last - first + 1;
    }

    @Override
    public String toString() {
        return first == last ? String.valueOf(first) : first + "-" + last;
    }
}
