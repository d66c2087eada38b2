package io.ringdown.gateway.call;

import java.util.Optional;

/**
 * That the telephone of one {@link Call} and that of another of the same client hear each other, which makes three with the client.
 * Each of the two calls has one of these, and both tell each other what becomes of them; what a telephone hears of the other is
 * media's, by either call for its own. Pure, as the call is.
 *
 * <pre>
 *         the client wants it: the other is asked         it has joined
 *  ALONE ───────────────────────────────────────▶ ASKING ───────────────▶ JOINED ⇄ one of them is held: nothing is heard
 *    ▲  └──the other asks──────────────────────────────────────────────────▲│
 *    └──the client or either call ends it, one goes elsewhere, or to another owner──┘
 * </pre>
 *
 * Words cross: both may end it and begin anew meanwhile. So each conference has a name of its own, and who is told of one that it
 * has not says that it is over. Where both ask at once, that of the lower id is the one.
 */
final class CallConference {
    private static final String WRONG_CALL =
            "Only calls that were answered, and are neither on hold nor being transferred,"
                    + " can be in a conference, and in one at a time.";

    private final CallId self;
    private final CallFacts facts;
    private final CallHold hold;
    private final CallMove move;
    private final CallTransfer transfer;
    private Optional<Joint> joint;
    private int asked;

    /**
     * One conference, and no other that ever was.
     *
     * @param by the call that has asked
     * @param number how many it had asked for before
     */
    record Name(CallId by, int number) {}

    /**
     * The other call, and how far it has come with that.
     *
     * @param owner whose both calls are
     * @param leg that of this call whose telephone is in it
     * @param ref of the client's request, until it is answered
     * @param isJoined whether the other has it too
     * @param isHeld what the other knows of this call
     * @param isOtherHeld what this call knows of the other
     * @param isHeard whether the telephone hears the other's
     */
    record Joint(
            Name name,
            CallId with,
            ClientId owner,
            int leg,
            Optional<String> ref,
            boolean isJoined,
            boolean isHeld,
            boolean isOtherHeld,
            boolean isHeard) {
        private Joint joined(Name as) {
            return new Joint(as, with, owner, leg, Optional.empty(), true, isHeld, isOtherHeld, isHeard);
        }

        private Joint held(boolean now) {
            return new Joint(name, with, owner, leg, ref, isJoined, now, isOtherHeld, isHeard);
        }

        private Joint otherHeld(boolean now) {
            return new Joint(name, with, owner, leg, ref, isJoined, isHeld, now, isHeard);
        }

        private Joint heard(boolean now) {
            return new Joint(name, with, owner, leg, ref, isJoined, isHeld, isOtherHeld, now);
        }

        private boolean isToBeHeard() {
            return isJoined && !isHeld && !isOtherHeld;
        }
    }

    /** All of it, to be written down. */
    record State(Optional<Joint> joint, int asked) {
        static final State BEGUN = new State(Optional.empty(), 0);
    }

    CallConference(State state, CallId self, CallFacts facts, CallHold hold, CallMove move, CallTransfer transfer) {
        this.self = self;
        this.facts = facts;
        this.hold = hold;
        this.move = move;
        this.transfer = transfer;
        this.joint = state.joint;
        this.asked = state.asked;
    }

    State state() {
        return new State(joint, asked);
    }

    /** The other call, once both have it. */
    Optional<CallId> with() {
        return joint.filter(Joint::isJoined).map(Joint::with);
    }

    boolean isUnderWay() {
        return joint.isPresent();
    }

    /** The call whose telephone is heard just now. */
    Optional<CallId> heard() {
        return joint.filter(Joint::isHeard).map(Joint::with);
    }

    /** The client wants one with another call of its. */
    void onWanted(CallEvent.Conference wanted) {
        if (!mayJoin(wanted.client()) || joint.isPresent() || wanted.with().equals(self)) {
            facts.refuse(wanted.client(), wanted.ref(), ErrorCode.WRONG_STATE, WRONG_CALL);
            return;
        }
        Name name = new Name(self, asked++);
        joint = Optional.of(begun(name, wanted.with(), wanted.client(), wanted.ref()));
        tell(wanted.with(), new CallEvent.ConferenceAsked(name, wanted.client()));
    }

