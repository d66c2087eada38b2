package io.ringdown.sip.dialog;

import io.ringdown.sip.DialogState;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.TrunkEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Our own offers within a dialog, by re-INVITE (RFC 3261 14.1) or, before the answer, by UPDATE (RFC 3311), and our refreshes of
 * its session (RFC 4028 7.4), one at a time. Not safe for threads; writes what is to be done to the call's list.
 *
 * <pre>
 *   IDLE --reoffer, refresh--> WAITING --the dialog is free--> UNDER WAY --final response, timers B and F--> IDLE
 *                                 ^-------- 491, 422 --------------'  `-- 64*T1: CANCEL, then 64*T1 more --> IDLE
 * </pre>
 */
final class Renegotiation {
    // Two ends that never get past each other; a person gives up before.
    private static final int MAX_GLARES = 8;
    // Each raises the session interval.
    private static final int MAX_ATTEMPTS = 6;
    private static final long GLARE_UNIT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final HangupReason UNANSWERED = new HangupReason(102, "No response in time");

    /** What has not left, or not for the last time; a refresh by UPDATE has no offer. */
    private record Wanted(Optional<String> sdp, boolean refresh, int glares) {}

    /** The request that waits for its final response. */
    private record UnderWay(
            Wanted what, OutRequest request, int attempt, long until, boolean heard, boolean cancelled) {
        UnderWay until(long end) {
            return new UnderWay(what, request, attempt, end, heard, cancelled);
        }

        UnderWay heardOf() {
            return new UnderWay(what, request, attempt, until, true, cancelled);
        }

        UnderWay cancelledUntil(long end) {
            return new UnderWay(what, request, attempt, end, heard, true);
        }

        boolean isInvite() {
            return request.method().equals("INVITE");
        }
    }

    private final Dialog dialog;
    private final Terms terms;
    private final List<CallAction> out;
    private final BooleanSupplier callOver;
    private final boolean ownsCallId;
    private final SessionTimer timer;
    private Optional<String> agreed = Optional.empty();
    private Optional<String> theirs = Optional.empty();
    private @Nullable Wanted waiting;
    private int replaced;
    private long notBefore = Long.MIN_VALUE;
    private @Nullable UnderWay underWay;
    private long lastInviteCseq = -1;
    private List<SipHeader> lastCredentials = List.of();
    private boolean updateRefused;
    private boolean away;

    /** Makes it; {@code ownsCallId} says whether the call is ours, which decides who waits longer after a glare. */
    Renegotiation(
            Dialog dialog,
            Terms terms,
            List<CallAction> out,
            BooleanSupplier callOver,
            boolean ownsCallId,
            SessionTimer timer) {
        this.dialog = dialog;
        this.terms = terms;
        this.out = out;
        this.callOver = callOver;
        this.ownsCallId = ownsCallId;
        this.timer = timer;
    }

    /** Goes on with what was agreed when it was written down. */
    void resume(DialogState.Course course) {
        agreed = course.agreed().localSdp();
        theirs = course.agreed().remoteSdp();
        updateRefused = course.agreed().updateRefused();
        lastInviteCseq = course.reinviteCseq().orElse(-1);
    }

    /** The CSeq of our last re-INVITE, whose 2xx may come again. */
    OptionalLong lastInvite() {
        return lastInviteCseq < 0 ? OptionalLong.empty() : OptionalLong.of(lastInviteCseq);
    }

    /** What both sides have agreed, as it is written down. */
    DialogState.Agreed agreed(PeerCapabilities capabilities, long now) {
        return new DialogState.Agreed(capabilities, updateRefused, agreed, theirs, timer.written(now));
    }

    /** Whether nothing of ours waits or is under way. */
    boolean isIdle() {
        return waiting == null && underWay == null;
    }

    /** This is our side of the session now: what a refresh by re-INVITE says again (RFC 4028 7.4). */
    void agreed(String sdp) {
        agreed = Optional.of(sdp);
    }

    /** This is the peer's side of the session now: what its answer to a refresh is held against. */
    void described(String sdp) {
        theirs = Optional.of(sdp);
    }

    /** Our side wants this; what still waits is replaced by it. */
    void want(String sdp) {
        if (waiting != null) {
            replaced++;
        }
        waiting = new Wanted(Optional.of(sdp), false, 0);
    }

    /** Whether an offer of ours waits to leave. */
    boolean isWaiting() {
        return waiting != null;
    }

    /** Whether an offer of ours has no answer yet. */
    boolean hasOfferOut() {
        return underWay != null && underWay.request().sdp().isPresent();
    }

    /** Whether an INVITE of ours has no final response yet. */
    boolean hasInviteOut() {
        return underWay != null && underWay.isInvite();
    }

