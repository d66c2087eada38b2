package io.ringdown.sip.dialog;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.TrunkEvent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Our own offers within an established dialog, by re-INVITE (RFC 3261 14.1), one at a time. Not safe for threads; writes what is
 * to be done to the call's list.
 *
 * <pre>
 *   IDLE --reoffer--> WAITING --the dialog is free--> UNDER WAY --final response, timer B--> IDLE
 *                        ^-------------- 491 ------------'  `-- 64*T1 after the first: CANCEL, then 64*T1 more --> IDLE
 * </pre>
 */
final class Renegotiation {
    // Two ends that never get past each other; a person gives up before.
    private static final int MAX_GLARES = 8;
    private static final long GLARE_UNIT_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final HangupReason UNANSWERED = new HangupReason(102, "No response in time");

    /** An offer that has not left, or not for the last time. */
    private record Wanted(String sdp, int glares) {}

    /** The INVITE that waits for its final response. */
    private record UnderWay(
            Wanted what, OutRequest request, int attempt, long until, boolean heard, boolean cancelled) {
        UnderWay heardOf() {
            return new UnderWay(what, request, attempt, until, true, cancelled);
        }

        UnderWay cancelledUntil(long end) {
            return new UnderWay(what, request, attempt, end, heard, true);
        }
    }

    private final Dialog dialog;
    private final Terms terms;
    private final List<CallAction> out;
    private final BooleanSupplier callOver;
    private final boolean ownsCallId;
    private @Nullable Wanted waiting;
    private int replaced;
    private long notBefore = Long.MIN_VALUE;
    private @Nullable UnderWay underWay;
    private long lastCseq = -1;
    private List<SipHeader> lastCredentials = List.of();

    /** Makes it; {@code ownsCallId} says whether the call is ours, which decides who waits longer after a glare. */
    Renegotiation(Dialog dialog, Terms terms, List<CallAction> out, BooleanSupplier callOver, boolean ownsCallId) {
        this.dialog = dialog;
        this.terms = terms;
        this.out = out;
        this.callOver = callOver;
        this.ownsCallId = ownsCallId;
    }

    /** Our side wants this; what still waits is replaced by it. */
    void want(String sdp) {
        if (waiting != null) {
            replaced++;
        }
        waiting = new Wanted(sdp, 0);
    }

    /** Whether an offer of ours has no answer yet. */
    boolean isUnderWay() {
        return underWay != null;
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
    void proceed(long now) {
        Wanted what = waiting;
        if (underWay == null && what != null && now >= notBefore) {
            waiting = null;
            tellReplaced();
            send(what, 1, Optional.empty(), now);
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

    private void send(Wanted what, int attempt, Optional<SipHeader> credentials, long now) {
        OutRequest plain = dialog.request("INVITE", Methods.ofInvite(terms.info()), Optional.of(what.sdp()));
        Optional<SipHeader> known = credentials.or(() -> terms.authorizer().ahead(plain.method(), plain.target()));
        OutRequest request = known.map(plain::with).orElse(plain);
        lastCseq = request.cseq();
        lastCredentials = known.map(List::of).orElse(List.of());
        underWay = new UnderWay(what, request, attempt, now + terms.timers().transactionNanos(), false, false);
        out.add(new CallAction.Send(request));
    }

    /**
     * A response to one of ours. Whether the peer does not know the dialog any more, or has lost it: 481 and 408 (RFC 3261
     * 12.2.1.2).
     */
    boolean onResponse(InResponse response, long now) {
        if (response.cseq() != lastCseq) {
            return false;
        }
        if (response.status() >= 200 && response.status() < 300) {
            // RFC 3261 13.2.2.4: each one, whenever it comes; 22.1: with the INVITE's credentials.
            out.add(new CallAction.SendAck(dialog.ack(lastCseq, lastCredentials)));
        }
        UnderWay answered = underWay;
        if (answered == null) {
            return false;
        }
        if (response.status() < 200) {
            underWay = answered.heardOf();
            return false;
        }
        underWay = null;
        if (response.status() < 300) {
            dialog.refreshTarget(response.contact());
            tell(response.sdp()
                    .<TrunkEvent>map(TrunkEvent.ReofferAnswered::new)
                    .orElseGet(() -> new TrunkEvent.ReofferRefused(OptionalInt.empty())));
            return false;
        }
        return onRefused(answered, response, now);
    }

    private boolean onRefused(UnderWay refused, InResponse response, long now) {
        boolean challenged = response.status() == 401 || response.status() == 407;
        if (refused.cancelled()) {
            tell(new TrunkEvent.ReofferRefused(OptionalInt.empty()));
        } else if (response.status() == 481 || response.status() == 408) {
            return true;
        } else if (response.status() == 491 && refused.what().glares() < MAX_GLARES) {
            later(refused.what(), now);
        } else if (!challenged || !retry(refused, response, now)) {
            tell(new TrunkEvent.ReofferRefused(OptionalInt.of(response.status())));
        }
        return false;
    }

    // RFC 3261 14.1: who owns the Call-ID waits 2.1 to 4 s, the other 0 to 2 s, in units of 10 ms.
    private void later(Wanted refused, long now) {
        int units =
                ownsCallId ? 210 + terms.random().nextInt(191) : terms.random().nextInt(201);
        notBefore = now + units * GLARE_UNIT_NANOS;
        if (waiting == null) {
            waiting = new Wanted(refused.sdp(), refused.glares() + 1);
        } else {
            replaced++;
        }
    }

    // Once; once more where the nonce was only too old.
    private boolean retry(UnderWay refused, InResponse response, long now) {
        int allowed = terms.authorizer().stale(response.challenges()) ? 3 : 2;
        if (refused.attempt() >= allowed) {
            return false;
        }
        OutRequest request = refused.request();
        Optional<SipHeader> answer =
                terms.authorizer().answer(response.status(), response.challenges(), request.method(), request.target());
        answer.ifPresent(credentials -> send(refused.what(), refused.attempt() + 1, Optional.of(credentials), now));
        return answer.isPresent();
    }

    /** One of ours had no answer in time, or could not be sent. */
    void onLost(OutRequest request) {
        UnderWay lost = underWay;
        if (lost != null && lost.request().cseq() == request.cseq()) {
            underWay = null;
            tell(new TrunkEvent.ReofferRefused(OptionalInt.empty()));
        }
    }

    /** A peer that has begun to answer and never ends: the transaction itself would wait for it for ever. */
    void onTime(long now) {
        UnderWay late = underWay;
        if (late == null || now < late.until()) {
            return;
        }
        if (late.heard() && !late.cancelled()) {
            underWay = late.cancelledUntil(now + terms.timers().transactionNanos());
            out.add(new CallAction.SendCancel(UNANSWERED));
        } else {
            out.add(new CallAction.ForgetInvite());
            onLost(late.request());
        }
    }

    /** The dialog is over: no event of these is told any more, but a 2xx that crosses is still acknowledged. */
    void end() {
        underWay = null;
        waiting = null;
        replaced = 0;
    }

    /** When {@link #onTime} wants to be called next, or {@link #proceed} where the dialog is free. */
    long nextWakeup(boolean free) {
        UnderWay now = underWay;
        if (now != null) {
            return now.until();
        }
        return waiting != null && free ? notBefore : CallCore.NEVER;
    }
}
