package io.ringdown.gateway.call;

import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * What a call is known by, everywhere and for ever: 128 random bits, so that it cannot be guessed and never meets another.
 *
 * @param hex 32 hex digits in small letters
 */
public record CallId(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

    public CallId {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("a call's id is 32 hex digits");
        }
    }

    /** The id that a client wrote; empty if it is none. */
    public static Optional<CallId> of(String written) {
        return FORM.matcher(written).matches() ? Optional.of(new CallId(written)) : Optional.empty();
    }

    /** A new id; {@code random} must be a secure one. */
    public static CallId random(RandomGenerator random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return new CallId(HexFormat.of().formatHex(bytes));
    }

    @Override
    public String toString() {
        return hex;
    }
}
