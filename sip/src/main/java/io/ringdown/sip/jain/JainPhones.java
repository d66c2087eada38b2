package io.ringdown.sip.jain;

import gov.nist.javax.sip.message.SIPMessage;
import io.ringdown.sip.DialogJournal;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.InfoRules;
import io.ringdown.sip.SessionTimerSettings;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.dialog.InRequest;
import io.ringdown.sip.dialog.InResponse;
import io.ringdown.sip.dialog.InboundCall;
import io.ringdown.sip.dialog.NoCredentials;
import io.ringdown.sip.dialog.Opening;
import io.ringdown.sip.dialog.OutboundCall;
import io.ringdown.sip.dialog.Reason;
import io.ringdown.sip.dialog.SipTimers;
import io.ringdown.sip.dialog.SourceRate;
import io.ringdown.sip.dialog.Terms;
import io.ringdown.sip.jain.Answers.Answer;
import io.ringdown.sip.jain.Counters.Counter;
import io.ringdown.sip.locate.Target;
import io.ringdown.sip.trace.MessageTrace;
import io.ringdown.sip.trace.TraceSettings;
import io.ringdown.sip.web.PhoneId;
import io.ringdown.sip.web.WebSip;
import io.ringdown.sip.web.WebSipInvite;
import io.ringdown.sip.web.WebSipRoom;
import io.ringdown.sip.web.WebSipSettings;
import io.ringdown.sip.web.WebSipSocket;
import io.ringdown.sip.web.WebSipWire;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.sip.DialogTerminatedEvent;
import javax.sip.IOExceptionEvent;
import javax.sip.InvalidArgumentException;
import javax.sip.PeerUnavailableException;
import javax.sip.RequestEvent;
import javax.sip.ResponseEvent;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.SipListener;
import javax.sip.TimeoutEvent;
import javax.sip.TransactionAlreadyExistsException;
import javax.sip.TransactionTerminatedEvent;
import javax.sip.TransactionUnavailableException;
import javax.sip.address.URI;
import javax.sip.header.FromHeader;
import javax.sip.header.ToHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All softphones on one JAIN-SIP stack. What comes by a socket is taken on a thread of the socket's own; each call works on a
 * virtual thread of its own, one input at a time. Safe for all threads.
 */
public final class JainPhones implements SipListener, WebSip {
    private static final Logger LOG = LoggerFactory.getLogger(JainPhones.class);
    private static final int MAX_TRANSACTIONS = 100_000;
    private static final int GOING_AWAY = 1001; // RFC 6455 7.4.1
    private static final int TRY_LATER = 1013;
    private static final Duration CLOSING = Duration.ofSeconds(2);
    // A page answers at once; what is longer on its way has been lost with it.
    private static final Duration SILENT_AFTER = Duration.ofSeconds(10);
    private static final HangupReason SHUTDOWN = new HangupReason(41, "Temporary failure");

