package io.ringdown.sip.dialog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where a redirected INVITE goes next (RFC 3261 8.1.3.4): each target once, five at most. Not safe for threads. */
final class Redirection {
    private static final int MAX_HOPS = 5;

    private final Set<String> tried = new HashSet<>();
    private final Deque<String> ahead = new ArrayDeque<>();
    private int hops;

    Redirection(String first) {
        tried.add(first);
    }

    /** A 3xx with these targets, best first: the next one to try, these before those of earlier ones. */
    Optional<String> follow(List<String> targets) {
        targets.reversed().forEach(ahead::addFirst);
        return next();
    }

    /** A target that we were sent to has refused with this status: the next one, unless nobody anywhere wants the call. */
    Optional<String> afterRefusal(int status) {
        return hops == 0 || status >= 600 ? Optional.empty() : next();
    }

    private Optional<String> next() {
        while (!ahead.isEmpty() && hops < MAX_HOPS) {
            String target = ahead.removeFirst();
            if (tried.add(target)) {
                hops++;
                return Optional.of(target);
            }
        }
        return Optional.empty();
    }
}
