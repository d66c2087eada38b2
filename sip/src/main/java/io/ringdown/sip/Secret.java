package io.ringdown.sip;

/**
 * A password that does not show itself.
 *
 * @param value the password, for the digest only
 */
public record Secret(String value) {

    public Secret {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("empty; give the password or leave the key out");
        }
    }

    /** Takes the text as it is. */
    public static Secret parse(String text) {
        return new Secret(text);
    }

    @Override
    public String toString() {
        return "***";
    }
}
