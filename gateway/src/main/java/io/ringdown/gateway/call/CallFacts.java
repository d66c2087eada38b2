package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * What the parts of one {@link Call} share: where it stands, whose it is, which of its legs are up, what is to be done and when
 * it wants to be woken. Pure, as the call is; every part may change it.
 */
final class CallFacts {
    /** What a call waits for. */
    enum Timer {
        CONNECT,
        RING,
        ANSWER,
        NEXT_STAGE,
        TRANSFER,
        HAND_OVER,
        HAND_OVER_STAGE,
        OLD_LEG,
        RELOAD,
        RETURN,
        LONGEST
    }

    final CallSettings settings;
    private final List<CallAction> actions = new ArrayList<>();
    private final Map<Timer, Long> deadlines = new EnumMap<>(Timer.class);
    private final Consumer<Ending> end;
    private Consumer<CallNews> ownerless = _ -> {};

    Call.State state;
    Call.Direction direction;
    Optional<ClientId> owner;
    // Of the request that made the call; the end is told under it where nothing else was.
    Optional<String> ref;
    Optional<PhoneNumber> to;
    Caller from;
    // The trunk that is tried or talked to, and the number of its leg.
    Optional<String> trunk;
    int attempt;
    private int lastLeg;
    boolean inviteOpen;
    boolean trunkAnswered;
    boolean trunkMedia;
    boolean mediaOpen;
    boolean webConnected;
    // The client has our answer to its offer.
    boolean answerTold;
    // The trunk waits for our word to an offer of its.
    boolean reofferOpen;

    /**
     * All of it, to be written down; times as what is left of them, since no two processes share a clock.
     *
     * @param waitsFor how long until each timer is due; below zero where it is overdue
     */
    record State(
            Call.State state,
            Call.Direction direction,
            Optional<ClientId> owner,
            Optional<String> ref,
            Optional<PhoneNumber> to,
            Caller from,
            Optional<String> trunk,
            int attempt,
            int lastLeg,
            boolean inviteOpen,
            boolean trunkAnswered,
            boolean trunkMedia,
            boolean mediaOpen,
            boolean webConnected,
            boolean answerTold,
            boolean reofferOpen,
            Map<Timer, Duration> waitsFor) {
        static final State BEGUN = new State(
                Call.State.NEW,
                Call.Direction.OUTBOUND,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Caller.UNSAID,
                Optional.empty(),
                0,
                0,
                false,
                false,
                false,
                false,
                false,
                false,
                false,
                Map.of());
    }

    /** {@code end} ends the call. */
    CallFacts(State state, CallSettings settings, Consumer<Ending> end, long now) {
        this.settings = settings;
        this.end = end;
        this.state = state.state;
        this.direction = state.direction;
        this.owner = state.owner;
        this.ref = state.ref;
        this.to = state.to;
        this.from = state.from;
        this.trunk = state.trunk;
        this.attempt = state.attempt;
        this.lastLeg = state.lastLeg;
        this.inviteOpen = state.inviteOpen;
        this.trunkAnswered = state.trunkAnswered;
        this.trunkMedia = state.trunkMedia;
        this.mediaOpen = state.mediaOpen;
        this.webConnected = state.webConnected;
        this.answerTold = state.answerTold;
        this.reofferOpen = state.reofferOpen;
        state.waitsFor.forEach((timer, left) -> wake(timer, left, now));
    }

    State state(long now) {
        Map<Timer, Duration> waitsFor = new EnumMap<>(Timer.class);
        deadlines.forEach((timer, deadline) -> waitsFor.put(timer, Duration.ofNanos(deadline - now)));
        return new State(
                state,
                direction,
                owner,
                ref,
                to,
                from,
                trunk,
                attempt,
                lastLeg,
                inviteOpen,
                trunkAnswered,
                trunkMedia,
                mediaOpen,
                webConnected,
                answerTold,
                reofferOpen,
                waitsFor);
    }

    /** The trunk that media and digits are with. */
    String trunkNow() {
        return trunk.orElseThrow();
    }

    /** The number of a leg that was not yet. */
    int newLeg() {
        return ++lastLeg;
    }

    /** How many trunks were tried. */
    int attempts() {
        return lastLeg + 1;
    }

    /** Who calls where it goes: its client, by the number that was called where it is a call in. */
    Caller shown() {
        return isOutbound() ? from : Caller.of(to, Optional.empty());
    }

    /** The number that the client goes by; empty where it shows none. */
    Optional<PhoneNumber> ourNumber() {
        return isOutbound() ? from.number().filter(_ -> !from.anonymous()) : to;
    }

    boolean isOutbound() {
        return direction == Call.Direction.OUTBOUND;
    }

    /** Whether this client has it; who is only about to accept it has not. */
    boolean owns(ClientId client) {
        return state != Call.State.ACCEPTING && owner.equals(Optional.of(client));
    }

    void end(Ending how) {
        end.accept(how);
    }

    void act(CallAction action) {
        actions.add(action);
    }

    void tellOwner(CallNews news) {
        owner.ifPresentOrElse(client -> tell(client, news), () -> ownerless.accept(news));
    }

    /** {@code takes} what an owner would be told, while there is none. */
    void withoutOwner(Consumer<CallNews> takes) {
        ownerless = takes;
    }

    void tell(ClientId client, CallNews news) {
        act(new CallAction.Tell(client, news));
    }

    void refuse(ClientId client, Optional<String> forRef, ErrorCode code, String text) {
        tell(client, new CallNews.Refused(forRef, code, text));
    }

    /** What is to be done, in order; from here on there is nothing more. */
    List<CallAction> drain() {
        List<CallAction> drained = List.copyOf(actions);
        actions.clear();
        return drained;
    }

    void wake(Timer timer, Duration after, long now) {
        deadlines.put(timer, now + after.toNanos());
    }

    void wakeUnlessSet(Timer timer, Duration after, long now) {
        deadlines.putIfAbsent(timer, now + after.toNanos());
    }

    void stop(Timer timer) {
        deadlines.remove(timer);
    }

    boolean isSet(Timer timer) {
        return deadlines.containsKey(timer);
    }

    void stopAll() {
        deadlines.clear();
    }

    /** Whether it is time; then it is not any more. */
    boolean isDue(Timer timer, long now) {
        Long deadline = deadlines.get(timer);
        boolean due = deadline != null && deadline - now <= 0;
        if (due) {
            deadlines.remove(timer);
        }
        return due;
    }

    OptionalLong nextWakeup() {
        return deadlines.values().stream()
                .mapToLong(Long::longValue)
                .reduce((first, second) -> first - second < 0 ? first : second);
    }
}
