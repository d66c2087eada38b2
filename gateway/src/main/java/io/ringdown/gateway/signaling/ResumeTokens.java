package io.ringdown.gateway.signaling;

import java.util.List;
import java.util.Optional;

/**
 * The secrets that open a session again: the one that it was last given, and the one that it then showed, since a welcome with
 * a new one may be lost. Immutable.
 *
 * @param fresh the last that was given
 * @param shown the one that it was given for; empty for the first
 */
record ResumeTokens(String fresh, Optional<String> shown) {
    static ResumeTokens first(String token) {
        return new ResumeTokens(token, Optional.empty());
    }

    /** A new one is given to who has shown {@code used}; what it has not shown does not count any more. */
    ResumeTokens next(String used, String token) {
        return new ResumeTokens(token, Optional.of(used));
    }

    List<String> all() {
        return shown.map(before -> List.of(fresh, before)).orElseGet(() -> List.of(fresh));
    }

    @Override
    public String toString() {
        return "ResumeTokens[masked]";
    }
}
