package io.ringdown.sip.dialog;

import io.ringdown.sip.RedirectJudge;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a redirected INVITE goes next (RFC 3261 8.1.3.4): each target once, five at most, and none whose number the call's side
 * would not call. Not safe for threads.
 */
final class Redirection {
    private static final int MAX_HOPS = 5;

    private final Set<String> tried = new HashSet<>();
    private final Deque<Redirect> ahead = new ArrayDeque<>();
    private final RedirectJudge judge;
    private int hops;

    Redirection(String first, RedirectJudge judge) {
        this.judge = judge;
        tried.add(first);
    }

    /** A 3xx with these targets, best first: the next one to try, these before those of earlier ones. */
    Optional<String> follow(List<Redirect> targets) {
        targets.reversed().forEach(ahead::addFirst);
        return next();
    }

    /** A target that we were sent to has refused with this status: the next one, unless nobody anywhere wants the call. */
    Optional<String> afterRefusal(int status) {
        return hops == 0 || status >= 600 ? Optional.empty() : next();
    }

    private Optional<String> next() {
        while (!ahead.isEmpty() && hops < MAX_HOPS) {
            Redirect next = ahead.removeFirst();
            if (tried.add(next.target()) && judge.mayCall(next.number())) {
                hops++;
                return Optional.of(next.target());
            }
        }
        return Optional.empty();
    }
}
