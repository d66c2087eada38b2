package io.ringdown.sip.jain;

import gov.nist.javax.sip.message.SIPMessage;
import io.ringdown.sip.DialogJournal;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.EmergencyCall;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InboundCalls;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.ListenAddress;
import io.ringdown.sip.OutboundInvite;
import io.ringdown.sip.SipSettings;
import io.ringdown.sip.SipStartException;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkHealth;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.TrunkSettings;
import io.ringdown.sip.dialog.InRequest;
import io.ringdown.sip.dialog.InResponse;
import io.ringdown.sip.dialog.InboundCall;
import io.ringdown.sip.dialog.LocationPart;
import io.ringdown.sip.dialog.Methods;
import io.ringdown.sip.dialog.Opening;
import io.ringdown.sip.dialog.OutboundCall;
import io.ringdown.sip.dialog.Reason;
import io.ringdown.sip.dialog.SipText;
import io.ringdown.sip.jain.Answers.Answer;
import io.ringdown.sip.jain.Counters.Counter;
import io.ringdown.sip.locate.Hunt;
import io.ringdown.sip.locate.Target;
import io.ringdown.sip.locate.dns.Locator;
import io.ringdown.sip.tls.PeerNames;
import io.ringdown.sip.tls.PeerTls;
import io.ringdown.sip.tls.TlsHandshake;
import io.ringdown.sip.trace.HepExport;
import io.ringdown.sip.trace.MessageTrace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TooManyListenersException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.InvalidArgumentException;
import javax.sip.PeerUnavailableException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionAlreadyExistsException;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.TransactionUnavailableException;
import javax.sip.header.FromHeader;
import javax.sip.header.ToHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All trunks on one JAIN-SIP stack. The stack's threads only find the call and hand over; each call works on a virtual thread
 * of its own, one input at a time. Safe for all threads.
 */
public final class JainTrunks implements SipListener {
    private static final Logger LOG = LoggerFactory.getLogger(JainTrunks.class);
    private static final int MAX_TRANSACTIONS = 100_000;
    // Calls that are over are remembered for 64*T1, so there are more of them than of those under way.
    private static final int MAX_REMEMBERED = 100_000;
    private static final Duration PING_TICK = Duration.ofSeconds(1);
    private static final Duration COLLECTOR_TICK = Duration.ofSeconds(60);
    private static final Duration LOOK_AT_FILES_EVERY = Duration.ofSeconds(5);
    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final HangupReason SHUTDOWN = new HangupReason(41, "Temporary failure");

