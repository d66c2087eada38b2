package io.ringdown.gateway.signaling;

import io.ringdown.gateway.call.Asker;
import io.ringdown.gateway.call.CallEvent;
import io.ringdown.gateway.call.CallId;
import io.ringdown.gateway.call.Calls;
import io.ringdown.gateway.call.ClientId;
import io.ringdown.gateway.call.Echoes;
import io.ringdown.gateway.call.ErrorCode;
import io.ringdown.gateway.call.Supervisions;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What one client asks of its calls, as events for them. One thread at a time. */
final class ClientRequests {
    static final int MOST_CALLS = 8;

    private final ClientId id;
    private final Supplier<Asker> asker;
    private final Calls all;
    private final Set<CallId> calls;
    private final Consumer<ServerMessage> tell;

    /**
     * Requests of this client.
     *
     * @param asker who asks, by the socket that the session has just now
     * @param calls those that are its, which this adds to
     * @param tell takes what is refused
     */
    ClientRequests(ClientId id, Supplier<Asker> asker, Calls all, Set<CallId> calls, Consumer<ServerMessage> tell) {
        this.id = id;
        this.asker = asker;
        this.all = all;
        this.calls = calls;
        this.tell = tell;
    }

    void on(ClientMessage message) {
        switch (message) {
            case ClientMessage.Hello _ -> throw new IllegalStateException("hello is the socket's matter");
            case ClientMessage.Authorize _ -> throw new IllegalStateException("tokens are the session's matter");
            case ClientMessage.Availability _, ClientMessage.Watch _ ->
                throw new IllegalStateException("agents are the session's matter");
            case ClientMessage.Start start -> onStart(start);
            case ClientMessage.Test test -> onTest(test);
            case ClientMessage.Accept accept -> {
                if (accept.secureInput()) { // before there is anything to be heard
                    toCall(accept.ref(), accept.call(), new CallEvent.SecureInput(id, Optional.empty(), true));
                }
                toCall(accept.ref(), accept.call(), new CallEvent.Accept(id, accept.ref(), accept.sdp()));
            }
            case ClientMessage.Reject reject ->
                toCall(reject.ref(), reject.call(), new CallEvent.Reject(id, reject.ref(), reject.busy()));
            case ClientMessage.Update update -> onUpdate(update);
            case ClientMessage.HangUp hangUp -> {
                if (!all.echoes().hangUp(hangUp.call(), id, hangUp.ref())
                        && !all.supervisions().hangUp(hangUp.call(), id, hangUp.ref())) {
                    toCall(hangUp.ref(), hangUp.call(), new CallEvent.HangUp(id, hangUp.ref()));
                }
            }
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
            case ClientMessage.Conference wanted ->
                toCall(
                        wanted.ref(),
                        wanted.call(),
                        wanted.with(),
                        new CallEvent.Conference(id, wanted.ref(), wanted.with()));
            case ClientMessage.ConferenceEnd wanted ->
                toCall(wanted.ref(), wanted.call(), new CallEvent.EndConference(id, wanted.ref()));
            case ClientMessage.Supervise wanted -> onSupervise(wanted);
            case ClientMessage.SecureInput secure ->
                toCall(secure.ref(), secure.call(), new CallEvent.SecureInput(id, secure.ref(), secure.on()));
            case ClientMessage.Ping ping ->
                tell.accept(new ServerMessage.Pong(ping.ref().orElse(null)));
        }
    }

    private void onStart(ClientMessage.Start start) {
        if (calls.size() >= MOST_CALLS && !all.isEmergency(start.to())) {
            refuse(
                    start.ref(),
                    Optional.empty(),
                    ErrorCode.TOO_MANY_CALLS,
                    "A session has at most " + MOST_CALLS + " calls; end one first.");
            return;
        }
        CallId call = all.newId();
        calls.add(call);
        all.dial(call, new Calls.Request(id, start.ref(), asker.get(), start.to(), start.from(), start.sdp()));
        if (start.secureInput()) { // nothing can be heard before this is done: ICE and DTLS come later
            all.post(call, new CallEvent.SecureInput(id, Optional.empty(), true));
        }
    }

    private void onTest(ClientMessage.Test test) {
        Echoes.Request wanted = new Echoes.Request(id, test.ref(), asker.get().from(), test.sdp());
        if (!all.echoes().begin(all.newId(), wanted)) {
            refuse(test.ref(), Optional.empty(), ErrorCode.TOO_MANY_CALLS, "A session has one test at a time.");
        }
    }

    private void onTransfer(ClientMessage.Transfer transfer) {
        Calls.Transfer wanted = new Calls.Transfer(id, transfer.ref(), asker.get(), transfer.to(), transfer.with());
        if (!calls.contains(transfer.call()) || !all.transfer(transfer.call(), wanted)) {
            refuseUnknown(transfer.ref(), transfer.call());
        }
    }

    private void onUpdate(ClientMessage.Update update) {
        if (!all.supervisions().update(update.call(), id, update.ref(), update.sdp())) {
            toCall(update.ref(), update.call(), new CallEvent.Update(id, update.ref(), update.sdp()));
        }
    }

    private void onSupervise(ClientMessage.Supervise wanted) {
        if (wanted.sdp().isEmpty()) {
            if (!all.supervisions().change(wanted.call(), id, wanted.ref(), wanted.mode())) {
                refuseUnknown(wanted.ref(), wanted.call());
            }
            return;
        }
        Supervisions.Request request = new Supervisions.Request(
                id,
                wanted.ref(),
                asker.get().subject(),
                wanted.call(),
                wanted.mode(),
                wanted.sdp().get());
        all.supervisions()
                .begin(all.newId(), request)
                .ifPresent(why -> refuse(wanted.ref(), Optional.of(wanted.call()), why.code(), why.text()));
    }

    private void toCall(Optional<String> ref, CallId call, CallId with, CallEvent event) {
        if (calls.contains(with)) {
            toCall(ref, call, event);
        } else {
            refuseUnknown(ref, with);
        }
    }

    private void toCall(Optional<String> ref, CallId call, CallEvent event) {
        if (!calls.contains(call) || !all.post(call, event)) {
            refuseUnknown(ref, call);
        }
    }

    private void refuseUnknown(Optional<String> ref, CallId call) {
        refuse(ref, Optional.of(call), ErrorCode.UNKNOWN_CALL, "This session has no such call.");
    }

    private void refuse(Optional<String> ref, Optional<CallId> call, ErrorCode code, String text) {
        tell.accept(ServerMessage.Problem.of(ref, call, code, text));
    }
}
