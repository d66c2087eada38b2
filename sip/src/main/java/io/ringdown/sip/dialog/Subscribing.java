package io.ringdown.sip.dialog;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a NOTIFY or SUBSCRIBE says of its subscription (RFC 6665).
 *
 * @param id the parameter of Event, which tells subscriptions in one dialog apart
 * @param terminated whether Subscription-State says that nothing follows
 * @param expires for how many seconds it stands: of Subscription-State in a NOTIFY, else of Expires
 * @param mediaType the type of the body in lower case, without parameters; empty where it has none
 * @param body the body, a character for each byte (ISO 8859-1)
 */
public record Subscribing(
        Optional<String> id, boolean terminated, OptionalLong expires, Optional<String> mediaType, String body) {

    /** Nothing is said. */
    static final Subscribing NOTHING =
            new Subscribing(Optional.empty(), false, OptionalLong.empty(), Optional.empty(), "");

    /** Of the values of Event, Subscription-State and Expires; an empty text where there is none. */
    public static Subscribing of(String event, String state, String expires, Optional<String> mediaType, String body) {
        String which = state.split(";", 2)[0].strip();
        return new Subscribing(
                parameter(event, "id"),
                which.equalsIgnoreCase("terminated"),
                state.isEmpty()
                        ? seconds(expires)
                        : parameter(state, "expires").map(Subscribing::seconds).orElse(OptionalLong.empty()),
                mediaType.map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT)),
                body);
    }

    private static OptionalLong seconds(String text) {
        return SessionExpires.seconds(text);
    }

    private static Optional<String> parameter(String value, String name) {
        String[] parts = value.split(";", 16);
        for (int i = 1; i < parts.length; i++) {
            String[] named = parts[i].split("=", 2);
            if (named.length == 2 && named[0].strip().equalsIgnoreCase(name)) {
                return Optional.of(named[1].strip());
            }
        }
        return Optional.empty();
    }
}
