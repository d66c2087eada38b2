package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.guard.Money;
import io.ringdown.gateway.guard.PastCall;
import io.ringdown.gateway.guard.Wish;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link LiveCall} has reserved with the guard: for the number that it is with, and for that which a trunk sends it to. While
 * it is talked, piece by piece; when there is no more, the call is told. What goes on at its trunk stays counted. On the call's {@link
 * Serial}, except {@link #isBound}.
 */
final class LiveHolds {
    // Before what is reserved has been talked: a BYE takes its time, and a carrier charges the step that has begun.
    private static final Duration EARLY = Duration.ofSeconds(2);

    private final CallRooms rooms;
    private final Serial serial;
    private final Runnable onLimit;
    private volatile Optional<Reserved> now;
    private Optional<Reserved> next = Optional.empty();
    // What the trunk is to call itself, and whether it was asked to.
    private Optional<Reserved> handed = Optional.empty();
    private boolean isHandingOver;
    private boolean isSent;
    private boolean isNextSent;
    private final List<PastCall> past = new ArrayList<>();
    private Optional<Money> price = Optional.empty();
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

    /** Whether its talk is counted, or its token bounds its calls, so that nobody else may go on with it. */
    boolean isBound() {
        return now.filter(held ->
                        held.hold().isMetered() || Guard.isBound(held.wish().grant()))
                .isPresent();
    }

    /** What was reserved once somebody had taken the call that was begun for them. */
    void onDialled(Reserved reserved) {
        now = Optional.of(reserved);
    }

    /** An INVITE leaves for {@link #now}. */
    void onInvited() {
        isSent = true;
    }

    /** An INVITE leaves for where the call is referred to. */
    void onReferredInvited() {
        isNextSent = true;
    }

    /** A client wants the trunk to call what was reserved; whether the call may be transferred is still to be seen. */
    void onHandOver(Reserved reserved) {
        if (handed.isPresent() || isHandingOver) {
            reserved.hold().withdraw();
        } else {
            handed = Optional.of(reserved);
        }
    }

    /** What was reserved for where the call goes, which another call has from here on. */
    Optional<Reserved> handOn() {
        Optional<Reserved> given = handed;
        handed = Optional.empty();
        return given;
    }

    /** The trunk is asked to go on with the call by itself. */
    void onHandingOver() {
        isHandingOver = true;
    }

    void onAnswered(long at) {
        isAnswered = true;
        answeredAt = at;
        renewLater();
    }

    /** The call is to go elsewhere, from this leg. */
    void onReferred(Reserved reserved, int leg) {
        next = Optional.of(reserved);
        isNextSent = false;
        legBefore = leg;
    }

    /** After each step: whether the call is where it was to go, or will not be. */
    void onStep(Call call, long at) {
        if (!call.isTransferring() && call.state() != Call.State.ENDED) {
            handed.ifPresent(vain -> endVain(vain, isHandingOver));
            handed = Optional.empty();
            isHandingOver = false;
        }
        if (next.isEmpty() || call.isMoving()) {
            return;
        }
        if (call.attempt() != legBefore && call.state() == Call.State.ESTABLISHED) {
            now.ifPresent(left -> end(left, talked(at), false));
            now = next;
            isSent = true;
            next = Optional.empty();
            onAnswered(at);
        } else {
            next.ifPresent(vain -> endVain(vain, isNextSent));
            next = Optional.empty();
        }
    }

    /** Nobody has answered; what was never sent is not counted at all. */
    private void endVain(Reserved held, boolean wasSent) {
        if (wasSent) {
            end(held, Duration.ZERO, false);
        } else {
            held.hold().withdraw();
        }
    }

    private void end(Reserved held, Duration talked, boolean goesOn) {
        if (held.hold().isWithin()) {
            held.hold().end(talked);
            return;
        }
        if (goesOn) {
            held.hold().handOver(talked);
        } else {
            held.hold().end(talked);
        }
        Instant end = rooms.switchboard().time().instant();
        past.add(new PastCall(PastCall.Who.of(held.wish()), held.wish().to(), end, talked));
        held.hold()
                .price(talked)
                .ifPresent(more -> price = Optional.of(price.orElse(Money.NONE).plus(more)));
    }

    /** Goes on with what was reserved elsewhere. */
    void keep(Wish wish, Duration talked, long at) {
        now = Optional.of(new Reserved(wish, rooms.switchboard().guard().keep(wish, talked)));
        isSent = true;
        onAnswered(at - talked.toNanos());
    }

    /** How long the call has been with {@link #now}. */
    Duration talked(long at) {
        return isAnswered ? Duration.ofNanos(at - answeredAt) : Duration.ZERO;
    }

    /** What the call has cost wherever it was, by the table of rates, once it is over; empty where that has no price for it. */
    Optional<Money> price() {
        return price;
    }

    /** What was counted of it, once it is over. */
    List<PastCall> counted() {
        return List.copyOf(past);
    }

    /** The call is over here; {@code isTransferred}: by going on at its trunk. */
    void end(long at, boolean isTransferred) {
        // Who hangs up while the trunk is still at it does not stop it.
        boolean goesOn = isTransferred || isHandingOver;
        Optional<Reserved> last = now;
        Optional<Reserved> vain = next;
        Optional<Reserved> target = handed;
        now = Optional.empty();
        next = Optional.empty();
        handed = Optional.empty();
        last.filter(_ -> isSent).ifPresent(held -> end(held, talked(at), goesOn));
        last.filter(_ -> !isSent).ifPresent(held -> held.hold().withdraw());
        vain.ifPresent(held -> endVain(held, isNextSent));
        target.filter(_ -> isHandingOver).ifPresent(held -> end(held, Duration.ZERO, true));
        target.filter(_ -> !isHandingOver).ifPresent(held -> held.hold().withdraw());
        stopRenewing();
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
