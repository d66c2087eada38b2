package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.Overseers;
import io.ringdown.media.LoneSession;
import io.ringdown.media.MediaEvent;
import io.ringdown.media.MediaSession;
import io.ringdown.media.SdpRejectedException;
import io.ringdown.media.Side;
import io.ringdown.media.SoundLink;
import io.ringdown.media.Speaking;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All supervisors beside calls. They are no calls, and have no records; those of the calls count them. Thread-safe; every method
 * returns at once.
 */
public final class Supervisions {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisions.class);

    /** How many may be beside one call: an ear takes {@link Speaking#MOST_LINKS}, and a conference wants one of them. */
    static final int MOST_OF_A_CALL = 2;

    private final CallRooms rooms;
    private final Overseers overseers;
    private final BooleanSupplier hasRoom;
    private final Map<ClientId, Live> all = new ConcurrentHashMap<>();
    private final Map<CallId, Integer> ofCalls = new ConcurrentHashMap<>();
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();

    /** Supervisors beside calls in the same rooms, while these have room. */
    Supervisions(CallRooms rooms, Overseers overseers, BooleanSupplier hasRoom) {
        this.rooms = rooms;
        this.overseers = overseers;
        this.hasRoom = hasRoom;
    }

    /** What a client asks for, as this user: to hear this call. */
    public record Request(
            ClientId client, Optional<String> ref, String user, CallId of, SupervisionMode mode, String offer) {}

    /** Why it does not begin, or is not changed. */
    public record Refusal(ErrorCode code, String text) {
        private static final Refusal UNKNOWN = new Refusal(ErrorCode.UNKNOWN_CALL, "There is no such call.");
    }

    /**
     * Begins to supervise a call; everything else is told to its client.
     *
     * @return why not; then nothing has happened
     */
    public Optional<Refusal> begin(CallId id, Request request) {
        Optional<LiveCall> call = rooms.others().apply(request.of);
        if (call.isEmpty()) {
            return Optional.of(Refusal.UNKNOWN);
        }
        CallSnapshot seen = call.get().snapshot();
        if (!isTheirs(request, seen)) {
            LOG.info("call {} is not to be supervised by {}", request.of, request.user);
            return Optional.of(new Refusal(ErrorCode.NOT_PERMITTED, "This call is not of a group that you supervise."));
        }
        if (seen.state() != Call.State.ESTABLISHED) {
            return Optional.of(new Refusal(ErrorCode.WRONG_STATE, "Only a call that was answered can be supervised."));
        }
        Live live = new Live(id, request, call.get(), seen);
        if (!hasRoom.getAsBoolean() || !admit(request.of)) {
            return Optional.of(new Refusal(ErrorCode.TOO_MANY_CALLS, "There are as many supervisors as may be."));
        }
        if (all.putIfAbsent(request.client, live) != null) {
            leave(request.of);
            return Optional.of(new Refusal(ErrorCode.TOO_MANY_CALLS, "A session supervises one call at a time."));
        }
        live.take(live::open);
        return Optional.empty();
    }

    /** Another mode; false if the client has no such supervision (any more). */
    public boolean change(CallId id, ClientId client, Optional<String> ref, SupervisionMode mode) {
        return step(id, client, live -> live.onMode(ref, mode));
    }

    /** A new offer of the supervisor's; false if the client has no such supervision (any more). */
    public boolean update(CallId id, ClientId client, Optional<String> ref, String offer) {
        return step(id, client, live -> live.answer(ref, offer));
    }

    /** Ends it by its client's wish; false if the client has no such one (any more). */
    public boolean hangUp(CallId id, ClientId client, Optional<String> ref) {
        return step(id, client, live -> live.end(Ending.of(EndCause.NORMAL), ref));
    }

    /** The client is away or gone: nobody listens. */
    public void leave(ClientId client) {
        Live live = all.get(client);
        if (live != null) {
            live.take(() -> live.end(Ending.of(EndCause.SOCKET_LOST), Optional.empty()));
        }
    }

    /** How many there are now. */
    public int now() {
        return admitted.get();
    }

    /** How many have begun to hear a call since the start. */
    public long begun() {
        return begun.get();
    }

    /** Ends all of them. */
    void close() {
        for (Live live : all.values()) {
            live.take(() -> live.end(Ending.of(EndCause.SHUTDOWN), Optional.empty()));
        }
    }

    private interface Step {
        void take(Live live);
    }

    private boolean step(CallId id, ClientId client, Step step) {
        Live live = all.get(client);
        if (live == null || !live.id.equals(id)) {
            return false;
        }
        live.take(() -> step.take(live));
        return true;
    }

    /** Whether it is the call of somebody whom they may hear, and not of the supervisor, on whichever device they have it. */
    private boolean isTheirs(Request request, CallSnapshot seen) {
        return seen.owner()
                .flatMap(rooms.signedIn()::askerOf)
                .filter(agent -> !agent.subject().equals(request.user))
                .filter(agent -> overseers.oversees(request.user, agent.subject()))
                .isPresent();
    }

    private boolean admit(CallId call) {
        if (admitted.incrementAndGet() > rooms.settings().supervisionsAtOnce()) {
            admitted.decrementAndGet();
            return false;
        }
        if (ofCalls.merge(call, 1, Integer::sum) > MOST_OF_A_CALL) {
            leave(call);
            return false;
        }
        return true;
    }

    private void leave(CallId call) {
        ofCalls.computeIfPresent(call, (_, count) -> count == 1 ? null : count - 1);
        admitted.decrementAndGet();
    }

    private static Supervision.Seen seen(CallSnapshot call) {
        boolean isHeld = call.holder() == Holder.BROWSER || call.holder() == Holder.BOTH;
        return new Supervision.Seen(call.owner().orElseThrow(), isHeld, call.conferenceWith());
    }

    /** One of them: performs what its {@link Supervision} decides. On its own {@link Serial}. */
    private final class Live {
        private final CallId id;
        private final Request request;
        private final LiveCall call;
        private final String shown;
        private final Serial steps = new Serial(rooms.executor());
        private final Supervision supervision;
        private final Map<Supervision.Link, CompletableFuture<SoundLink>> links = new EnumMap<>(Supervision.Link.class);
        private @Nullable LoneSession media;
        private Runnable cancelWakeup = () -> {};
        private Runnable watchNoMore = () -> {};
        private ClientId owner;
        private Optional<CallId> other = Optional.empty();
        private boolean isAnswered;

        Live(CallId id, Request request, LiveCall call, CallSnapshot seen) {
            this.id = id;
            this.request = request;
            this.call = call;
            this.shown = overseers.shown(request.user);
            this.owner = seen.owner().orElseThrow();
            this.supervision = new Supervision(
                    request.mode,
                    seen(seen),
                    rooms.settings().connectTimeout(),
                    rooms.clock().getAsLong());
        }

        /** Any thread may ask; a step that fails is the last one. */
        void take(Runnable step) {
            steps.execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException | Error bug) {
                    fail(bug);
                }
            });
        }

        void open() {
            if (supervision.isOver()) { // its client has gone meanwhile
                return;
            }
            media = rooms.media().openAlone(event -> take(() -> onMedia(event)));
            if (answer(request.ref, request.offer)) {
                watchNoMore = call.view().watch(() -> take(this::onCall));
                onCall();
                wakeLater();
            }
        }

        /** False if it cannot be answered, and all is over. */
        boolean answer(Optional<String> ref, String offer) {
            LoneSession open = media;
            if (open == null || supervision.isOver()) {
                return false;
            }
            try {
                tell(new CallNews.Answer(ref, open.answerWeb(offer)));
                isAnswered = true;
                return true;
            } catch (SdpRejectedException rejected) {
                end(Ending.of(EndCause.MEDIA_REFUSED, String.valueOf(rejected.getMessage())), ref);
                return false;
            }
        }

        private void onMedia(MediaEvent event) {
            perform(supervision.on(event));
            wakeLater();
        }

        private void onCall() {
            CallSnapshot now = call.snapshot();
            if (call.view().isOver()
                    || now.state() == Call.State.ENDED
                    || now.owner().isEmpty()) {
                end(Ending.of(EndCause.NORMAL), Optional.empty());
            } else {
                // Whom the owner signed in as is asked for anew only where it is another: who is away now may have let
                // it lapse.
                boolean isTheirs = now.owner().equals(Optional.of(owner)) || isTheirs(request, now);
                owner = now.owner().get();
                perform(supervision.onCall(seen(now), isTheirs));
            }
        }

        void onMode(Optional<String> ref, SupervisionMode mode) {
            perform(supervision.onMode(ref, mode));
        }

        private void onTime() {
            perform(supervision.onTime(rooms.clock().getAsLong()));
            wakeLater();
        }

        private void wakeLater() {
            cancelWakeup.run();
            cancelWakeup = supervision
                    .deadlineNanos()
                    .map(when -> rooms.timers()
                            .after(Math.max(0, when - rooms.clock().getAsLong()), () -> take(this::onTime)))
                    .orElse(() -> {});
        }

        void end(Ending how, Optional<String> ref) {
            perform(supervision.end(ref, how));
        }

        private void fail(Throwable bug) {
            LOG.error("supervision {} of call {} has failed", id, request.of, bug);
            end(Ending.of(EndCause.INTERNAL), isAnswered ? Optional.empty() : request.ref);
        }

        /** An action that fails ends it; of those that end it none keeps the others from being done. */
        private void perform(List<Supervision.Action> actions) {
            for (Supervision.Action action : actions) {
                boolean isEnding = supervision.isOver();
                try {
                    perform(action);
                } catch (RuntimeException | Error bug) {
                    fail(bug);
                    if (!isEnding) {
                        return;
                    }
                }
            }
        }

        private void perform(Supervision.Action action) {
            switch (action) {
                case Supervision.Action.Connect wanted -> connect(wanted);
                case Supervision.Action.Count _ -> {
                    begun.incrementAndGet();
                    call.onSupervised(shown);
                }
                case Supervision.Action.TellSupervisor said -> {
                    LOG.info(
                            "call {} is supervised by {}: {}",
                            request.of,
                            request.user,
                            said.mode().code());
                    tell(new CallNews.Supervising(said.ref(), request.of, said.mode()));
                }
                case Supervision.Action.TellAgent said -> call.post(new CallEvent.Supervised(said.mode(), shown));
                case Supervision.Action.Finish finish -> over(finish.ref(), finish.how());
            }
        }

        private void connect(Supervision.Action.Connect wanted) {
            if (!wanted.other().equals(other)) {
                unlink(Supervision.Link.SUPERVISOR_HEARS_OTHER);
                other = wanted.other();
            }
            for (Supervision.Link link : Supervision.Link.values()) {
                if (wanted.links().contains(link)) {
                    links.computeIfAbsent(link, this::link);
                } else {
                    unlink(link);
                }
            }
        }

        private void unlink(Supervision.Link link) {
            CompletableFuture<SoundLink> open = links.remove(link);
            if (open != null) {
                CompletableFuture<?> _ = open.thenAccept(SoundLink::close);
            }
        }

        private CompletableFuture<SoundLink> link(Supervision.Link link) {
            LoneSession own = media;
            boolean isOther = link == Supervision.Link.SUPERVISOR_HEARS_OTHER;
            Optional<MediaSession> theirs = isOther
                    ? other.flatMap(id -> rooms.others().apply(id)).flatMap(LiveCall::speaking)
                    : call.speaking();
            if (own == null || theirs.isEmpty()) {
                // Its end is on its way to us.
                return CompletableFuture.completedFuture(() -> {});
            }
            CompletableFuture<SoundLink> made = switch (link) {
                case SUPERVISOR_HEARS_AGENT -> hear(own, theirs.get(), Side.WEB);
                case SUPERVISOR_HEARS_TELEPHONE, SUPERVISOR_HEARS_OTHER -> hear(own, theirs.get(), Side.TRUNK);
                case AGENT_HEARS_SUPERVISOR -> call.hear(Side.WEB, own, Side.WEB);
                case TELEPHONE_HEARS_SUPERVISOR -> call.hear(Side.TRUNK, own, Side.WEB);
            };
            CompletableFuture<?> _ = made.whenComplete((_, failure) -> {
                if (failure != null) {
                    take(() -> onNoLink(failure));
                }
            });
            return made;
        }

        private static CompletableFuture<SoundLink> hear(LoneSession ear, MediaSession speaker, Side mouth) {
            try {
                return CompletableFuture.completedFuture(ear.alsoHear(Side.WEB, speaker, mouth));
            } catch (IllegalArgumentException | IllegalStateException cannot) {
                return CompletableFuture.failedFuture(cannot);
            }
        }

        private void onNoLink(Throwable failure) {
            if (!supervision.isOver() && !call.view().isOver()) {
                fail(failure);
            }
        }

        private void over(Optional<String> ref, Ending how) {
            cancelWakeup.run();
            watchNoMore.run();
            LoneSession opened = media;
            if (opened != null) {
                close(opened);
            }
            all.remove(request.client, this);
            Supervisions.this.leave(request.of);
            LOG.info(
                    "call {} is not supervised by {} any more: {}",
                    request.of,
                    request.user,
                    how.cause().code());
            tell(new CallNews.Over(ref, how));
        }

        private void close(LoneSession opened) {
            try {
                opened.close();
            } catch (RuntimeException | Error bug) {
                // Its place and its client's are free anyway.
                LOG.error("the media of supervision {} of call {} could not be closed", id, request.of, bug);
            }
        }

        private void tell(CallNews news) {
            rooms.clients().tell(request.client, id, news);
        }
    }
}
