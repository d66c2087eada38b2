package io.ringdown.gateway.guard;

import java.time.Duration;
import java.util.Optional;

/** What a call out has reserved with the {@link Guard}. Thread-safe. Ended once, whoever does it and however often. */
public final class Hold {
    private final Guard guard;
    private final Tally.Entry entry;
    private final Optional<Rate> rate;
    private final boolean isMetered;

    Hold(Guard guard, Tally.Entry entry, Optional<Rate> rate) {
        this.guard = guard;
        this.entry = entry;
        this.rate = rate;
        this.isMetered = entry.isMetered();
    }

    Tally.Entry entry() {
        return entry;
    }

    Optional<Rate> rate() {
        return rate;
    }

    boolean isCountedBy(Tally.Line line) {
        return entry.isCountedBy(line);
    }

    /** Whether its talk has to be reserved piece by piece. */
    public boolean isMetered() {
        return isMetered;
    }

    /** How long after its answer the call has to be over unless {@link #more} says so; empty if that does not matter. */
    public Optional<Duration> covered() {
        return isMetered ? Optional.of(guard.covered(this)) : Optional.empty();
    }

    /** Reserves the next piece of talk; false if a cap is reached. */
    public boolean more() {
        return guard.more(this);
    }

    /** What the call has cost so far by the table of rates; empty where it has none for its number. */
    public Optional<Money> price(Duration talked) {
        return rate.map(known -> known.price(talked));
    }

    /** The call is over after so much talk. */
    public void end(Duration talked) {
        guard.end(this, talked);
    }
}
