package io.ringdown.sip.dialog;

import io.ringdown.sip.TrunkEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The peer asks us to call elsewhere (RFC 3515 2.4.2), and is told by NOTIFY how that goes, one NOTIFY at a
 * time and in order; only the last one waits for none where our BYE is about to leave. Not safe for threads;
 * writes what is to be done to the call's list.
 *
 * <pre>
 *   IDLE --REFER--> ASKED --accept--> TELLING --final status, expired, unsubscribed--> LAST WORD --answered--> IDLE
 *    ^                `-- reject, no word of ours in 5 s, call over --> IDLE               |
 *    `---------------------------------- a NOTIFY that is refused, or lost ----------------'
 * </pre>
 */
final class Referee {
    // RFC 4320 4.2: a late answer to a request other than INVITE finds nobody.
    private static final long DECIDE_NANOS = TimeUnit.SECONDS.toNanos(5);
    // More than the call that is asked for may ring, at one trunk after another: then it is settled, and needs no
    // refresh.
    private static final long BEYOND_ANSWER_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int MAX_WAITING = 8;
    // Nobody transfers a call so often; each one costs our side a decision.
    private static final int MAX_PER_SECOND = 2;

    /** A NOTIFY that is to leave. */
    private record Word(int status, Optional<String> lastBecause) {}

    private final Dialog dialog;
    private final Terms terms;
    private final List<CallAction> out;
    private final BooleanSupplier callOver;
    private final Deque<Word> waiting = new ArrayDeque<>();
    private @Nullable TokenBucket rate;
    private @Nullable InRequest asked;
    private long answerBy = CallCore.NEVER;
    private boolean telling;
    private boolean isSecond;
    private String event = "refer";
    private Optional<String> id = Optional.empty();
    private int lastStatus = 100;
    private boolean lastWordSaid;
    private long expiresAt = CallCore.NEVER;
    private long nowKnown;
    private @Nullable Submission submission;

    Referee(Dialog dialog, Terms terms, List<CallAction> out, BooleanSupplier callOver) {
        this.dialog = dialog;
        this.terms = terms;
        this.out = out;
        this.callOver = callOver;
    }

    /**
     * A REFER of the peer, in order.
     *
     * @param confirmed whether the dialog is; who is not spoken to yet is not transferred
     */
    void onRequest(InRequest request, boolean confirmed, long now) {
        if (!terms.transfers() || !confirmed) {
            respond(request, 603);
        } else if (callOver.getAsBoolean()) {
            respond(request, 481);
        } else if (asked != null || telling) {
            respond(request, 491);
        } else {
            switch (request.refer().map(ReferTo::read).orElse(new ReferTo.Asked.Refused(400))) {
                case ReferTo.Asked.Refused(int status) -> respond(request, status);
                case ReferTo.Asked.Call call -> ask(request, call, now);
            }
        }
    }

    private void ask(InRequest request, ReferTo.Asked.Call call, long now) {
        if (mayAsk(now)) {
            asked = request;
            answerBy = now + DECIDE_NANOS;
            out.add(new CallAction.Tell(new TrunkEvent.Referred(call.target())));
        } else {
            respond(request, 503, Session.RETRY_SOON);
        }
    }

    private boolean mayAsk(long now) {
        TokenBucket bucket = rate;
        if (bucket == null) {
            bucket = new TokenBucket(MAX_PER_SECOND, now);
            rate = bucket;
        }
        return bucket.pass(now);
    }

    /** Whether none of the peer waits for us, nor is told of. */
    boolean isIdle() {
        return asked == null && !telling && submission == null;
    }

    /** Our side agrees; whether there was anything to agree to. */
    boolean accept(long now) {
        InRequest accepted = asked;
        if (accepted == null) {
            return false;
        }
        asked = null;
        answerBy = CallCore.NEVER;
        dialog.refreshTarget(accepted.contact()); // RFC 5057 5.4
        if (accepted.extensions().referSub().equals(Optional.of(false))) {
            respond(accepted, 202, new SipHeader("Refer-Sub", "false")); // RFC 4488 4
            return true;
        }
        respond(accepted, 202);
        // RFC 3515 2.4.6: the first in a dialog needs no name, and some peers know none.
        id = isSecond ? Optional.of(Long.toString(accepted.cseq())) : Optional.empty();
        event = "refer" + id.map(name -> ";id=" + name).orElse("");
        isSecond = true;
        telling = true;
        lastWordSaid = false;
        lastStatus = 100;
        expiresAt = now + terms.timers().noAnswerNanos() + BEYOND_ANSWER_NANOS;
        say(new Word(100, Optional.empty()), now);
        return true;
    }

