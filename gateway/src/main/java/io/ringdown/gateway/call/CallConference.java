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
 * Both may end it at once and begin anew, so that a word may be about one that is over: who is told of a conference that it has not
 * says that it is over.
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
            CallId with,
            ClientId owner,
            int leg,
            Optional<String> ref,
            boolean isJoined,
            boolean isHeld,
            boolean isOtherHeld,
            boolean isHeard) {
        private Joint joined() {
            return new Joint(with, owner, leg, Optional.empty(), true, isHeld, isOtherHeld, isHeard);
        }

        private Joint held(boolean now) {
            return new Joint(with, owner, leg, ref, isJoined, now, isOtherHeld, isHeard);
        }

        private Joint otherHeld(boolean now) {
            return new Joint(with, owner, leg, ref, isJoined, isHeld, now, isHeard);
        }

        private Joint heard(boolean now) {
            return new Joint(with, owner, leg, ref, isJoined, isHeld, isOtherHeld, now);
        }

        private boolean isToBeHeard() {
            return isJoined && !isHeld && !isOtherHeld;
        }
    }

    /** All of it, to be written down. */
    record State(Optional<Joint> joint) {
        static final State BEGUN = new State(Optional.empty());
    }

    CallConference(State state, CallId self, CallFacts facts, CallHold hold, CallMove move, CallTransfer transfer) {
        this.self = self;
        this.facts = facts;
        this.hold = hold;
        this.move = move;
        this.transfer = transfer;
        this.joint = state.joint;
    }

    State state() {
        return new State(joint);
    }

    boolean isUnderWay() {
        return joint.isPresent();
    }

    /** The client wants one with another call of its. */
    void onWanted(CallEvent.Conference wanted) {
        if (!mayJoin(wanted.client()) || joint.isPresent() || wanted.with().equals(self)) {
            facts.refuse(wanted.client(), wanted.ref(), ErrorCode.WRONG_STATE, WRONG_CALL);
            return;
        }
        joint = Optional.of(with(wanted.with(), wanted.client(), wanted.ref()));
        tellOther(wanted.with(), new CallEvent.ConferenceAsked(self, wanted.client()));
    }

    /** Another call of the client's asks this one. */
    void onAsked(CallEvent.ConferenceAsked asked) {
        boolean isMutual = joint.filter(own -> own.with.equals(asked.by())).isPresent();
        if (!isMutual && (!mayJoin(asked.client()) || joint.isPresent())) {
            tellOther(asked.by(), new CallEvent.ConferenceOver(self));
            return;
        }
        Joint before = joint.orElseGet(() -> with(asked.by(), asked.client(), Optional.empty()));
        tellOther(before.with, new CallEvent.ConferenceJoined(self));
        join(before);
    }

    /** The other call has it too. */
    void onJoined(CallEvent.ConferenceJoined other) {
        of(other.with()).ifPresentOrElse(this::join, () -> deny(other.with()));
    }

    private void join(Joint before) {
        joint = Optional.of(before.joined());
        if (!before.isJoined) {
            facts.tell(before.owner, new CallNews.Conference(before.ref, before.with, true));
        }
    }

    /** The other call is held, or is not any more. */
    void onOtherHeld(CallEvent.ConferenceHeld other) {
        of(other.with())
                .ifPresentOrElse(own -> joint = Optional.of(own.otherHeld(other.held())), () -> deny(other.with()));
    }

    /** The other call has it no more, or never had. */
    void onOver(CallEvent.ConferenceOver other) {
        of(other.with()).ifPresent(own -> leave(own, Optional.empty()));
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
            boolean isHeld = hold.holder() != Holder.NOBODY;
            Joint after = own.held(isHeld);
            if (isHeld != own.isHeld) {
                tellOther(own.with, new CallEvent.ConferenceHeld(self, isHeld));
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
            tellOther(own.with, new CallEvent.ConferenceOver(self));
            hush(own);
            joint = Optional.empty();
        });
    }

    private Joint with(CallId other, ClientId owner, Optional<String> ref) {
        return new Joint(other, owner, move.heardLeg(), ref, false, false, false, false);
    }

    private Optional<Joint> of(CallId other) {
        return joint.filter(own -> own.with.equals(other));
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
        tellOther(own.with, new CallEvent.ConferenceOver(self));
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

    private void deny(CallId other) {
        tellOther(other, new CallEvent.ConferenceOver(self));
    }

    private void tellOther(CallId other, CallEvent event) {
        facts.act(new CallAction.TellCall(other, event));
    }
}
