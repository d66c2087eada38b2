package io.ringdown.sip.dialog;

import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.TrunkEvent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * We ask the peer to call elsewhere (RFC 3515 2.4.1), and hear how that goes by the NOTIFYs of the subscription that the REFER
 * makes. Not safe for threads; writes what is to be done to the call's list.
 *
 * <pre>
 *   IDLE --ask--> WAITING --dialog free--> ASKED --2xx--> ACCEPTED --NOTIFY--> SUBSCRIBED --final sipfrag--> TOLD
 *    ^              |                        |  `--NOTIFY before 2xx-----------^   |                          |
 *    |              |                        `-- refused, 2xx with Refer-Sub: false|                          |
 *    `--------------+---- lost, terminated, no NOTIFY in 64*T1, expired -----------+--------------------------'
 * </pre>
 */
final class Referrer {
    // Ringing twice and connecting are a handful.
    private static final int MAX_NOTIFIES_PER_SECOND = 10;
    private static final long LONGEST_SECONDS = 600; // nobody waits longer for a transfer

    private enum State {
        IDLE,
        WAITING,
        ASKED,
        ACCEPTED,
        SUBSCRIBED,
        // Our side has heard all; the subscription stands until the peer ends it.
        TOLD
    }

    private final Dialog dialog;
    private final Terms terms;
    private final List<CallAction> out;
    private final BooleanSupplier callOver;
    private State state = State.IDLE;
    private List<SipHeader> said = List.of();
    private @Nullable Submission submission;
    private @Nullable TokenBucket rate;
    private boolean namedOnly;
    private int lastProgress;
    private long deadline = CallCore.NEVER;

    Referrer(Dialog dialog, Terms terms, List<CallAction> out, BooleanSupplier callOver) {
        this.dialog = dialog;
        this.terms = terms;
        this.out = out;
        this.callOver = callOver;
    }

    /** Asks by these headers, once the dialog is free for it. */
    void ask(List<SipHeader> headers, PeerCapabilities peer, long now) {
        if (isUnderWay()) {
            tell(new TrunkEvent.ReferEnded(OptionalInt.of(491)));
        } else if (peer.allows("REFER").equals(Optional.of(false))) {
            tell(new TrunkEvent.ReferEnded(OptionalInt.of(405)));
        } else {
            // RFC 3515 2.4.6: from the second REFER in a dialog on, Event names the REFER. What comes without a name
            // while an
            // earlier subscription may still stand is that one's.
            namedOnly = state == State.TOLD;
            said = headers;
            submission = null;
            state = State.WAITING;
            lastProgress = 0;
            deadline = now + terms.timers().transactionNanos();
        }
    }

    private boolean isUnderWay() {
        return state != State.IDLE && state != State.TOLD;
    }

    /** Whether none of ours is under way, nor a subscription stands. */
    boolean isIdle() {
        return state == State.IDLE;
    }

    /** Whether a REFER waits to leave. */
    boolean isWaiting() {
        return state == State.WAITING;
    }

    /** The dialog is free: what waits leaves. */
    void proceed(long now) {
        if (state == State.WAITING) {
            state = State.ASKED;
            deadline = CallCore.NEVER;
            submit(Submission.of(dialog.request("REFER", said, Optional.empty()), terms));
        }
    }

    private void submit(Submission what) {
        submission = what;
        out.add(new CallAction.Send(what.sent()));
    }

    /** A final response to a REFER of ours. */
    void onResponse(InResponse response, long now) {
        Submission asked = submission;
        if (asked == null || !asked.isOf("REFER", response.cseq()) || state == State.TOLD) {
            return; // told already: the call is over, or a NOTIFY has been faster
        }
        Optional<Submission> again = asked.after(response, dialog, terms);
        if (again.isPresent()) {
            submit(again.get());
        } else if (response.status() >= 300) {
            finish(State.IDLE, OptionalInt.of(response.status()));
        } else if (response.extensions().referSub().equals(Optional.of(false))) {
            finish(State.IDLE, OptionalInt.of(202)); // RFC 4488 4
        } else if (state == State.ASKED) {
            state = State.ACCEPTED;
            deadline = now + terms.timers().transactionNanos(); // RFC 6665 4.1.2.4: Timer N
        }
    }

    /** A REFER of ours had no answer, or could not be sent. */
    void onLost(OutRequest request) {
        Submission asked = submission;
        if (asked != null && asked.isOf(request.method(), request.cseq()) && state == State.ASKED) {
            finish(State.IDLE, OptionalInt.empty());
        }
    }

    /** A NOTIFY of the peer for the package of REFER, in order. */
    void onNotify(InRequest request, Subscribing notified, long now) {
        if (!isOurs(notified)) {
            respond(request, 481); // RFC 6665 4.1.3
            return;
        }
        TokenBucket bucket = rate;
        if (bucket == null) {
            bucket = new TokenBucket(MAX_NOTIFIES_PER_SECOND, now);
            rate = bucket;
        }
        if (!bucket.pass(now)) {
            respond(request, 503, Session.RETRY_SOON);
            return;
        }
        boolean readable = notified.body().isEmpty() || notified.mediaType().equals(Optional.of(Sipfrag.MEDIA_TYPE));
        if (readable) {
            dialog.refreshTarget(request.contact()); // RFC 5057 5.4
            respond(request, 200);
        } else {
            respond(request, 415, new SipHeader("Accept", Sipfrag.MEDIA_TYPE));
        }
        hear(readable ? Sipfrag.status(notified.body()) : OptionalInt.empty());
        if (notified.terminated()) {
            finish(State.IDLE, OptionalInt.empty());
        } else {
            deadline = now + untilExpired(notified);
        }
    }

    private boolean isOurs(Subscribing notified) {
        Submission asked = submission;
        boolean stands =
                state == State.ASKED || state == State.ACCEPTED || state == State.SUBSCRIBED || state == State.TOLD;
        return stands
                && asked != null
                && notified.id()
                        .map(id -> id.equals(Long.toString(asked.request().cseq())))
                        .orElse(!namedOnly);
    }

    private void hear(OptionalInt status) {
        if (state == State.TOLD) {
            return;
        }
        state = State.SUBSCRIBED;
        if (status.isPresent() && status.getAsInt() >= 200) {
            finish(State.TOLD, status);
        } else if (status.isPresent() && status.getAsInt() != lastProgress) {
            lastProgress = status.getAsInt();
            tell(new TrunkEvent.ReferProgress(lastProgress));
        }
    }

    // Not refreshed: the peer has chosen how long it wants to tell (RFC 3515 2.4.4), and says at the end of it that it
    // is over.
    private long untilExpired(Subscribing notified) {
        long granted = notified.expires().isPresent()
                ? TimeUnit.SECONDS.toNanos(Math.min(notified.expires().getAsLong(), LONGEST_SECONDS))
                : terms.timers().noAnswerNanos();
        return granted + terms.timers().transactionNanos();
    }

    private void finish(State next, OptionalInt status) {
        boolean told = !isUnderWay();
        state = next;
        if (next == State.IDLE) {
            deadline = CallCore.NEVER;
            submission = null;
        }
        if (!told) {
            tell(new TrunkEvent.ReferEnded(status));
        }
    }

    /** The call is over. The subscription outlives it (RFC 5057 3), but nobody of ours listens any more. */
    void end() {
        if (isUnderWay()) {
            boolean stands = state != State.WAITING;
            finish(stands ? State.TOLD : State.IDLE, OptionalInt.empty());
        }
    }

    /** Nothing of it is waited for any more. */
    void forget() {
        state = State.IDLE;
        submission = null;
        deadline = CallCore.NEVER;
    }

    void onTime(long now) {
        if (now >= deadline) {
            finish(State.IDLE, OptionalInt.empty());
        }
    }

    long nextWakeup() {
        return deadline;
    }

    private void tell(TrunkEvent event) {
        if (!callOver.getAsBoolean()) {
            out.add(new CallAction.Tell(event));
        }
    }

    private void respond(InRequest request, int status, SipHeader... headers) {
        out.add(new CallAction.Respond(request.id(), status, List.of(headers), Optional.empty()));
    }
}
