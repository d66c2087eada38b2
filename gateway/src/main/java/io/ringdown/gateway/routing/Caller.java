package io.ringdown.gateway.routing;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who calls, as the client says it.
 *
 * @param number the number to show; empty for the trunk's own
 * @param name the name to show
 * @param anonymous whether the called is not to know either
 * @param headers what is to stand in the INVITE besides, for trunks that take it
 */
public record Caller(
        Optional<PhoneNumber> number, Optional<String> name, boolean anonymous, Map<String, String> headers) {
    /** What a client writes in place of a number that is not to be shown. */
    public static final String ANONYMOUS = "anonymous";

    /** Nothing is said. */
    public static final Caller UNSAID = new Caller(Optional.empty(), Optional.empty(), false, Map.of());

    public Caller {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** A number, a name, or neither. */
    public static Caller of(Optional<PhoneNumber> number, Optional<String> name) {
        return new Caller(number, name, false, Map.of());
    }

    @Override
    public String toString() {
        return "Caller[number=" + number + ", anonymous=" + anonymous + ", headers=" + headers.size() + "]";
    }
}
