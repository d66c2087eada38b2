package io.ringdown.gateway.call;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/** Who is being rung, who is still to be, and what those said who are not any more. One call's, with its thread. */
final class Ringing {
    private final SequencedSet<ClientId> now = new LinkedHashSet<>();
    private final Deque<SequencedSet<ClientId>> later = new ArrayDeque<>();
    private final Set<EndCause> said = EnumSet.noneOf(EndCause.class);

    /** All of it, to be written down. */
    record State(List<ClientId> now, List<List<ClientId>> later, List<EndCause> said) {
        static final State NOBODY = new State(List.of(), List.of(), List.of());
    }

    Ringing(State state) {
        now.addAll(state.now);
        state.later.forEach(stage -> later.add(new LinkedHashSet<>(stage)));
        said.addAll(state.said);
    }

    State state() {
        return new State(List.copyOf(now), later.stream().map(List::copyOf).toList(), List.copyOf(said));
    }

    void plan(RingPlan plan) {
        later.addAll(plan.stages());
    }

    /** Goes on to the next stage; those who are rung from now on, or nobody. */
    SequencedSet<ClientId> next() {
        now.clear();
        SequencedSet<ClientId> stage = later.poll();
        if (stage != null) {
            now.addAll(stage);
        }
        return new LinkedHashSet<>(now);
    }

    /** One more is rung; false if they are already. */
    boolean add(ClientId client) {
        return now.add(client);
    }

    boolean hasMore() {
        return !later.isEmpty();
    }

    boolean rings(ClientId client) {
        return now.contains(client);
    }

    boolean isNobody() {
        return now.isEmpty();
    }

    SequencedSet<ClientId> all() {
        return new LinkedHashSet<>(now);
    }

    /** One of them is not rung any more. */
    boolean remove(ClientId client, EndCause cause) {
        boolean rang = now.remove(client);
        if (rang) {
            said.add(cause);
        }
        return rang;
    }

    /** None of them has answered in time. */
    void nobodyAnswered() {
        said.add(EndCause.NO_ANSWER);
    }

    void clear() {
        now.clear();
        later.clear();
    }

    /**
     * How a call ends that nobody took: somebody let it ring, a person said no, all who could be asked are busy, or nobody was
     * there.
     */
    EndCause outcome() {
        for (EndCause cause : new EndCause[] {EndCause.NO_ANSWER, EndCause.DECLINED, EndCause.BUSY}) {
            if (said.contains(cause)) {
                return cause;
            }
        }
        return EndCause.UNAVAILABLE;
    }
}