    /** The peer's offer was taken while ours waited: ours was made from what does not hold any more. */
    void overtaken() {
        if (waiting != null) {
            waiting = null;
            tellReplaced();
            tell(new TrunkEvent.ReofferRefused(OptionalInt.of(491)));
        }
    }

    /** Sends what waits, when its time has come; the dialog must be free of other INVITEs and offers. */
    void proceed(boolean confirmed, boolean updateKnown, long now) {
        Wanted what = waiting;
        if (underWay != null) {
            return;
        }
        if (what != null && now >= notBefore) {
            waiting = null;
            tellReplaced();
            send(what, confirmed ? "INVITE" : "UPDATE", 1, Optional.empty(), now);
        } else if (what == null && timer.refreshDue(now)) {
            timer.refreshSent();
            boolean update = updateKnown && !updateRefused;
            Wanted refresh = new Wanted(update ? Optional.empty() : agreed, true, 0);
            send(refresh, update ? "UPDATE" : "INVITE", 1, Optional.empty(), now);
        }
    }

    private void tellReplaced() {
        for (; replaced > 0; replaced--) {
            tell(new TrunkEvent.ReofferRefused(OptionalInt.empty()));
        }
    }

    private void tell(TrunkEvent event) {
        if (!callOver.getAsBoolean()) {
            out.add(new CallAction.Tell(event));
        }
    }

    private void send(Wanted what, String method, int attempt, Optional<SipHeader> credentials, long now) {
        List<SipHeader> headers = new ArrayList<>(Methods.ofInvite(terms));
        if (isRefresh(what, method)) {
            headers.addAll(timer.ofRequest());
        }
        OutRequest plain = dialog.request(method, List.copyOf(headers), what.sdp());
        Optional<SipHeader> known =
                credentials.or(() -> terms.authorizer().ahead(plain.method(), plain.target(), plain.body()));
        OutRequest request = known.map(plain::with).orElse(plain);
        if (method.equals("INVITE")) {
            lastInviteCseq = request.cseq();
            lastCredentials = known.map(List::of).orElse(List.of());
        }
        underWay = new UnderWay(what, request, attempt, now + terms.timers().transactionNanos(), false, false);
        out.add(new CallAction.Send(request));
    }

    /**
     * A response to one of ours. Whether the peer does not know the dialog any more, or has lost it: 481 and 408 (RFC 3261
     * 12.2.1.2).
     */
    boolean onResponse(InResponse response, long now) {
        boolean success = response.status() >= 200 && response.status() < 300;
        if (success && response.method().equals("INVITE") && response.cseq() == lastInviteCseq) {
            // RFC 3261 13.2.2.4: each one, whenever it comes; 22.1: with the INVITE's credentials.
            out.add(new CallAction.SendAck(dialog.ack(lastInviteCseq, lastCredentials)));
        }
        UnderWay answered = underWay;
        if (answered == null || response.cseq() != answered.request().cseq()) {
            return false;
        }
        if (response.status() < 200) {
            underWay = answered.heardOf();
            return false;
        }
        underWay = null;
        if (success) {
            onAccepted(answered, response, now);
            return false;
        }
        return onRefused(answered, response, now);
    }

    // The session, and with it its timer, begins by the answer to the INVITE: an UPDATE before that refreshes nothing.
    private static boolean isRefresh(Wanted what, String method) {
        return what.refresh() || method.equals("INVITE");
    }

    private void onAccepted(UnderWay accepted, InResponse response, long now) {
        Wanted what = accepted.what();
        dialog.refreshTarget(response.contact());
        if (isRefresh(what, accepted.request().method())) {
            timer.onAnswer(response.extensions(), now);
        }
        if (what.refresh()) {
            onRefreshed(accepted, response);
        } else if (response.sdp().isPresent()) {
            agreed = what.sdp();
            theirs = response.sdp();
            tell(new TrunkEvent.ReofferAnswered(response.sdp().get()));
        } else {
            tell(new TrunkEvent.ReofferRefused(OptionalInt.empty()));
        }
    }

    // An answer is one to an offer alone; one that says the same again needs no thought.
    private void onRefreshed(UnderWay refresh, InResponse response) {
        if (refresh.request().sdp().isPresent()
                && response.sdp().isPresent()
                && !response.sdp().equals(theirs)) {
            theirs = response.sdp();
            tell(new TrunkEvent.RefreshAnswered(theirs.get()));
        }
    }

    private boolean onRefused(UnderWay refused, InResponse response, long now) {
        int status = response.status();
        if (refused.cancelled()) {
            return giveUp(refused);
        } else if (status == 481 || status == 408) {
            return true;
        } else if (status == 491 && refused.what().glares() < MAX_GLARES) {
            later(refused.what(), now);
        } else if (!askAgain(refused, response, now)) {
            refused(refused, status, now);
        }
        return false;
    }

