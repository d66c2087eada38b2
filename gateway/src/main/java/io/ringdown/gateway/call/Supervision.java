package io.ringdown.gateway.call;

import io.ringdown.media.MediaEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A supervisor beside one call: hears both, and is heard by nobody, by the agent, or by both. Pure; each method answers what is to be
 * done, in order, and nothing once it is over.
 *
 * <pre>
 *  CONNECTING ──connected──▶ LISTENING ⇄ WHISPERING ⇄ BARGING
 *      │                         └──────────┴────────────┴──▶ OVER
 *      └──no connection in time, DTLS failed──────────────────▲  hang-up, supervisor gone, call over, its owner not to be supervised
 * </pre>
 *
 * Whose call it is may change: then it goes on with the new owner, if that is one whom the supervisor may hear. A telephone that the
 * agent holds neither is heard nor hears anybody.
 */
final class Supervision {
    /** How far it has come. */
    enum State {
        CONNECTING,
        LISTENING,
        WHISPERING,
        BARGING,
        OVER
    }

    /** Who hears whom. */
    enum Link {
        SUPERVISOR_HEARS_AGENT,
        SUPERVISOR_HEARS_TELEPHONE,
        /** That of the other call of a conference. */
        SUPERVISOR_HEARS_OTHER,
        AGENT_HEARS_SUPERVISOR,
        TELEPHONE_HEARS_SUPERVISOR
    }

    /**
     * The call as it is to a supervisor.
     *
     * @param owner whose it is
     * @param isHeld whether they hold the telephone
     * @param conferenceWith the call whose telephone both hear besides
     */
    record Seen(ClientId owner, boolean isHeld, Optional<CallId> conferenceWith) {}

    /** What is to be done. */
    sealed interface Action {
        /** From here on these hear each other, and nobody else by us; {@code other} is the other call of a conference. */
        record Connect(Set<Link> links, Optional<CallId> other) implements Action {}

        /** It has begun: the call's record is to have it. */
        record Count() implements Action {}

        /** Tell the supervisor in which mode it is. */
        record TellSupervisor(Optional<String> ref, SupervisionMode mode) implements Action {}

        /** Tell the agent who speaks to them; empty: nobody any more. */
        record TellAgent(Optional<SupervisionMode> mode) implements Action {}

        /** It is over. The last action of each. */
        record Finish(Optional<String> ref, Ending how) implements Action {}
    }

    private final List<Action> actions = new ArrayList<>();
    private State state = State.CONNECTING;
    private SupervisionMode mode;
    private Seen seen;
    private long deadlineNanos;
    private Action.Connect connected = new Action.Connect(Set.of(), Optional.empty());
    private Optional<SupervisionMode> agentKnows = Optional.empty();

    /** Answered at {@code now}. */
    Supervision(SupervisionMode mode, Seen seen, Duration connectTimeout, long now) {
        this.mode = mode;
        this.seen = seen;
        this.deadlineNanos = now + connectTimeout.toNanos();
    }

    State state() {
        return state;
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /** When {@link #onTime} is wanted; empty for never. */
    Optional<Long> deadlineNanos() {
        return state == State.CONNECTING ? Optional.of(deadlineNanos) : Optional.empty();
    }

    /** What the supervisor's media tell. */
    List<Action> on(MediaEvent event) {
        switch (event) {
            case MediaEvent.WebConnected _ -> onConnected();
            case MediaEvent.WebFailed failed -> finish(Optional.empty(), CallWeb.ending(failed.cause()));
            case MediaEvent.WebClosed _ -> finish(Optional.empty(), Ending.of(EndCause.NORMAL));
            case MediaEvent.WebSilent silent -> {
                if (silent.isTooLong()) {
                    finish(Optional.empty(), Ending.of(EndCause.MEDIA_LOST));
                }
            }
            default -> {} // what only calls with a trunk have
        }
        return drain();
    }

    private void onConnected() {
        if (state == State.CONNECTING) {
            actions.add(new Action.Count());
            enter(Optional.empty());
        }
    }

    /** The supervisor wants another mode, or the same again. */
    List<Action> onMode(Optional<String> ref, SupervisionMode wanted) {
        mode = wanted;
        if (state != State.CONNECTING && state != State.OVER) {
            enter(ref);
        }
        return drain();
    }

    private void enter(Optional<String> ref) {
        state = switch (mode) {
            case LISTEN -> State.LISTENING;
            case WHISPER -> State.WHISPERING;
            case BARGE -> State.BARGING;
        };
        connect();
        actions.add(new Action.TellSupervisor(ref, mode));
        tellAgent();
    }

    /** The call has changed; {@code isTheirs} is whether the supervisor may hear its owner. */
    List<Action> onCall(Seen now, boolean isTheirs) {
        if (!isTheirs) {
            return end(Optional.empty(), Ending.of(EndCause.NOT_PERMITTED));
        }
        boolean isAnother = !now.owner.equals(seen.owner);
        seen = now;
        if (state != State.CONNECTING && state != State.OVER) {
            connect();
            if (isAnother) {
                agentKnows = Optional.empty(); // who left it knows of no call any more
                tellAgent();
            }
        }
        return drain();
    }

    /** What is due by now. */
    List<Action> onTime(long now) {
        if (state == State.CONNECTING && now - deadlineNanos >= 0) {
            finish(Optional.empty(), Ending.of(EndCause.MEDIA_UNREACHABLE));
        }
        return drain();
    }

    /** Somebody wants it to end, or cannot go on with it. */
    List<Action> end(Optional<String> ref, Ending how) {
        finish(ref, how);
        return drain();
    }

    private void finish(Optional<String> ref, Ending how) {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        connect();
        tellAgent();
        actions.add(new Action.Finish(ref, how));
    }

    private void connect() {
        Set<Link> links = links();
        boolean isInConference = links.contains(Link.SUPERVISOR_HEARS_OTHER);
        Action.Connect wanted = new Action.Connect(links, isInConference ? seen.conferenceWith : Optional.empty());
        if (!wanted.equals(connected)) {
            connected = wanted;
            actions.add(wanted);
        }
    }

    private Set<Link> links() {
        Set<Link> links = EnumSet.noneOf(Link.class);
        if (state == State.CONNECTING || state == State.OVER) {
            return links;
        }
        links.add(Link.SUPERVISOR_HEARS_AGENT);
        if (!seen.isHeld) {
            links.add(Link.SUPERVISOR_HEARS_TELEPHONE);
        }
        if (seen.conferenceWith.isPresent()) {
            links.add(Link.SUPERVISOR_HEARS_OTHER);
        }
        if (state != State.LISTENING) {
            links.add(Link.AGENT_HEARS_SUPERVISOR);
        }
        if (state == State.BARGING && !seen.isHeld) {
            links.add(Link.TELEPHONE_HEARS_SUPERVISOR);
        }
        return links;
    }

    private void tellAgent() {
        Optional<SupervisionMode> heard = switch (state) {
            case WHISPERING -> Optional.of(SupervisionMode.WHISPER);
            case BARGING -> Optional.of(SupervisionMode.BARGE);
            case CONNECTING, LISTENING, OVER -> Optional.empty();
        };
        if (!heard.equals(agentKnows)) {
            agentKnows = heard;
            actions.add(new Action.TellAgent(heard));
        }
    }

    private List<Action> drain() {
        List<Action> drained = List.copyOf(actions);
        actions.clear();
        return drained;
    }
}
