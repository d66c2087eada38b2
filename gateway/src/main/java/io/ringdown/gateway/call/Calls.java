package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.guard.Wish;
import io.ringdown.gateway.json.BadJsonException;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.Decision;
import io.ringdown.gateway.routing.Extensions;
import io.ringdown.gateway.routing.InboundRules;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.TrunkLoads;
import io.ringdown.sip.InboundCalls;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkListener;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All calls of this process. Thread-safe; every method returns at once, except {@link #close}. Each call runs on its own
 * serial executor, so that one that waits or fails leaves the others alone.
 */
public final class Calls implements InboundCalls, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final Duration LOOK = Duration.ofSeconds(2);

    // The waiting room ends what waits too long; this is for the case that it does not.
    private static final Duration LATEST_OVERFLOW = Duration.ofSeconds(5);

    private static final int NO_SUCH_CALL = 481; // RFC 3891 §3
    private static final Pattern EXTENSION = Pattern.compile("[0-9]{2,6}");

    private final Map<CallId, LiveCall> calls = new ConcurrentHashMap<>();
    private final AtomicInteger admitted = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final CountDownLatch drained = new CountDownLatch(1);
    private final Map<EndCause, AtomicLong> ended = new EnumMap<>(EndCause.class);
    private final AtomicLong begun = new AtomicLong();
    private final DigitRoads roads = new DigitRoads();
    private final CallListeners listeners;
    private final CallRooms rooms;
    private final Switchboard switchboard;
    private final AtomicLong emergencies = new AtomicLong();
    private final AtomicLong emergenciesRefused = new AtomicLong();
    private final SignedIn signedIn;
    private final RandomGenerator random;
    private final Echoes echoes;
    private final Supervisions supervisions;
    private final PendingDials pending;

    /**
     * Calls over these rooms.
     *
     * @param switchboard where they go
     * @param executor runs each call's steps
     * @param clock nanoseconds, steady
     * @param random a secure one, for ids
     */
    public Calls(
            CallSettings settings,
            Surroundings around,
            Switchboard switchboard,
            Executor executor,
            Timers timers,
            LongSupplier clock,
            RandomGenerator random) {
        this.switchboard = switchboard;
        this.signedIn = around.signedIn;
        this.random = random;
        this.listeners = new CallListeners(clock);
        for (EndCause cause : EndCause.values()) {
            ended.put(cause, new AtomicLong());
        }
        this.rooms = new CallRooms(
                settings,
                around.media,
                around.sip,
                switchboard,
                new TransferRules(switchboard, random),
                around.signedIn,
                id -> Optional.ofNullable(calls.get(id)),
                this::otherEnd,
                around.clients,
                roads,
                executor,
                timers,
                clock,
                onEnd(around.records),
                this::onLeft,
                around.records,
                new DialRules(switchboard, random),
                around.waiting,
                this::dialAlong);
        this.pending = new PendingDials(settings.maxCalls(), around.clients, this::postToCall);
        this.echoes = new Echoes(rooms, this::hasRoom);
        this.supervisions = new Supervisions(rooms, switchboard.users(), this::hasRoom);
        lookLater();
    }

    /**
     * What is around the calls.
     *
     * @param media the media room
     * @param sip the trunks
     * @param clients where news go
     * @param signedIn whom calls from trunks ring
     * @param records where calls are written down
     * @param waiting where calls wait for groups
     */
    public record Surroundings(
            MediaRoom media, SipRoom sip, Clients clients, SignedIn signedIn, CallBook records, WaitingRoom waiting) {
        /** Where no call waits for a group. */
        public Surroundings(MediaRoom media, SipRoom sip, Clients clients, SignedIn signedIn, CallBook records) {
            this(media, sip, clients, signedIn, records, WaitingRoom.NONE);
        }
    }

    /** What a client asks for when it calls. */
    public record Request(
            ClientId client, Optional<String> ref, Asker asker, PhoneNumber to, Caller from, String offer) {
        Optional<String> user() {
            return Optional.of(asker.subject());
        }
    }

    /** Whether a call to this is one for help, which no limit may hold up. */
    public boolean isEmergency(PhoneNumber to) {
        return switchboard.routing().isEmergency(to);
    }

    /** The numbers that a client answers for: what it asks for, but a configured user only for their own. */
    public List<PhoneNumber> answeringFor(String user, List<PhoneNumber> asked) {
        List<PhoneNumber> canonical =
                asked.stream().map(switchboard.routing().plan()::canonical).toList();
        if (!switchboard.users().has(user)) {
            return canonical;
        }
        List<PhoneNumber> own = switchboard.users().numbersOf(user);
        return canonical.isEmpty()
                ? own
                : canonical.stream().filter(own::contains).toList();
    }

    /** How much each trunk has to do. */
    public Map<String, TrunkLoads.Seen> trunkLoads() {
        return switchboard.loads().seen(rooms.clock().getAsLong());
    }

    /** What lets calls out through. */
    public Guard guard() {
        return switchboard.guard();
    }

    /** How many calls for help have begun since the start. */
    public long emergencies() {
        return emergencies.get();
    }

    /** How many calls for help were refused because no trunk is configured for them. */
    public long emergenciesRefused() {
        return emergenciesRefused.get();
    }

    /** What is known of each trunk's digits. */
    public Map<String, DigitRoads.Known> digitsOfTrunks() {
        return roads.known();
    }

    /** An id for a call to come. */
    public CallId newId() {
        return CallId.random(random);
    }

    /**
     * Begins a call; everything else is told to its client. If it cannot even begin, its client is told at once that it is
     * over.
     */
    public void dial(CallId id, Request request) {
        if (isAskedFor(request.to)) {
            CompletableFuture<?> asked = switchboard.extensions().ask(request.to);
            if (asked.isDone()) {
                // Now, for what its client says next is of a call that must be here by then.
                decide(id, request);
            } else if (pending.add(id, request)) {
                CompletableFuture<?> _ = asked.whenCompleteAsync(
                        (_, _) -> pending.decided(id, waiting -> decide(id, waiting)), rooms.executor());
            } else {
                refuse(id, request, EndCause.OVERLOADED);
            }
        } else {
            decide(id, request);
        }
    }

    /** Whether it may be the extension of somebody who is not of the configuration. */
    private boolean isAskedFor(PhoneNumber dialled) {
        return EXTENSION.matcher(dialled.digits()).matches() && !isEmergency(dialled);
    }

    private void decide(CallId id, Request request) {
        if (switchboard.isWithin(request.to)) {
            dialWithin(id, request);
            return;
        }
        Decision decision = switchboard
                .routing()
                .decide(request.to, request.user(), switchboard.time().instant().atZone(ZoneOffset.UTC), random);
        switch (decision) {
            case Decision.Out out
            when out.trunks().isEmpty() && isMeantWithin(request.to) -> refuse(id, request, EndCause.UNKNOWN_NUMBER);
            case Decision.Out out -> {
                Duration longest = switchboard.guard().longest(request.asker.grant());
                dial(
                        id,
                        request,
                        out.to(),
                        out.rule(),
                        new CallRoute(
                                out.trunks(), out.retryOn(), Optional.of(request.asker), false, Optional.of(longest)));
            }
            case Decision.Emergency help -> {
                emergencies.incrementAndGet();
                LOG.warn(
                        "call {} is an EMERGENCY call to {}, over {}",
                        id,
                        help.to().digits(),
                        help.trunks());
                dial(
                        id,
                        request,
                        help.to(),
                        "emergency.route",
                        new CallRoute(help.trunks(), Set.of(), Optional.of(request.asker), true, Optional.empty()));
            }
            case Decision.NoEmergency help -> {
                emergenciesRefused.incrementAndGet();
                LOG.warn(
                        "call {} is an EMERGENCY call to {} and is refused: no trunk takes such (emergency.route)",
                        id,
                        help.to().digits());
                refuse(id, request, EndCause.EMERGENCY_NOT_AVAILABLE);
            }
            case Decision.Forbidden forbidden -> {
                LOG.info("call {} to {} is forbidden by rule {}", id, forbidden.to(), forbidden.rule());
                refuse(id, request, EndCause.FORBIDDEN);
            }
            case Decision.BadNumber _ ->
                refuse(id, request, isMeantWithin(request.to) ? EndCause.UNKNOWN_NUMBER : EndCause.BAD_NUMBER);
        }
    }

    /** Whether this looks like an extension, where there are some. */
    private boolean isMeantWithin(PhoneNumber dialled) {
        return EXTENSION.matcher(dialled.digits()).matches()
                && switchboard.users().haveExtensions();
    }

    private void dialWithin(CallId id, Request request) {
        Asker asker = request.asker;
        Caller shown = switchboard.users().within(asker.subject(), request.from);
        Request within = new Request(request.client, request.ref, asker, request.to, shown, request.offer);
        dial(id, within, request.to, "its extension", CallRoute.within(asker));
    }

    private void dial(CallId id, Request request, PhoneNumber to, String rule, CallRoute route) {
        Optional<EndCause> refusal = admit(route.emergency());
        if (refusal.isPresent()) {
            refuse(id, request, refusal.get());
            return;
        }
        Optional<Reserved> reserved = Optional.empty();
        // A call that has nowhere to go ends by itself.
        if (!route.emergency() && !route.trunks().isEmpty()) {
            Wish wish = request.asker.wish(to, request.from);
            Guard guard = switchboard.guard();
            switch (route.isWithin() ? guard.admitWithin(wish) : guard.admit(wish)) {
                case Guard.Verdict.Refused refused -> {
                    admitted.decrementAndGet();
                    refuse(id, request, EndCause.of(refused.why()));
                    return;
                }
                case Guard.Verdict.Allowed allowed -> reserved = Optional.of(new Reserved(wish, allowed.hold()));
            }
        }
        // Not before: what is refused writes no line for each.
        LOG.info("call {} to {} goes by {}", id, to, rule);
        begun.incrementAndGet();
        LiveCall call = new LiveCall(id, route.emergency(), reserved, rooms);
        calls.put(id, call);
        CallRoute now = route.reachableFirst(rooms.sip()::isReachable);
        call.begin(new CallEvent.Dial(request.client, request.ref, to, request.from, request.offer, now));
        endIfClosing(call);
    }

    /**
     * What the system of whoever runs the gateway asks for: that somebody be rung, and call a number when they have taken it.
     *
     * @param agent who is rung, by every client that they are signed in with
     * @param asker for whom it is counted where they have signed out by then
     */
    public record Originate(String agent, PhoneNumber to, Caller from, Asker asker) {}

    /** Begins such a call; empty if it has begun, or else why not. The number is judged when they take the call. */
    public Optional<EndCause> originate(CallId id, Originate wanted) {
        Optional<EndCause> refusal = rooms.dials().refusal(wanted.to, wanted.agent);
        if (refusal.isPresent()) {
            return refusal;
        }
        RingPlan all = RingPlan.together(RingPlan.clientsOf(wanted.agent, signedIn, switchboard.users()));
        RingPlan plan = all.only(this::takesCalls);
        if (plan.isNobody()) {
            return Optional.of(all.isNobody() ? EndCause.UNAVAILABLE : EndCause.BUSY);
        }
        Optional<EndCause> full = admit(false);
        if (full.isPresent()) {
            return full;
        }
        LOG.info("call {} rings {} first, and goes to {} then", id, wanted.agent, wanted.to);
        begun.incrementAndGet();
        LiveCall call = new LiveCall(id, false, Optional.empty(), rooms);
        calls.put(id, call);
        call.ring(
                new CallEvent.Originated(wanted.to, wanted.from, plan),
                wanted.asker,
                rooms.dials().likelyTrunk(wanted.to, wanted.asker));
        endIfClosing(call);
        return Optional.empty();
    }

    /** A call that is made for another: what keeps it from beginning that one is told. */
    private void dialAlong(CallAction.DialAlong wanted, Optional<Reserved> reserved) {
        CallEvent.DialAlong dial = wanted.dial();
        Optional<EndCause> refusal = admit(false);
        if (refusal.isPresent()) {
            reserved.ifPresent(held -> held.hold().withdraw());
            post(dial.with(), new CallEvent.NotJoined(wanted.as(), Ending.of(refusal.get())));
            return;
        }
        LOG.info("call {} to {} is made for call {}", wanted.as(), dial.to(), dial.with());
        begun.incrementAndGet();
        LiveCall call = new LiveCall(wanted.as(), false, reserved, rooms);
        calls.put(wanted.as(), call);
        CallRoute now = dial.route().reachableFirst(rooms.sip()::isReachable);
        call.begin(new CallEvent.DialAlong(dial.with(), dial.to(), dial.from(), now));
        endIfClosing(call);
    }

    private void refuse(CallId id, Request request, EndCause cause) {
        rooms.clients().tell(request.client, id, new CallNews.Over(request.ref, Ending.of(cause)));
    }

    /** Hands an event to a call; false if there is no such call (any more). */
    public boolean post(CallId id, CallEvent event) {
        return pending.take(id, event) || postToCall(id, event);
    }

    private boolean postToCall(CallId id, CallEvent event) {
        Optional<LiveCall> call = Optional.ofNullable(calls.get(id));
        call.ifPresent(found -> found.post(event));
        return call.isPresent();
    }

    /**
     * Asks for a transfer of a call, to a number or, with consultation, to the telephone of another call of the same client.
     *
     * @return false if there is no such call (any more)
     */
    public boolean transfer(CallId id, Transfer wanted) {
        Optional<LiveCall> call = Optional.ofNullable(calls.get(id));
        call.ifPresent(found -> {
            TransferRules.HandOver to = target(found, wanted);
            found.transfer(new CallEvent.Transfer(wanted.client, wanted.ref, to.target()), to.reserved());
        });
        return call.isPresent();
    }

    /** What a client asks for when it transfers, to a number or to another call. */
    public record Transfer(
            ClientId client, Optional<String> ref, Asker asker, Optional<PhoneNumber> to, Optional<CallId> with) {
        public Transfer {
            if (to.isPresent() == with.isPresent()) {
                throw new IllegalArgumentException("a transfer goes to a number or to a call");
            }
        }
    }

    private TransferRules.HandOver target(LiveCall live, Transfer wanted) {
        CallSnapshot call = live.snapshot();
        boolean isTheirs = call.owner().equals(Optional.of(wanted.client));
        if (!isTheirs || call.state() != Call.State.ESTABLISHED) {
            // Which the call says itself; the guard counts nothing for it.
            return TransferRules.HandOver.to(
                    new TransferTarget.Impossible("Only a call that was answered can be transferred."));
        }
        if (wanted.to.filter(switchboard::isWithin).isPresent()) {
            return TransferRules.HandOver.to(colleague(call, wanted, wanted.to.get()));
        }
        Optional<TransferTarget> joined = wanted.with.flatMap(with -> joined(call, wanted.client, with));
        if (joined.isPresent()) {
            return TransferRules.HandOver.to(joined.get());
        }
        if (call.trunk().filter(switchboard.lines()::refers).isEmpty()) {
            return rooms.transfers().along(newId(), wanted.to.orElseThrow(), wanted.asker, shown(call, wanted.asker));
        }
        if (live.isBound()
                || wanted.with.map(calls::get).filter(LiveCall::isBound).isPresent()) {
            LOG.info("call {} is not transferred: nobody here could end it in time, or count it, any more", call.id());
            return TransferRules.HandOver.refused(EndCause.NOT_PERMITTED);
        }
        return wanted.to
                .map(number -> rooms.transfers()
                        .target(number, wanted.asker, call.trunk().orElseThrow()))
                .orElseGet(() -> TransferRules.HandOver.to(new TransferTarget.Consulted(wanted.with.orElseThrow())));
    }

    /** Somebody in the house, who is not rung at the client that transfers; a group has people only once its turn has come. */
    private TransferTarget colleague(CallSnapshot call, Transfer wanted, PhoneNumber extension) {
        if (switchboard
                .guard()
                .refusalWithin(wanted.asker.wish(extension, Caller.UNSAID))
                .isPresent()) {
            return new TransferTarget.Refused(EndCause.NOT_PERMITTED);
        }
        InboundInvite asIfCalled = new InboundInvite(
                Extensions.HOUSE, extension.digits(), Optional.empty(), Optional.empty(), Optional.empty());
        RingPlan all = plan(asIfCalled, extension);
        if (all.group().isPresent()) {
            return new TransferTarget.Along(newId(), extension, telephone(call), CallRoute.within(wanted.asker));
        }
        RingPlan plan = all.only(client -> takesCalls(client) && !client.equals(wanted.client));
        if (plan.isNobody()) {
            return new TransferTarget.Refused(all.isNobody() ? EndCause.UNAVAILABLE : EndCause.BUSY);
        }
        String by = switchboard
                .users()
                .within(wanted.asker.subject(), Caller.UNSAID)
                .number()
                .map(PhoneNumber::digits)
                .orElse(wanted.asker.subject());
        return new TransferTarget.Colleague(extension, plan, by);
    }

    /** Who is at the telephone of a call, as people in the house are shown them. */
    private static Caller telephone(CallSnapshot call) {
        Optional<CallNews.Incoming> incoming = call.face().incoming();
        return call.direction() == Call.Direction.OUTBOUND
                ? Caller.of(call.to(), Optional.empty())
                : Caller.of(
                        incoming.flatMap(CallNews.Incoming::from).flatMap(PhoneNumber::of),
                        incoming.flatMap(CallNews.Incoming::name));
    }

    /** The number that a call shows, where this one may show it: its own where it is a call out, else the one that was called. */
    private Caller shown(CallSnapshot call, Asker asker) {
        Optional<PhoneNumber> number = call.direction() == Call.Direction.OUTBOUND
                ? call.face().from()
                : call.to().filter(switchboard.users().numbersOf(asker.subject())::contains);
        return Caller.of(number, Optional.empty());
    }

    /** Why this cannot be joined with that call, or that we join them ourselves; empty where their trunk is asked to. */
    private Optional<TransferTarget> joined(CallSnapshot call, ClientId client, CallId with) {
        Optional<CallSnapshot> other = snapshot(with)
                .filter(found -> found.owner().equals(Optional.of(client)))
                .filter(found -> !found.id().equals(call.id()));
        if (other.isEmpty()) {
            return Optional.of(new TransferTarget.Impossible("The field with must name another call of this session."));
        }
        if (other.get().state() != Call.State.ESTABLISHED) {
            return Optional.of(new TransferTarget.Impossible("The other call must have been answered first."));
        }
        boolean isTheTrunks = other.get().trunk().equals(call.trunk())
                && call.trunk().filter(switchboard.lines()::refers).isPresent();
        return isTheTrunks ? Optional.empty() : Optional.of(new TransferTarget.Joined(with));
    }

    /** Every call as it stands. */
    public List<CallSnapshot> snapshots() {
        return calls.values().stream().map(LiveCall::snapshot).toList();
    }

    /** A call as it stands; empty if there is no such call (any more). */
    public Optional<CallSnapshot> snapshot(CallId id) {
        return Optional.ofNullable(calls.get(id)).map(LiveCall::snapshot);
    }

    /** For whom a call is; empty if there is no such call (any more), or nobody has taken it yet. */
    public Optional<Asker> askerOf(CallId id) {
        return Optional.ofNullable(calls.get(id)).flatMap(LiveCall::asker);
    }

    /** How a call's media do just now; empty if there is no such call, or none of its media yet. */
    public Optional<QualityReport> quality(CallId id) {
        return Optional.ofNullable(calls.get(id)).flatMap(call -> call.view().quality());
    }

    /** Listens beside a call. */
    public CompletableFuture<CallListeners.Outcome> listen(CallId id) {
        LiveCall call = calls.get(id);
        return call == null
                ? CompletableFuture.completedFuture(new CallListeners.Outcome.UnknownCall())
                : listeners.listen(call);
    }

    /**
     * Writes a call down as JSON, with which {@link #read} goes on with it, here or in another process. After that it is not here any more,
     * nothing was sent for that, there is no record of it, and its channels are free. The text has keys and numbers in it: whoever has
     * it has the call. Digits are not in it.
     *
     * <p>Empty, with the call as it was, if there is no such call or it cannot be written just now: before the answer, and while an
     * offer, a transfer or a press is under way, transactions and queues belong to it that only this process has. Ask again later.
     */
    public CompletableFuture<Optional<String>> write(CallId id) {
        return Optional.ofNullable(calls.get(id))
                .map(LiveCall::write)
                .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
    }

    /**
     * Goes on with a call that {@link #write} has written: with its trunk as if nothing had been, whatever the limits; its client is
     * told to offer anew. Blocks for some milliseconds.
     *
     * @throws CallNotReadException if it cannot go on here: another version wrote it, its trunk is not configured, its ports are taken,
     *     it is here already; then nothing has happened
     */
    public CallId read(String json) throws CallNotReadException {
        LiveCallState state;
        try {
            state = CallJson.read(json);
        } catch (BadJsonException unfit) {
            throw new CallNotReadException("a call cannot be read: " + unfit.getMessage(), unfit);
        }
        if (closing.get()) {
            throw new CallNotReadException("a call cannot go on here: the process is going down");
        }
        LiveCall call = call(state);
        if (calls.putIfAbsent(call.id(), call) != null) {
            throw new CallNotReadException("call " + call.id() + " is here already");
        }
        admitted.incrementAndGet();
        try {
            call.goOn(state);
        } catch (CallNotReadException cannot) {
            leave(call.id());
            throw cannot;
        }
        endIfClosing(call);
        return call.id();
    }

    private LiveCall call(LiveCallState state) throws CallNotReadException {
        try {
            return new LiveCall(state, rooms);
        } catch (ArithmeticException unfit) {
            throw new CallNotReadException("a call cannot be read: it has a time that is too long", unfit);
        }
    }

    /** The tests before calls. */
    public Echoes echoes() {
        return echoes;
    }

    /** The supervisors beside calls. */
    public Supervisions supervisions() {
        return supervisions;
    }

    /**
     * Lets the telephones of two calls of one client hear each other; what becomes of it is told to that.
     *
     * @return false if there are no two such calls of one client (any more)
     */
    public boolean conference(CallId call, CallId with) {
        Optional<ClientId> owner = snapshot(call).flatMap(CallSnapshot::owner);
        return owner.isPresent()
                && owner.equals(snapshot(with).flatMap(CallSnapshot::owner))
                && post(call, new CallEvent.Conference(owner.get(), Optional.empty(), with));
    }

    /** Whether something may begin that can as well be done later. */
    private boolean hasRoom() {
        return !closing.get() && !draining.get() && !rooms.media().isFull();
    }

    /** Those who listen beside calls. */
    public CallListeners listeners() {
        return listeners;
    }

    /** Whether digits are kept from those who listen beside this call. */
    public boolean secureInput(CallId id) {
        return Optional.ofNullable(calls.get(id))
                .map(call -> call.view().secureInput())
                .orElse(false);
    }

    /** How many calls there are. */
    public int count() {
        return calls.size();
    }

    /** Takes no new calls from now on except for help; those that there are go on. */
    public void drain() {
        draining.set(true);
    }

    /** How many calls there are for help. */
    public int forHelp() {
        return (int) calls.values().stream().filter(LiveCall::isEmergency).count();
    }

    /** Ends every call that is not for help, telling both sides. */
    public void endButForHelp() {
        calls.values().stream()
                .filter(call -> !call.isEmergency())
                .forEach(call -> call.post(new CallEvent.Shutdown()));
    }

    /** Whether new calls are taken, as far as what does not change from call to call has it. */
    public Readiness readiness() {
        if (closing.get() || draining.get()) {
            return Readiness.DRAINING;
        }
        return rooms.book().isUsable() ? Readiness.OK : Readiness.JOURNAL_UNUSABLE;
    }

    /** Whether new calls are taken. */
    public enum Readiness {
        OK,
        /** The gateway is being stopped. */
        DRAINING,
        /** What must be written down of a call cannot be. */
        JOURNAL_UNUSABLE;

        /** As {@code /healthz} writes it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How many calls have begun since the start. */
    public long begun() {
        return begun.get();
    }

    /** How many calls have ended so. */
    public long ended(EndCause cause) {
        return Optional.ofNullable(ended.get(cause)).map(AtomicLong::get).orElse(0L);
    }

    @Override
    public TrunkListener onInvite(InboundInvite said, TrunkCall trunk) {
        if (said.replaces().isPresent()) {
            return onReplacing(said, said.replaces().get(), trunk);
        }
        Optional<PhoneNumber> to = switchboard.lines().called(said);
        if (to.isEmpty()) {
            return refuse(trunk, EndCause.UNKNOWN_NUMBER);
        }
        InboundInvite invite = switchboard.lines().read(said);
        RingPlan wanted = plan(invite, to.get());
        if (wanted.isNobody()) {
            LOG.info("call from trunk {} to {}: nobody is signed in", invite.trunk(), to.get());
            return refuse(trunk, EndCause.UNAVAILABLE);
        }
        Set<ClientId> calling = callingThemselves(invite, to.get());
        RingPlan plan = wanted.only(client -> takesCalls(client) && !calling.contains(client));
        if (plan.isNobody()) {
            LOG.info("call from trunk {} to {}: who is signed in is busy", invite.trunk(), to.get());
            return refuse(trunk, EndCause.BUSY);
        }
        Optional<String> noMedia = invite.sdp().flatMap(offer -> rooms.media().refusal(invite.trunk(), offer));
        if (noMedia.isPresent()) {
            // Nobody is rung for a call that could not be heard.
            LOG.info("call from trunk {} to {}: the offer is refused: {}", invite.trunk(), to.get(), noMedia.get());
            return refuse(trunk, EndCause.MEDIA_NOT_ACCEPTABLE);
        }
        Optional<TrunkLoads.Channel> channel = switchboard.loads().takeIn(invite.trunk());
        if (channel.isEmpty()) {
            LOG.info("call from trunk {} to {}: it has no line free", invite.trunk(), to.get());
            return refuse(trunk, EndCause.CONGESTION);
        }
        Optional<EndCause> refusal = admit(false);
        if (refusal.isPresent()) {
            channel.get().give();
            return refuse(trunk, refusal.get());
        }
        begun.incrementAndGet();
        LiveCall call = new LiveCall(newId(), false, Optional.empty(), rooms);
        calls.put(call.id(), call);
        LOG.info("call {} is SIP call {} from trunk {}", call.id(), trunk.callId(), invite.trunk());
        trunk.knownAs(call.id().toString());
        call.adopt(0, trunk, channel.get(), new CallEvent.Invited(invite, to.get(), plan));
        endIfClosing(call);
        return event -> call.post(new CallEvent.Trunk(0, event));
    }

    private RingPlan plan(InboundInvite invite, PhoneNumber to) {
        InboundRules.Rung rung = switchboard.inbound().rung(invite.trunk(), to, invite.diverted());
        WaitingRoom waiting = rooms.waiting();
        return rung.rule()
                .group()
                .or(() -> rung.byNumber() ? waiting.groupOf(to) : Optional.empty())
                .filter(waiting::has)
                .map(group -> RingPlan.waiting(
                        group,
                        rung.rule().timeout().orElse(waiting.longest(group).plus(LATEST_OVERFLOW))))
                .orElseGet(() -> RingPlan.of(rung, to, signedIn, switchboard.users()));
    }

    private boolean takesCalls(ClientId client) {
        return signedIn.askerOf(client)
                .map(Asker::subject)
                .filter(user -> !rooms.waiting().takesCalls(user))
                .isEmpty();
    }

    /** The call that is the other end of this one within the house; empty where there is none. */
    private Optional<LiveCall> otherEnd(CallId id) {
        Optional<String> line = Optional.ofNullable(calls.get(id)).flatMap(Calls::houseLine);
        return line.isEmpty()
                ? Optional.empty()
                : calls.values().stream()
                        .filter(call -> !call.id().equals(id) && houseLine(call).equals(line))
                        .findFirst();
    }

    private static Optional<String> houseLine(LiveCall call) {
        return call.snapshot().trunk().filter(Extensions.HOUSE::equals).isEmpty()
                ? Optional.empty()
                : call.talkingLeg().map(TrunkCall::callId);
    }

    /** The clients that call their own extension by this: it rings their others. */
    private Set<ClientId> callingThemselves(InboundInvite invite, PhoneNumber to) {
        boolean isOwn =
                invite.trunk().equals(Extensions.HOUSE) && invite.callerNumber().equals(Optional.of(to.digits()));
        return !isOwn
                ? Set.of()
                : calls.values().stream()
                        .map(LiveCall::snapshot)
                        .filter(call -> call.direction() == Call.Direction.OUTBOUND
                                && call.state() != Call.State.ESTABLISHED
                                && call.trunk().equals(Optional.of(Extensions.HOUSE))
                                && call.to().equals(Optional.of(to)))
                        .flatMap(call -> call.owner().stream())
                        .collect(Collectors.toSet());
    }

    /** A trunk's call that is to take the place of another: it rings nobody, and is no call of its own. */
    private TrunkListener onReplacing(InboundInvite said, TrunkCall replaced, TrunkCall trunk) {
        for (LiveCall call : calls.values()) {
            OptionalInt leg = call.legOf(replaced);
            if (leg.isPresent()) {
                return onReplacing(said, call, leg.getAsInt(), trunk);
            }
        }
        trunk.reject(new Rejection(NO_SUCH_CALL, EndCause.UNAVAILABLE.hangupReason()));
        return Calls::ignore;
    }

    private TrunkListener onReplacing(InboundInvite said, LiveCall call, int replaced, TrunkCall trunk) {
        Optional<TrunkLoads.Channel> channel = switchboard.loads().takeIn(said.trunk());
        if (channel.isEmpty()) {
            LOG.info("call {}: trunk {} has no line free for the call in its place", call.id(), said.trunk());
            return refuse(trunk, EndCause.CONGESTION);
        }
        LOG.info("call {}: SIP call {} is to take its place", call.id(), trunk.callId());
        trunk.knownAs(call.id().toString());
        int leg = call.newInboundLeg();
        call.adopt(
                leg,
                trunk,
                channel.get(),
                new CallEvent.Replacing(
                        leg,
                        replaced,
                        said.trunk(),
                        said.sdp(),
                        switchboard.lines().read(said).callerNumber(),
                        said.callerName()));
        return event -> call.post(new CallEvent.Trunk(leg, event));
    }

    /** For a call that began while {@link #close} looked through the others. */
    private void endIfClosing(LiveCall call) {
        if (closing.get()) {
            call.post(new CallEvent.Shutdown());
        }
    }

    /** Everything worth knowing of each call, oldest state first. */
    public Map<String, Object> debugState() {
        List<Map<String, Object>> list = new ArrayList<>();
        long now = rooms.clock().getAsLong();
        calls.values().stream()
                .sorted(Comparator.comparingLong(call -> call.snapshot().sinceNanos() - now))
                .forEach(call -> list.add(describe(call, now)));
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("calls", list);
        state.put("begun", begun.get());
        Map<String, Object> endings = new LinkedHashMap<>();
        ended.forEach((cause, count) -> endings.put(cause.code(), count.get()));
        state.put("ended", endings);
        state.put("trunkLoads", switchboard.loads().debugState(now));
        state.put("guard", switchboard.guard().debugState());
        return state;
    }

    /** Ends every call, telling both sides, and takes no new ones; waits at most 3 s until they are over. */
    @Override
    public void close() {
        closing.set(true);
        echoes.close();
        supervisions.close();
        pending.close();
        calls.values().forEach(call -> call.post(new CallEvent.Shutdown()));
        noteDrained();
        try {
            if (!drained.await(3, TimeUnit.SECONDS)) {
                LOG.warn("{} calls did not end in time", calls.size());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** One after the other on one thread, so that a thousand calls cost a timer and not a thousand. */
    private void lookLater() {
        rooms.timers().after(LOOK.toNanos(), () -> rooms.executor().execute(this::look));
    }

    private void look() {
        if (closing.get()) {
            return;
        }
        try {
            long now = rooms.clock().getAsLong();
            calls.values().forEach(call -> call.watchMedia(now));
        } catch (RuntimeException bug) {
            LOG.error("the look at the quality of calls has failed; the next one follows", bug);
        } finally {
            lookLater();
        }
    }

    private Optional<EndCause> admit(boolean emergency) {
        if (closing.get()) {
            return Optional.of(EndCause.SHUTDOWN);
        }
        if (draining.get() && !emergency) {
            return Optional.of(EndCause.SHUTDOWN);
        }
        if (!rooms.book().isUsable() && !emergency) {
            return Optional.of(EndCause.OVERLOADED);
        }
        if (rooms.media().isFull() && !emergency) {
            return Optional.of(EndCause.OVERLOADED);
        }
        if (admitted.incrementAndGet() > rooms.settings().maxCalls() && !emergency) {
            admitted.decrementAndGet();
            return Optional.of(EndCause.OVERLOADED);
        }
        return Optional.empty();
    }

    private static TrunkListener refuse(TrunkCall trunk, EndCause cause) {
        trunk.reject(cause.rejection());
        return Calls::ignore;
    }

    private static void ignore(TrunkEvent event) {
        LOG.debug("after a refusal: {}", event.getClass().getSimpleName());
    }

    private Consumer<CallRecord> onEnd(CallBook records) {
        return record -> {
            Optional.ofNullable(ended.get(record.ending().cause())).ifPresent(AtomicLong::incrementAndGet);
            try {
                records.accept(record);
            } finally {
                // Who waits for the last call closes the book next.
                leave(record.id());
            }
        };
    }

    private void onLeft(CallId id) {
        leave(id);
        rooms.book().left(id);
    }

    private void leave(CallId id) {
        admitted.decrementAndGet();
        calls.remove(id);
        noteDrained();
    }

    private void noteDrained() {
        if (closing.get() && calls.isEmpty()) {
            drained.countDown();
        }
    }

    private static Map<String, Object> describe(LiveCall call, long now) {
        CallSnapshot seen = call.snapshot();
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", seen.id().hex());
        map.put("direction", seen.direction().name().toLowerCase(Locale.ROOT));
        map.put("state", seen.state().code());
        map.put("forMillis", Duration.ofNanos(now - seen.sinceNanos()).toMillis());
        seen.to().ifPresent(number -> map.put("to", number.toString()));
        seen.trunk().ifPresent(trunk -> map.put("trunk", trunk));
        seen.owner().ifPresent(owner -> map.put("session", owner.session()));
        map.put("held", seen.holder().code());
        call.view().quality().ifPresent(report -> {
            map.put("quality", QualityView.of(report));
            map.put("verdict", report.verdict().toString());
        });
        map.put("secureInput", call.view().secureInput());
        map.put("listeners", call.view().listeningNow());
        map.put("supervised", call.view().supervised().times());
        map.put("waitingEvents", call.depth());
        return map;
    }
}