    private final SipSettings settings;
    private final InboundCalls inbound;
    private final InfoRules info;
    private final DialogJournal journal;
    private final Counters counters = new Counters();
    private final SecureRandom random = new SecureRandom();
    private final Writing writing;
    private final Tracing tracing;
    private final GuardedStack stack;
    private final List<Listening> listening = new ArrayList<>();
    private final Map<String, Trunk> trunks = new LinkedHashMap<>();
    private final Map<DialogKey, JainCall> calls = new ConcurrentHashMap<>();
    private final Map<String, Invited> invited = new ConcurrentHashMap<>();
    private final Map<String, Invited> invitedByIdentity = new ConcurrentHashMap<>();
    private final Map<JainCall, Invited> invitedOf = new ConcurrentHashMap<>();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicLong requestIds = new AtomicLong();
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("sip-call-", 0).factory());
    private final ScheduledThreadPoolExecutor timer = daemon("sip-timer");
    private final Locator locator;
    private final OutsideRequests outside;
    private final List<ScheduledFuture<?>> ticks = new ArrayList<>();
    private final Map<String, Registering> registrations = new LinkedHashMap<>();
    private final TlsFiles files = new TlsFiles();
    private final Around around = new Around();
    private final Replacing replacing =
            new Replacing(named -> Optional.ofNullable(calls.get(new DialogKey(named.callId(), named.toTag()))));
    private volatile boolean draining;
    private volatile boolean closing;

    /**
     * What finds a call within its dialogs: all forks have these two in common.
     *
     * @param callId Call-ID
     * @param localTag our tag
     */
    private record DialogKey(String callId, String localTag) {}

    /**
     * An INVITE that was taken.
     *
     * @param call its call
     * @param core its state
     * @param transactionKey what its CANCEL has too
     * @param identity Call-ID, tag and number: what a merged request has too (RFC 3261 8.2.2.2)
     */
    private record Invited(JainCall call, InboundCall core, String transactionKey, String identity) {}

    private class Around implements JainCall.Surroundings {
        @Override
        public Writing writing() {
            return writing;
        }

        @Override
        public Counters counters() {
            return counters;
        }

        @Override
        public MessageTrace trace() {
            return tracing.kept();
        }

        @Override
        public Replacing replacing() {
            return replacing;
        }

        @Override
        public DialogJournal journal() {
            return journal;
        }

        @Override
        public void execute(Runnable work) {
            executor.execute(work);
        }

        @Override
        public boolean isConnected(Target from) {
            return stack.isConnected(from);
        }

        @Override
        public ScheduledFuture<?> wakeIn(Runnable work, long nanos) {
            return timer.schedule(work, nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void endAnew(DialogState dialog, HangupReason reason) {
            restore(dialog, _ -> {}, new AroundEnd()).hangUp(reason);
        }

        @Override
        public void ended(JainCall call) {
            active.decrementAndGet();
            call.line().calls().decrementAndGet();
        }

        @Override
        public void forget(JainCall call) {
            calls.remove(keyOf(call), call);
            Invited entry = invitedOf.remove(call);
            if (entry != null) {
                invited.remove(entry.transactionKey(), entry);
                invitedByIdentity.remove(entry.identity(), entry);
            }
        }
    }

    /** Of a call that was made to end another's dialog: what it cannot is left to the next start. */
    private final class AroundEnd extends Around {
        @Override
        public void endAnew(DialogState dialog, HangupReason reason) {
            throw new IllegalArgumentException(dialog + " has been tried already");
        }
    }

    private final class OfTrunks implements Streams.Owner {
        @Override
        public Optional<PeerTls> tlsOf(InetAddress address) {
            return trunks.values().stream()
                    .filter(trunk -> trunk.isOwnAddress(address))
                    .flatMap(trunk -> trunk.tls().stream())
                    .findFirst();
        }

        @Override
        public boolean fits(InetAddress source, PeerNames names) {
            return trunks.values().stream()
                    .filter(trunk -> trunk.admits(source))
                    .anyMatch(trunk -> names.fit(
                            TlsFiles.nameOf(trunk.settings()),
                            trunk.settings().tls().wildcards()));
        }

        @Override
        public void ended(StreamChannel channel) {
            calls.values().forEach(call -> call.onConnectionEnded(channel));
            outside.onConnectionEnded(channel);
        }
    }

    private JainTrunks(SipSettings settings, InboundCalls inbound, InfoRules info, DialogJournal journal)
            throws PeerUnavailableException {
        this.settings = settings;
        this.inbound = inbound;
        this.info = info;
        this.journal = journal;
        this.writing = new Writing(settings.userAgent(), random);
        this.locator = new Locator(settings.dnsServers());
        this.outside = new OutsideRequests(writing, counters, executor, timer);
        Gatekeeper gatekeeper = new Gatekeeper(
                this::isKnown,
                settings.maxMessagesPerSecond(),
                settings.maxConnectionsPerSource(),
                counters,
                writing::token);
        this.tracing =
                new Tracing(settings.trace(), peer -> trunkOf(peer).map(Trunk::name), Clock.systemUTC(), counters);
        Streams streams = new Streams(gatekeeper, timer, settings.keepAlive().connections(), new OfTrunks());
        this.stack = new GuardedStack(streams, tracing, "ringdown-" + writing.token(), MAX_TRANSACTIONS);
    }

    /** A timer on a thread of this name, which keeps no process alive. */
    static ScheduledThreadPoolExecutor daemon(String name) {
        ScheduledThreadPoolExecutor made = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name(name).daemon().factory());
        made.setRemoveOnCancelPolicy(true);
        return made;
    }

    /** Binds all listening addresses and begins to serve. */
    public static JainTrunks start(
            SipSettings settings,
            Map<String, TrunkSettings> trunks,
            InboundCalls inbound,
            InfoRules info,
            DialogJournal journal)
            throws SipStartException {
        JainTrunks made;
        try {
            made = new JainTrunks(settings, inbound, info, journal);
        } catch (PeerUnavailableException e) {
            throw new SipStartException("the SIP stack does not start: " + e.getMessage(), e);
        }
        try {
            made.open(trunks);
            return made;
        } catch (SipStartException e) {
            made.close();
            throw e;
        }
    }

    private void open(Map<String, TrunkSettings> configured) throws SipStartException {
        try {
            for (ListenAddress address : settings.listen()) {
                Listening opened = Listening.open(stack, address, files.serving(address));
                opened.provider().addSipListener(this);
                listening.add(opened);
                LOG.info("listening for SIP on {}", opened);
            }
        } catch (TooManyListenersException e) {
            throw new IllegalStateException(e);
        }
        tracing.export().ifPresent(collector -> {
            collector.resolveLiteral();
            every(COLLECTOR_TICK, collector::resolve);
            executor.execute(collector::resolve);
        });
        for (Map.Entry<String, TrunkSettings> one : configured.entrySet()) {
            open(one.getKey(), one.getValue());
        }
        trunks.values().forEach(this::watch);
        every(LOOK_AT_FILES_EVERY, files::look);
        if (!settings.keepAlive().udp().isZero()) {
            OpenWays ways = new OpenWays(stack.network(), counters);
            every(settings.keepAlive().udp(), () -> trunks.values().forEach(ways::keepOpen));
        }
    }

    private void every(Duration period, Runnable work) {
        ticks.add(timer.scheduleWithFixedDelay(
                () -> executor.execute(work), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void open(String name, TrunkSettings configured) throws SipStartException {
        List<Listening> serving = serving(name, configured);
        Locator.Sought sought = locator.seek(name, configured.nextHop(), Listening.reach(serving));
        trunks.put(name, new Trunk(name, configured, serving, sought, info, random, files.towards(name, configured)));
    }

    private void watch(Trunk trunk) {
        if (trunk.settings().health().pings()) {
            Pings pings = new Pings(trunk, outside, writing, executor);
            ticks.add(timer.scheduleWithFixedDelay(pings::sendDue, 0, PING_TICK.toMillis(), TimeUnit.MILLISECONDS));
        }
        trunk.settings().register().ifPresent(how -> {
            Registering made = new Registering(trunk, how, outside, writing, executor, timer, random);
            registrations.put(trunk.name(), made);
            made.start();
        });
    }

    private List<Listening> serving(String name, TrunkSettings trunk) throws SipStartException {
        if (trunk.tcpAbove().isPresent() && settings.serving(trunk).isEmpty()) {
            throw new SipStartException(
                    "trunk " + name + ": tcp-above: no address of sip.listen that could serve it speaks"
                            + " both udp and tcp; add tcp to its transports, or take tcp-above out");
        }
        List<Listening> serving = settings.allServing(trunk).stream()
                .flatMap(address -> listening.stream()
                        .filter(opened -> opened.settings().equals(address))
                        .limit(1))
                .toList();
        if (serving.isEmpty()) {
            throw new SipStartException("trunk " + name + ": no address of sip.listen"
                    + trunk.listen()
                            .map(a -> " is " + a.getHostAddress() + " and")
                            .orElse("") + " speaks "
                    + trunk.nextHop().transport().uriName() + " and can reach "
                    + trunk.nextHop().host());
        }
        return serving;
    }

    private boolean isKnown(InetAddress source) {
        for (Trunk trunk : trunks.values()) {
            if (trunk.admits(source)) {
                return true;
            }
        }
        return false;
    }

    private static DialogKey keyOf(JainCall call) {
        return new DialogKey(call.identity().callId(), call.identity().localTag());
    }

    /** Calls out; see {@link io.ringdown.sip.SipTrunks#invite}. */
    public TrunkCall invite(OutboundInvite invite, TrunkListener listener) {
        Trunk trunk = trunks.get(invite.trunk());
        if (trunk == null) {
            throw new IllegalArgumentException("no trunk is named " + invite.trunk());
        }
        if (!SipText.isNumber(invite.calledNumber())) {
            throw new IllegalArgumentException("not a number to dial");
        }
        invite.callerNumber().ifPresent(JainTrunks::requireCaller);
        OutboundAttempts attempts = new OutboundAttempts(trunk, listener, new Attempting(trunk, invite), around);
        invite.name().ifPresent(attempts::knownAs);
        attempts.begin();
        return attempts;
    }

    /** Goes on with a dialog that was written down; see {@link io.ringdown.sip.SipTrunks#restore}. */
    public TrunkCall restore(DialogState dialog, TrunkListener listener) {
        return restore(dialog, listener, around);
    }

    private TrunkCall restore(DialogState dialog, TrunkListener listener, JainCall.Surroundings within) {
        Trunk trunk = trunks.get(dialog.trunk());
        if (trunk == null) {
            throw new IllegalArgumentException("no trunk is named " + dialog.trunk() + " any more");
        }
        if (closing) {
            throw new IllegalStateException(dialog + " cannot go on: the trunks are being closed");
        }
        Restored restored = Restored.of(dialog, trunk, listener, requestIds.incrementAndGet(), within);
        JainCall call = restored.call();
        if (calls.putIfAbsent(keyOf(call), call) != null) {
            throw new IllegalArgumentException(dialog + " is here already");
        }
        reserve(trunk, true);
        dialog.name().ifPresent(name -> tracing.kept().name(dialog.callId(), name));
        restored.waiting()
                .ifPresent(waiting -> remember(new Invited(
                        call,
                        waiting.core(),
                        Reading.transactionKey(waiting.invite()),
                        identityKey(waiting.invite()))));
        call.begin(dialog);
        return call;
    }

    /** What the attempts of one call out have in common. */
    private final class Attempting implements OutboundAttempts.Attempts {
        private final Trunk trunk;
        private final OutboundInvite invite;
        private final boolean urgent;

        private Attempting(Trunk trunk, OutboundInvite invite) {
            this.trunk = trunk;
            this.invite = invite;
            this.urgent = invite.form().emergency().isPresent();
        }

        @Override
        public String callId() {
            return writing.token() + "@" + trunk.listening().advertised().uriHost();
        }

        @Override
        public boolean urgent() {
            return urgent;
        }

        // Where every trunk is down, each is tried all the same; so is any for an emergency call.
        @Override
        public boolean passedOver() {
            return !urgent
                    && trunk.targets().allDown()
                    && trunks.values().stream().anyMatch(Trunk::isReachable);
        }

        @Override
        public boolean begin(Hunt.Attempt attempt, String callId, OutboundAttempts listener) {
            if (closing || !reserve(trunk, urgent)) {
                counters.count(Counter.REFUSED_OVERLOAD);
                return false;
            }
            counters.count(Counter.CALLS_OUT);
            Target target = attempt.target();
            Listening at = trunk.listening(target);
            Optional<LocationPart> place = place(trunk, invite);
            OutboundCall core = new OutboundCall(
                    InviteHeaders.target(trunk, invite),
                    routes(trunk),
                    invite.sdp(),
                    new InviteHeaders(trunk, invite).all(place),
                    place,
                    trunk.terms().withSilentAfter(attempt.silentAfter()),
                    invite.redirects());
            JainCall call = new JainCall(
                    trunk,
                    at,
                    target.transport(),
                    outboundIdentity(trunk, invite, callId),
                    core,
                    listener,
                    "to " + SipText.masked(invite.calledNumber()) + " on " + trunk.name(),
                    Opening.ofOurs(),
                    around);
            calls.put(keyOf(call), call);
            call.post(_ -> {
                call.peer(target.address(), target.port());
                listener.onBegun(call, () -> core.start(System.nanoTime()));
            });
            return true;
        }
    }

    private Optional<LocationPart> place(Trunk trunk, OutboundInvite invite) {
        String host = trunk.listening().advertised().uriHost().replaceAll("[^A-Za-z0-9.-]", "-");
        return invite.form()
                .emergency()
                .flatMap(EmergencyCall::document)
                .map(document -> new LocationPart(document, writing.token() + "@" + host, writing.token()));
    }

    private Writing.Identity outboundIdentity(Trunk trunk, OutboundInvite invite, String callId) {
        return new Writing.Identity(
                callId,
                new InviteHeaders(trunk, invite).from(),
                writing.token(),
                InviteHeaders.to(trunk, invite),
                trunk.contactUser());
    }

    // RFC 3608 5: the Service-Route, behind the outbound proxy unless it begins with it.
    private List<String> routes(Trunk trunk) {
        Registering registering = registrations.get(trunk.name());
        return trunk.routes(registering == null ? List.of() : registering.serviceRoute());
    }

    // An emergency call finds a place whatever the limits say.
    private boolean reserve(Trunk trunk, boolean urgent) {
        if (calls.size() >= MAX_REMEMBERED && !urgent) {
            return false;
        }
        if (active.incrementAndGet() > settings.maxCalls() && !urgent) {
            active.decrementAndGet();
            return false;
        }
        trunk.calls().incrementAndGet();
        return true;
    }

    private static void requireCaller(String number) {
        if (number.isEmpty() || number.length() > 64 || number.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("not a caller number");
        }
    }

    @Override
    public void processRequest(RequestEvent event) {
        try {
            onRequest(event);
        } catch (RuntimeException | Error e) {
            onBug(e);
        }
    }

    @Override
    public void processResponse(ResponseEvent event) {
        try {
            if (event.getClientTransaction() != null
                    && event.getClientTransaction().getApplicationData() instanceof OutsideRequests.Waiting waiting) {
                waiting.onResponse(event.getResponse());
            } else {
                onResponse(event.getResponse(), event.getClientTransaction() == null);
            }
        } catch (RuntimeException | Error e) {
            onBug(e);
        }
    }

    @Override
    public void processTimeout(TimeoutEvent event) {
        try {
            if (!event.isServerTransaction()
                    && event.getClientTransaction().getApplicationData()
                            instanceof JainCall.Sent(var call, var request)) {
                call.post(core -> core.onTimeout(request, System.nanoTime()));
            } else if (!event.isServerTransaction()
                    && event.getClientTransaction().getApplicationData() instanceof OutsideRequests.Waiting waiting) {
                waiting.onTimeout();
            }
        } catch (RuntimeException | Error e) {
            onBug(e);
        }
    }

    @Override
    public void processIOException(IOExceptionEvent event) {
        counters.count(Counter.SEND_FAILURES);
    }

    @Override
    public void processTransactionTerminated(TransactionTerminatedEvent event) {}

    @Override
    public void processDialogTerminated(DialogTerminatedEvent event) {}

    // The stack's thread must live, whatever it was: an Error out of here would leave UDP deaf.
    private void onBug(Throwable bug) {
        counters.count(Counter.BUGS);
        LOG.error("a SIP message met a bug: {} at {}", bug.getClass().getName(), at(bug));
        LOG.debug("the bug", Muted.of(bug));
    }

    private static String at(Throwable bug) {
        StackTraceElement[] trace = bug.getStackTrace();
        return trace.length == 0 ? "?" : trace[0].toString();
    }

    private void onResponse(Response response, boolean stray) {
        InetAddress source = ((SIPMessage) response).getRemoteAddress();
        JainCall call = calls.get(new DialogKey(Reading.callId(response), Reading.fromTag(response)));
        if (call == null || Reading.cseq(response).getMethod().equals(Request.CANCEL)) {
            if (call == null) {
                counters.count(Counter.STRAY_RESPONSES);
            }
            return;
        }
        boolean ofTrunk = source != null && call.line().isOwnAddress(source);
        InResponse in = Reading.response(response, ofTrunk, ofTrunk ? call.redirects(response) : List.of());
        call.postFromPeer(core -> {
            if (stray) {
                call.onStray(response);
            }
            core.onResponse(in, System.nanoTime());
        });
    }

    private void onRequest(RequestEvent event) {
        Request request = event.getRequest();
        SipProvider provider = (SipProvider) event.getSource();
        if (request.getMethod().equals(Request.ACK)) {
            onAck(request);
            return;
        }
        if (request.getMethod().equals(Request.INVITE) && Reading.toTag(request).isEmpty() && isKnownInvite(request)) {
            return;
        }
        ServerTransaction transaction = event.getServerTransaction();
        try {
            if (transaction == null) {
                transaction = provider.getNewServerTransaction(request);
            }
        } catch (TransactionAlreadyExistsException e) {
            return; // sent again: the transaction sees to it
        } catch (TransactionUnavailableException e) {
            counters.count(Counter.REFUSED_OVERLOAD); // it is full, and silence is what it can do
            return;
        }
        Optional<Answer> refusal = GuardedParser.isUnreadable(request)
                ? Optional.of(Answer.of(400))
                : Answers.refusal(request, () -> transfers(request));
        if (refusal.isPresent()) {
            answer(request, transaction, refusal.get());
            return;
        }
        switch (request.getMethod()) {
            case Request.CANCEL -> onCancel(request, transaction);
            case Request.INVITE -> {
                say100(request, transaction);
                if (Reading.toTag(request).isEmpty()) {
                    onInvite(request, transaction, provider);
                } else {
                    onRequestInDialog(request, transaction);
                }
            }
            default -> {
                if (!Reading.toTag(request).isEmpty()) {
                    onRequestInDialog(request, transaction);
                } else {
                    onRequestOutside(request, transaction);
                }
            }
        }
    }

    private boolean transfers(Request request) {
        return trunkOf(source(request))
                .filter(trunk -> trunk.settings().transfer().accept())
                .isPresent();
    }

    // The same INVITE again: after our 2xx the stack's transaction is gone, so it comes here; over another way it is
    // merged.
    private boolean isKnownInvite(Request request) {
        Invited known = invited.get(Reading.transactionKey(request));
        if (known == null) {
            return false;
        }
        known.call().postFromPeer(_ -> known.core().onInviteAgain(System.nanoTime()));
        return true;
    }

    private void say100(Request request, ServerTransaction transaction) {
        answer(request, transaction, Answer.of(100));
    }

    private void answer(Request request, ServerTransaction transaction, Answer answer) {
        if (answer.status() >= 400) {
            counters.count(Counter.REFUSED_REQUESTS);
        }
        try {
            Response response = writing.plain(request, answer.status(), answer.headers());
            if (answer.status() > 100 && Reading.toTag(response).isEmpty()) {
                ((ToHeader) response.getHeader("To")).setTag(writing.token());
            }
            transaction.sendResponse(response);
        } catch (SipException | InvalidArgumentException | ParseException e) {
            counters.count(Counter.SEND_FAILURES);
            LOG.debug("{} not sent: {}", answer.status(), e.toString());
        }
    }

    private void onRequestOutside(Request request, ServerTransaction transaction) {
        answer(
                request,
                transaction,
                switch (request.getMethod()) {
                    case "OPTIONS" ->
                        closing || draining ? Answers.overloaded() : Answers.options(info, transfers(request));
                    case "NOTIFY" -> Answer.of(Methods.refusalOfNotify(Reading.event(request)));
                    case "BYE", "UPDATE", "PRACK", "INFO" -> Answer.of(481);
                    case "REFER" -> Answer.of(603);
                    default -> Answers.notAllowed(transfers(request));
                });
    }

    private void onRequestInDialog(Request request, ServerTransaction transaction) {
        JainCall call = calls.get(new DialogKey(Reading.callId(request), Reading.toTag(request)));
        if (call == null) {
            counters.count(Counter.STRAY_REQUESTS);
            answer(request, transaction, Answer.of(481));
            return;
        }
        if (request.getMethod().equals("INFO")) {
            counters.count(Counter.INFO_REQUESTS);
        }
        long id = requestIds.incrementAndGet();
        InRequest in = Reading.request(id, request);
        call.postFromPeer(core -> {
            call.asked(id, new JainCall.Asked(request, transaction));
            core.onRequest(in, System.nanoTime());
        });
    }

    private void onAck(Request request) {
        JainCall call = calls.get(new DialogKey(Reading.callId(request), Reading.toTag(request)));
        if (call == null) {
            counters.count(Counter.STRAY_REQUESTS);
            return;
        }
        InRequest in = Reading.request(0, request);
        call.postFromPeer(core -> core.onRequest(in, System.nanoTime()));
    }

    private void onCancel(Request request, ServerTransaction transaction) {
        Invited cancelled = invited.get(Reading.transactionKey(request));
        if (cancelled == null) {
            answer(request, transaction, Answer.of(481));
            return;
        }
        answer(request, transaction, Answer.of(200));
        OptionalInt q850 = Reason.q850(Reading.values(request, "Reason"));
        cancelled.call().postFromPeer(_ -> cancelled.core().onCancel(q850, System.nanoTime()));
    }

    private void onInvite(Request request, ServerTransaction transaction, SipProvider provider) {
        InetSocketAddress source = source(request);
        Optional<Trunk> trunk = trunkOf(source);
        Optional<Listening> at =
                listening.stream().filter(l -> l.provider().equals(provider)).findFirst();
        String identity = identityKey(request);
        Replacing.Wish wish = trunk.map(t -> replacing.wish(request, t)).orElseGet(Replacing.Wish.Nothing::new);
        Optional<Answer> refused =
                trunk.flatMap(t -> Answers.refusal(request, t.settings().sessionTimer()));
        if (trunk.isEmpty() || at.isEmpty()) {
            answer(request, transaction, Answer.of(403));
        } else if (invitedByIdentity.containsKey(identity)) {
            answer(request, transaction, Answer.of(482));
        } else if (Reading.contact(request).isEmpty()) {
            answer(request, transaction, Answer.of(400));
        } else if (refused.isPresent()) {
            answer(request, transaction, refused.get());
        } else if (wish instanceof Replacing.Wish.Refused(Answer refusal)) {
            answer(request, transaction, refusal);
        } else if (isFull(wish) || !reserve(trunk.get(), false)) {
            counters.count(Counter.REFUSED_OVERLOAD);
            answer(request, transaction, Answers.overloaded());
        } else {
            counters.count(Counter.CALLS_IN);
            take(request, transaction, trunk.get(), at.get(), source, identity, wish);
        }
    }

    // Who takes the place of a call that there is makes no more of them.
    private boolean isFull(Replacing.Wish wish) {
        return closing || (draining && !(wish instanceof Replacing.Wish.Call));
    }

    private void take(
            Request request,
            ServerTransaction transaction,
            Trunk trunk,
            Listening at,
            InetSocketAddress source,
            String identityKey,
            Replacing.Wish wish) {
        long id = requestIds.incrementAndGet();
        long now = System.nanoTime();
        InboundCall core =
                new InboundCall(Reading.request(id, request), Reading.recordRoute(request), trunk.terms(), now);
        InboundInvite invite = Caller.invite(trunk.name(), trunk.settings(), request)
                .withReplaces(
                        wish instanceof Replacing.Wish.Call(TrunkCall replaced)
                                ? Optional.of(replaced)
                                : Optional.empty());
        JainCall call = new JainCall(
                trunk,
                at,
                transportOf(request),
                inboundIdentity(request),
                core,
                _ -> {},
                "from " + SipText.masked(invite.callerNumber()) + " to " + SipText.masked(invite.calledNumber())
                        + " on " + trunk.name(),
                Opening.ofTheirs(id),
                around);
        Invited entry = new Invited(call, core, Reading.transactionKey(request), identityKey);
        calls.put(keyOf(call), call);
        remember(entry);
        call.post(_ -> {
            call.peer(source.getAddress(), source.getPort());
            call.asked(id, new JainCall.Asked(request, transaction));
            call.began(Reading.invite(request));
            call.listener(inbound.onInvite(invite, call));
        });
    }

    private static String identityKey(Request invite) {
        return Reading.callId(invite) + "|" + Reading.fromTag(invite) + "|"
                + Reading.cseq(invite).getSeqNumber();
    }

    private void remember(Invited entry) {
        invited.put(entry.transactionKey(), entry);
        invitedByIdentity.put(entry.identity(), entry);
        invitedOf.put(entry.call(), entry);
    }

    private Writing.Identity inboundIdentity(Request request) {
        String to = ((ToHeader) request.getHeader("To")).getAddress().toString();
        String from = ((FromHeader) request.getHeader("From")).getAddress().toString();
        return new Writing.Identity(Reading.callId(request), to, writing.token(), from, "");
    }

    private static SipTransport transportOf(Request request) {
        String transport = ((ViaHeader) request.getHeader(ViaHeader.NAME)).getTransport();
        return SipTransport.valueOf(transport.toUpperCase(Locale.ROOT));
    }

    private static InetSocketAddress source(Request request) {
        SIPMessage message = (SIPMessage) request;
        return new InetSocketAddress(message.getPeerPacketSourceAddress(), message.getPeerPacketSourcePort());
    }

    // Several trunks may share an address (all on one host in a test): then the port decides, then the order.
    private Optional<Trunk> trunkOf(InetSocketAddress source) {
        List<Trunk> fitting = trunks.values().stream()
                .filter(t -> t.admits(source.getAddress()))
                .toList();
        return fitting.stream()
                .filter(t -> t.location().has(source.getAddress(), source.getPort()))
                .findFirst()
                .or(() -> fitting.stream().findFirst());
    }

    /** What went over the wire. */
    public MessageTrace trace() {
        return tracing.kept();
    }

    /** The trunks, calls and counters. */
    public Map<String, Object> debugState() {
        Map<String, Object> byName = new LinkedHashMap<>();
        trunks.forEach((name, trunk) -> {
            Map<String, Object> one = trunk.debugState();
            Registering registering = registrations.get(name);
            if (registering != null) {
                one.put("registration", registering.debugState());
            }
            byName.put(name, one);
        });
        Map<String, Object> byCall = new LinkedHashMap<>();
        calls.values().stream().limit(1000).forEach(call -> byCall.put(call.callId(), call.debugState()));
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("listen", listening.stream().map(Listening::toString).toList());
        state.put("trunks", byName);
        state.put("active-calls", active.get());
        state.put("remembered-calls", calls.size());
        state.put("calls", byCall);
        state.put("transactions", stack.getClientTransactionTableSize() + stack.getServerTransactionTableSize());
        state.put("counters", counters.debugState());
        tracing.export().ifPresent(collector -> state.put("hep", collector.debugState()));
        return state;
    }

    /** What is known of each trunk now. */
    public Map<String, TrunkHealth> health() {
        Map<String, TrunkHealth> health = new LinkedHashMap<>();
        trunks.forEach((name, trunk) -> health.put(
                name,
                new TrunkHealth(
                        trunk.isReachable(),
                        trunk.targets().states(),
                        Optional.ofNullable(registrations.get(name)).map(Registering::isRegistered))));
        return health;
    }

    /** Whether calls to this trunk have anywhere to go now. */
    public boolean isReachable(String trunk) {
        Trunk known = trunks.get(trunk);
        return known != null && known.isReachable();
    }

    /** As {@link io.ringdown.sip.SipTrunks#handshake} has it; blocks. */
    public Optional<TlsHandshake> handshake(String name) {
        Trunk trunk = trunks.get(name);
        if (trunk == null) {
            throw new IllegalArgumentException("no trunk " + name);
        }
        return trunk.tls()
                .flatMap(tls -> trunk.targets()
                        .best()
                        .filter(target -> target.transport() == SipTransport.TLS)
                        .map(target -> TlsHandshake.with(
                                tls,
                                new InetSocketAddress(target.address(), target.port()),
                                trunk.listening(target).settings().address())));
    }

    /** The addresses that are bound, as {@code host:port}, in the order of the settings. */
    public List<InetSocketAddress> boundAddresses() {
        return listening.stream()
                .map(l -> new InetSocketAddress(l.settings().address(), l.port()))
                .toList();
    }

    /** Takes no new calls from now on. */
    public void drain() {
        draining = true;
    }

    /**
     * Ends all calls and the stack. Blocks until nothing is left to be done for any of them, 2 s at most: a BYE is sent again and its
     * challenge answered meanwhile, and an INVITE that nobody has answered may still be cancelled.
     */
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        registrations.values().forEach(Registering::stop);
        calls.values().forEach(call -> call.hangUp(SHUTDOWN));
        awaitQuiet();
        stack.stopAll();
        ticks.forEach(tick -> tick.cancel(false));
        timer.shutdownNow();
        locator.close();
        executor.shutdownNow();
        tracing.export().ifPresent(HepExport::close);
    }

    private void awaitQuiet() {
        long until = System.nanoTime() + CLOSING.toNanos();
        try {
            while (!isQuiet() && System.nanoTime() < until) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isQuiet() {
        return active.get() <= 0
                && calls.values().stream().noneMatch(call -> call.state().isPresent())
                && registrations.values().stream().allMatch(Registering::isGone);
    }
}
