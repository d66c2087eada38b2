package io.ringdown.sip.health;

import io.ringdown.sip.HealthSettings;
import java.time.Duration;

/**
 * The health of one address of a trunk: sans-IO, not safe for threads. After each input look at {@link #takePing}; then wait
 * for the next input or {@link #nextWakeup}. All times are of one monotonic clock in nanoseconds.
 *
 * <pre>
 *   UP --failure--> SUSPECT --so many in a row--> DOWN --time--> PROBING --failure--> DOWN, twice as long
 *    ^-- any answer, in any state ----------------------------------'
 * </pre>
 *
 * A failure is a call without even a 100, one that could not be sent, or a 503. A ping that nobody answers is one only where
 * an earlier one was answered: many carriers take calls and no OPTIONS. Who answers pings comes back by a ping alone, and no
 * call is spent on trying; for the others one call is let through when the time is over.
 */
public final class TargetHealth {
    /** What {@link #nextWakeup} says when nothing is waited for. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Who is down is asked less and less often, but as often as this, so that it is back within 30 s. */
    static final Duration SELDOMMEST = Duration.ofSeconds(25);
    /** A call that is let through to try has so long to tell. */
    static final Duration TRIAL = Duration.ofSeconds(10);

    /** The states, in the order of decline. */
    public enum State {
        UP,
        SUSPECT,
        DOWN,
        PROBING
    }

    private final HealthSettings settings;
    private State state = State.UP;
    private long since;
    private int failures;
    private int ejections;
    private long ejectedUntil;
    private long trialUntil;
    private boolean answersPings;
    private boolean pinging;
    private boolean pingWanted;
    private long pingAt;
    private int pingsMissed;

    /** A target is up until something else is known of it; it is pinged at once. */
    public TargetHealth(HealthSettings settings, long now) {
        this.settings = settings;
        this.since = now;
        this.pingAt = settings.pings() ? now : NEVER;
    }

    /** A call or a ping was answered: by whatever says that somebody is there. */
    public void onAlive(long now) {
        failures = 0;
        pingsMissed = 0;
        if (state != State.UP) {
            enter(State.UP, now);
        }
    }

    /** A call got no answer, could not be sent, or got a 503. */
    public void onFailure(long now) {
        onTime(now);
        switch (state) {
            case UP, SUSPECT -> {
                boolean quietSince =
                        state == State.UP && now - since > ejection(ejections).toNanos();
                failures++;
                if (quietSince) {
                    ejections = 0;
                }
                if (failures >= settings.failures()) {
                    eject(now);
                } else if (state == State.UP) {
                    enter(State.SUSPECT, now);
                    pingSoon(now);
                }
            }
            case PROBING -> eject(now);
            case DOWN -> {} // began before that was known
        }
    }

    private void eject(long now) {
        enter(State.DOWN, now);
        failures = 0;
        ejectedUntil = now + ejection(ejections).toNanos();
        ejections++;
        pingSoon(now);
    }

    private Duration ejection(int before) {
        Duration grown = settings.eject().multipliedBy(1L << Math.min(before, 20));
        return grown.compareTo(settings.ejectAtMost()) > 0 ? settings.ejectAtMost() : grown;
    }

    private void enter(State next, long now) {
        state = next;
        since = now;
    }

    private void pingSoon(long now) {
        if (settings.pings() && !pinging) {
            pingAt = Math.min(pingAt, now + Duration.ofSeconds(1).toNanos());
        }
    }

    /** The ping that was taken got an answer; 503 is one that says the contrary, see {@link #onPingUnanswered}. */
    public void onPingAnswered(long now) {
        answersPings = true;
        pinging = false;
        onAlive(now);
        pingAt = now + settings.ping().toNanos();
    }

    /** The ping that was taken got no answer in time, could not be sent, or got a 503. */
    public void onPingUnanswered(long now) {
        pinging = false;
        pingsMissed++;
        pingAt = now + settings.ping().toNanos();
        if (answersPings) {
            onFailure(now);
            if (state == State.DOWN) {
                long grown = settings.ping().toNanos() << Math.min(pingsMissed, 10);
                pingAt = now + Math.max(settings.ping().toNanos(), Math.min(grown, SELDOMMEST.toNanos()));
            } else {
                pingSoon(now);
            }
        }
    }

    /** Time has passed. */
    public void onTime(long now) {
        if (state == State.DOWN && now >= ejectedUntil && !answersPings) {
            enter(State.PROBING, now);
            trialUntil = now;
        }
        if (now >= pingAt && !pinging) {
            pinging = true;
            pingWanted = true;
            pingAt = NEVER;
        }
    }

    /** Whether a ping is to be sent; one of {@link #onPingAnswered} and {@link #onPingUnanswered} must follow. */
    public boolean takePing() {
        boolean wanted = pingWanted;
        pingWanted = false;
        return wanted;
    }

    /** Whether a call may go there; where it is tried again, one call at a time. Asking is taking. */
    public boolean mayCarry(long now) {
        onTime(now);
        return switch (state) {
            case UP, SUSPECT -> true;
            case DOWN -> false;
            case PROBING -> {
                boolean free = now >= trialUntil;
                if (free) {
                    trialUntil = now + TRIAL.toNanos();
                }
                yield free;
            }
        };
    }

    /** The state now. */
    public State state(long now) {
        onTime(now);
        return state;
    }

    /** How long it has been in that state. */
    public Duration inStateFor(long now) {
        return Duration.ofNanos(now - since);
    }

    /** When {@link #onTime} wants to be called next, or {@link #NEVER}. */
    public long nextWakeup() {
        return state == State.DOWN && !answersPings ? Math.min(pingAt, ejectedUntil) : pingAt;
    }
}
