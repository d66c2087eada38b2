package io.ringdown.sip.dialog;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a message says of extensions of SIP.
 *
 * @param supported the option tags of Supported, in lower case
 * @param required those of Require
 * @param sessionExpires Session-Expires (RFC 4028)
 * @param minSe Min-SE in seconds (RFC 4028)
 * @param rack RAck of a PRACK (RFC 3262)
 * @param event the event package of Event, without parameters (RFC 6665)
 * @param referSub Refer-Sub (RFC 4488): whether a REFER makes a subscription; empty where it is silent
 * @param earlyMedia whether P-Early-Media lets us hear what the peer sends before its answer (RFC 5009); empty where it is silent
 */
public record Extensions(
        Set<String> supported,
        Set<String> required,
        Optional<SessionExpires> sessionExpires,
        OptionalLong minSe,
        Optional<RAck> rack,
        Optional<String> event,
        Optional<Boolean> referSub,
        Optional<Boolean> earlyMedia) {
    /** Nothing is said. */
    public static final Extensions NONE = new Extensions(
            Set.of(),
            Set.of(),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public Extensions {
        supported = Set.copyOf(supported);
        required = Set.copyOf(required);
    }

    /** What the first value of P-Early-Media says: whether its sender's media may be heard; empty where it says neither. */
    public static Optional<Boolean> earlyMedia(String value) {
        return switch (value.split("[,;]", 2)[0].strip().toLowerCase(Locale.ROOT)) {
            case "sendrecv", "sendonly" -> Optional.of(true);
            case "recvonly", "inactive" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** What a value of Refer-Sub says; empty where it says neither. */
    public static Optional<Boolean> referSub(String value) {
        return switch (value.split(";", 2)[0].strip().toLowerCase(Locale.ROOT)) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** Whether its sender understands this extension. */
    boolean knows(String optionTag) {
        return supported.contains(optionTag) || required.contains(optionTag);
    }
}
