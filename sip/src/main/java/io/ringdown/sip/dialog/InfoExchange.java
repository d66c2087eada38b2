package io.ringdown.sip.dialog;

import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoOutcome;
import io.ringdown.sip.TrunkEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * INFO within one dialog, both ways, as it was before Info Packages (RFC 2976; RFC 6086 section 2 calls it legacy usage): a body
 * whose meaning its media type says. Bodies are opaque here. Not safe for threads; writes what is to be done to the call's list.
 *
 * <p>Of ours one is under way at a time, since on UDP a later one might overtake, and the peer would refuse the earlier by 500.
 */
final class InfoExchange {
    private static final int MAX_WAITING = 64;
    // Nobody presses keys so fast; each one costs our side an event.
    private static final int MAX_PER_SECOND = 50;
    // RFC 6086 4.2.2, 11.6: 469 says which packages would do; nil stands for none.
    private static final SipHeader NO_PACKAGES = new SipHeader("Recv-Info", "nil");

    private record Waiting(long handle, InfoBody body) {}

    /** The one that waits for its answer, and whether the peer was known to know of the dialog when it left. */
    private record UnderWay(Waiting what, OutRequest request, int attempt, boolean confirmed) {}

    private final Dialog dialog;
    private final Terms terms;
    private final List<CallAction> out;
    private final BooleanSupplier callOver;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable UnderWay underWay;
    private @Nullable TokenBucket rate;
    private boolean confirmed;
    private boolean held;

    InfoExchange(Dialog dialog, Terms terms, List<CallAction> out, BooleanSupplier callOver) {
        this.dialog = dialog;
        this.terms = terms;
        this.out = out;
        this.callOver = callOver;
    }

    /** An INFO of the peer, in order. */
    void onRequest(InRequest request, long now) {
        TokenBucket bucket = rate;
        if (bucket == null) {
            bucket = new TokenBucket(MAX_PER_SECOND, now);
            rate = bucket;
        }
        if (!bucket.pass(now)) {
            respond(request, 503, Session.RETRY_SOON);
        } else if (callOver.getAsBoolean()) {
            respond(request, 481); // nobody is there to be told
        } else {
            request.info()
                    .ifPresentOrElse(info -> judge(request, info), () -> respond(request, 200, Methods.allow(terms)));
        }
    }

    private void judge(InRequest request, InfoRequest info) {
        if (info.packaged()) {
            respond(request, 469, NO_PACKAGES);
        } else if (info.bytes() == 0) {
            respond(request, 200, Methods.allow(terms)); // a sign of life: RFC 2976 2.2 wants just this
        } else if (info.bytes() > InfoBody.MAX_BYTES) {
            respond(request, 413);
        } else {
            judge(request, info.body());
        }
    }

    private void judge(InRequest request, Optional<InfoBody> body) {
        List<String> known = terms.info().mediaTypes();
        if (body.isEmpty() || !known.contains(body.get().mediaType())) {
            String types = known.isEmpty() ? "application/sdp" : String.join(", ", known);
            respond(request, 415, new SipHeader("Accept", types));
        } else if (!terms.info().wellFormed().test(body.get())) {
            respond(request, 400);
        } else {
            respond(request, 200, Methods.allow(terms));
            tell(new TrunkEvent.InfoReceived(body.get()));
        }
    }

    private void respond(InRequest request, int status, SipHeader... headers) {
        out.add(new CallAction.Respond(request.id(), status, List.of(headers), Optional.empty()));
    }

    private void tell(TrunkEvent event) {
        if (!callOver.getAsBoolean()) {
            out.add(new CallAction.Tell(event));
        }
    }

    private void tell(Waiting what, InfoOutcome outcome) {
        tell(new TrunkEvent.InfoAnswered(what.handle(), outcome));
    }

    /** Sends one of ours, when its turn has come. */
    void send(long handle, InfoBody body) {
        Waiting what = new Waiting(handle, body);
        if (waiting.size() >= MAX_WAITING) {
            tell(what, new InfoOutcome.NotSent(InfoOutcome.Cause.QUEUE_FULL));
        } else {
            waiting.add(what);
            sendNext();
        }
    }

    private void sendNext() {
        if (underWay == null && !held && !waiting.isEmpty()) {
            send(waiting.remove(), 1, Optional.empty());
        }
    }

    private void send(Waiting what, int attempt, Optional<SipHeader> credentials) {
        OutRequest plain = dialog.info(what.body());
        underWay = new UnderWay(what, plain, attempt, confirmed);
        OutRequest request = credentials
                .or(() -> terms.authorizer().ahead(plain.method(), plain.target(), plain.body()))
                .map(plain::with)
                .orElse(plain);
        out.add(new CallAction.Send(request));
    }

    /** Whether none of ours waits or is under way. */
    boolean isIdle() {
        return underWay == null && waiting.isEmpty();
    }

    /** The dialog is not early any more. */
    void confirm() {
        confirmed = true;
    }

    /** Nothing more leaves until {@link #release}: the peer may not have our answer yet, and what overtakes it meets 481. */
    void hold() {
        held = true;
    }

    void release() {
        held = false;
        sendNext();
    }

    /**
     * A final response to one of ours. Whether the peer does not know the dialog any more: 481 where it had known it (RFC 5057
     * 5.1). A 408, sent or our own (RFC 3261 12.2.1.2 would end the dialog), and what says that INFO is not understood (405, 415,
     * 489, 501) leave a call alone that people talk on.
     */
    boolean onResponse(InResponse response) {
        UnderWay answered = underWay;
        if (answered == null || answered.request().cseq() != response.cseq()) {
            return false;
        }
        if (isChallenge(response.status()) && retry(answered, response)) {
            return false;
        }
        boolean gone = response.status() == 481 && answered.confirmed();
        held |= gone;
        finish(answered, new InfoOutcome.Answered(response.status()));
        return gone;
    }

    private static boolean isChallenge(int status) {
        return status == 401 || status == 407;
    }

    // Once; once more where the nonce was only too old.
    private boolean retry(UnderWay refused, InResponse response) {
        int allowed = terms.authorizer().stale(response.challenges()) ? 3 : 2;
        if (refused.attempt() >= allowed) {
            return false;
        }
        OutRequest request = refused.request();
        Optional<SipHeader> credentials = terms.authorizer()
                .answer(response.status(), response.challenges(), request.method(), request.target(), request.body());
        credentials.ifPresent(answer -> send(refused.what(), refused.attempt() + 1, Optional.of(answer)));
        return credentials.isPresent();
    }

    /** One of ours had no answer, or could not be sent. */
    void onLost(OutRequest request, InfoOutcome outcome) {
        UnderWay lost = underWay;
        if (lost != null && lost.request().cseq() == request.cseq()) {
            finish(lost, outcome);
        }
    }

    private void finish(UnderWay done, InfoOutcome outcome) {
        underWay = null;
        tell(done.what(), outcome);
        sendNext();
    }

    /** The dialog is not heard any more: those that wait were meant for what was. */
    void dropWaiting(InfoOutcome.Cause cause) {
        waiting.forEach(what -> tell(what, new InfoOutcome.NotSent(cause)));
        waiting.clear();
    }

    /** The dialog is over: what is outstanding will stay so. */
    void end() {
        UnderWay unanswered = underWay;
        underWay = null;
        if (unanswered != null) {
            tell(unanswered.what(), new InfoOutcome.Unanswered());
        }
        dropWaiting(InfoOutcome.Cause.CALL_OVER);
    }
}
