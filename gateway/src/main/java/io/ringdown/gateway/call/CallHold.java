package io.ringdown.gateway.call;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Who holds whom in one {@link Call}. Pure, as the call is. A hold takes effect in our media at once, whatever the trunk then
 * says to it; to resume waits until the trunk has taken it, since before that nothing would be heard.
 *
 * <pre>
 *          hold: music                       resume                     the trunk takes it, or was never told
 *  TALKING ───────────▶ HELD, trunk told ───────────▶ HELD, trunk asked ─────────────▶ TALKING
 *                       (or it refuses: music alone)   └─ it refuses: HELD, and an error
 * </pre>
 */
final class CallHold {
    private static final int COLLISION = 491; // RFC 3261 §14.1: an offer of the trunk's has come between
    private static final int MOST_COLLISIONS = 3;

    private final Consumer<CallNews> tell;
    private final Consumer<CallAction> act;
    private final BooleanSupplier isFree;
    private boolean isWanted;
    private boolean isHeld;
    private boolean isHeldByTrunk;
    private boolean isEstablished;

    // What the trunk has last taken, what is on its way to it, and whether it is not to be asked again.
    private boolean isSaid;
    private boolean isOut;
    private boolean isOutHold;
    private boolean isGivenUp;
    private int collisions;
    private Optional<String> resuming;

    /** All of it, to be written down. */
    record State(
            boolean isWanted,
            boolean isHeld,
            boolean isHeldByTrunk,
            boolean isEstablished,
            boolean isSaid,
            boolean isOut,
            boolean isOutHold,
            boolean isGivenUp,
            int collisions,
            Optional<String> resuming) {
        static final State BEGUN =
                new State(false, false, false, false, false, false, false, false, 0, Optional.empty());
    }

    /** Whether {@code isFree} says that no offer of the trunk's is open. */
    CallHold(State state, Consumer<CallNews> tell, Consumer<CallAction> act, BooleanSupplier isFree) {
        this.tell = tell;
        this.act = act;
        this.isFree = isFree;
        this.isWanted = state.isWanted;
        this.isHeld = state.isHeld;
        this.isHeldByTrunk = state.isHeldByTrunk;
        this.isEstablished = state.isEstablished;
        this.isSaid = state.isSaid;
        this.isOut = state.isOut;
        this.isOutHold = state.isOutHold;
        this.isGivenUp = state.isGivenUp;
        this.collisions = state.collisions;
        this.resuming = state.resuming;
    }

    State state() {
        return new State(
                isWanted,
                isHeld,
                isHeldByTrunk,
                isEstablished,
                isSaid,
                isOut,
                isOutHold,
                isGivenUp,
                collisions,
                resuming);
    }

    /** Who holds the call. */
    Holder holder() {
        return Holder.of(isHeld, isHeldByTrunk);
    }

    /** Whether an offer of ours is on its way. */
    boolean isOut() {
        return isOut;
    }

    /** The client wants the telephone held. */
    void hold(Optional<String> ref) {
        if (isResuming()) {
            refuseResume(ErrorCode.WRONG_STATE, "The call is to be held again.");
        }
        isWanted = true;
        if (!isHeld) {
            isHeld = true;
            act.accept(new CallAction.HoldMedia());
        }
        tell.accept(new CallNews.Held(CallNews.HeldBy.BROWSER, ref));
        sayAnew();
    }

    /** The client wants to talk again. */
    void resume(Optional<String> ref) {
        if (isResuming()) {
            tell.accept(new CallNews.Refused(ref, ErrorCode.WRONG_STATE, "The call is being resumed already."));
            return;
        }
        if (!isHeld) {
            tell.accept(new CallNews.Resumed(CallNews.HeldBy.BROWSER, ref));
            return;
        }
        isWanted = false;
        resuming = ref;
        sayAnew();
    }

    /** Somebody else has the call, or nobody: who held it does so no more. Who has it is told where the trunk holds us. */
    void onOtherOwner() {
        resuming = Optional.empty();
        if (isHeldByTrunk) {
            tellOfTrunk();
        }
        if (isHeld) {
            isWanted = false;
            sayAnew();
        }
    }

    private boolean isResuming() {
        return isHeld && !isWanted;
    }

    private void sayAnew() {
        isGivenUp = false;
        collisions = 0;
        say();
    }

    /** Tells the trunk what is wanted, if it has not taken that yet and no offer of either side is open. */
    void say() {
        if (isOut) {
            return;
        }
        if (isSaid == isWanted) {
            if (isResuming()) {
                isHeld = false;
                act.accept(new CallAction.ResumeMedia());
                tell.accept(new CallNews.Resumed(CallNews.HeldBy.BROWSER, takeRef()));
            }
        } else if (!isGivenUp && isFree.getAsBoolean()) {
            isOut = true;
            isOutHold = isWanted;
            act.accept(new CallAction.OfferHold(isWanted));
        }
    }

    /** The trunk has answered our offer. */
    void onAnswer(String sdp) {
        if (isOut) {
            act.accept(new CallAction.TakeHoldAnswer(isOutHold, sdp));
        }
    }

    /** The trunk has taken our offer, or this is a trunk that is told nothing of holds. */
    void onTaken() {
        if (isOut) {
            isOut = false;
            isSaid = isOutHold;
            say();
        }
    }

    /** The trunk has not taken it: what was agreed before goes on. */
    void onRefused(OptionalInt status) {
        if (!isOut) {
            return;
        }
        isOut = false;
        if (status.equals(OptionalInt.of(COLLISION)) && collisions < MOST_COLLISIONS) {
            collisions++;
        } else {
            isGivenUp = isOutHold == isWanted;
            if (!isOutHold && isResuming()) {
                isWanted = true;
                refuseResume(ErrorCode.HOLD_REFUSED, "The telephone network does not resume the call.");
            }
        }
        say();
    }

    /** Whether the trunk holds us, after each description of its. */
    void onTrunk(boolean holds) {
        boolean isChanged = holds != isHeldByTrunk;
        isHeldByTrunk = holds;
        if (isChanged && isEstablished) {
            tellOfTrunk();
        }
    }

    /** The call is with another leg, to which nothing was said yet; {@code holds} is whether that one holds us. */
    void onOtherLeg(boolean holds) {
        isOut = false;
        isSaid = false;
        isGivenUp = false;
        collisions = 0;
        onTrunk(holds);
        say();
    }

    /** From here on the client is told; early media that go one way are no hold. */
    void onEstablished() {
        isEstablished = true;
        if (isHeldByTrunk) {
            tellOfTrunk();
        }
    }

    private void tellOfTrunk() {
        tell.accept(
                isHeldByTrunk
                        ? new CallNews.Held(CallNews.HeldBy.TELEPHONE, Optional.empty())
                        : new CallNews.Resumed(CallNews.HeldBy.TELEPHONE, Optional.empty()));
    }

    private void refuseResume(ErrorCode code, String text) {
        tell.accept(new CallNews.Refused(takeRef(), code, text));
    }

    private Optional<String> takeRef() {
        Optional<String> ref = resuming;
        resuming = Optional.empty();
        return ref;
    }
}
