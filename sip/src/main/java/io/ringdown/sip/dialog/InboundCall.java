package io.ringdown.sip.dialog;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoOutcome;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call that a trunk makes (RFC 3261 13.3, 9.2); the edge has answered 100 already. Not safe for threads.
 *
 * <pre>
 *   WAITING --answer--> ANSWERED --ACK--> ESTABLISHED --BYE either way--> OVER
 *      |                    `-- no ACK in 64*T1: BYE --------------------^
 *      `-- CANCEL, BYE, reject, hang up, no answer ----------------------^
 * </pre>
 */
public final class InboundCall implements CallCore {
    // RFC 3261 13.3.1.1: every minute, or proxies give up.
    private static final long PROVISIONAL_EVERY_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final HangupReason NO_ANSWER = new HangupReason(19, "No answer");
    // RFC 3261 21.4.26 and 20.43; the agent is a name of no host.
    private static final SipHeader INCOMPATIBLE =
            new SipHeader("Warning", "305 ringdown \"Incompatible media format\"");
    private static final HangupReason NO_ACK = new HangupReason(102, "No acknowledgement");

    private enum State {
        WAITING,
        ANSWERED,
        ESTABLISHED,
        OVER
    }

    /** How the caller is told of what comes before the answer. */
    private enum Provisional {
        PLAIN,
        RELIABLE,
        // It would have to carry our offer, which the answer carries as well (RFC 3262 5).
        NONE
    }

    private final InRequest invite;
    private final Terms terms;
    private final SipTimers timers;
    private final List<CallAction> actions = new ArrayList<>();
    private final Session session;
    private final boolean orphaned;
    private State state = State.WAITING;
    private final Provisional manner;
    private final ReliableProvisional reliable;
    private CallAction.@Nullable Respond provisional;
    private @Nullable String answerAfterPrack;
    private @Nullable UnackedAnswer unacked;
    private @Nullable HangupReason byeAfterAck;
    private @Nullable UnackedAnswer refusal;
    private long answerBy;
    private long provisionalAt = NEVER;
    private long giveUpAt = NEVER;
    private boolean endTold;
    private int ignored;

    /**
     * Takes an INVITE.
     *
     * @param invite the INVITE; its Contact is there
     * @param recordRoute its Record-Route in the order of the message
     */
    public InboundCall(InRequest invite, List<String> recordRoute, Terms terms, long now) {
        this.invite = invite;
        this.terms = terms;
        this.timers = terms.timers();
        this.orphaned = false;
        Dialog dialog = Dialog.ofInvite(
                invite.remoteTag(), recordRoute, invite.contact().orElse(""), invite.cseq());
        this.session = new Session(dialog, terms, actions, () -> endTold, false, SessionTimer.MIN_SE);
        this.manner = manner(invite, terms);
        this.reliable = new ReliableProvisional(invite, terms, actions);
        this.session.reliably(reliable);
        this.session.learn(invite.capabilities());
        this.session.theirOfferIsOpen(invite.sdp().isPresent());
        invite.sdp().ifPresent(session::described);
        this.answerBy = now + timers.noAnswerNanos();
        if (!invite.capabilities().equals(PeerCapabilities.UNKNOWN)) {
            tell(new TrunkEvent.Capabilities(invite.capabilities()));
        }
    }

    private InboundCall(InRequest invite, DialogState.Course course, Terms terms, long writtenAt, long now) {
        this.invite = invite;
        this.terms = terms;
        this.timers = terms.timers();
        this.orphaned = true;
        this.session = Session.of(course, terms, actions, () -> endTold, false, writtenAt);
        this.manner = Provisional.NONE;
        this.reliable = new ReliableProvisional(invite, terms, actions);
        if (course.stage() == DialogState.Stage.CONFIRMED) {
            this.state = State.ESTABLISHED;
            this.answerBy = NEVER;
        } else {
            this.answerBy = now + timers.noAnswerNanos();
            this.session.theirOfferIsOpen(true);
        }
    }

    /**
     * Goes on with one that was written down. An early one can only be refused, or be cancelled: what was said of it before the answer
     * nobody knows.
     *
     * @param id names the INVITE for its response
     * @param writtenAt when it was written down
     */
    public static InboundCall of(
            long id, DialogState.Invite invite, DialogState.Course course, Terms terms, long writtenAt, long now) {
        InRequest request = new InRequest(
                id,
                "INVITE",
                invite.cseq(),
                course.remoteTag(),
                Optional.of(course.remoteTarget()),
                Optional.empty(),
                OptionalInt.empty(),
                course.agreed().capabilities(),
                Optional.empty(),
                Extensions.NONE);
        return new InboundCall(request, course, terms, writtenAt, now);
    }

