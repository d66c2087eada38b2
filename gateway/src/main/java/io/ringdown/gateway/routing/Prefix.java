package io.ringdown.gateway.routing;

import java.util.regex.Pattern;

/**
 * The beginning of the numbers that a trunk takes; {@code any} for all of them.
 *
 * @param digits as written in numbers, with {@code +} where they have it; empty for any number
 */
public record Prefix(String digits) {
    private static final Pattern FORM = Pattern.compile("\\+?[0-9*#]{0,32}");

    public Prefix {
        if (!FORM.matcher(digits).matches()) {
            throw new IllegalArgumentException("is not a prefix; write the first digits such as \"+49\", or any");
        }
    }

    public static Prefix parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("is empty; write the first digits such as \"+49\", or any");
        }
        return new Prefix(text.equals("any") ? "" : text);
    }

    /** Whether the number begins so. */
    public boolean matches(PhoneNumber number) {
        return number.digits().startsWith(digits);
    }

    @Override
    public String toString() {
        return digits.isEmpty() ? "any" : digits;
    }
}
