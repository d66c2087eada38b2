package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.CallNews;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.ErrorCode;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.tokens.Identity;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One client on one socket, from {@code hello} to the end. Text comes in on one thread at a time; news of calls come on any
 * thread.
 */
final class BrowserSession {
    static final int MESSAGES_PER_SECOND = 20;
    static final int MOST_CALLS = 8;
    private static final int CUT_AT_MESSAGES_PER_SECOND = 40;
    // RFC 6455 §7.4.1: 1008 is "violates the policy of the endpoint".
    private static final int POLICY = 1008;

    private final ClientId id;
    private final Optional<Identity> shown;
    private final Wire wire;
    private final SessionRooms rooms;
    private final RateGate rate;
    private final Set<CallId> calls = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean gone = new AtomicBoolean();
    private volatile Optional<Identity> identity = Optional.empty();
    private volatile List<PhoneNumber> numbers = List.of();
    private volatile boolean wantsQuality;

    /**
     * A session that waits for its {@code hello}.
     *
     * @param shown whom the token of the handshake named; empty if it carried none
     */
    BrowserSession(String session, Optional<Identity> shown, Wire wire, SessionRooms rooms) {
        this.id = new ClientId(session, ClientId.Road.SOCKET);
        this.shown = shown;
        this.wire = wire;
        this.rooms = rooms;
        this.rate = new RateGate(rooms.clock().getAsLong());
    }

    ClientId id() {
        return id;
    }

    boolean greeted() {
        return identity.isPresent();
    }

    int calls() {
        return calls.size();
    }

    /** One text message, at most as long as the reader takes. */
    void onText(String text) {
        int count = rate.count(rooms.clock().getAsLong());
        if (count > MESSAGES_PER_SECOND) {
            onTooMany(count);
            return;
        }
        try {
            onMessage(rooms.reader().read(text));
        } catch (RejectedMessageException rejected) {
            refuse(rejected.ref(), Optional.empty(), rejected.code(), rejected.text());
        }
    }

    /** The first message is late. */
    void onGreetingTimeout() {
        if (!greeted()) {
            wire.close(POLICY, "no hello");
        }
    }

    /** The socket is gone, for whatever reason. Idempotent. */
    void onGone() {
        if (gone.compareAndSet(false, true)) {
            rooms.sessions().remove(this);
            calls.forEach(call -> rooms.calls().post(call, new CallEvent.ClientGone(id)));
        }
    }

    /** What happened to a call of this session. */
    void onNews(CallId call, CallNews news) {
        switch (news) {
            case CallNews.Incoming _ -> calls.add(call);
            case CallNews.Over _ -> calls.remove(call);
            case CallNews.Quality _ -> {
                if (!wantsQuality) {
                    return;
                }
            }
            case CallNews.Answer _,
                    CallNews.Codec _,
                    CallNews.Progress _,
                    CallNews.Established _,
                    CallNews.Renew _,
                    CallNews.Pressed _,
                    CallNews.Flashed _,
                    CallNews.SecureInput _,
                    CallNews.Receipt _,
                    CallNews.Road _,
                    CallNews.Heard _,
                    CallNews.Held _,
                    CallNews.Resumed _,
                    CallNews.Transfer _,
                    CallNews.Refused _ -> {}
        }
        send(ServerMessage.of(call, news));
    }

    /** Whether another call may ring here. */
    boolean mayRing() {
        return greeted() && !gone.get() && calls.size() < MOST_CALLS;
    }

    /** Whom the token named; empty before the hello. */
    Optional<String> user() {
        return identity.map(Identity::subject);
    }

    List<PhoneNumber> numbers() {
        return numbers;
    }

    private void onTooMany(int count) {
        if (count == MESSAGES_PER_SECOND + 1) {
            refuse(
                    Optional.empty(),
                    Optional.empty(),
                    ErrorCode.TOO_FAST,
                    "More than " + MESSAGES_PER_SECOND + " messages in a second; what came above it is lost.");
        } else if (count >= CUT_AT_MESSAGES_PER_SECOND) {
            wire.close(POLICY, "too fast");
        }
    }

    private void onMessage(ClientMessage message) {
        if (message instanceof ClientMessage.Hello hello) {
            onHello(hello);
        } else if (!greeted()) {
            refuse(message.ref(), Optional.empty(), ErrorCode.NOT_GREETED, "The first message must be hello.");
        } else {
            onRequest(message);
        }
    }

