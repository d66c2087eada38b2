package io.ringdown.gateway.agents;

import java.util.Locale;
import java.util.Optional;

/** What somebody says of themselves: whether calls may come. */
public enum Availability {
    /** Groups ring them. */
    AVAILABLE,
    /** Groups do not ring them; who calls their own number does. */
    AWAY,
    /** Nobody rings them. */
    BUSY;

    /** As the protocol writes it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one that is written so. */
    public static Optional<Availability> of(String code) {
        for (Availability one : values()) {
            if (one.code().equals(code)) {
                return Optional.of(one);
            }
        }
        return Optional.empty();
    }
}
