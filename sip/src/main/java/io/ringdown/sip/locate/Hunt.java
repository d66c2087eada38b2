package io.ringdown.sip.locate;

import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One call's way through the addresses of a trunk (RFC 3263 4.3): the next one after silence, a transport error or a 503, as
 * long as the caller has been told nothing. Pure; not safe for threads.
 *
 * <p>The trunk's time for silence is shared between the addresses that are there, so that the call as a whole waits no longer
 * than for a trunk with one address.
 */
public final class Hunt {
    private static final int MOST_ATTEMPTS = 4;
    private static final Duration LEAST_SHARE = Duration.ofSeconds(1); // the INVITE and one repetition

    private final Deque<Target> left;
    private final Predicate<Target> mayCarry;
    private final Duration share;
    private int attempts;
    private boolean anyway;
    private boolean progressed;

    /** One attempt: where to, and how long not even a 100 is waited for. */
    public record Attempt(Target target, Duration silentAfter) {}

    /** What an event of the attempt under way says of its target. */
    public enum Evidence {
        ALIVE,
        FAILED,
        NONE
    }

    /**
     * Begins; {@link #next} gives the first attempt.
     *
     * @param order the targets as drawn
     * @param isDown which are to be passed over, unless all are
     * @param mayCarry asked right before an attempt; may say no to a target that is being tried by another call
     * @param silentAfter the trunk's limit
     */
    public Hunt(List<Target> order, Predicate<Target> isDown, Predicate<Target> mayCarry, Duration silentAfter) {
        this.left = new ArrayDeque<>(order);
        this.mayCarry = mayCarry;
        long up = order.stream().filter(isDown.negate()).count();
        this.anyway = up == 0;
        long sharing = Math.clamp(anyway ? order.size() : up, 1, MOST_ATTEMPTS);
        Duration equal = silentAfter.dividedBy(sharing);
        Duration least = silentAfter.compareTo(LEAST_SHARE) < 0 ? silentAfter : LEAST_SHARE;
        this.share = equal.compareTo(least) < 0 ? least : equal;
    }

    /** The next attempt; empty where there is none. */
    public Optional<Attempt> next() {
        Optional<Target> target = attempts < MOST_ATTEMPTS ? take() : Optional.empty();
        attempts++;
        return target.map(found -> new Attempt(found, share));
    }

    private Optional<Target> take() {
        for (Target target : left) {
            if (anyway || mayCarry.test(target)) {
                left.remove(target);
                return Optional.of(target);
            }
        }
        if (attempts == 0 && !left.isEmpty()) {
            anyway = true; // the only ones are being tried by other calls: no call fails for that
            return take();
        }
        return Optional.empty();
    }

    /** What this says of the target; call it for each event. */
    public Evidence onEvent(TrunkEvent event) {
        return switch (event) {
            case TrunkEvent.Failed(TrunkFailure failure) -> evidence(failure);
            case TrunkEvent.Trying _ -> Evidence.ALIVE;
            case TrunkEvent.Progress _, TrunkEvent.Answered _ -> {
                progressed = true;
                yield Evidence.ALIVE;
            }
            default -> Evidence.NONE;
        };
    }

    private static Evidence evidence(TrunkFailure failure) {
        return switch (failure) {
            case TrunkFailure.Silent _, TrunkFailure.Unreachable _ -> Evidence.FAILED;
            case TrunkFailure.Refused refused -> refused.status() == 503 ? Evidence.FAILED : Evidence.ALIVE;
            case TrunkFailure.Unauthorized _ -> Evidence.ALIVE;
            case TrunkFailure.Unanswered _, TrunkFailure.Cancelled _ -> Evidence.NONE;
        };
    }

    /** Whether another address may do better: the failure is the address's own, and the caller has been told nothing. */
    public boolean mayGoOn(TrunkFailure failure) {
        return !progressed && evidence(failure) == Evidence.FAILED;
    }
}
