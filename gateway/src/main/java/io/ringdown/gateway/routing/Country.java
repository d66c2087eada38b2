package io.ringdown.gateway.routing;

/**
 * A country, as ISO 3166-1 writes it in two letters: {@code DE}, {@code US}.
 *
 * @param code its two capital letters; one whose numbering plan is known
 */
public record Country(String code) {
    public Country {
        if (!NumberPlan.knows(code)) {
            throw new IllegalArgumentException("is not a country; write two capital letters such as DE or US");
        }
    }

    /** For the configuration. */
    public static Country parse(String text) {
        return new Country(text);
    }

    @Override
    public String toString() {
        return code;
    }
}
