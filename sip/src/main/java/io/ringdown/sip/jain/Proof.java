package io.ringdown.sip.jain;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.sip.message.Request;

/**
 * Who is at the other end of a socket, as far as it was proved. Times are of the monotonic clock, in nanoseconds.
 *
 * @param user who it is
 * @param name by which they signed in, and go by in From and To
 * @param at when that was
 * @param token what is known where it was a token; empty for a password
 * @param doubted whether they were asked again since, and could not show it
 */
record Proof(String user, String name, long at, Optional<Token> token, boolean doubted) {
    /** For how long a token is good from {@link Proof#at} on; empty if for good. */
    record Token(Optional<Duration> lasts) {
        private static final Duration ANY_REGISTRATION =
                Duration.ofDays(2); // and no token is too long to be reckoned with

        Token {
            lasts = lasts.map(time -> time.compareTo(ANY_REGISTRATION) < 0 ? time : ANY_REGISTRATION);
        }
    }

    /** As this, of somebody who could not show it again. */
    Proof inDoubt() {
        return new Proof(user, name, at, token, true);
    }

    /**
     * Whether this request needs no other. Who registers shows it each time, so that nobody stays registered whose password or token
     * is no good any more; who only takes registrations away need not while it is good. Whether a token that has run out begins calls
     * is for the room to say, since some need none. Within a dialog nobody is asked again: calls go on.
     *
     * @param passwordLasts how long a password counts that was shown
     */
    boolean isEnoughFor(Request request, Duration passwordLasts, long now) {
        if (request.getMethod().equals(Request.REGISTER)) {
            return Register.removes(request) && isGood(passwordLasts, now);
        }
        return !Reading.toTag(request).isEmpty() || (!doubted && token.isPresent()) || isGood(passwordLasts, now);
    }

    /** Whether it has neither run out nor been doubted. */
    boolean isGood(Duration passwordLasts, long now) {
        boolean isInTime = token.isPresent()
                ? secondsLeft(now).filter(left -> left <= 0).isEmpty()
                : now - at < passwordLasts.toNanos();
        return !doubted && isInTime;
    }

    /** For how many seconds more at most it is good; empty if for good. */
    Optional<Long> secondsLeft(long now) {
        return token.flatMap(Token::lasts).map(lasts -> TimeUnit.NANOSECONDS.toSeconds(at + lasts.toNanos() - now));
    }
}
