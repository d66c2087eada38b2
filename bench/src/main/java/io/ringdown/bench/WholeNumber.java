package io.ringdown.bench;

/** Numbers on the command line. */
public final class WholeNumber {
    private WholeNumber() {}

    /** The whole number that was written behind an option; else IllegalArgumentException with the option and its bounds. */
    public static long within(String option, String written, long least, long most) {
        try {
            long number = Long.parseLong(written);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(option + ": " + written + " is no number from " + least + " to " + most);
    }
}
