package io.ringdown.gateway.routing;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A telephone number as it goes onto the wire: an optional {@code +}, then digits, {@code *} and {@code #}. Nothing else can
 * be in it, so it can be put into a SIP header as it is. Its text form is masked; {@link #digits()} tells it.
 *
 * @param digits 1 to 32 of them, with the {@code +}
 */
public record PhoneNumber(String digits) {
    private static final Pattern FORM = Pattern.compile("\\+?[0-9*#]{1,32}");
    // What people and address books write between digits: RFC 3966 §5.1.1 visual separators, and spaces.
    private static final Pattern SEPARATORS = Pattern.compile("[ \\-.()/\\u00a0]");
    private static final int LONGEST_WRITTEN = 64;

    public PhoneNumber {
        if (!FORM.matcher(digits).matches()) {
            throw new IllegalArgumentException("is not a number; write digits, with + and the country code in front");
        }
    }

    /** For the configuration: as it is written there, without separators. */
    public static PhoneNumber parse(String text) {
        return new PhoneNumber(text);
    }

    /** The number that a client wrote, visual separators taken out; empty if that is none. */
    public static Optional<PhoneNumber> of(String written) {
        if (written.length() > LONGEST_WRITTEN) {
            return Optional.empty();
        }
        String digits = SEPARATORS.matcher(written).replaceAll("");
        return FORM.matcher(digits).matches() ? Optional.of(new PhoneNumber(digits)) : Optional.empty();
    }

    @Override
    public String toString() {
        int shown = Math.min(3, digits.length() / 2);
        return digits.substring(0, shown) + "…(" + digits.length() + ")";
    }
}