    @Override
    public Optional<DialogState.Course> written(long now) {
        return state == State.OVER ? Optional.empty() : Optional.of(session.written(now));
    }

    private static Provisional manner(InRequest invite, Terms terms) {
        Extensions said = invite.extensions();
        boolean required = said.required().contains("100rel");
        boolean wanted = required || (terms.reliable() && said.supported().contains("100rel"));
        if (invite.sdp().isPresent()) {
            return wanted ? Provisional.RELIABLE : Provisional.PLAIN;
        }
        return required ? Provisional.NONE : Provisional.PLAIN;
    }

    @Override
    public void ring(long now) {
        provisional(180, Optional.empty(), now);
    }

    @Override
    public void progress(String sdp, long now) {
        provisional(183, Optional.of(sdp), now);
    }

    private void provisional(int status, Optional<String> sdp, long now) {
        if (state != State.WAITING) {
            ignored++;
            return;
        }
        if (manner == Provisional.NONE) {
            return;
        }
        CallAction.Respond response = new CallAction.Respond(invite.id(), status, Methods.ofInvite(terms), sdp);
        provisional = response;
        provisionalAt = now + PROVISIONAL_EVERY_NANOS;
        sdp.ifPresent(session::agreed);
        if (manner == Provisional.RELIABLE) {
            reliable.send(status, sdp, now);
        } else {
            actions.add(response);
        }
    }

    @Override
    public void answer(String sdp, long now) {
        if (state != State.WAITING || answerAfterPrack != null || orphaned) {
            ignored++;
            return;
        }
        if (reliable.holdsAnswer()) {
            answerAfterPrack = sdp;
            return;
        }
        state = State.ANSWERED;
        answerBy = NEVER;
        provisionalAt = NEVER;
        session.theirOfferIsOpen(false);
        session.ourOfferIsOpen(invite.sdp().isEmpty());
        session.confirm();
        session.hold();
        unacked = new UnackedAnswer(invite.id(), invite.cseq(), invite.sdp().isEmpty(), timers, now);
        Optional<String> described = reliable.sdpAcknowledged() ? Optional.empty() : Optional.of(sdp);
        reliable.end();
        described.ifPresent(session::agreed);
        List<SipHeader> headers = new ArrayList<>(Methods.ofInvite(terms));
        headers.addAll(session.answerTimer(invite.extensions(), now));
        actions.add(new CallAction.Respond(invite.id(), 200, List.copyOf(headers), described));
    }

    @Override
    public void reject(Rejection rejection, long now) {
        if (state == State.WAITING) {
            refuse(rejection.status(), rejection.reason(), now);
        } else {
            ignored++;
        }
    }

    private void refuse(int status, HangupReason reason, long now) {
        List<SipHeader> headers = switch (status) {
            case 488 -> List.of(Reason.of(reason), INCOMPATIBLE);
            case 503 -> List.of(Reason.of(reason), Session.RETRY_SOON);
            default -> List.of(Reason.of(reason));
        };
        respondFinally(status, headers, now);
        tellEnd(new TrunkEvent.Ended(OptionalInt.of(reason.q850()), reason.text()));
        session.end();
        over(now);
    }

    // The stack sees to it that a refusal is acknowledged, unless the INVITE's transaction was another process's: RFC
    // 3261 17.2.1.
    private void respondFinally(int status, List<SipHeader> headers, long now) {
        actions.add(new CallAction.Respond(invite.id(), status, headers, Optional.empty()));
        if (orphaned) {
            refusal = new UnackedAnswer(invite.id(), invite.cseq(), false, timers, now);
        }
    }

    /** Nothing of what we have said has left, nor can it: the INVITE is refused instead. */
    public void withdraw(HangupReason reason, long now) {
        if (state == State.WAITING || state == State.ANSWERED) {
            refuse(503, reason, now);
        } else {
            ignored++;
        }
    }

    @Override
    public void hangUp(HangupReason reason, long now) {
        switch (state) {
            case WAITING -> refuse(statusOf(reason), reason, now);
            case ANSWERED -> {
                // RFC 3261 15: the callee's BYE waits for the ACK.
                if (byeAfterAck == null) {
                    byeAfterAck = reason;
                    tellEnd(new TrunkEvent.Ended(OptionalInt.of(reason.q850()), reason.text()));
                } else {
                    ignored++;
                }
            }
            case ESTABLISHED -> {
                if (session.state() == Session.State.CONFIRMED) {
                    bye(reason, reason.text(), now);
                } else {
                    ignored++;
                }
            }
            case OVER -> ignored++;
        }
        settle(now);
    }

