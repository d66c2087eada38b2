package io.ringdown.sip.dialog;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoOutcome;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.TrunkEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What happens within one dialog of a call: requests of the peer (re-INVITE, UPDATE, BYE, ...), our BYE and PRACK; INFO is
 * {@link InfoExchange}'s. Not safe for threads; writes what is to be done to the call's list.
 *
 * <pre>
 *   EARLY --confirm--> CONFIRMED --bye--> ENDING --answered, timed out--> OVER
 *     |                    `-----BYE of the peer-----------------------^
 *     `-- end ---------------------------------------------------------^
 * </pre>
 */
final class Session {
    private static final int MAX_OUTSTANDING = 8;
    static final SipHeader RETRY_SOON = new SipHeader("Retry-After", "2");
    private static final HangupReason UNKNOWN_THERE = new HangupReason(41, "Dialog unknown to the peer");
    private static final SipHeader NOT_ACCEPTABLE =
            new SipHeader("Warning", "399 ringdown \"the call goes on as it was\"");

    enum State {
        EARLY,
        CONFIRMED,
        ENDING,
        OVER
    }

    /** An offer of the peer, or its wish for one of ours, that our side thinks about. */
    private record Offer(long id, boolean invite, boolean ours, long cseq, long decideBy) {}

    private final Dialog dialog;
    private final Terms terms;
    private final List<CallAction> out;
    private final InfoExchange info;
    private final Map<Long, OutRequest> outstanding = new HashMap<>();
    private final BooleanSupplier callOver;
    private State state = State.EARLY;
    private PeerCapabilities capabilities = PeerCapabilities.UNKNOWN;
    private @Nullable Offer offer;
    private @Nullable UnackedAnswer unacked;
    private Optional<String> answeredSdp = Optional.empty();
    private boolean ourOfferOpen;
    private boolean theirOfferOpen;
    private boolean retried;
    private Optional<TrunkEvent.Ended> ended = Optional.empty();

    /** Makes it; {@code callOver} says whether our side has had its final event, so that nothing may be asked of it. */
    Session(Dialog dialog, Terms terms, List<CallAction> out, BooleanSupplier callOver) {
        this.callOver = callOver;
        this.dialog = dialog;
        this.terms = terms;
        this.out = out;
        this.info = new InfoExchange(dialog, terms, out, callOver);
    }

    Dialog dialog() {
        return dialog;
    }

    State state() {
        return state;
    }

    InfoExchange info() {
        return info;
    }

    boolean isOver() {
        return state == State.OVER;
    }

    /** The peer has said this of itself. */
    void learn(PeerCapabilities said) {
        capabilities = capabilities.updatedBy(said);
    }

    PeerCapabilities capabilities() {
        return capabilities;
    }

    /** Whether an INFO of ours could leave, or wait to. */
    boolean sendInfo(long handle, InfoBody body) {
        if (state != State.EARLY && state != State.CONFIRMED) {
            return false;
        }
        info.send(handle, body);
        return true;
    }

    /** Our INVITE's offer has no answer yet: an offer of the peer meets 491 meanwhile (RFC 3311 5.2). */
    void ourOfferIsOpen(boolean open) {
        ourOfferOpen = open;
    }

    /** The peer's INVITE's offer has no answer yet: another offer meets 500 meanwhile (RFC 3311 5.2). */
    void theirOfferIsOpen(boolean open) {
        theirOfferOpen = open;
    }

    void confirm() {
        if (state == State.EARLY) {
            state = State.CONFIRMED;
            info.confirm();
        }
    }

    /** Over without a word: an early dialog that came to nothing. */
    void end() {
        state = State.OVER;
    }

    /** How the peer ended it, told once. */
    Optional<TrunkEvent.Ended> takeEnded() {
        Optional<TrunkEvent.Ended> taken = ended;
        ended = Optional.empty();
        return taken;
    }

    void bye(HangupReason reason) {
        if (state == State.ENDING || state == State.OVER) {
            return;
        }
        abandonOffer(487);
        info.end();
        unacked = null;
        state = State.ENDING;
        send(dialog.request("BYE", List.of(Reason.of(reason)), Optional.empty()));
    }

