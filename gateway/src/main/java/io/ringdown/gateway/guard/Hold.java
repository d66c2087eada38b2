package io.ringdown.gateway.guard;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a call has reserved with the {@link Guard}. Thread-safe. Ended once, whoever does it and however often. */
public final class Hold {
    private final Guard guard;
    private final Tally.Entry entry;
    private final Optional<Rate> rate;
    // Behind the guard's lock.
    private final Set<String> pace;
    private final long begunAt;
    private final boolean isMetered;
    private final boolean isWithin;

    /** {@code pace} is where it was counted among what is unusual, at {@code begunAt}. */
    Hold(Guard guard, Tally.Entry entry, Optional<Rate> rate, List<String> pace, long begunAt) {
        this(guard, entry, rate, pace, begunAt, false);
    }

    /** What a call to somebody in the house has. */
    static Hold within(Guard guard, Tally.Entry entry, long begunAt) {
        return new Hold(guard, entry, Optional.empty(), List.of(), begunAt, true);
    }

    private Hold(
            Guard guard, Tally.Entry entry, Optional<Rate> rate, List<String> pace, long begunAt, boolean isWithin) {
        this.isWithin = isWithin;
        this.guard = guard;
        this.entry = entry;
        this.rate = rate;
        this.pace = new LinkedHashSet<>(pace);
        this.begunAt = begunAt;
        this.isMetered = entry.isMetered();
    }

    Tally.Entry entry() {
        return entry;
    }

    Optional<Rate> rate() {
        return rate;
    }

    /** Where it is counted among what is watched for an alarm; with the guard's lock. */
    Set<String> pace() {
        return pace;
    }

    long begunAt() {
        return begunAt;
    }

    boolean isReservedBy(Tally.Line line) {
        return entry.isReservedBy(line);
    }

    /** Whether it is of a call to somebody in the house: nothing of it counts once it is over. */
    public boolean isWithin() {
        return isWithin;
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

    /** The call never was: nothing of it has been sent. */
    public void withdraw() {
        guard.withdraw(this);
    }

    /** The call goes on after so much talk, but at its trunk, and is not ours any more. */
    public void handOver(Duration talked) {
        guard.handOver(this, talked);
    }

    /** The call is over after so much talk. */
    public void end(Duration talked) {
        guard.end(this, talked);
    }
}