    /** Another call of the client's asks this one. */
    void onAsked(CallEvent.ConferenceAsked other) {
        CallId with = other.name().by();
        boolean isMutual =
                joint.filter(own -> own.with.equals(with) && !own.isJoined).isPresent();
        if (isMutual && self.hex().compareTo(with.hex()) < 0) {
            return; // it joins ours
        }
        if (!isMutual && (joint.isPresent() || !mayJoin(other.client()))) {
            tell(with, new CallEvent.ConferenceOver(other.name()));
            return;
        }
        tell(with, new CallEvent.ConferenceJoined(other.name(), self));
        join(joint.orElseGet(() -> begun(other.name(), with, other.client(), Optional.empty())), other.name());
    }

    /** The other call has it too. */
    void onJoined(CallEvent.ConferenceJoined other) {
        of(other.name())
                .ifPresentOrElse(
                        own -> join(own, own.name),
                        () -> tell(other.with(), new CallEvent.ConferenceOver(other.name())));
    }

    private void join(Joint before, Name as) {
        joint = Optional.of(before.joined(as));
        facts.tell(before.owner, new CallNews.Conference(before.ref, before.with, true));
    }

    /** The other call is held, or is not any more. */
    void onOtherHeld(CallEvent.ConferenceHeld other) {
        of(other.name()).ifPresent(own -> joint = Optional.of(own.otherHeld(other.held())));
    }

    /** The other call has it no more, or never had. */
    void onOver(CallEvent.ConferenceOver other) {
        of(other.name()).ifPresent(own -> leave(own, Optional.empty()));
    }

    /** Media could not let the telephone hear the other. */
    void onNotHeard() {
        joint.ifPresent(own -> part(own, Optional.empty()));
    }

    /** The client wants no more of it. */
    void onEndWanted(CallEvent.EndConference wanted) {
        if (joint.isEmpty() || !facts.owns(wanted.client())) {
            facts.refuse(wanted.client(), wanted.ref(), ErrorCode.WRONG_STATE, "This call is in no conference.");
        } else {
            part(joint.get(), wanted.ref());
        }
    }

    /** After each event of the call: what else happens to it decides whether its telephone is heard, and whether it stays. */
    void look() {
        joint.filter(own -> !isSame(own)).ifPresent(own -> part(own, Optional.empty()));
        joint.filter(Joint::isJoined).ifPresent(own -> {
            Joint after = own.held(hold.holder() != Holder.NOBODY);
            if (after.isHeld != own.isHeld) {
                tell(own.with, new CallEvent.ConferenceHeld(own.name, after.isHeld));
            }
            if (after.isToBeHeard() != own.isHeard) {
                facts.act(own.isHeard ? new CallAction.HearNoOther() : new CallAction.HearOther(own.with));
            }
            joint = Optional.of(after.heard(after.isToBeHeard()));
        });
    }

    /** The call is over. */
    void end() {
        joint.ifPresent(own -> {
            tell(own.with, new CallEvent.ConferenceOver(own.name));
            hush(own);
            joint = Optional.empty();
        });
    }

    private Joint begun(Name name, CallId other, ClientId owner, Optional<String> ref) {
        return new Joint(name, other, owner, move.heardLeg(), ref, false, false, false, false);
    }

    private Optional<Joint> of(Name name) {
        return joint.filter(own -> own.name.equals(name));
    }

    private boolean mayJoin(ClientId client) {
        return facts.owns(client)
                && facts.state == Call.State.ESTABLISHED
                && facts.trunkMedia
                && hold.holder() == Holder.NOBODY
                && move.isIdle()
                && !transfer.isUnderWay();
    }

    /** Whether it is still the client's call, with the telephone that was in the conference, and to stay with it. */
    private boolean isSame(Joint own) {
        return facts.owns(own.owner) && move.heardLeg() == own.leg && !transfer.isUnderWay();
    }

    private void part(Joint own, Optional<String> ref) {
        tell(own.with, new CallEvent.ConferenceOver(own.name));
        leave(own, ref);
    }

    private void leave(Joint own, Optional<String> ref) {
        hush(own);
        joint = Optional.empty();
        if (!facts.owns(own.owner)) {
            return; // it is somebody else's now, who had no part in it
        }
        if (own.isJoined || ref.isPresent()) {
            facts.tell(own.owner, new CallNews.Conference(ref, own.with, false));
        }
        if (!own.isJoined) {
            facts.refuse(own.owner, own.ref, ErrorCode.WRONG_STATE, WRONG_CALL);
        }
    }

    private void hush(Joint own) {
        if (own.isHeard) {
            facts.act(new CallAction.HearNoOther());
        }
    }

    private void tell(CallId other, CallEvent event) {
        facts.act(new CallAction.TellCall(other, event));
    }
}
