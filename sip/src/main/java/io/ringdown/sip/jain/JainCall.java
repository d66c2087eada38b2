package io.ringdown.sip.jain;

import gov.nist.javax.sip.message.SIPMessage;
import gov.nist.javax.sip.stack.HopImpl;
import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPClientTransaction;
import io.ringdown.sip.DialogJournal;
import io.ringdown.sip.DialogState;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.HostPort;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.Referral;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.Replacement;
import io.ringdown.sip.SipTransport;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.dialog.CallAction;
import io.ringdown.sip.dialog.CallCore;
import io.ringdown.sip.dialog.InboundCall;
import io.ringdown.sip.dialog.Opening;
import io.ringdown.sip.dialog.OutRequest;
import io.ringdown.sip.dialog.OutboundCall;
import io.ringdown.sip.dialog.Reason;
import io.ringdown.sip.dialog.Redirect;
import io.ringdown.sip.dialog.Standing;
import io.ringdown.sip.jain.Counters.Counter;
import io.ringdown.sip.locate.Target;
import io.ringdown.sip.tls.TlsFailure;
import io.ringdown.sip.trace.MessageTrace;
import java.net.InetAddress;
import java.text.ParseException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sip.ClientTransaction;
import javax.sip.InvalidArgumentException;
import javax.sip.ObjectInUseException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.Transaction;
import javax.sip.TransactionState;
import javax.sip.address.Hop;
import javax.sip.address.SipURI;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call: a queue of inputs, worked off one at a time on a virtual thread, into the pure core, whose actions are performed
 * here. {@link #post} may be called from any thread and returns at once; everything else runs within it.
 */
final class JainCall implements Referring.Sibling {
    private static final Logger LOG = LoggerFactory.getLogger(JainCall.class);
    // More than any peer has reason to send faster than we read.
    private static final int MAX_QUEUE = 512;
    private static final HangupReason BUG = new HangupReason(127, "internal error");
    private static final HangupReason UNWRITTEN = new HangupReason(41, "Temporary failure");
    private static final HangupReason LOST = new HangupReason(27, "Destination out of order");

    /** What a call needs of its surroundings. */
    interface Surroundings {
        Writing writing();

        Counters counters();

        MessageTrace trace();

        Replacing replacing();

        DialogJournal journal();

        void execute(Runnable work);

        /** Whether a connection that came from there still stands. */
        boolean isConnected(Target from);

        ScheduledFuture<?> wakeIn(Runnable work, long nanos);

        /** Ends a dialog whose call cannot any more, and tells nobody; IllegalArgumentException where that cannot be. */
        void endAnew(DialogState dialog, HangupReason reason);

        /** The call has had its last event: it no longer counts. */
        void ended(JainCall call);

        /** Nothing will come for it any more. */
        void forget(JainCall call);
    }

    /**
     * A request of the peer that wants an answer.
     *
     * @param request the request
     * @param transaction where the answer goes; none where the request was another process's, or its connection has ended
     */
    record Asked(Request request, @Nullable ServerTransaction transaction) {}

    private final Line line;
    private final Listening listening;
    private final Writing.Identity identity;
    private final Surroundings around;
    private final JournalEntry entry;
    private final Opening opening;
    private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger queued = new AtomicInteger();
    private final Map<Long, Asked> asked = new HashMap<>();
    private final Unsent unsent = new Unsent();
    private final SentAcks acks = new SentAcks();
    private volatile CallCore core;
    private volatile String what;
    private volatile TrunkListener listener;
    private volatile List<Standing> standings = List.of();
    private volatile Optional<DialogState> written = Optional.empty();
    private volatile Optional<String> name = Optional.empty();
    private volatile boolean abandoned;
    private DialogState.@Nullable Invite began;
    private @Nullable Ready prepared;
    private @Nullable OrphanedInvite orphan;
    private volatile boolean unwritten;
    private @Nullable InetAddress peer;
    private int peerPort;
    private volatile SipTransport transport;
    private volatile @Nullable ClientTransaction inviteTransaction;
    private @Nullable OutRequest invite;
    private @Nullable String inviteTarget;
    private @Nullable Hop inviteHop;
    private @Nullable Response lastAnswer;
    private long lastAnswerId;
    private @Nullable ScheduledFuture<?> wakeup;
    private long wakeupAt = CallCore.NEVER;
    private boolean ended;
    private boolean forgotten;

    JainCall(
            Line line,
            Listening listening,
            SipTransport transport,
            Writing.Identity identity,
            CallCore core,
            TrunkListener listener,
            String what,
            Opening opening,
            Surroundings around) {
        this.line = line;
        this.listening = listening;
        this.transport = transport;
        this.identity = identity;
        this.core = core;
        this.listener = listener;
        this.what = what;
        this.around = around;
        this.opening = opening;
        this.entry = new JournalEntry(around.journal(), identity);
    }

    Line line() {
        return line;
    }

    Writing.Identity identity() {
        return identity;
    }

    @Override
    public Object family() {
        return around;
    }

    @Override
    public Optional<String> referTo() {
        return Referring.referTo(standings, identity);
    }

    /** What an INVITE to its peer says to take its place (RFC 3891); empty where it is not established. */
    Optional<Replacement> seenByPeer() {
        return Referring.confirmed(standings).flatMap(one -> one.seenByPeer(identity.callId(), identity.localTag()));
    }

    /** How the dialog with this tag of the peer stands; from any thread. */
    Optional<Standing> standing(String remoteTag) {
        return standings.stream()
                .filter(one -> one.remoteTag().equals(remoteTag))
                .findFirst();
    }

    /** The call as those outside of this package have it: a call out may be one of several attempts. */
    TrunkCall asSeenOutside() {
        return listener instanceof TrunkCall whole ? whole : this;
    }

    /** Within {@link #post}: who is told from now on. */
    void listener(TrunkListener told) {
        listener = told;
    }

    /** Within {@link #post}: where the peer is heard from, and where what has no better address is sent. */
    void peer(InetAddress address, int port) {
        peer = address;
        peerPort = port;
    }

    /** Where a 3xx would have us try, as far as we follow it. */
    List<Redirect> redirects(Response response) {
        return line.redirects(response, listening, transport);
    }

    /** Within {@link #post}: this INVITE of the peer has begun it. */
    void began(DialogState.Invite invite) {
        began = invite;
    }

    /** Before anybody finds it, and after {@link #peer}: what was written of it. */
    void goOnFrom(DialogState dialog) {
        name = dialog.name();
        began = dialog.invite();
        written = Optional.of(dialog);
        if (dialog.stage() == DialogState.Stage.EARLY) {
            orphan = new OrphanedInvite(dialog.invite(), identity, Objects.requireNonNull(peer), peerPort);
        }
    }

    /** Begins with it, which was written down and is so again. */
    void begin(DialogState dialog) {
        entry.reopen(dialog);
        post(_ -> {}); // to wake in time
    }

    /** Within {@link #post}: a request waits for {@link CallAction.Respond} with this id. */
    void asked(long id, Asked request) {
        asked.put(id, request);
    }

    /** Does this with the core, after everything posted before; from any thread. */
    void post(Consumer<CallCore> input) {
        enqueue(() -> {
            if (isHere()) {
                input.accept(core);
                perform();
            }
        });
    }

    private void enqueue(Runnable next) {
        queue.add(next);
        if (queued.getAndIncrement() == 0) {
            around.execute(this::work);
        }
    }

    private boolean isHere() {
        if (abandoned) {
            forgetInvite();
            forget();
        }
        return !forgotten;
    }

    /** As {@link #post}, for what comes from the network: dropped where the peer is too fast for us. */
    void postFromPeer(Consumer<CallCore> input) {
        if (queued.get() < MAX_QUEUE) {
            post(input);
        } else {
            around.counters().count(Counter.DROPPED_RATE);
        }
    }

    private void work() {
        do {
            Runnable next = queue.poll();
            try {
                if (next != null) {
                    next.run();
                }
            } catch (RuntimeException | Error e) {
                onBug(e);
            }
        } while (queued.decrementAndGet() > 0);
    }

    // Our bug: this call dies with a report, the others live. Its dialog is ended by one that is made from what was
    // written, and stays in the journal until that has been done.
    private void onBug(Throwable bug) {
        around.counters().count(Counter.BUGS);
        LOG.error("call {} on {} died of a bug", identity.callId(), line, Muted.of(bug));
        tell(new TrunkEvent.Ended(OptionalInt.of(BUG.q850()), BUG.text()));
        if (!forgotten) {
            Optional<DialogState> last = written;
            forgetInvite(); // its responses are the other's
            vanish();
            last.ifPresent(this::endAnew);
        }
    }

    private void endAnew(DialogState dialog) {
        try {
            around.endAnew(dialog, BUG);
        } catch (RuntimeException e) {
            LOG.warn("call {} on {} is not ended: {}", identity.callId(), line, e.toString());
        }
    }

    private void perform() {
        note(); // before anything of it leaves
        List<CallAction> actions = core.takeActions();
        while (!actions.isEmpty()) {
            standings = core.standings(); // before anybody is told that they are so
            for (CallAction action : actions) {
                take(action);
            }
            actions = core.takeActions();
        }
        standings = core.standings();
        note();
        if (writtenNow().isEmpty()) {
            nothingLeft();
        }
        schedule();
    }

    private void note() {
        writtenNow().ifPresent(dialog -> {
            written = Optional.of(dialog);
            entry.update(dialog);
        });
    }

    // Said when what was to leave has left and the journal knows: who waits for it may then close all.
    private void nothingLeft() {
        entry.close();
        written = Optional.empty();
    }

    private Optional<DialogState> writtenNow() {
        DialogState.Invite invited = began;
        InetAddress at = peer;
        if (invited == null || at == null || !line.isWrittenDown()) {
            return Optional.empty();
        }
        DialogState.Way way = new DialogState.Way(
                at.getHostAddress(),
                peerPort,
                transport,
                listening.settings().address().getHostAddress());
        return core.written(System.nanoTime())
                .map(course -> new DialogState(
                        name,
                        line.name(),
                        core instanceof OutboundCall ? DialogState.Direction.OUTBOUND : DialogState.Direction.INBOUND,
                        identity.callId(),
                        identity.localTag(),
                        identity.local(),
                        identity.remote(),
                        identity.contactUser(),
                        way,
                        invited,
                        course,
                        System.currentTimeMillis()));
    }

    private void take(CallAction action) {
        switch (opening.on(action)) {
            case NOW -> perform(action);
            case WAITS -> {
                // It is performed in onWritten.
            }
            case WRITE -> write(action);
            case GIVEN_UP -> neverSent("given up before it was sent");
        }
    }

    private void write(CallAction action) {
        if (action instanceof CallAction.SendInvite(OutRequest out) && !prepare(out)) {
            opening.failed();
            return;
        }
        CompletableFuture<Void> writing = writtenNow().map(entry::open).orElseThrow();
        if (writing.isDone()) {
            onWritten(writing.isCompletedExceptionally());
        } else {
            if (core instanceof OutboundCall ours) {
                ours.onWaiting();
            }
            CompletableFuture<?> _ = writing.whenComplete((_, failure) -> post(_ -> onWritten(failure != null)));
        }
    }

    private void onWritten(boolean failed) {
        if (!failed) {
            opening.done().forEach(this::perform);
        } else if (opening.failed()) {
            unwritten = true;
            LOG.warn("call {} on {} fails: its dialog cannot be written down", identity.callId(), line);
            switch (core) {
                case OutboundCall _ -> neverSent("the call cannot be written down");
                case InboundCall call -> call.withdraw(UNWRITTEN, System.nanoTime());
            }
        }
    }

    /** Whether it has failed because it could not be written down, which is no fault of the trunk's. */
    boolean isUnwritten() {
        return unwritten;
    }

    private boolean keep(CallAction action) {
        if (action instanceof CallAction.Respond response && !detach(response)) {
            return false;
        }
        boolean kept = unsent.keep(action);
        if (kept && action instanceof CallAction.SendInvite && core instanceof OutboundCall ours) {
            ours.onWaiting();
        }
        return kept;
    }

    // Whether it refuses the INVITE that has begun the call: some phones wait for that for ever. Its transaction
    // could say it by the connection that has ended alone, so it leaves without one.
    private boolean detach(CallAction.Respond response) {
        Asked to = asked.get(response.id());
        if (to == null
                || response.status() < 300
                || !to.request().getMethod().equals(Request.INVITE)
                || !Reading.toTag(to.request()).isEmpty()) {
            return false;
        }
        ServerTransaction invited = to.transaction();
        if (invited != null) {
            terminate(invited);
        }
        asked.put(response.id(), new Asked(to.request(), null));
        return true;
    }

    /** The peer's connection has ended; it may come with another, and then {@link #onBack}. */
    void onAway(MessageChannel ended) {
        post(current -> {
            current.onAway();
            unsent.lostWith(ended).forEach((transaction, request) -> {
                terminate(transaction);
                if (isFirst(request)) {
                    // It may ring there on, for a call that is over.
                    unsent.keepCancel(LOST);
                    current.onSendFailed(request, "the connection has ended", System.nanoTime());
                } else {
                    unsent.keep(new CallAction.Send(request));
                }
            });
        });
    }

    /** It has. */
    void onBack() {
        post(current -> {
            current.onBack(System.nanoTime());
            unsent.take().forEach(this::perform);
        });
    }

    /** It has not, and is not waited for any longer. {@code afterwards} follows what is told of that. */
    void onGone(HangupReason reason, Runnable afterwards) {
        post(current -> {
            current.hangUp(reason, System.nanoTime());
            List<CallAction> left = unsent.take();
            left.stream()
                    .flatMap(action -> Unsent.request(action).stream())
                    .forEach(request -> current.onSendFailed(request, "the peer is gone", System.nanoTime()));
            left.stream().filter(CallAction.Forget.class::isInstance).forEach(this::perform);
        });
        afterwards(afterwards);
    }

    /** Does this when all that was posted before is worked off; from any thread. */
    void afterwards(Runnable work) {
        enqueue(work);
    }

    /** Within {@link #post}: nothing more comes for this request of ours. */
    void settled(ClientTransaction transaction) {
        unsent.settled(transaction);
    }

    private void giveUpInvite() {
        unsent.withdrawInvite()
                .ifPresent(out -> core.onSendFailed(out, "given up before it was sent", System.nanoTime()));
    }

    private void neverSent(String why) {
        Ready ready = prepared;
        prepared = null;
        if (ready != null) {
            core.onSendFailed(ready.out(), why, System.nanoTime());
        }
    }

    private void perform(CallAction action) {
        if (line.isAway() && keep(action)) {
            return;
        }
        switch (action) {
            case CallAction.SendInvite(OutRequest request) -> sendInvite(request);
            case CallAction.SendAck(OutRequest request) -> sendAck(request);
            case CallAction.SendCancel(HangupReason reason) -> sendCancel(reason);
            case CallAction.StopRepeating() -> stopRepeating();
            case CallAction.ForgetInvite() -> forgetInvite();
            case CallAction.Send(OutRequest request) -> send(request);
            case CallAction.Respond respond -> respond(respond);
            case CallAction.ResendAnswer(long id) -> resendAnswer(id);
            case CallAction.Tell(TrunkEvent event) -> tell(event);
            case CallAction.Forget() -> forget();
        }
    }

    // As it will leave, so that what is written down has its branch; whether it can.
    private boolean prepare(OutRequest out) {
        try {
            Ready ready = ready(out, hopOf(out));
            prepared = ready;
            began = Reading.invite(ready.request());
            return true;
        } catch (ParseException | SipException e) {
            onSendFailed(out, e);
            return false;
        }
    }

    private void sendInvite(OutRequest out) {
        if (prepared == null && !prepare(out)) {
            return;
        }
        Ready ready = Objects.requireNonNull(prepared);
        prepared = null;
        note();
        if (core instanceof OutboundCall ours) {
            ours.onLeaving(System.nanoTime());
        }
        try {
            invite(ready);
        } catch (SipException | ParseException e) {
            onSendFailed(out, e);
        }
    }

    // Where the first INVITE goes is settled before it leaves; only a redirection within the trunk leads elsewhere.
    private Hop hopOf(OutRequest out) throws ParseException, SipException {
        Optional<Hop> way = line.way();
        if (way.isPresent()) {
            return way.get();
        }
        InetAddress address = Objects.requireNonNull(peer);
        String before = inviteTarget;
        inviteTarget = out.target();
        if (before != null
                && !before.equals(out.target())
                && out.routes().isEmpty()
                && around.writing().uri(out.target()) instanceof SipURI uri) {
            SipTransport next = over(uri, true);
            try {
                address = InetAddress.ofLiteral(HostPort.parse(uri.getHost()).host());
                peer(address, uri.getPort() > 0 ? uri.getPort() : next.defaultPort());
            } catch (IllegalArgumentException itsOwnName) {
                if (uri.getPort() > 0) {
                    peer(address, uri.getPort());
                } else if (next != transport) {
                    peer(address, next.defaultPort());
                }
            }
            transport = next;
        }
        return hop(address, peerPort, transport);
    }

    private void invite(Ready ready) throws ParseException, SipException {
        invite = ready.out();
        inviteHop = ready.hop();
        ClientTransaction sent = inTransaction(ready);
        inviteTransaction = sent;
        if (sent instanceof SIPClientTransaction transaction
                && transaction.getMessageChannel() instanceof StreamChannel channel
                && channel.hasEnded()) {
            onConnectionEnded(channel); // before we knew what was sent by it
        }
    }

    private void send(OutRequest out) {
        try {
            if (out.method().equals(Request.INVITE)) {
                invite(ready(out, nextHop(out)));
            } else {
                inTransaction(ready(out, nextHop(out)));
            }
        } catch (SipException | ParseException e) {
            if (!line.isAway() || !unsent.keep(new CallAction.Send(out))) {
                onSendFailed(out, e);
            }
        }
    }

    /**
     * A request as it leaves.
     *
     * @param out what it says
     * @param request as the stack has it
     * @param hop where it goes, by what its Via says
     * @param smaller where it goes instead if nobody takes it there, by UDP
     */
    private record Ready(OutRequest out, Request request, Hop hop, Optional<Hop> smaller) {}

    private Ready ready(OutRequest out, Hop hop) throws ParseException {
        Request request = around.writing().request(guarded(out, hop), identity, listening, over(hop));
        if (over(hop) == SipTransport.UDP && line.wantsTcp(size(request), System.nanoTime())) {
            // RFC 3261 18.1.1: the way of this request, not of the dialog; its Contact says UDP.
            ((ViaHeader) request.getHeader(ViaHeader.NAME)).setTransport("TCP");
            return new Ready(out, request, new HopImpl(hop.getHost(), hop.getPort(), "tcp"), Optional.of(hop));
        }
        return new Ready(out, request, hop, Optional.empty());
    }

    private ClientTransaction inTransaction(Ready ready) throws ParseException, SipException {
        if (ready.smaller().isEmpty()) {
            return sent(ready.out(), ready.request(), ready.hop());
        }
        Hop hop = ready.smaller().get();
        try {
            return sent(ready.out(), ready.request(), ready.hop());
        } catch (SipException refused) {
            LOG.info("{}: TCP refused, UDP for the next minute", line);
            line.withoutTcp(System.nanoTime());
            Request request =
                    around.writing().request(guarded(ready.out(), hop), identity, listening, SipTransport.UDP);
            if (isFirst(ready.out())) {
                began = Reading.invite(request);
                note();
            }
            return sent(ready.out(), request, hop);
        }
    }

    private static boolean isFirst(OutRequest out) {
        return out.method().equals(Request.INVITE) && out.toTag().isEmpty();
    }

    private static int size(Request request) {
        return ((SIPMessage) request).encodeAsBytes("UDP").length;
    }

    private ClientTransaction sent(OutRequest out, Request request, Hop hop) throws SipException {
        NextHops.set(request, hop);
        ClientTransaction transaction = line.towards(() -> listening.provider().getNewClientTransaction(request));
        transaction.setApplicationData(new Sent(this, out));
        if (line.comesBack()) {
            unsent.sent(transaction, out); // before it leaves: the connection may end at any moment from then on
        }
        transaction.sendRequest();
        return transaction;
    }

    /** A connection has ended: an INVITE on it that has heard nothing yet will not, say where TLS 1.3 has refused us late. */
    void onConnectionEnded(MessageChannel ended) {
        if (inviteTransaction instanceof SIPClientTransaction sent && ended.equals(sent.getMessageChannel())) {
            post(current -> {
                OutRequest out = invite;
                if (out != null && sent.equals(inviteTransaction) && TransactionState.CALLING.equals(sent.getState())) {
                    current.onSendFailed(out, "the connection has ended", System.nanoTime());
                }
            });
        }
    }

    private static SipTransport over(Hop hop) {
        return SipTransport.valueOf(hop.getTransport().toUpperCase(Locale.ROOT));
    }

    /**
     * What a client transaction belongs to.
     *
     * @param call the call
     * @param request what was sent
     */
    record Sent(JainCall call, OutRequest request) {}

    private void sendAck(OutRequest out) {
        try {
            Hop hop = nextHop(out);
            OutRequest guarded = guarded(out, hop);
            Request ack = acks.of(
                    guarded, over(hop), () -> around.writing().request(guarded, identity, listening, over(hop)));
            NextHops.set(ack, hop);
            line.towards(() -> {
                listening.provider().sendRequest(ack);
                return ack;
            });
        } catch (SipException | ParseException e) {
            onSendFailed(out, e);
        }
    }

    private void onSendFailed(OutRequest out, Exception e) {
        around.counters().count(Counter.SEND_FAILURES);
        LOG.debug("{} on {} not sent: {}", out.method(), line, e.toString());
        core.onSendFailed(out, "not sent: " + cause(e), System.nanoTime());
    }

    /** What went wrong at the bottom, in a word or two. */
    static String cause(Exception e) {
        Throwable root = e;
        while (root.getCause() != null && !(root instanceof TlsFailure)) {
            root = root.getCause();
        }
        return root instanceof TlsFailure why
                ? String.valueOf(why.getMessage())
                : root.getClass().getSimpleName();
    }

    private void sendCancel(HangupReason reason) {
        ClientTransaction sent = inviteTransaction;
        if (sent == null) {
            cancelOrphan(reason);
            return;
        }
        try {
            Request cancel = sent.createCancel();
            around.writing().addReason(cancel, line.reasonOf(reason));
            if (line.comesBack() && TransactionState.TERMINATED.equals(sent.getState())) {
                sendByNewWay(cancel);
                return;
            }
            // RFC 3261 9.1: where the INVITE went, and by what.
            String by = ((ViaHeader) cancel.getHeader(ViaHeader.NAME)).getTransport();
            Hop went = Objects.requireNonNull(inviteHop);
            NextHops.set(cancel, new HopImpl(went.getHost(), went.getPort(), by.toLowerCase(Locale.ROOT)));
            line.towards(() -> listening.provider().getNewClientTransaction(cancel))
                    .sendRequest();
        } catch (SipException | ParseException e) {
            around.counters().count(Counter.SEND_FAILURES);
            LOG.debug("CANCEL on {} not sent: {}", line, e.toString());
        }
    }

    // The connection of its INVITE has ended, and the stack would send it there.
    private void sendByNewWay(Request cancel) throws SipException {
        Optional<Hop> way = line.way();
        if (way.isPresent()) {
            NextHops.set(cancel, way.get());
            listening.provider().sendRequest(cancel);
        }
    }

    private void cancelOrphan(HangupReason reason) {
        OrphanedInvite sent = orphan;
        if (sent == null) {
            return;
        }
        try {
            Request cancel = sent.cancel(around.writing(), Reason.of(reason));
            line.towards(() -> listening.provider().getNewClientTransaction(cancel))
                    .sendRequest();
        } catch (SipException | ParseException e) {
            around.counters().count(Counter.SEND_FAILURES);
            LOG.debug("CANCEL on {} not sent: {}", line, e.toString());
        }
    }

    /** Within {@link #post}: a response that belongs to no transaction: the refusal of an orphaned INVITE gets its ACK from here. */
    void onStray(Response response) {
        OrphanedInvite sent = orphan;
        if (sent == null) {
            return;
        }
        try {
            Optional<Request> ack = sent.ack(around.writing(), response);
            if (ack.isPresent()) {
                line.towards(() -> {
                    listening.provider().sendRequest(ack.get());
                    return ack;
                });
            }
        } catch (SipException | ParseException e) {
            around.counters().count(Counter.SEND_FAILURES);
            LOG.debug("ACK on {} not sent: {}", line, e.toString());
        }
    }

    private void stopRepeating() {
        giveUpInvite();
        if (inviteTransaction instanceof SIPClientTransaction invite) {
            invite.disableRetransmissionTimer();
        }
    }

    private void forgetInvite() {
        ClientTransaction invite = inviteTransaction;
        if (invite != null) {
            terminate(invite);
        }
    }

    private void terminate(Transaction transaction) {
        try {
            transaction.terminate();
        } catch (ObjectInUseException e) {
            LOG.debug("a transaction of {} goes on: {}", line, e.toString());
        }
    }

    private void respond(CallAction.Respond out) {
        boolean last = out.status() >= 200;
        Asked to = last ? asked.remove(out.id()) : asked.get(out.id());
        if (to == null) {
            return;
        }
        if (to.request().getMethod().equals(Request.INFO) && out.status() >= 300) {
            around.counters().count(out.status() == 503 ? Counter.INFO_FLOOD : Counter.INFO_REFUSED);
        }
        try {
            Response response = around.writing()
                    .response(to.request(), out.status(), out.headers(), out.sdp(), identity, listening, transport);
            ServerTransaction answered = to.transaction();
            if (last
                    && (out.status() < 300 || answered == null)
                    && to.request().getMethod().equals(Request.INVITE)) {
                lastAnswer = (Response) response.clone();
                lastAnswerId = out.id();
            }
            if (answered == null) {
                line.readdress(response);
                listening.provider().sendResponse(response);
            } else {
                answered.sendResponse(response);
            }
        } catch (SipException | InvalidArgumentException | ParseException e) {
            around.counters().count(Counter.SEND_FAILURES);
            LOG.debug("{} on {} not sent: {}", out.status(), line, e.toString());
        }
    }

    private void resendAnswer(long id) {
        Response answer = lastAnswer;
        // RFC 3261 17.2.1: over a stream a refusal is sent once.
        if (answer == null || lastAnswerId != id || (answer.getStatusCode() >= 300 && transport != SipTransport.UDP)) {
            return;
        }
        try {
            Response again = (Response) answer.clone();
            line.readdress(again);
            listening.provider().sendResponse(again);
        } catch (SipException | ParseException e) {
            around.counters().count(Counter.SEND_FAILURES);
            LOG.debug("200 on {} not sent again: {}", line, e.toString());
        }
    }

    // RFC 3261 12.2.1.1 and 8.1.2: the first route, else the target. Names in them are the peer's, and we look none up:
    // what is no address goes where the peer is heard from.
    private Hop nextHop(OutRequest out) throws ParseException, SipException {
        Optional<Hop> way = line.way();
        if (way.isPresent()) {
            return way.get();
        }
        String to = out.routes().isEmpty() ? out.target() : out.routes().getFirst();
        if (around.writing().uri(to) instanceof SipURI uri) {
            SipTransport over = over(uri, out.routes().isEmpty());
            String host = uri.getMAddrParam() != null ? uri.getMAddrParam() : uri.getHost();
            try {
                InetAddress address = InetAddress.ofLiteral(HostPort.parse(host).host());
                return hop(address, uri.getPort() > 0 ? uri.getPort() : over.defaultPort(), over);
            } catch (IllegalArgumentException e) {
                LOG.trace("{} is a name", host);
            }
        }
        return hop(Objects.requireNonNull(peer), peerPort, transport);
    }

    private SipTransport over(SipURI uri, boolean isTarget) {
        if (transport == SipTransport.TLS) {
            return SipTransport.TLS; // what has begun in secret goes on so, whatever a Contact forgets to say
        }
        if ("tcp".equalsIgnoreCase(uri.getTransportParam()) && listening.speaks(SipTransport.TCP)) {
            return SipTransport.TCP;
        }
        if (uri.getTransportParam() == null && transport == SipTransport.TCP && isTarget) {
            return SipTransport.TCP;
        }
        return listening.speaks(SipTransport.UDP) ? SipTransport.UDP : SipTransport.TCP;
    }

    private static Hop hop(InetAddress address, int port, SipTransport transport) {
        return new HopImpl(address.getHostAddress(), port, transport.uriName());
    }

    // Credentials go to the trunk's own addresses alone, not to a Contact or a route that has moved elsewhere.
    private OutRequest guarded(OutRequest out, Hop hop) {
        return line.isOwnAddress(
                        InetAddress.ofLiteral(HostPort.parse(hop.getHost()).host()))
                ? out
                : out.withoutCredentials();
    }

    private void tell(TrunkEvent event) {
        if (event instanceof TrunkEvent.Referred(ReferTarget target)
                && target.replaces().isPresent()) {
            Replacement replaces = target.replaces().get();
            tellOne(new TrunkEvent.Referred(target.withOurs(around.replacing().named(replaces, line))));
        } else {
            tellOne(event);
        }
    }

    private void tellOne(TrunkEvent event) {
        boolean isLast = event instanceof TrunkEvent.Failed || event instanceof TrunkEvent.Ended;
        if (ended) {
            return;
        }
        if (isLast) {
            ended = true;
            around.ended(this);
            LOG.info("call {} {}: {}", identity.callId(), what, masked(event));
        } else {
            LOG.debug(
                    "call {} {}: {}", identity.callId(), what, event.getClass().getSimpleName());
        }
        tellListener(event);
    }

    private void tellListener(TrunkEvent event) {
        try {
            listener.onEvent(event);
        } catch (RuntimeException | Error e) {
            around.counters().count(Counter.BUGS);
            LOG.error("the listener of call {} threw", identity.callId(), Muted.of(e));
        }
    }

    private static String masked(TrunkEvent event) {
        return switch (event) {
            case TrunkEvent.Failed(TrunkFailure failure) -> failure.toString();
            case TrunkEvent.Ended(OptionalInt q850, String reason) ->
                reason + (q850.isPresent() ? " (Q.850 " + q850.getAsInt() + ")" : "");
            case TrunkEvent.Trying _,
                    TrunkEvent.Progress _,
                    TrunkEvent.Answered _,
                    TrunkEvent.Confirmed _,
                    TrunkEvent.AnswerInAck _,
                    TrunkEvent.RefreshAnswered _,
                    TrunkEvent.Reoffer _,
                    TrunkEvent.OfferWanted _,
                    TrunkEvent.ReofferAnswered _,
                    TrunkEvent.ReofferRefused _,
                    TrunkEvent.Capabilities _,
                    TrunkEvent.InfoReceived _,
                    TrunkEvent.InfoAnswered _,
                    TrunkEvent.ReferProgress _,
                    TrunkEvent.ReferEnded _,
                    TrunkEvent.Referred _ -> event.getClass().getSimpleName();
        };
    }

    private void forget() {
        if (!forgotten) {
            nothingLeft();
            vanish();
        }
    }

    private void vanish() {
        if (!forgotten) {
            forgotten = true;
            written = Optional.empty();
            ScheduledFuture<?> waiting = wakeup;
            if (waiting != null) {
                waiting.cancel(false);
            }
            wakeupAt = CallCore.NEVER;
            asked.clear();
            prepared = null;
            lastAnswer = null;
            inviteTransaction = null;
            inviteHop = null;
            if (!ended) {
                ended = true;
                around.ended(this);
            }
            around.forget(this);
        }
    }

    private void schedule() {
        long at = forgotten ? CallCore.NEVER : core.nextWakeup();
        if (at == wakeupAt) {
            return;
        }
        ScheduledFuture<?> waiting = wakeup;
        if (waiting != null) {
            waiting.cancel(false);
        }
        wakeupAt = at;
        wakeup = at == CallCore.NEVER
                ? null
                : around.wakeIn(() -> post(this::onTime), Math.max(0, at - System.nanoTime()));
    }

    private void onTime(CallCore waking) {
        wakeupAt = CallCore.NEVER;
        waking.onTime(System.nanoTime());
    }

    @Override
    public String callId() {
        return identity.callId();
    }

    @Override
    public void knownAs(String known) {
        name = Optional.of(known);
        around.trace().name(identity.callId(), known);
        post(_ -> {}); // to write it down
    }

    @Override
    public void ring() {
        post(c -> c.ring(System.nanoTime()));
    }

    @Override
    public void progress(String sdp) {
        post(c -> c.progress(sdp, System.nanoTime()));
    }

    @Override
    public void answer(String sdp) {
        post(c -> c.answer(sdp, System.nanoTime()));
    }

    @Override
    public void reject(Rejection rejection) {
        post(c -> c.reject(rejection, System.nanoTime()));
    }

    @Override
    public void acceptReoffer(String sdp) {
        post(c -> c.acceptReoffer(sdp, System.nanoTime()));
    }

    @Override
    public void rejectReoffer() {
        post(c -> c.rejectReoffer(System.nanoTime()));
    }

    @Override
    public void deferReoffer() {
        post(c -> c.deferReoffer(System.nanoTime()));
    }

    @Override
    public void reoffer(String sdp) {
        post(c -> c.reoffer(sdp, System.nanoTime()));
    }

    @Override
    public void info(long handle, InfoBody body) {
        post(c -> c.info(handle, body, System.nanoTime()));
    }

    @Override
    public void refer(Referral referral) {
        Referring.require(referral, around);
        post(c -> line.refer(referral)
                .ifPresentOrElse(
                        said -> c.refer(said, System.nanoTime()),
                        () -> tell(new TrunkEvent.ReferEnded(OptionalInt.of(481)))));
    }

    @Override
    public void acceptRefer() {
        post(c -> c.acceptRefer(System.nanoTime()));
    }

    @Override
    public void rejectRefer(int status) {
        requireStatus(status, 400);
        post(c -> c.rejectRefer(status, System.nanoTime()));
    }

    @Override
    public void referProgress(int status) {
        requireStatus(status, 100);
        post(c -> c.referProgress(status, System.nanoTime()));
    }

    private static void requireStatus(int status, int least) {
        if (status < least || status > 699) {
            throw new IllegalArgumentException("status is " + status + ", not " + least + " to 699");
        }
    }

    @Override
    public void hangUp(HangupReason reason) {
        post(c -> c.hangUp(reason, System.nanoTime()));
    }

    @Override
    public Optional<DialogState> state() {
        return written;
    }

    @Override
    public CompletableFuture<Optional<DialogState>> letGo() {
        CompletableFuture<Optional<DialogState>> given = new CompletableFuture<>();
        enqueue(() -> {
            Optional<DialogState> last = Optional.empty();
            try {
                last = isHere() ? leave() : Optional.empty();
            } finally {
                given.complete(last);
            }
        });
        return given;
    }

    private Optional<DialogState> leave() {
        if (queued.get() > 1) {
            return Optional.empty(); // what waits behind us, a BYE perhaps, is part of the call
        }
        Optional<DialogState> last =
                writtenNow().filter(dialog -> dialog.course().settled());
        if (last.isPresent()) {
            entry.letGo();
            forgetInvite();
            forget();
        }
        return last;
    }

    @Override
    public void abandon() {
        around.forget(this);
        entry.letGo();
        abandoned = true;
        post(_ -> {});
    }

    Map<String, Object> debugState() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("trunk", line.name());
        state.put("what", what);
        state.put("state", core.stateName());
        state.put("ignored", core.ignored());
        return state;
    }
}
