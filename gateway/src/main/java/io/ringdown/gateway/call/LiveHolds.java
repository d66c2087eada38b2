package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.Money;
import io.ringdown.gateway.guard.Wish;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LiveCall} has reserved with the guard: for the number that it is with, and for that which a trunk sends it to. While
 * it is talked, piece by piece; when there is no more, the call is told. On the call's {@link Serial}, except {@link #isMetered}.
 */
final class LiveHolds {
    // Before what is reserved has been talked: a BYE takes its time, and a carrier charges the step that has begun.
    private static final Duration EARLY = Duration.ofSeconds(2);

    private final CallRooms rooms;
    private final Serial serial;
    private final Runnable onLimit;
    private volatile Optional<Reserved> now;
    private Optional<Reserved> next = Optional.empty();
    private int legBefore;
    private boolean isAnswered;
    private long answeredAt;
    private @Nullable Runnable cancelRenewal;

    /** What was reserved before the call began; {@code onLimit} is run when the call has to end. */
    LiveHolds(Optional<Reserved> first, CallRooms rooms, Serial serial, Runnable onLimit) {
        this.now = first;
        this.rooms = rooms;
        this.serial = serial;
        this.onLimit = onLimit;
    }

    /** What was let through, that the call is with; empty for calls in, and for those for help. */
    Optional<Reserved> now() {
        return now;
    }

    /** That of a referral while it is under way, else {@link #now}. */
    Optional<Reserved> latest() {
        return next.or(() -> now);
    }

    /** Whether its talk is counted, so that nobody else may go on with it. */
    boolean isMetered() {
        return now.filter(held -> held.hold().isMetered()).isPresent();
    }

    void onAnswered(long at) {
        isAnswered = true;
        answeredAt = at;
        renewLater();
    }

    /** The call is to go elsewhere, from this leg. */
    void onReferred(Reserved reserved, int leg) {
        next = Optional.of(reserved);
        legBefore = leg;
    }

    /** After each step: whether the call is where it was to go, or will not be. */
    void onStep(Call call, long at) {
        if (next.isEmpty() || call.isMoving()) {
            return;
        }
        if (call.attempt() != legBefore && call.state() == Call.State.ESTABLISHED) {
            now.ifPresent(left -> left.hold().end(talked(at)));
            now = next;
            next = Optional.empty();
            onAnswered(at);
        } else {
            next.ifPresent(vain -> vain.hold().end(Duration.ZERO));
            next = Optional.empty();
        }
    }

    /** Goes on with what was reserved elsewhere. */
    void keep(Wish wish, Duration talked, long at) {
        now = Optional.of(new Reserved(wish, rooms.switchboard().guard().keep(wish, talked)));
        onAnswered(at - talked.toNanos());
    }

    /** How long the call has been with {@link #now}. */
    Duration talked(long at) {
        return isAnswered ? Duration.ofNanos(at - answeredAt) : Duration.ZERO;
    }

    /** What the call has cost where it is now, by the table of rates; empty where that has no price for it. */
    Optional<Money> price(long at) {
        return now.flatMap(held -> held.hold().price(talked(at)));
    }

    void end(long at) {
        stopRenewing();
        now.ifPresent(held -> held.hold().end(talked(at)));
        next.ifPresent(held -> held.hold().end(Duration.ZERO));
    }

    private void renewLater() {
        stopRenewing();
        now.flatMap(held -> held.hold().covered()).ifPresent(covered -> {
            long due = answeredAt + covered.minus(EARLY).toNanos();
            long delay = Math.max(0, due - rooms.clock().getAsLong());
            cancelRenewal = rooms.timers().after(delay, () -> serial.execute(this::renew));
        });
    }

    private void renew() {
        // One that was on its way when it was cancelled finds the call over, or another reservation.
        boolean isDue = now.flatMap(held -> held.hold().covered())
                .filter(covered -> answeredAt
                                + covered.minus(EARLY).toNanos()
                                - rooms.clock().getAsLong()
                        <= 0)
                .isPresent();
        if (cancelRenewal == null || !isDue) {
            return;
        }
        if (now.orElseThrow().hold().more()) {
            renewLater();
        } else {
            stopRenewing();
            onLimit.run();
        }
    }

    private void stopRenewing() {
        if (cancelRenewal != null) {
            cancelRenewal.run();
            cancelRenewal = null;
        }
    }
}
