package io.ringdown.gateway.signaling;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who sits at a session's end of the line: at most one socket at a time. Pure; one thread at a time. After each input all of
 * the answered actions are to be done, in order, and {@link #tick} is to be called when {@link #nextWakeup} has come.
 *
 * <pre>
 *            its socket is lost           too late
 *  PRESENT ─────────────────────▶ AWAY ──────────▶ GONE
 *   │  ▲ ▲                          │               │
 *   │  │ └────────── somebody knocks┴───────────────┘
 *   │  └─ knocks: the same page, with takeOver, or the one who sits there does not answer
 *   └─ another page knocks: who sits there is asked; it answers: in use
 * </pre>
 *
 * @param <V> a socket
 */
final class Seat<V> {
    /** How long who sits there may take to answer, before it is taken for dead. */
    static final Duration PATIENCE = Duration.ofMillis(1500);

    /** Whether anybody sits there. */
    enum State {
        PRESENT,
        AWAY,
        GONE
    }

    /** What is to be done. */
    sealed interface Action<V> {
        /** Ask it for a sign of life; {@link Seat#onAnswer} is to be told of one. */
        record Ask<V>(V who) implements Action<V> {}

        /** From now on the session is this one's, and no other's. */
        record Serve<V>(V who) implements Action<V> {}

        /** Tell it that another page has the session. */
        record InUse<V>(V who) implements Action<V> {}

        /** Tell it that the session is not its any more, and close it. */
        record TakenOver<V>(V who) implements Action<V> {}

        /** Nobody sits there; somebody may come back. */
        record Away<V>() implements Action<V> {}

        /** Nobody has come back in time. */
        record Gone<V>() implements Action<V> {}
    }

    /** Who sits there, or wants to; {@code page} is empty for one who does not say. */
    private record Visitor<V>(V who, Optional<String> page) {
        boolean isSamePage(Visitor<V> other) {
            return page.isPresent() && page.equals(other.page);
        }
    }

    private Duration waits;
    private Visitor<V> holder;
    private Optional<Visitor<V>> knocking = Optional.empty();
    private State state = State.PRESENT;
    private long deadline;

    /**
     * A seat with somebody on it.
     *
     * @param waits how long it is kept once they are lost; zero for not at all
     */
    Seat(V who, Optional<String> page, Duration waits) {
        this.holder = new Visitor<>(who, page);
        this.waits = waits;
    }

    /** From now on it is kept for so long. */
    void waits(Duration within) {
        waits = within;
    }

    /** How long it is kept for who was lost. */
    Duration waits() {
        return waits;
    }

    /** Whether the session is this one's. */
    boolean serves(V who) {
        return state == State.PRESENT && holder.who.equals(who);
    }

    /** Somebody shows the session's token. */
    List<Action<V>> onKnock(V who, Optional<String> page, boolean takeOver, long now) {
        Visitor<V> visitor = new Visitor<>(who, page);
        if (state != State.PRESENT) {
            return List.of(seat(visitor));
        }
        List<Action<V>> actions = new ArrayList<>();
        knocking.ifPresent(earlier -> actions.add(new Action.InUse<>(earlier.who)));
        if (takeOver || visitor.isSamePage(holder)) {
            actions.add(new Action.TakenOver<>(holder.who));
            actions.add(seat(visitor));
        } else {
            knocking = Optional.of(visitor);
            deadline = now + PATIENCE.toNanos();
            actions.add(new Action.Ask<>(holder.who));
        }
        return actions;
    }

    /** A sign of life of one who was asked. */
    List<Action<V>> onAnswer(V who) {
        if (!serves(who) || knocking.isEmpty()) {
            return List.of();
        }
        V refused = knocking.get().who;
        knocking = Optional.empty();
        return List.of(new Action.InUse<>(refused));
    }

    /** One has left for good, and is not waited for. */
    List<Action<V>> onLeft(V who, long now) {
        List<Action<V>> actions = onLost(who, now);
        return state == State.AWAY && holder.who.equals(who) ? giveUp() : actions;
    }

    /** A socket is gone; its client may come back. */
    List<Action<V>> onLost(V who, long now) {
        if (knocking.filter(visitor -> visitor.who.equals(who)).isPresent()) {
            knocking = Optional.empty();
            return List.of();
        }
        if (!serves(who)) {
            return List.of();
        }
        if (knocking.isPresent()) {
            return List.of(seat(knocking.get()));
        }
        if (waits.isZero()) {
            return giveUp();
        }
        state = State.AWAY;
        deadline = now + waits.toNanos();
        return List.of(new Action.Away<>());
    }

    /** Nobody is waited for any more. */
    List<Action<V>> giveUp() {
        if (state == State.GONE) {
            return List.of();
        }
        state = State.GONE;
        return List.of(new Action.Gone<>());
    }

    /** Nobody will be let in any more: answers who waits at the door, and does so no longer. */
    Optional<V> dismissed() {
        Optional<V> who = knocking.map(Visitor::who);
        knocking = Optional.empty();
        return who;
    }

    /** When {@link #tick} is due; empty for never. */
    OptionalLong nextWakeup() {
        return state == State.AWAY || knocking.isPresent() ? OptionalLong.of(deadline) : OptionalLong.empty();
    }

    /** The time has come; harmless if it has not. */
    List<Action<V>> tick(long now) {
        if (nextWakeup().isEmpty() || deadline - now > 0) {
            return List.of();
        }
        if (state == State.AWAY) {
            return giveUp();
        }
        V dead = holder.who;
        return List.of(new Action.TakenOver<>(dead), seat(knocking.orElseThrow()));
    }

    private Action<V> seat(Visitor<V> visitor) {
        holder = visitor;
        knocking = Optional.empty();
        state = State.PRESENT;
        return new Action.Serve<>(visitor.who);
    }
}
