package io.ringdown.gateway.house;

import io.ringdown.sip.HangupReason;
import io.ringdown.sip.InfoBody;
import io.ringdown.sip.InfoOutcome;
import io.ringdown.sip.Rejection;
import io.ringdown.sip.TrunkEvent;
import io.ringdown.sip.TrunkFailure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A call within the house, between its two ends: what one asks becomes what the other is told, as if there were a dialog of SIP
 * between them (RFC 3261). Pure; one thread at a time.
 *
 * <pre>
 *            progress            answer            either hangs up
 *  INVITED ───────────▶ EARLY ───────────▶ TALKING ───────────────▶ OVER
 *     └───────────────────┴──── reject, or either hangs up ───────────▲
 * </pre>
 *
 * What crosses is decided by which comes here first: an answer behind the caller's cancel is ignored, a cancel behind the answer is a
 * hang-up.
 */
final class HouseCall {
    private static final int NOT_ALLOWED = 405; // RFC 3261 §21.4.6
    private static final int NOT_ACCEPTABLE_HERE = 488;
    private static final int REQUEST_PENDING = 491; // RFC 3261 §14.1
    private static final int CALL_FAILURE = 41; // Q.850: temporary failure

    /** Who is at it. */
    enum End {
        CALLER,
        CALLED;

        End other() {
            return this == CALLER ? CALLED : CALLER;
        }
    }

    private enum State {
        INVITED,
        EARLY,
        TALKING,
        OVER
    }

    /** What an end asks, as the methods of {@link io.ringdown.sip.TrunkCall} say it. */
    sealed interface Ask {
        record Ring() implements Ask {}

        record Progress(String sdp) implements Ask {}

        record Answer(String sdp) implements Ask {}

        record Reject(Rejection rejection) implements Ask {}

        record Reoffer(String sdp) implements Ask {}

        record AcceptReoffer(String sdp) implements Ask {}

        record RejectReoffer() implements Ask {}

        record DeferReoffer() implements Ask {}

        record Info(long handle, InfoBody body) implements Ask {}

        record Refer() implements Ask {}

        record HangUp(HangupReason reason) implements Ask {}

        record Abandon() implements Ask {}
    }

    /** What an end is told. */
    record Told(End to, TrunkEvent event) {}

    private final List<Told> told = new ArrayList<>();
    // Offers that wait for the one of the same end that is open.
    private final Map<End, String> waiting = new EnumMap<>(End.class);
    private State state = State.INVITED;
    private Optional<End> offering = Optional.empty();
    private long ignored;

    /** Takes what an end asks; what is to be told for it, in order. */
    List<Told> on(End from, Ask ask) {
        if (state == State.OVER) {
            ignored++;
            return List.of();
        }
        switch (ask) {
            case Ask.Ring _ -> onProgress(from, new TrunkEvent.Progress(180, Optional.empty()), state);
            case Ask.Progress progress ->
                onProgress(from, new TrunkEvent.Progress(183, Optional.of(progress.sdp())), State.EARLY);
            case Ask.Answer answer -> onAnswer(from, answer.sdp());
            case Ask.Reject reject -> onReject(from, reject.rejection());
            case Ask.Reoffer offer -> onReoffer(from, offer.sdp());
            case Ask.AcceptReoffer answer -> onReofferSettled(from, new TrunkEvent.ReofferAnswered(answer.sdp()));
            case Ask.RejectReoffer _ -> onReofferSettled(from, refused(OptionalInt.of(NOT_ACCEPTABLE_HERE)));
            case Ask.DeferReoffer _ -> onReofferSettled(from, refused(OptionalInt.of(REQUEST_PENDING)));
            case Ask.Info info -> onInfo(from, info);
            case Ask.Refer _ -> tell(from, new TrunkEvent.ReferEnded(OptionalInt.of(NOT_ALLOWED)));
            case Ask.HangUp hangUp -> onHangUp(from, hangUp.reason());
            case Ask.Abandon _ -> onAbandoned(from);
        }
        List<Told> now = List.copyOf(told);
        told.clear();
        return now;
    }

