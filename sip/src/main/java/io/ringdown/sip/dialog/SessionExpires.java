package io.ringdown.sip.dialog;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The value of Session-Expires (RFC 4028 4).
 *
 * @param seconds the session interval
 * @param refresher which side of this very transaction refreshes; empty where it is left open
 */
public record SessionExpires(long seconds, Optional<Refresher> refresher) {

    /** A side of a transaction. */
    public enum Refresher {
        UAC,
        UAS
    }

    /** Reads the value; empty where it has no number in range. */
    public static Optional<SessionExpires> parse(String value) {
        String[] parts = value.split(";", 16);
        OptionalLong seconds = seconds(value);
        if (seconds.isEmpty()) {
            return Optional.empty();
        }
        Optional<Refresher> refresher = Optional.empty();
        for (int i = 1; i < parts.length; i++) {
            String[] named = parts[i].split("=", 2);
            if (named.length == 2 && named[0].strip().equalsIgnoreCase("refresher")) {
                refresher = switch (named[1].strip().toLowerCase(Locale.ROOT)) {
                    case "uac" -> Optional.of(Refresher.UAC);
                    case "uas" -> Optional.of(Refresher.UAS);
                    default -> Optional.empty();
                };
            }
        }
        return Optional.of(new SessionExpires(seconds.getAsLong(), refresher));
    }

    /** The delta-seconds that a value begins with, as Min-SE and Session-Expires have them; empty where there are none. */
    public static OptionalLong seconds(String value) {
        String number = value.split(";", 2)[0].strip();
        return number.matches("[0-9]{1,10}") ? OptionalLong.of(Long.parseLong(number)) : OptionalLong.empty();
    }

    SipHeader header() {
        return new SipHeader(
                "Session-Expires",
                seconds
                        + refresher
                                .map(r -> ";refresher=" + r.name().toLowerCase(Locale.ROOT))
                                .orElse(""));
    }
}
