package io.ringdown.gateway.routing;

import java.util.Optional;

/**
 * How numbers are read.
 *
 * @param country where national numbers are at home; without it numbers stay as they were written
 * @param strict whether numbers that the plan of their country does not have are refused; else only those of an impossible length
 */
public record NumberSettings(Optional<Country> country, boolean strict) {
    public NumberSettings {
        if (strict && country.isEmpty()) {
            throw new IllegalArgumentException(
                    "strict: needs to know whose plan; add country: with two letters such as DE");
        }
    }

    /** No country: numbers stay as they were written. */
    public static NumberSettings defaults() {
        return new NumberSettings(Optional.empty(), false);
    }
}
