package io.ringdown.gateway.agents;

import java.util.Locale;

/** What somebody is doing, as their colleagues see it: what they said of themselves, unless their calls say more. */
public enum Standing {
    /** They have no device here. */
    OFFLINE,
    AVAILABLE,
    AWAY,
    BUSY,
    /** A call rings at them. */
    RINGING,
    /** They have a call. */
    ON_CALL,
    /** They had one, and have time for what it left. */
    WRAP_UP;

    /** As the protocol writes it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Standing of(Availability said) {
        return switch (said) {
            case AVAILABLE -> AVAILABLE;
            case AWAY -> AWAY;
            case BUSY -> BUSY;
        };
    }
}