    private void onHello(ClientMessage.Hello hello) {
        if (greeted()) {
            refuse(hello.ref(), Optional.empty(), ErrorCode.NOT_GREETED, "The session has had its hello.");
            return;
        }
        Optional<Identity> who =
                hello.token().isPresent() || shown.isEmpty() ? rooms.verifier().verify(hello.token()) : shown;
        if (who.isEmpty()) {
            refuse(hello.ref(), Optional.empty(), ErrorCode.UNAUTHORIZED, "The token is missing or not valid.");
            wire.close(POLICY, "unauthorized");
            return;
        }
        identity = who;
        numbers = rooms.calls().answeringFor(who.get().subject(), hello.numbers());
        wantsQuality = hello.quality();
        rooms.sessions().signIn(this);
        send(new ServerMessage.Welcome(
                hello.ref().orElse(null),
                id.session(),
                rooms.newToken().get(),
                numbers.stream().map(PhoneNumber::digits).toList(),
                rooms.iceServers().stream().map(ServerMessage.Ice::of).toList(),
                new ServerMessage.Limits(MessageReader.LONGEST_MESSAGE, MESSAGES_PER_SECOND, MOST_CALLS)));
        if (gone.get()) {
            // The socket went while we greeted: onGone may have come before signIn.
            rooms.sessions().remove(this);
        }
    }

    private void onRequest(ClientMessage message) {
        switch (message) {
            case ClientMessage.Hello hello -> onHello(hello);
            case ClientMessage.Start start -> onStart(start);
            case ClientMessage.Accept accept -> {
                if (accept.secureInput()) { // before there is anything to be heard
                    toCall(accept.ref(), accept.call(), new CallEvent.SecureInput(id, Optional.empty(), true));
                }
                toCall(accept.ref(), accept.call(), new CallEvent.Accept(id, accept.ref(), accept.sdp()));
            }
            case ClientMessage.Reject reject ->
                toCall(reject.ref(), reject.call(), new CallEvent.Reject(id, reject.ref(), reject.busy()));
            case ClientMessage.Update update ->
                toCall(update.ref(), update.call(), new CallEvent.Update(id, update.ref(), update.sdp()));
            case ClientMessage.HangUp hangUp ->
                toCall(hangUp.ref(), hangUp.call(), new CallEvent.HangUp(id, hangUp.ref()));
            case ClientMessage.Dtmf dtmf ->
                toCall(
                        dtmf.ref(),
                        dtmf.call(),
                        new CallEvent.Press(id, dtmf.ref(), dtmf.strokes(), dtmf.duration(), dtmf.gap()));
            case ClientMessage.DtmfCancel cancel ->
                toCall(cancel.ref(), cancel.call(), new CallEvent.CancelPresses(id, cancel.ref()));
            case ClientMessage.Listen listen ->
                toCall(
                        listen.ref(),
                        listen.call(),
                        new CallEvent.Listen(id, listen.ref(), listen.on(), listen.silence()));
            case ClientMessage.Mute mute ->
                toCall(mute.ref(), mute.call(), new CallEvent.Mute(id, mute.ref(), mute.muted()));
            case ClientMessage.Hold hold -> toCall(hold.ref(), hold.call(), new CallEvent.Hold(id, hold.ref()));
            case ClientMessage.Resume resume ->
                toCall(resume.ref(), resume.call(), new CallEvent.Resume(id, resume.ref()));
            case ClientMessage.Transfer transfer -> onTransfer(transfer);
            case ClientMessage.SecureInput secure ->
                toCall(secure.ref(), secure.call(), new CallEvent.SecureInput(id, secure.ref(), secure.on()));
            case ClientMessage.Ping ping ->
                send(new ServerMessage.Pong(ping.ref().orElse(null)));
        }
    }

    private void onStart(ClientMessage.Start start) {
        if (calls.size() >= MOST_CALLS && !rooms.calls().isEmergency(start.to())) {
            refuse(
                    start.ref(),
                    Optional.empty(),
                    ErrorCode.TOO_MANY_CALLS,
                    "A session has at most " + MOST_CALLS + " calls; end one first.");
            return;
        }
        CallId call = rooms.calls().newId();
        calls.add(call);
        rooms.calls().dial(call, new Calls.Request(id, start.ref(), user(), start.to(), start.from(), start.sdp()));
        if (start.secureInput()) { // nothing can be heard before this is done: ICE and DTLS come later
            rooms.calls().post(call, new CallEvent.SecureInput(id, Optional.empty(), true));
        }
        if (gone.get()) {
            rooms.calls().post(call, new CallEvent.ClientGone(id));
        }
    }

    private void onTransfer(ClientMessage.Transfer transfer) {
        Calls.Transfer wanted = new Calls.Transfer(id, transfer.ref(), user(), transfer.to(), transfer.with());
        if (!calls.contains(transfer.call()) || !rooms.calls().transfer(transfer.call(), wanted)) {
            refuse(
                    transfer.ref(),
                    Optional.of(transfer.call()),
                    ErrorCode.UNKNOWN_CALL,
                    "This session has no such call.");
        }
    }

    private void toCall(Optional<String> ref, CallId call, CallEvent event) {
        if (!calls.contains(call) || !rooms.calls().post(call, event)) {
            refuse(ref, Optional.of(call), ErrorCode.UNKNOWN_CALL, "This session has no such call.");
        }
    }

    private void refuse(Optional<String> ref, Optional<CallId> call, ErrorCode code, String text) {
        send(ServerMessage.Problem.of(ref, call, code, text));
    }

    private void send(ServerMessage message) {
        if (!gone.get()) {
            wire.send(rooms.writer().write(message));
        }
    }
}