    void prack(long rseq, long inviteCseq) {
        SipHeader rack = new SipHeader("RAck", rseq + " " + inviteCseq + " INVITE");
        send(dialog.request("PRACK", List.of(rack), Optional.empty()));
    }

    private void send(OutRequest request) {
        if (outstanding.size() < MAX_OUTSTANDING) {
            outstanding.put(request.cseq(), request);
        }
        out.add(new CallAction.Send(terms.authorizer()
                .ahead(request.method(), request.target(), request.body())
                .map(request::with)
                .orElse(request)));
    }

    /** A response to our BYE, PRACK or INFO. */
    void onResponse(InResponse response) {
        if (response.status() < 200) {
            return;
        }
        if (response.method().equals("INFO")) {
            if (info.onResponse(response) && state == State.CONFIRMED) {
                bye(UNKNOWN_THERE); // RFC 3261 12.2.1.2: a call is ended by BYE then, too
                ended = Optional.of(
                        new TrunkEvent.Ended(OptionalInt.of(UNKNOWN_THERE.q850()), "the trunk does not know the call"));
            }
            return;
        }
        OutRequest request = outstanding.remove(response.cseq());
        if (request != null && isChallenge(response.status()) && retryWithCredentials(request, response)) {
            return;
        }
        if (response.method().equals("BYE")) {
            state = State.OVER;
        }
    }

    private static boolean isChallenge(int status) {
        return status == 401 || status == 407;
    }

    private boolean retryWithCredentials(OutRequest request, InResponse response) {
        if (retried) {
            return false;
        }
        Optional<SipHeader> credentials = terms.authorizer()
                .answer(response.status(), response.challenges(), request.method(), request.target(), request.body());
        if (credentials.isEmpty()) {
            return false;
        }
        retried = true;
        OutRequest again = dialog.request(request.method(), request.headers(), request.sdp());
        outstanding.put(again.cseq(), again);
        out.add(new CallAction.Send(again.with(credentials.get())));
        return true;
    }

    /** Our BYE, PRACK or INFO had no answer, or could not be sent: for an INFO {@code outcome} says which. */
    void onLost(OutRequest request, InfoOutcome outcome) {
        info.onLost(request, outcome);
        outstanding.remove(request.cseq());
        if (request.method().equals("BYE")) {
            state = State.OVER;
        }
    }

    /** Whether an offer waits for our side. */
    boolean hasOffer() {
        return offer != null;
    }

    void onRequest(InRequest request, long now) {
        if (request.method().equals("ACK")) {
            onAck(request);
            return;
        }
        if (state == State.OVER && !request.method().equals("BYE")) {
            respond(request, 481);
            return;
        }
        UnackedAnswer answer = unacked;
        if (request.method().equals("INVITE") && answer != null && answer.cseq() == request.cseq()) {
            onReinviteAgain(answer, request);
            return;
        }
        if (!dialog.takeRemoteCseq(request.cseq())) {
            respond(request, 500, RETRY_SOON);
            return;
        }
        switch (request.method()) {
            case "BYE" -> onBye(request);
            case "INVITE" -> onReinvite(request, now);
            case "UPDATE" -> onUpdate(request, now);
            case "INFO" -> info.onRequest(request, now);
            case "OPTIONS" -> respond(request, 200, Methods.ofOptions(terms.info()));
            case "PRACK", "NOTIFY" -> respond(request, 481);
            case "REFER" -> respond(request, 603);
            default -> respond(request, 405, Methods.allow());
        }
    }

    private void onBye(InRequest request) {
        respond(request, 200);
        abandonOffer(487);
        if (state != State.ENDING && state != State.OVER) {
            ended = Optional.of(new TrunkEvent.Ended(request.q850(), "hung up by the trunk"));
        }
        info.end();
        unacked = null;
        state = State.OVER;
    }

    private void onReinvite(InRequest request, long now) {
        if (state != State.CONFIRMED) {
            respond(request, state == State.EARLY ? 491 : 481);
        } else if (ourOfferOpen) {
            respond(request, 491);
        } else if (offer != null || unacked != null) {
            respond(request, 500, RETRY_SOON); // RFC 3261 14.2: one at a time
        } else {
            dialog.refreshTarget(request.contact());
            consider(
                    request,
                    request.sdp().<TrunkEvent>map(TrunkEvent.Reoffer::new).orElseGet(TrunkEvent.OfferWanted::new),
                    now);
        }
    }

