package io.ringdown.gateway.softphones;

import io.ringdown.gateway.call.Asker;
import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.EndCause;
import io.ringdown.gateway.call.Serial;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.sip.InboundInvite;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.TrunkCall;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkListener;
import io.ringdown.sip.web.PhoneId;
import io.ringdown.sip.web.WebSipInvite;
import io.ringdown.sip.web.WebSipWire;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One softphone over all the sockets that it comes with: its calls, and whether it is there. Thread-safe; returns at once. What happens
 * to its calls runs on a {@link Serial} of its own, in the order in which it came, so that neither a call nor the SIP stack waits for the
 * other.
 */
final class Phone {
    static final int MOST_CALLS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Phone.class);
    // Who has lost its socket may be about to come back: what rings there meanwhile waits so long for it.
    private static final long RINGS_AWAY_NANOS = Duration.ofSeconds(10).toNanos();
    // A page that was closed has lost its dialogs with it: loaded again it is another phone's.
    private static final Duration RELOAD = Duration.ZERO;

    private final PhoneId phone;
    private final ClientId id;
    private final PhoneRooms rooms;
    private final Serial serial;
    private final Map<CallId, Line> lines = new ConcurrentHashMap<>();
    // By which it registered or called last.
    private volatile WebSipWire wire;
    private volatile boolean isRegistered;
    private volatile boolean isAway;
    private volatile long awaySince;

    /** One of its calls. */
    private static final class Line {
        final PhoneCall call;
        final Optional<CallNews.Incoming> incoming;
        volatile @Nullable TrunkCall dialog;
        // By which the phone spoke in it last: another of its sockets may have shown what opens more, or less. Empty
        // until it has.
        volatile Optional<WebSipWire> wire;

        private Line(
                PhoneCall call,
                Optional<CallNews.Incoming> incoming,
                @Nullable TrunkCall dialog,
                Optional<WebSipWire> wire) {
            this.call = call;
            this.incoming = incoming;
            this.dialog = dialog;
            this.wire = wire;
        }

        static Line out(PhoneCall call, TrunkCall dialog, WebSipWire wire) {
            return new Line(call, Optional.empty(), dialog, Optional.of(wire));
        }

        static Line in(PhoneCall call, CallNews.Incoming incoming) {
            return new Line(call, Optional.of(incoming), null, Optional.empty());
        }
    }

    /** Whose it is stands in {@code phone}: the name of a configured user, or the subject of a token. */
    Phone(PhoneId phone, ClientId id, WebSipWire wire, PhoneRooms rooms) {
        this.phone = phone;
        this.id = id;
        this.wire = wire;
        this.rooms = rooms;
        this.serial = new Serial(rooms.executor());
    }

    ClientId id() {
        return id;
    }

    String user() {
        return phone.user();
    }

    /** Who asks for what it asks for, outside of its calls. */
    Asker asker() {
        return askerBy(wire);
    }

    /** Who asks for what it asks for in this call. */
    Asker asker(CallId call) {
        return Optional.ofNullable(lines.get(call)).map(this::askerOn).orElseGet(this::asker);
    }

    private Asker askerOn(Line line) {
        return askerBy(line.wire.orElse(wire));
    }

    private Asker askerBy(WebSipWire by) {
        return new Asker(phone.user(), rooms.grants().apply(by), by.from());
    }

    List<PhoneNumber> numbers() {
        return rooms.calls().get().answeringFor(phone.user(), List.of());
    }

    // ---- whether it is there

    /** It is here, by this socket. */
    void onPresent(WebSipWire now) {
        wire = now;
    }

    void onRegistered() {
        isRegistered = true;
        isAway = false;
    }

    void onUnregistered() {
        isRegistered = false;
        if (isAway) {
            lines.keySet().forEach(call -> step(call, _ -> List.of(toCall(new CallEvent.ClientGone(id)))));
        }
    }

    void onAway() {
        awaySince = rooms.clock().getAsLong();
        isAway = true;
        lines.keySet().forEach(call -> step(call, line -> line.onAway(RELOAD)));
    }

    void onBack() {
        isAway = false;
        lines.keySet().forEach(call -> step(call, PhoneCall::onBack));
    }

    private static PhoneAction toCall(CallEvent event) {
        return new PhoneAction.ToCall(event);
    }

    boolean isRegistered() {
        return isRegistered;
    }

    boolean isAway() {
        return isAway;
    }

    /** Nobody calls it, and it calls nobody. */
    boolean isForgotten() {
        return !isRegistered && lines.isEmpty();
    }

    /** Whether another call may ring here. */
    boolean mayRing() {
        boolean isThere = !isAway || rooms.clock().getAsLong() - awaySince < RINGS_AWAY_NANOS;
        return isRegistered && isThere && lines.size() < MOST_CALLS;
    }

    // ---- its calls

    /** Whether it has as many calls as it may. */
    boolean isFull() {
        return lines.size() >= MOST_CALLS;
    }

    /** It calls: the call of this id is its, and is to be begun next. */
    TrunkListener onCall(CallId call, WebSipWire by, InboundInvite invite, TrunkCall dialog) {
        boolean receipts = "yes".equalsIgnoreCase(invite.headers().get(ReceiptBody.ASKED_BY));
        lines.put(call, Line.out(PhoneCall.from(id, receipts), dialog, by));
        return event -> onDialog(call, event);
    }

    /** What is told next of this dialog came by this socket. */
    void onWire(WebSipWire by, TrunkCall dialog) {
        serial.execute(() -> callOf(dialog).map(lines::get).ifPresent(line -> line.wire = Optional.of(by)));
    }

    private void onDialog(CallId call, TrunkEvent event) {
        step(call, line -> line.onDialog(event));
    }

    /** What happened to a call of its; false if it has no such call, or cannot be rung. */
    boolean onNews(CallId call, CallNews news) {
        if (news instanceof CallNews.Incoming incoming) {
            if (!mayRing()) {
                return false;
            }
            lines.putIfAbsent(call, Line.in(PhoneCall.to(id, false), incoming));
        } else if (!lines.containsKey(call)) {
            return false;
        }
        step(call, line -> line.onNews(news));
        if (news instanceof CallNews.Renew) {
            // What is written of where it is may not be true any more.
            step(call, line -> isAway ? line.onAway(RELOAD) : line.onBack());
        }
        return true;
    }

    /** What one of its calls makes of something. */
    private interface Step {
        List<PhoneAction> of(PhoneCall call);
    }

    private void step(CallId call, Step step) {
        serial.execute(() -> {
            Line line = lines.get(call);
            if (line == null) {
                return;
            }
            try {
                step.of(line.call).forEach(action -> perform(call, line, action));
            } catch (RuntimeException | Error bug) {
                abort(call, line, bug);
            }
        });
    }

    private void perform(CallId call, Line line, PhoneAction action) {
        switch (action) {
            case PhoneAction.ToCall told -> {
                if (!rooms.calls().get().post(call, told.event())) {
                    line.call.onCallGone().forEach(next -> perform(call, line, next));
                }
            }
            case PhoneAction.Transfer wanted ->
                transfer(call, line, wanted)
                        .ifPresent(status -> line.call
                                .onTransferRefused(wanted.ref(), status)
                                .forEach(next -> perform(call, line, next)));
            case PhoneAction.Invite invite -> line.dialog = invite(call, line.incoming.orElseThrow(), invite.offer());
            case PhoneAction.Ring _ -> dialog(line).ring();
            case PhoneAction.Progress progress -> dialog(line).progress(progress.answer());
            case PhoneAction.Answer answer -> dialog(line).answer(answer.answer());
            case PhoneAction.Reject reject -> dialog(line).reject(reject.rejection());
            case PhoneAction.HangUp hangUp -> dialog(line).hangUp(hangUp.reason());
            case PhoneAction.AcceptReoffer accept -> dialog(line).acceptReoffer(accept.sdp());
            case PhoneAction.RejectReoffer _ -> dialog(line).rejectReoffer();
            case PhoneAction.DeferReoffer _ -> dialog(line).deferReoffer();
            case PhoneAction.Reoffer reoffer -> dialog(line).reoffer(reoffer.offer());
            case PhoneAction.Info info -> dialog(line).info(0, info.body());
            case PhoneAction.AcceptRefer _ -> dialog(line).acceptRefer();
            case PhoneAction.RejectRefer reject -> dialog(line).rejectRefer(reject.status());
            case PhoneAction.ReferProgress progress -> dialog(line).referProgress(progress.status());
            case PhoneAction.Forget _ -> forget(call);
        }
    }

    private static TrunkCall dialog(Line line) {
        TrunkCall dialog = line.dialog;
        if (dialog == null) {
            throw new IllegalStateException("there is no dialog with the phone");
        }
        return dialog;
    }

    private TrunkCall invite(CallId call, CallNews.Incoming incoming, String offer) {
        WebSipInvite invite = new WebSipInvite(
                incoming.from(),
                incoming.name(),
                incoming.to().digits(),
                offer,
                incoming.headers(),
                Optional.empty(),
                Optional.of(call.toString()));
        TrunkCall dialog = rooms.sip().get().invite(phone, invite, event -> onDialog(call, event));
        LOG.info("call {} is SIP call {} with a softphone", call, dialog.callId());
        return dialog;
    }

    /** The status with which it is refused, where it cannot even be asked for. */
    private Optional<Integer> transfer(CallId call, Line line, PhoneAction.Transfer wanted) {
        ReferTarget target = wanted.target();
        Optional<CallId> with = target.ours().flatMap(this::callOf);
        Optional<PhoneNumber> to =
                target.replaces().isPresent() ? Optional.empty() : rooms.numberOf(target.calledNumber());
        if (with.isEmpty() && to.isEmpty()) {
            return Optional.of(404);
        }
        boolean isForHelp = to.filter(rooms.calls().get()::isEmergency).isPresent();
        Asker asker = askerOn(line);
        if (rooms.verifier().isSpent(asker.grant()) && !isForHelp) {
            return Optional.of(403);
        }
        Calls.Transfer request = new Calls.Transfer(
                id, Optional.of(wanted.ref()), asker, with.isPresent() ? Optional.empty() : to, with);
        return rooms.calls().get().transfer(call, request) ? Optional.empty() : Optional.of(603);
    }

    private Optional<CallId> callOf(TrunkCall dialog) {
        return lines.entrySet().stream()
                .filter(entry -> dialog.equals(entry.getValue().dialog))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private void forget(CallId call) {
        lines.remove(call);
        rooms.onIdle().accept(id);
    }

    /** Our own bug ends this call and no other. */
    private void abort(CallId call, Line line, Throwable bug) {
        LOG.error("call {} with a softphone ends by an error of ours in stage {}", call, line.call.stage(), bug);
        TrunkCall dialog = line.dialog;
        if (dialog != null) {
            dialog.hangUp(EndCause.INTERNAL.hangupReason());
        }
        rooms.calls().get().post(call, new CallEvent.HangUp(id, Optional.empty()));
        forget(call);
    }

    /** For the admin page. */
    Map<String, Object> debugState() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("id", id.session());
        map.put("registered", isRegistered);
        if (isAway) {
            map.put(
                    "awayMillis",
                    Duration.ofNanos(rooms.clock().getAsLong() - awaySince).toMillis());
        }
        map.put("numbers", numbers().stream().map(PhoneNumber::toString).toList());
        Map<String, Object> calls = new LinkedHashMap<>();
        lines.forEach((call, line) -> calls.put(call.hex(), line.call.stage().toString()));
        map.put("calls", calls);
        return map;
    }
}
