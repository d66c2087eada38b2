package io.ringdown.gateway.signaling;

import io.ringdown.sip.HeaderRules;
import java.util.LinkedHashMap;
import java.util.Map;

/** The headers that a client wants in its INVITE, each checked as it comes. Not thread-safe. */
final class ClientHeaders {
    static final int MOST = 16;

    /** What is told to a client whose header is not taken. */
    static final String RULE =
            "A header must have a name that begins with X-, or be User-to-User, come once, and have 1 to "
                    + HeaderRules.LONGEST_VALUE + " characters of printable ASCII.";

    private final Map<String, String> headers = new LinkedHashMap<>();

    /** Takes one; false if it is none of a client's, or there already. */
    boolean add(String name, String value) {
        if (!HeaderRules.isClientHeader(name, value)
                || headers.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
            return false;
        }
        headers.put(name, value);
        return true;
    }

    Map<String, String> all() {
        return Map.copyOf(headers);
    }
}
