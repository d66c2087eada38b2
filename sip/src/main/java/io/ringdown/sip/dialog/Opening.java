package io.ringdown.sip.dialog;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a call may not say before its dialog is written down: nothing that makes a dialog, and nothing within it, leaves before. Not
 * safe for threads.
 *
 * <pre>
 *   NEW --INVITE, 101 to 299 to the INVITE--> WRITING --written--> WRITTEN
 *                                                `-- given up, refused, not written: what waits is dropped --> WRITTEN
 * </pre>
 */
public final class Opening {
    private enum State {
        NEW,
        WRITING,
        WRITTEN
    }

    /** What becomes of an action. */
    public enum Turn {
        /** It is performed. */
        NOW,
        /** It waits, and the dialog is to be written down. */
        WRITE,
        /** It waits until the dialog is written down. */
        WAITS,
        /** It is not performed: our INVITE, which waited, does not leave any more. */
        GIVEN_UP
    }

    private final OptionalLong invite;
    private final List<CallAction> waiting = new ArrayList<>();
    private State state;

    private Opening(OptionalLong invite, State state) {
        this.invite = invite;
        this.state = state;
    }

    /** Of a call of ours. */
    public static Opening ofOurs() {
        return new Opening(OptionalLong.empty(), State.NEW);
    }

    /** Of a call whose INVITE has this id. */
    public static Opening ofTheirs(long invite) {
        return new Opening(OptionalLong.of(invite), State.NEW);
    }

    /** Of a dialog that is written down already. */
    public static Opening written() {
        return new Opening(OptionalLong.empty(), State.WRITTEN);
    }

    /** The next action, in order. */
    public Turn on(CallAction action) {
        return switch (state) {
            case WRITTEN -> Turn.NOW;
            case NEW -> makesDialog(action) ? begin(action) : Turn.NOW;
            case WRITING -> meanwhile(action);
        };
    }

    private boolean makesDialog(CallAction action) {
        return switch (action) {
            case CallAction.SendInvite _ -> true;
            case CallAction.Respond response ->
                isToInvite(response) && response.status() > 100 && response.status() < 300;
            case CallAction.SendAck _,
                    CallAction.SendCancel _,
                    CallAction.StopRepeating _,
                    CallAction.ForgetInvite _,
                    CallAction.Send _,
                    CallAction.ResendAnswer _,
                    CallAction.Tell _,
                    CallAction.Forget _ -> false;
        };
    }

    private boolean isToInvite(CallAction.Respond response) {
        return invite.equals(OptionalLong.of(response.id()));
    }

    private Turn begin(CallAction action) {
        state = State.WRITING;
        waiting.add(action);
        return Turn.WRITE;
    }

    private Turn meanwhile(CallAction action) {
        return switch (action) {
            case CallAction.Tell _, CallAction.Forget _ -> Turn.NOW;
            case CallAction.StopRepeating _, CallAction.SendCancel _, CallAction.ForgetInvite _ -> {
                drop();
                yield Turn.GIVEN_UP;
            }
            case CallAction.Respond response
            when isToInvite(response) && response.status() >= 300 -> {
                drop();
                yield Turn.NOW;
            }
            case CallAction.Respond _,
                    CallAction.SendInvite _,
                    CallAction.SendAck _,
                    CallAction.Send _,
                    CallAction.ResendAnswer _ -> hold(action);
        };
    }

    // What is sent again meanwhile has not been sent at all.
    private Turn hold(CallAction action) {
        if (!waiting.contains(action)) {
            waiting.add(action);
        }
        return Turn.WAITS;
    }

    /** The dialog is written down: what may leave now, in order. */
    public List<CallAction> done() {
        List<CallAction> freed = List.copyOf(waiting);
        drop();
        return freed;
    }

    /** It is not, and will not be: whether anything had waited, which is dropped. */
    public boolean failed() {
        boolean had = !waiting.isEmpty();
        drop();
        return had;
    }

    private void drop() {
        waiting.clear();
        state = State.WRITTEN;
    }
}