    /** Our side refuses; whether there was anything to refuse. */
    boolean reject(int status) {
        InRequest refused = asked;
        if (refused == null) {
            return false;
        }
        asked = null;
        answerBy = CallCore.NEVER;
        respond(refused, status);
        return true;
    }

    /** Our side tells how the new call is getting on; whether anybody is told. */
    boolean progress(int status, long now) {
        if (!telling || lastWordSaid) {
            return false;
        }
        lastStatus = status;
        // RFC 3515 2.4.7
        say(new Word(status, status >= 200 ? Optional.of("noresource") : Optional.empty()), now);
        return true;
    }

    private void say(Word word, long now) {
        nowKnown = now;
        if (waiting.size() >= MAX_WAITING) {
            waiting.removeLast(); // what is newer says more
        }
        waiting.add(word);
        lastWordSaid = word.lastBecause().isPresent();
        sayNext();
    }

    private void sayNext() {
        Word word = waiting.peek();
        if (submission != null || word == null) {
            return;
        }
        waiting.remove();
        List<SipHeader> headers = new ArrayList<>();
        headers.add(new SipHeader("Event", event));
        headers.add(new SipHeader(
                "Subscription-State",
                word.lastBecause()
                        .map(reason -> "terminated;reason=" + reason)
                        .orElse("active;expires=" + secondsLeft())));
        submit(Submission.of(dialog.notify(headers, Sipfrag.of(word.status())), terms));
    }

    private long secondsLeft() {
        return Math.max(1, TimeUnit.NANOSECONDS.toSeconds(expiresAt - nowKnown));
    }

    private void submit(Submission what) {
        submission = what;
        out.add(new CallAction.Send(what.sent()));
    }

    /**
     * The peer refreshes the subscription of its REFER, or ends it (RFC 6665 4.2.1); 481 where there is none.
     *
     * @param said what its SUBSCRIBE says
     */
    void onSubscribe(InRequest request, Subscribing said, long now) {
        if (!telling || lastWordSaid || !said.id().equals(id)) {
            respond(request, 481);
            return;
        }
        long left = TimeUnit.NANOSECONDS.toSeconds(Math.max(0, expiresAt - now));
        long wanted = said.expires().orElse(left);
        long granted =
                Math.min(wanted, TimeUnit.NANOSECONDS.toSeconds(terms.timers().noAnswerNanos() + BEYOND_ANSWER_NANOS));
        respond(request, 200, new SipHeader("Expires", Long.toString(granted)));
        expiresAt = now + TimeUnit.SECONDS.toNanos(granted);
        say(new Word(lastStatus, granted == 0 ? Optional.of("timeout") : Optional.empty()), now);
    }

    /** A final response to a NOTIFY of ours. */
    void onResponse(InResponse response, long now) {
        Submission told = submission;
        if (told == null || !told.isOf("NOTIFY", response.cseq())) {
            return;
        }
        Optional<Submission> again = told.after(response, dialog, terms);
        if (again.isPresent()) {
            submit(again.get());
        } else if (response.status() >= 300) {
            forget(); // RFC 6665 4.2.2: nobody listens. The call goes on: it is another usage of the dialog (RFC 5057
            // 5.1)
        } else {
            nowKnown = now;
            submission = null;
            if (waiting.isEmpty() && lastWordSaid) {
                forget();
            } else {
                sayNext();
            }
        }
    }

    /** A NOTIFY of ours had no answer, or could not be sent. */
    void onLost(OutRequest request) {
        Submission told = submission;
        if (told != null && told.isOf(request.method(), request.cseq())) {
            forget();
        }
    }

    /**
     * Our BYE leaves next. A last word that waits for its turn leaves before it: JsSIP and SIP.js take no
     * NOTIFY after BYE. What else waits is told by it.
     */
    void beforeBye() {
        Word last = waiting.peekLast();
        if (last != null && lastWordSaid) {
            waiting.clear();
            waiting.add(last);
            submission = null;
            sayNext();
        }
    }

    /** The call is over; its peer may still be told (RFC 5057 3). */
    void end() {
        reject(487); // RFC 3261 15.1.2
    }

    /** Nothing more is told. */
    void forget() {
        telling = false;
        lastWordSaid = false;
        waiting.clear();
        submission = null;
        expiresAt = CallCore.NEVER;
    }

    void onTime(long now) {
        if (now >= answerBy) {
            reject(603);
        }
        if (now >= expiresAt && !lastWordSaid) {
            say(new Word(lastStatus, Optional.of("timeout")), now);
        }
    }

    long nextWakeup() {
        return Math.min(answerBy, lastWordSaid ? CallCore.NEVER : expiresAt);
    }

    private void respond(InRequest request, int status, SipHeader... headers) {
        out.add(new CallAction.Respond(request.id(), status, List.of(headers), Optional.empty()));
    }
}
