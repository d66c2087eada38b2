package io.ringdown.gateway.routing;

/** How the numbers in a trunk's INVITEs are to be read. */
public enum InFormat {
    /** With +, with 00, or national: as each of them is written. */
    AUTO,
    /** As numbers of the world whose + is left out. */
    DIGITS;

    PhoneNumber read(PhoneNumber written, NumberPlan plan) {
        return switch (this) {
            case AUTO -> plan.canonical(written);
            case DIGITS -> plan.canonicalWithoutPlus(written);
        };
    }
}