    private void refused(UnderWay refused, int status, long now) {
        if (!refused.what().refresh()) {
            tell(new TrunkEvent.ReofferRefused(OptionalInt.of(status)));
        } else if (!refused.isInvite() && (status == 405 || status == 501)) {
            updateRefused = true;
            timer.refreshAgainAt(now);
        } else {
            timer.refreshRefused(now);
        }
    }

    // RFC 3261 14.1: who owns the Call-ID waits 2.1 to 4 s, the other 0 to 2 s, in units of 10 ms.
    private void later(Wanted refused, long now) {
        int units =
                ownsCallId ? 210 + terms.random().nextInt(191) : terms.random().nextInt(201);
        long then = now + units * GLARE_UNIT_NANOS;
        if (refused.refresh()) {
            timer.refreshAgainAt(then);
            return;
        }
        notBefore = then;
        if (waiting == null) {
            waiting = new Wanted(refused.sdp(), false, refused.glares() + 1);
        } else {
            replaced++;
        }
    }

    private boolean askAgain(UnderWay refused, InResponse response, long now) {
        if (response.status() == 422) {
            boolean longer = refused.attempt() < MAX_ATTEMPTS && timer.onTooSmall(response.extensions());
            if (longer) {
                send(refused.what(), refused.request().method(), refused.attempt() + 1, Optional.empty(), now);
            }
            return longer;
        }
        return (response.status() == 401 || response.status() == 407) && authorize(refused, response, now);
    }

    // Once; once more where the nonce was only too old.
    private boolean authorize(UnderWay refused, InResponse response, long now) {
        int allowed = terms.authorizer().stale(response.challenges()) ? 3 : 2;
        if (refused.attempt() >= allowed) {
            return false;
        }
        OutRequest request = refused.request();
        Optional<SipHeader> answer = terms.authorizer()
                .answer(response.status(), response.challenges(), request.method(), request.target(), request.body());
        answer.ifPresent(credentials ->
                send(refused.what(), request.method(), refused.attempt() + 1, Optional.of(credentials), now));
        return answer.isPresent();
    }

    /** One of ours had no answer in time, or could not be sent. Whether that ends the call: a refresh does (RFC 4028 10). */
    boolean onLost(OutRequest request) {
        UnderWay lost = underWay;
        if (lost == null || lost.request().cseq() != request.cseq()) {
            return false;
        }
        underWay = null;
        return giveUp(lost);
    }

    private boolean giveUp(UnderWay lost) {
        if (!lost.what().refresh()) {
            tell(new TrunkEvent.ReofferRefused(OptionalInt.empty()));
        }
        return lost.what().refresh();
    }

    /** The peer cannot be reached until {@link #onBack}: nothing is late meanwhile. */
    void onAway() {
        away = true;
        timer.onAway();
    }

    /** It is back: what is under way is sent to it now, and has its time from now. */
    void onBack(long now) {
        UnderWay kept = underWay;
        if (away && kept != null) {
            underWay = kept.until(now + terms.timers().transactionNanos());
        }
        away = false;
        timer.onBack(now);
    }

    /**
     * A peer that has begun to answer and never ends: the transaction itself would wait for it for ever. Whether that ends the
     * call.
     */
    boolean onTime(long now) {
        UnderWay late = underWay;
        if (late == null || now < endOf(late)) {
            return false;
        }
        if (late.isInvite() && late.heard() && !late.cancelled()) {
            underWay = late.cancelledUntil(now + terms.timers().transactionNanos());
            out.add(new CallAction.SendCancel(UNANSWERED));
            return false;
        }
        if (late.isInvite()) {
            out.add(new CallAction.ForgetInvite());
        }
        return onLost(late.request());
    }

    private long endOf(UnderWay sent) {
        return away ? CallCore.NEVER : sent.until();
    }

    /** The dialog is over: nothing of these is told any more, but a 2xx that crosses is still acknowledged. */
    void end() {
        underWay = null;
        waiting = null;
        replaced = 0;
        timer.stop();
    }

    /** The dialog is not heard any more, but the call goes on: what waits came to nothing. */
    void abandon() {
        if (hasOfferOut()) {
            tell(new TrunkEvent.ReofferRefused(OptionalInt.empty()));
        }
        tellReplaced();
        if (waiting != null) {
            tell(new TrunkEvent.ReofferRefused(OptionalInt.empty()));
        }
        end();
    }

    /** When {@link #onTime} wants to be called next, or {@link #proceed} where the dialog is free. */
    long nextWakeup(boolean free) {
        UnderWay sent = underWay;
        if (sent != null) {
            return Math.min(endOf(sent), timer.nextWakeup(false));
        }
        long at = waiting != null && free ? notBefore : CallCore.NEVER;
        return Math.min(at, timer.nextWakeup(free && waiting == null));
    }
}