    private void bye(HangupReason reason, String text, long now) {
        session.bye(reason);
        tellEnd(new TrunkEvent.Ended(OptionalInt.of(reason.q850()), text));
        giveUpAt = now + timers.transactionNanos();
    }

    // The statuses that RFC 3398 8.2.6.1 gives the causes by which our side refuses.
    private static int statusOf(HangupReason reason) {
        return switch (reason.q850()) {
            case 1, 2, 3 -> 404;
            case 17 -> 486;
            case 21 -> 603;
            case 34, 38, 41, 42, 47 -> 503;
            case 65, 79, 88 -> 488;
            default -> 480;
        };
    }

    /** A CANCEL for the INVITE; the edge has answered the CANCEL itself by 200. */
    public void onCancel(OptionalInt q850, long now) {
        if (state != State.WAITING) {
            ignored++; // it crossed our final response
            return;
        }
        respondFinally(487, List.of(), now);
        tellEnd(new TrunkEvent.Ended(q850, "cancelled by the trunk"));
        session.end();
        over(now);
    }

    /** The INVITE came again although its transaction has ended with our 2xx. */
    public void onInviteAgain(long now) {
        if (state == State.ANSWERED) {
            actions.add(new CallAction.ResendAnswer(invite.id()));
        } else {
            ignored++;
        }
        settle(now);
    }

    @Override
    public void onRequest(InRequest request, long now) {
        UnackedAnswer waiting = unacked;
        if (request.method().equals("ACK") && waiting != null && waiting.cseq() == request.cseq()) {
            onAck(waiting, request, now);
        } else if (request.method().equals("ACK") && refusal != null && refusal.cseq() == request.cseq()) {
            refusal = null;
        } else if (state == State.WAITING && request.method().equals("BYE")) {
            onEarlyBye(request, now);
        } else if (waiting != null && request.method().equals("INVITE")) {
            // RFC 3261 14.2: the first one is not finished.
            actions.add(new CallAction.Respond(request.id(), 500, List.of(Session.RETRY_SOON), Optional.empty()));
        } else {
            session.onRequest(request, now);
            answerThatWaited(now);
        }
        settle(now);
    }

    // RFC 3262 3: no 2xx before the session description of a reliable response is acknowledged.
    private void answerThatWaited(long now) {
        String sdp = answerAfterPrack;
        if (sdp != null && !reliable.holdsAnswer() && state == State.WAITING) {
            answerAfterPrack = null;
            answer(sdp, now);
        }
    }

    private void onAck(UnackedAnswer waiting, InRequest ack, long now) {
        unacked = null;
        session.ourOfferIsOpen(false);
        Optional<String> answer = waiting.answerWanted() ? ack.sdp() : Optional.empty();
        answer.ifPresent(session::described);
        state = State.ESTABLISHED;
        if (byeAfterAck != null) {
            session.bye(byeAfterAck);
            giveUpAt = now + timers.transactionNanos();
        } else {
            tell(new TrunkEvent.Confirmed(answer));
            session.release(now);
        }
    }

    // RFC 3261 15: the caller may end an early dialog by BYE; 15.1.2: the INVITE gets 487 then.
    private void onEarlyBye(InRequest request, long now) {
        session.onRequest(request, now);
        if (session.isOver()) {
            respondFinally(487, List.of(), now);
            session.takeEnded().ifPresent(this::tellEnd);
            over(now);
        }
    }

    @Override
    public void onResponse(InResponse response, long now) {
        session.onResponse(response, now);
        settle(now);
    }

    @Override
    public void onTimeout(OutRequest request, long now) {
        session.onLost(request, new InfoOutcome.Unanswered(), now);
        settle(now);
    }

    @Override
    public void onSendFailed(OutRequest request, String detail, long now) {
        session.onLost(request, new InfoOutcome.NotSent(InfoOutcome.Cause.TRANSPORT), now);
        settle(now);
    }

    @Override
    public void onAway() {
        session.onAway();
    }

    @Override
    public void onBack(long now) {
        session.onBack(now);
    }

    @Override
    public void acceptReoffer(String sdp, long now) {
        if (!session.acceptOffer(sdp, now)) {
            ignored++;
        }
    }

    @Override
    public void rejectReoffer(long now) {
        if (!session.rejectOffer(now)) {
            ignored++;
        }
    }

    @Override
    public void deferReoffer(long now) {
        if (!session.deferOffer(now)) {
            ignored++;
        }
    }

    @Override
    public void reoffer(String sdp, long now) {
        if (endTold) {
            ignored++;
        } else if (!session.reoffer(sdp, now)) {
            tell(new TrunkEvent.ReofferRefused(OptionalInt.empty()));
        }
    }

