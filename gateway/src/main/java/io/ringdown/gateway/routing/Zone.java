package io.ringdown.gateway.routing;

import java.time.DateTimeException;
import java.time.ZoneId;

/**
 * A time zone, {@code Europe/Berlin}.
 *
 * @param name as the tz database has it
 */
public record Zone(String name) {
    public Zone {
        try {
            ZoneId.of(name);
        } catch (DateTimeException unknown) {
            throw new IllegalArgumentException("is no time zone; write one as Europe/Berlin or UTC", unknown);
        }
    }

    /** For the configuration. */
    public static Zone parse(String text) {
        return new Zone(text);
    }

    /** Its rules. */
    public ZoneId id() {
        return ZoneId.of(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
