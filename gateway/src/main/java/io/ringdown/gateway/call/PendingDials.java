package io.ringdown.gateway.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Calls of which it is not known yet where they go: somebody else is asked whose number was dialled. What their clients say meanwhile
 * waits for the call, and who hangs up or is gone ends it, before anybody is rung. Thread-safe; nobody is told anything under a lock.
 */
final class PendingDials {
    // More than a client has to say before its first answer; of where it is only the last word counts, and is not
    // counted.
    private static final int MOST_WORDS = 16;

    private final Map<CallId, Pending> all = new ConcurrentHashMap<>();
    private final int most;
    private final Clients clients;
    private final BiConsumer<CallId, CallEvent> post;

    private static final class Pending {
        final Calls.Request request;
        final List<CallEvent> said = new ArrayList<>();
        boolean isDecided;
        boolean isOver;

        Pending(Calls.Request request) {
            this.request = request;
        }
    }

    /**
     * So many at most.
     *
     * @param clients are told of the end of what was ended here
     * @param post hands a call that has begun what its client has said before
     */
    PendingDials(int most, Clients clients, BiConsumer<CallId, CallEvent> post) {
        this.most = most;
        this.clients = clients;
        this.post = post;
    }

    /** One more; false if there are too many. */
    boolean add(CallId id, Calls.Request request) {
        if (all.size() >= most) {
            return false;
        }
        all.put(id, new Pending(request));
        return true;
    }

    /** Takes what is said to such a call; false if there is none, or it would be too much. */
    boolean take(CallId id, CallEvent event) {
        Pending pending = all.get(id);
        if (pending == null) {
            return false;
        }
        Optional<EndCause> end;
        synchronized (pending) {
            if (pending.isOver) {
                return false;
            }
            end = pending.isDecided ? Optional.empty() : endBy(event, pending.request.client());
            if (end.isEmpty()) {
                return keep(pending.said, event);
            }
            pending.isOver = true;
        }
        over(id, pending, end.get());
        return true;
    }

    /** How a call ends by this while nobody is rung for it; empty if it does not. */
    private static Optional<EndCause> endBy(CallEvent event, ClientId client) {
        return switch (event) {
            case CallEvent.HangUp said when said.client().equals(client) -> Optional.of(EndCause.CANCELLED);
            case CallEvent.ClientGone said when said.client().equals(client) -> Optional.of(EndCause.SOCKET_LOST);
            default -> Optional.empty();
        };
    }

    private static boolean keep(List<CallEvent> said, CallEvent event) {
        if (isPresence(event)) {
            said.removeIf(PendingDials::isPresence);
        } else if (said.size() >= MOST_WORDS && !(event instanceof CallEvent.HangUp && !said.contains(event))) {
            return false;
        }
        return said.add(event);
    }

    private static boolean isPresence(CallEvent event) {
        return event instanceof CallEvent.ClientAway
                || event instanceof CallEvent.ClientBack
                || event instanceof CallEvent.ClientGone;
    }

    /** It is known now where it goes: it begins by this, unless it is over, and then hears what was said. */
    void decided(CallId id, Consumer<Calls.Request> begin) {
        Pending pending = all.get(id);
        if (pending == null) {
            return;
        }
        synchronized (pending) {
            if (pending.isOver) {
                return;
            }
            pending.isDecided = true;
        }
        try {
            begin.accept(pending.request);
        } finally {
            handOn(id, pending);
        }
    }

    private void handOn(CallId id, Pending pending) {
        while (true) {
            List<CallEvent> said;
            synchronized (pending) {
                said = List.copyOf(pending.said);
                pending.said.clear();
                if (said.isEmpty()) {
                    pending.isOver = true;
                    all.remove(id);
                    return;
                }
            }
            said.forEach(event -> post.accept(id, event));
        }
    }

    /** The process goes down. */
    void close() {
        all.forEach((id, pending) -> {
            synchronized (pending) {
                if (pending.isOver || pending.isDecided) {
                    return;
                }
                pending.isOver = true;
            }
            over(id, pending, EndCause.SHUTDOWN);
        });
    }

    private void over(CallId id, Pending pending, EndCause how) {
        all.remove(id);
        clients.tell(pending.request.client(), id, new CallNews.Over(pending.request.ref(), Ending.of(how)));
    }
}