    private final WebSipSettings settings;
    private final WebSipRoom room;
    private final InfoRules info;
    private final Terms terms;
    private final Counters counters = new Counters();
    private final SecureRandom random = new SecureRandom();
    private final Writing writing;
    private final Map<InetAddress, WebChannel> sockets = WebProcessor.noChannels();
    private final AtomicInteger socketNumbers = new AtomicInteger();
    private final WebStack stack;
    private final WebProcessor processor;
    private final Listening listening;
    private final PhoneDoor door;
    private final Map<DialogKey, JainCall> calls = new ConcurrentHashMap<>();
    private final Map<String, Invited> invited = new ConcurrentHashMap<>();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicLong requestIds = new AtomicLong();
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("sip-phone-", 0).factory());
    private final ScheduledThreadPoolExecutor timer = JainTrunks.daemon("sip-phone-timer");
    private final Phones phones;
    private final Sockets owner;
    private final Around around = new Around();
    private final Replacing replacing =
            new Replacing(named -> Optional.ofNullable(calls.get(new DialogKey(named.callId(), named.toTag()))));
    private volatile boolean closing;

    /** What finds a call within its dialogs: all forks have these two in common. */
    private record DialogKey(String callId, String localTag) {}

    /** An INVITE that was taken, by what its CANCEL has too. */
    private record Invited(JainCall call, InboundCall core, Phone phone, WebChannel socket) {}

    private final class Sockets implements WebChannel.Owner {
        private final GuardedParser parser = new GuardedParser(counters);
        private final SourceRate rate = new SourceRate(settings.maxMessagesPerSecond());

        @Override
        public Executor executor() {
            return executor;
        }

        @Override
        public GuardedParser parser() {
            return parser;
        }

        @Override
        public Counters counters() {
            return counters;
        }

        @Override
        public Supplier<String> tags() {
            return writing::token;
        }

        @Override
        public boolean mayPass(InetAddress address) {
            return rate.pass(address, System.nanoTime());
        }

        @Override
        public void ended(WebChannel channel) {
            sockets.remove(channel.address(), channel);
            phones.lost(channel);
            // A page gives up the calls that were not answered yet when it loses its socket.
            invited.values().stream()
                    .filter(one -> one.socket().equals(channel))
                    .forEach(one -> one.call().post(_ -> one.core().onCancel(OptionalInt.empty(), System.nanoTime())));
        }
    }

    private final class Around implements JainCall.Surroundings {
        private final MessageTrace none =
                new MessageTrace(new TraceSettings(0, 2, 0, Optional.empty(), 0, Optional.empty()));

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
            return none;
        }

        @Override
        public Replacing replacing() {
            return replacing;
        }

        @Override
        public DialogJournal journal() {
            return DialogJournal.NONE;
        }

        @Override
        public void execute(Runnable work) {
            executor.execute(work);
        }

        @Override
        public boolean isConnected(Target from) {
            return false;
        }

        @Override
        public ScheduledFuture<?> wakeIn(Runnable work, long nanos) {
            return timer.schedule(work, nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void endAnew(DialogState dialog, HangupReason reason) {
            throw new IllegalArgumentException(dialog + " is nobody else's to end");
        }

        @Override
        public void ended(JainCall call) {
            active.decrementAndGet();
            call.line().calls().decrementAndGet();
        }

        @Override
        public void forget(JainCall call) {
            calls.remove(new DialogKey(call.identity().callId(), call.identity().localTag()), call);
            invited.values().removeIf(one -> one.call().equals(call));
            if (call.line() instanceof Phone phone) {
                phones.ended(call, phone);
            }
        }
    }

    private JainPhones(WebSipSettings settings, WebSipRoom room, InfoRules info) throws PeerUnavailableException {
        this.settings = settings;
        this.room = room;
        this.info = info;
        this.writing = new Writing(settings.userAgent(), random);
        this.owner = new Sockets();
        this.phones = new Phones(settings, room, executor, timer);
        this.door = new PhoneDoor(settings, room, random, phones::unproved);
        this.terms = new Terms(
                new NoCredentials(),
                SipTimers.of(SILENT_AFTER, settings.noAnswerAfter()),
                SessionTimerSettings.defaults(),
                true,
                true,
                info,
                random);
        this.stack = new WebStack(owner.parser(), "ringdown-phones-" + writing.token(), MAX_TRANSACTIONS, sockets);
        this.listening = stack.open(settings.host(), this);
        this.processor = stack.processor();
    }

    /** Begins to serve. */
    public static JainPhones start(WebSipSettings settings, WebSipRoom room, InfoRules info) {
        try {
            return new JainPhones(settings, room, info);
        } catch (PeerUnavailableException e) {
            throw new IllegalStateException("the SIP stack does not start: " + e.getMessage(), e);
        }
    }

    @Override
    public WebSipSocket accept(WebSipWire wire) {
        WebChannel channel;
        do {
            channel = new WebChannel(processor, WebProcessor.address(socketNumbers.incrementAndGet()), wire, owner);
        } while (sockets.putIfAbsent(channel.address(), channel) != null);
        if (closing || sockets.size() > settings.maxSockets()) {
            counters.count(Counter.CONNECTIONS_REFUSED);
            channel.refuse(TRY_LATER, "too many softphones");
        }
        return channel;
    }

    @Override
    public TrunkCall invite(PhoneId id, WebSipInvite invite, TrunkListener listener) {
        boolean full = closing || active.get() >= settings.maxCalls();
        Phone phone = full ? phones.nobody(id) : phones.called(id);
        if (full) {
            counters.count(Counter.REFUSED_OVERLOAD);
        }
        try {
            return invite(phone, invite, listener);
        } finally {
            phones.release(phone);
        }
    }

    private TrunkCall invite(Phone phone, WebSipInvite invite, TrunkListener listener) {
        PhoneInvite said = new PhoneInvite(phone, invite, terms, writing);
        OutboundCall core =
                new OutboundCall(phone.contact().orElse("sip:invalid"), invite.sdp(), said.headers(), terms);
        JainCall call = new JainCall(
                phone,
                listening,
                SipTransport.WSS,
                said.identity(),
                core,
                listener,
                "to a softphone",
                Opening.written(),
                around);
        begin(call, phone);
        counters.count(Counter.CALLS_OUT);
        invite.name().ifPresent(call::knownAs);
        call.post(_ -> core.start(System.nanoTime()));
        return call;
    }

    private void begin(JainCall call, Phone phone) {
        active.incrementAndGet();
        phone.calls().incrementAndGet();
        phone.current().add(call);
        calls.put(new DialogKey(call.identity().callId(), call.identity().localTag()), call);
    }

    @Override
    public void processRequest(RequestEvent event) {
        try {
            if (event.getRequest() instanceof KeyedRequest request) {
                WebChannel socket = sockets.get(request.getPeerPacketSourceAddress());
                if (socket != null) {
                    onRequest(request, event.getServerTransaction(), socket);
                }
            }
        } catch (RuntimeException | Error e) {
            onBug(e);
        }
    }

    @Override
    public void processResponse(ResponseEvent event) {
        try {
            onResponse(event);
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
                call.post(core -> {
                    call.settled(event.getClientTransaction());
                    core.onTimeout(request, System.nanoTime());
                });
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

    private void onBug(Throwable bug) {
        counters.count(Counter.BUGS);
        LOG.error("a message of a softphone met a bug", Muted.of(bug));
    }

    private void onResponse(ResponseEvent event) {
        Response response = event.getResponse();
        JainCall call = calls.get(new DialogKey(Reading.callId(response), Reading.fromTag(response)));
        InetAddress source = ((SIPMessage) response).getRemoteAddress();
        WebChannel socket = source == null ? null : sockets.get(source);
        if (call == null || socket == null || !isOf(call, socket)) {
            counters.count(Counter.STRAY_RESPONSES);
            return;
        }
        if (Reading.cseq(response).getMethod().equals(Request.CANCEL)) {
            return;
        }
        InResponse in = Reading.response(response, false, List.of());
        call.postFromPeer(core -> {
            if (in.status() >= 200 && event.getClientTransaction() != null) {
                call.settled(event.getClientTransaction());
            }
            if (in.status() / 100 == 2) {
                tellWire(call, socket); // who refuses has taken nothing upon them
            }
            core.onResponse(in, System.nanoTime());
        });
    }

    // A dialog is its user's: whoever else knows its tags has them from somewhere.
    private static boolean isOf(JainCall call, WebChannel socket) {
        return call.line() instanceof Phone phone
                && socket.user().equals(Optional.of(phone.id().user()));
    }

    private void tellWire(JainCall call, WebChannel socket) {
        if (call.line() instanceof Phone phone) {
            room.onWire(phone.id(), socket.wire(), call);
        }
    }

    private void onRequest(KeyedRequest request, @Nullable ServerTransaction known, WebChannel socket) {
        if (request.getMethod().equals(Request.ACK)) {
            InRequest in = Reading.request(0, request);
            callOf(request, socket)
                    .ifPresentOrElse(
                            call -> call.postFromPeer(core -> core.onRequest(in, System.nanoTime())),
                            () -> counters.count(Counter.STRAY_REQUESTS));
            return;
        }
        Invited before = invited.get(key(request, socket));
        if (request.getMethod().equals(Request.INVITE) && before != null) {
            before.call().postFromPeer(_ -> before.core().onInviteAgain(System.nanoTime()));
            return;
        }
        boolean isStranger = !socket.isProved();
        if (isStranger) {
            Optional<Answer> refusal = strangersRefusal(request, socket);
            if (refusal.isPresent()) {
                answer(request, socket, refusal.get());
                return;
            }
        }
        ServerTransaction transaction = known;
        try {
            if (transaction == null) {
                transaction = listening.provider().getNewServerTransaction(request);
            }
        } catch (TransactionAlreadyExistsException e) {
            return; // sent again: the transaction sees to it
        } catch (TransactionUnavailableException e) {
            counters.count(Counter.REFUSED_OVERLOAD);
            return;
        }
        if (request.getMethod().equals(Request.CANCEL)) {
            onCancel(request, transaction, before);
            return;
        }
        Optional<Answer> refusal = isStranger ? Optional.empty() : refusal(request, socket);
        if (refusal.isPresent()) {
            answer(request, transaction, refusal.get());
        } else {
            take(request, transaction, socket, socket.user().orElseThrow());
        }
    }

    // There is no call that it could cancel, and a CANCEL is never challenged (RFC 3261 22.1).
    private Optional<Answer> strangersRefusal(KeyedRequest request, WebChannel socket) {
        return request.getMethod().equals(Request.CANCEL) ? Optional.of(Answer.of(481)) : refusal(request, socket);
    }

    private Optional<Answer> refusal(KeyedRequest request, WebChannel socket) {
        if (GuardedParser.isUnreadable(request)) {
            return Optional.of(Answer.of(400));
        }
        boolean registers = request.getMethod().equals(Request.REGISTER);
        return (registers ? Answers.refusalOfRegister(request) : Answers.refusal(request, () -> true))
                .or(() -> door.refusal(request, socket))
                .or(() -> speaksForAnother(request, socket) ? Optional.of(Answer.of(403)) : Optional.empty());
    }

    // RFC 3261 10.3 and 22.1: the user who is proved; of calls also nobody, or a number, which is judged as one to be
    // shown. Within a dialog From says what it was begun with.
    private boolean speaksForAnother(KeyedRequest request, WebChannel socket) {
        if (!Reading.toTag(request).isEmpty()) {
            return false;
        }
        URI who = request.getMethod().equals(Request.REGISTER)
                ? ((ToHeader) request.getHeader(ToHeader.NAME)).getAddress().getURI()
                : ((FromHeader) request.getHeader(FromHeader.NAME)).getAddress().getURI();
        boolean isNamed = Reading.number(who).equals(socket.proof().map(Proof::name));
        return !isNamed && !(request.getMethod().equals(Request.INVITE) && door.mayCallAs(who, request, socket));
    }

    private void take(KeyedRequest request, ServerTransaction transaction, WebChannel socket, String user) {
        boolean inDialog = !Reading.toTag(request).isEmpty();
        switch (request.getMethod()) {
            case Request.REGISTER -> phones.register(request, socket, said -> answer(request, transaction, said));
            case Request.INVITE -> {
                answer(request, transaction, Answer.of(100));
                if (inDialog) {
                    onRequestInDialog(request, transaction, socket);
                } else {
                    onInvite(request, transaction, socket, user);
                }
            }
            default -> {
                if (inDialog) {
                    onRequestInDialog(request, transaction, socket);
                } else {
                    answer(request, transaction, outside(request.getMethod()));
                }
            }
        }
    }

    private Answer outside(String method) {
        return switch (method) {
            case Request.OPTIONS -> Answers.options(info, true);
            case Request.SUBSCRIBE -> Answer.of(489); // RFC 6665 4.2.1.1: no package has anything to subscribe to
            case Request.BYE, Request.UPDATE, Request.PRACK, Request.INFO, Request.NOTIFY -> Answer.of(481);
            case Request.REFER -> Answer.of(603);
            default -> Answers.notAllowed(true);
        };
    }

    private Optional<JainCall> callOf(Request request, WebChannel socket) {
        return Optional.ofNullable(calls.get(new DialogKey(Reading.callId(request), Reading.toTag(request))))
                .filter(call -> isOf(call, socket));
    }

    private void onRequestInDialog(Request request, ServerTransaction transaction, WebChannel socket) {
        Optional<JainCall> call = callOf(request, socket);
        if (call.isEmpty()) {
            counters.count(Counter.STRAY_REQUESTS);
            answer(request, transaction, Answer.of(481));
            return;
        }
        if (request.getMethod().equals(Request.INFO)) {
            counters.count(Counter.INFO_REQUESTS);
        }
        long id = requestIds.incrementAndGet();
        InRequest in = Reading.request(id, request);
        call.get().postFromPeer(core -> {
            tellWire(call.get(), socket);
            call.get().asked(id, new JainCall.Asked(request, transaction));
            core.onRequest(in, System.nanoTime());
        });
    }

    private void onCancel(Request request, ServerTransaction transaction, @Nullable Invited cancelled) {
        if (cancelled == null) {
            answer(request, transaction, Answer.of(481));
            return;
        }
        answer(request, transaction, Answer.of(200));
        OptionalInt q850 = Reason.q850(Reading.values(request, "Reason"));
        cancelled.call().postFromPeer(_ -> cancelled.core().onCancel(q850, System.nanoTime()));
    }

    // What its CANCEL has in common with an INVITE (RFC 3261 9.2), and that it came by the same socket.
    private static String key(Request request, WebChannel socket) {
        return socket.address().getHostAddress() + "|" + Reading.transactionKey(request);
    }

    private void onInvite(KeyedRequest request, ServerTransaction transaction, WebChannel socket, String user) {
        Optional<Answer> refused = Answers.refusal(request, terms.sessionTimer());
        if (Reading.contact(request).isEmpty()) {
            answer(request, transaction, Answer.of(400));
            return;
        }
        if (refused.isPresent()) {
            answer(request, transaction, refused.get());
            return;
        }
        Phone phone = phones.calling(request, socket, user);
        try {
            admit(request, transaction, socket, phone);
        } finally {
            phones.release(phone);
        }
    }

    private void admit(KeyedRequest request, ServerTransaction transaction, WebChannel socket, Phone phone) {
        Replacing.Wish wish = replacing.wish(request, phone);
        if (wish instanceof Replacing.Wish.Refused(Answer refusal)) {
            answer(request, transaction, refusal);
        } else if (closing || active.get() >= settings.maxCalls()) {
            counters.count(Counter.REFUSED_OVERLOAD);
            answer(request, transaction, Answers.overloaded());
        } else {
            counters.count(Counter.CALLS_IN);
            accept(request, transaction, socket, phone, wish);
        }
    }

    private void accept(
            KeyedRequest request, ServerTransaction transaction, WebChannel socket, Phone phone, Replacing.Wish wish) {
        long id = requestIds.incrementAndGet();
        InboundCall core =
                new InboundCall(Reading.request(id, request), Reading.recordRoute(request), terms, System.nanoTime());
        InboundInvite invite = PhoneInvite.read(
                request,
                wish instanceof Replacing.Wish.Call(TrunkCall replaced) ? Optional.of(replaced) : Optional.empty());
        JainCall call = new JainCall(
                phone,
                listening,
                SipTransport.WSS,
                PhoneInvite.identity(request, writing),
                core,
                _ -> {},
                "from a softphone",
                Opening.written(),
                around);
        begin(call, phone);
        invited.put(key(request, socket), new Invited(call, core, phone, socket));
        call.post(_ -> {
            call.asked(id, new JainCall.Asked(request, transaction));
            call.listener(room.onInvite(phone.id(), socket.wire(), invite, call));
        });
    }

    private void answer(Request request, ServerTransaction transaction, Answer answer) {
        try {
            transaction.sendResponse(response(request, answer));
        } catch (SipException | InvalidArgumentException | ParseException e) {
            notSent(answer, e);
        }
    }

    // RFC 3261 8.2.7: a transaction of a stranger's would last for 32 s, and there are so many for all.
    private void answer(Request request, WebChannel socket, Answer answer) {
        try {
            socket.sendMessage((SIPMessage) response(request, answer));
        } catch (IOException | ParseException e) {
            notSent(answer, e);
        }
    }

    private Response response(Request request, Answer answer) throws ParseException {
        if (answer.status() >= 400 && answer.status() != 401) {
            counters.count(Counter.REFUSED_REQUESTS);
        }
        Response response = writing.plain(request, answer.status(), answer.headers());
        if (answer.status() > 100 && Reading.toTag(response).isEmpty()) {
            ((ToHeader) response.getHeader(ToHeader.NAME)).setTag(writing.token());
        }
        return response;
    }

    private void notSent(Answer answer, Exception why) {
        counters.count(Counter.SEND_FAILURES);
        LOG.debug("{} not sent: {}", answer.status(), why.toString());
    }

    @Override
    public Map<String, Object> debugState() {
        Map<String, Object> byCall = new LinkedHashMap<>();
        calls.values().stream().limit(1000).forEach(call -> byCall.put(call.callId(), call.debugState()));
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("sockets", sockets.size());
        state.put("phones", phones.debugState());
        state.put("active-calls", active.get());
        state.put("calls", byCall);
        state.put("transactions", stack.getClientTransactionTableSize() + stack.getServerTransactionTableSize());
        state.put("counters", counters.debugState());
        return state;
    }

    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        List<JainCall> left = List.copyOf(calls.values());
        CountDownLatch told = new CountDownLatch(left.size());
        left.forEach(call -> {
            call.hangUp(SHUTDOWN);
            call.afterwards(told::countDown);
        });
        await(told);
        sockets.values().forEach(socket -> socket.wire().close(GOING_AWAY, "the gateway is stopping"));
        sockets.clear();
        stack.stop();
        timer.shutdownNow();
        executor.shutdownNow();
    }

    private static void await(CountDownLatch told) {
        try {
            if (!told.await(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("{} calls of softphones have not ended in time", told.getCount());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