    /** How many requests made no sense any more, because they lost a race. */
    long ignored() {
        return ignored;
    }

    boolean isOver() {
        return state == State.OVER;
    }

    private boolean isUnanswered() {
        return state == State.INVITED || state == State.EARLY;
    }

    private void onProgress(End from, TrunkEvent.Progress progress, State next) {
        if (from == End.CALLED && isUnanswered()) {
            state = next;
            tell(End.CALLER, progress);
        } else {
            ignored++;
        }
    }

    private void onAnswer(End from, String sdp) {
        if (from == End.CALLED && isUnanswered()) {
            state = State.TALKING;
            tell(End.CALLER, new TrunkEvent.Answered(Optional.of(sdp)));
            tell(End.CALLED, new TrunkEvent.Confirmed(Optional.empty()));
        } else {
            ignored++;
        }
    }

    private void onReject(End from, Rejection rejection) {
        if (from == End.CALLED && isUnanswered()) {
            end(rejection.status(), rejection.reason());
        } else {
            ignored++;
        }
    }

    private void onHangUp(End from, HangupReason reason) {
        if (isUnanswered() && from == End.CALLED) {
            end(480, reason); // Temporarily Unavailable: who is called does not say why
        } else {
            boolean isCancelled = isUnanswered();
            state = State.OVER;
            OptionalInt q850 = OptionalInt.of(reason.q850());
            tell(
                    End.CALLER,
                    isCancelled
                            ? new TrunkEvent.Failed(new TrunkFailure.Cancelled())
                            : new TrunkEvent.Ended(q850, reason.text()));
            tell(End.CALLED, new TrunkEvent.Ended(q850, reason.text()));
        }
    }

    private void end(int status, HangupReason reason) {
        state = State.OVER;
        OptionalInt q850 = OptionalInt.of(reason.q850());
        tell(End.CALLER, new TrunkEvent.Failed(new TrunkFailure.Refused(status, q850)));
        tell(End.CALLED, new TrunkEvent.Ended(q850, reason.text()));
    }

    /** One end is gone without a word; the other need not find that out by itself. */
    private void onAbandoned(End from) {
        boolean isFailed = isUnanswered() && from == End.CALLED;
        state = State.OVER;
        tell(
                from.other(),
                isFailed
                        ? new TrunkEvent.Failed(new TrunkFailure.Silent())
                        : new TrunkEvent.Ended(OptionalInt.of(CALL_FAILURE), "The other end is gone"));
    }

    private void onReoffer(End from, String sdp) {
        if (state != State.TALKING) {
            tell(from, refused(OptionalInt.empty()));
        } else if (offering.isEmpty()) {
            offering = Optional.of(from);
            tell(from.other(), new TrunkEvent.Reoffer(sdp));
        } else if (offering.get() == from) {
            if (waiting.put(from, sdp) != null) {
                tell(from, refused(OptionalInt.empty()));
            }
        } else {
            tell(from, refused(OptionalInt.of(REQUEST_PENDING)));
        }
    }

    /** Whoever was offered something has decided. */
    private void onReofferSettled(End from, TrunkEvent outcome) {
        if (!offering.equals(Optional.of(from.other()))) {
            ignored++;
            return;
        }
        offering = Optional.empty();
        tell(from.other(), outcome);
        String next = waiting.remove(from.other());
        if (next != null) {
            onReoffer(from.other(), next);
        }
    }

    private static TrunkEvent refused(OptionalInt status) {
        return new TrunkEvent.ReofferRefused(status);
    }

    private void onInfo(End from, Ask.Info info) {
        if (state == State.INVITED) {
            tell(
                    from,
                    new TrunkEvent.InfoAnswered(info.handle(), new InfoOutcome.NotSent(InfoOutcome.Cause.NO_DIALOG)));
        } else {
            tell(from.other(), new TrunkEvent.InfoReceived(info.body()));
            tell(from, new TrunkEvent.InfoAnswered(info.handle(), new InfoOutcome.Answered(200)));
        }
    }

    private void tell(End to, TrunkEvent event) {
        told.add(new Told(to, event));
    }
}
