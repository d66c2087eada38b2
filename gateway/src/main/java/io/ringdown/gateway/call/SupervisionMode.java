package io.ringdown.gateway.call;

import java.util.Locale;

/** Who hears a supervisor; the supervisor hears both in each mode. */
public enum SupervisionMode {
    /** Nobody. */
    LISTEN,
    /** The agent. */
    WHISPER,
    /** The agent and the telephone. */
    BARGE;

    /** As the protocol writes it. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