    /** Our 2xx was lost, and the stack has forgotten the INVITE with it: the same one again, to where this one came from. */
    private void onReinviteAgain(UnackedAnswer answer, InRequest again) {
        out.add(new CallAction.Respond(again.id(), 200, Methods.ofInvite(terms.info()), answeredSdp));
        answer.isOf(again.id());
    }

    private void onUpdate(InRequest request, long now) {
        if (state == State.ENDING) {
            respond(request, 481);
        } else if (request.sdp().isEmpty()) {
            dialog.refreshTarget(request.contact());
            respond(request, 200, Methods.allow());
        } else if (ourOfferOpen || (unacked != null && unacked.answerWanted())) {
            respond(request, 491);
        } else if (theirOfferOpen || offer != null) {
            respond(request, 500, RETRY_SOON);
        } else {
            dialog.refreshTarget(request.contact());
            consider(request, new TrunkEvent.Reoffer(request.sdp().get()), now);
        }
    }

    private void consider(InRequest request, TrunkEvent asked, long now) {
        if (callOver.getAsBoolean()) {
            respond(request, 488, NOT_ACCEPTABLE);
            return;
        }
        offer = new Offer(
                request.id(),
                request.method().equals("INVITE"),
                asked instanceof TrunkEvent.OfferWanted,
                request.cseq(),
                now + terms.timers().reofferNanos());
        out.add(new CallAction.Tell(asked));
    }

    /** Whether there was an offer to accept. */
    boolean acceptOffer(String sdp, long now) {
        Offer accepted = offer;
        if (accepted == null) {
            return false;
        }
        offer = null;
        answeredSdp = Optional.of(sdp);
        out.add(new CallAction.Respond(accepted.id(), 200, Methods.ofInvite(terms.info()), answeredSdp));
        if (accepted.invite()) {
            unacked = new UnackedAnswer(accepted.id(), accepted.cseq(), accepted.ours(), terms.timers(), now);
        }
        return true;
    }

    /** Whether there was an offer to reject. */
    boolean rejectOffer() {
        return abandonOffer(488);
    }

    private boolean abandonOffer(int status) {
        Offer refused = offer;
        if (refused == null) {
            return false;
        }
        offer = null;
        List<SipHeader> headers = status == 488 ? List.of(NOT_ACCEPTABLE) : List.of();
        out.add(new CallAction.Respond(refused.id(), status, headers, Optional.empty()));
        return true;
    }

    private void onAck(InRequest request) {
        UnackedAnswer acked = unacked;
        if (acked == null || acked.cseq() != request.cseq()) {
            return;
        }
        unacked = null;
        if (acked.answerWanted() && request.sdp().isPresent() && !callOver.getAsBoolean()) {
            out.add(new CallAction.Tell(new TrunkEvent.AnswerInAck(request.sdp().get())));
        }
    }

    void onTime(long now) {
        Offer waiting = offer;
        if (waiting != null && now >= waiting.decideBy()) {
            abandonOffer(488);
        }
        UnackedAnswer answer = unacked;
        if (answer == null) {
            return;
        }
        if (answer.isLost(now)) {
            bye(new HangupReason(102, "No acknowledgement")); // Q.850 102: recovery on timer expiry
            ended = Optional.of(new TrunkEvent.Ended(OptionalInt.of(102), "the trunk did not acknowledge"));
        } else if (answer.resendDue(now)) {
            out.add(new CallAction.ResendAnswer(answer.id()));
        }
    }

    long nextWakeup() {
        long at = offer == null ? CallCore.NEVER : offer.decideBy();
        return unacked == null ? at : Math.min(at, unacked.nextWakeup());
    }

    private void respond(InRequest request, int status, SipHeader... headers) {
        respond(request, status, List.of(headers));
    }

    private void respond(InRequest request, int status, List<SipHeader> headers) {
        out.add(new CallAction.Respond(request.id(), status, headers, Optional.empty()));
    }

    @Override
    public String toString() {
        return state + " " + dialog;
    }
}