    // The caller knows of an early dialog only by our provisional response.
    @Override
    public void info(long handle, InfoBody body, long now) {
        if (endTold) {
            ignored++;
        } else if ((state == State.WAITING && provisional == null) || !session.sendInfo(handle, body)) {
            tell(new TrunkEvent.InfoAnswered(handle, new InfoOutcome.NotSent(InfoOutcome.Cause.NO_DIALOG)));
        }
    }

    @Override
    public void refer(List<SipHeader> said, long now) {
        if (endTold) {
            ignored++;
        } else if (state == State.WAITING || !session.refer(said, now)) {
            tell(new TrunkEvent.ReferEnded(OptionalInt.empty()));
        }
    }

    @Override
    public void acceptRefer(long now) {
        if (!session.referral().theirs().accept(now)) {
            ignored++;
        }
    }

    @Override
    public void rejectRefer(int status, long now) {
        if (!session.referral().theirs().reject(status)) {
            ignored++;
        }
    }

    @Override
    public void referProgress(int status, long now) {
        if (!session.referral().theirs().progress(status, now)) {
            ignored++;
        }
    }

    @Override
    public List<Standing> standings() {
        return List.of(session.standing(endTold, false));
    }

    @Override
    public void onTime(long now) {
        if (now >= answerBy && state == State.WAITING) {
            refuse(480, NO_ANSWER, now);
        }
        if (now >= provisionalAt && provisional != null) {
            sayAgain(provisional, now);
        }
        reliable.onTime(now);
        if (reliable.isLost(now) && state == State.WAITING) {
            refuse(504, NO_ACK, now);
        }
        onUnacked(now);
        UnackedAnswer refused = refusal;
        if (refused != null && refused.resendDue(now)) {
            actions.add(new CallAction.ResendAnswer(refused.id()));
        }
        session.onTime(now);
        if (now >= giveUpAt) {
            onGivenUp(now);
        }
        settle(now);
    }

    // Its description is known, or on its way still.
    private void sayAgain(CallAction.Respond last, long now) {
        provisionalAt = now + PROVISIONAL_EVERY_NANOS;
        if (manner == Provisional.RELIABLE) {
            reliable.send(last.status(), Optional.empty(), now);
        } else {
            actions.add(last);
        }
    }

    private void onUnacked(long now) {
        UnackedAnswer waiting = unacked;
        if (waiting == null) {
            return;
        }
        if (waiting.isLost(now)) {
            unacked = null;
            state = State.ESTABLISHED;
            bye(byeAfterAck == null ? NO_ACK : byeAfterAck, "the trunk did not acknowledge", now);
        } else if (waiting.resendDue(now)) {
            actions.add(new CallAction.ResendAnswer(waiting.id()));
        }
    }

    private void onGivenUp(long now) {
        refusal = null;
        if (state == State.OVER) {
            giveUpAt = NEVER;
            session.forget();
            actions.add(new CallAction.Forget());
        } else {
            session.end();
            over(now);
        }
    }

    // After each input: what the dialog has come to is what the call has come to.
    private void settle(long now) {
        Optional<TrunkEvent.Ended> ended = session.takeEnded();
        ended.ifPresent(this::tellEnd);
        if (state == State.OVER || state == State.WAITING) {
            return;
        }
        if (session.isOver()) {
            over(now);
        } else if (ended.isPresent()) {
            giveUpAt = now + timers.transactionNanos();
        }
    }

    private void over(long now) {
        state = State.OVER;
        reliable.end();
        unacked = null;
        provisional = null;
        answerBy = NEVER;
        provisionalAt = NEVER;
        giveUpAt = now + timers.transactionNanos();
    }

    private void tell(TrunkEvent event) {
        if (!endTold) {
            actions.add(new CallAction.Tell(event));
        }
    }

    private void tellEnd(TrunkEvent event) {
        session.info().end();
        session.referral().end();
        tell(event);
        endTold = true;
    }

    @Override
    public long nextWakeup() {
        long at = Math.min(Math.min(answerBy, provisionalAt), giveUpAt);
        at = Math.min(at, reliable.nextWakeup());
        if (unacked != null) {
            at = Math.min(at, unacked.nextWakeup());
        }
        if (refusal != null) {
            at = Math.min(at, refusal.nextWakeup());
        }
        return Math.min(at, session.nextWakeup());
    }

    @Override
    public List<CallAction> takeActions() {
        List<CallAction> taken = List.copyOf(actions);
        actions.clear();
        return taken;
    }

    @Override
    public String stateName() {
        return state.name();
    }

    @Override
    public int ignored() {
        return ignored;
    }
}
