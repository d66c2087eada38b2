package io.ringdown.sip.dialog;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Our provisional responses to one INVITE, sent reliably (RFC 3262 3): one at a time, each again until its PRACK comes. Not safe
 * for threads; writes what is to be done to the call's list.
 */
final class ReliableProvisional {
    private static final int MAX_WAITING = 8;

    private record Waiting(int status, Optional<String> sdp) {}

    private final InRequest invite;
    private final Terms terms;
    private final List<CallAction> out;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long nextRseq;
    private CallAction.@Nullable Respond unacked;
    private long unackedRseq;
    private long intervalNanos;
    private long resendAt = CallCore.NEVER;
    private long giveUpAt = CallCore.NEVER;
    private boolean sdpAcknowledged;

    ReliableProvisional(InRequest invite, Terms terms, List<CallAction> out) {
        this.invite = invite;
        this.terms = terms;
        this.out = out;
        this.nextRseq = 1L + terms.random().nextInt(Integer.MAX_VALUE - 1); // RFC 3262 3: 1 to 2^31 - 1
    }

    /** Sends this response, when those before it are acknowledged. */
    void send(int status, Optional<String> sdp, long now) {
        if (waiting.size() < MAX_WAITING) {
            waiting.add(new Waiting(status, sdp));
        }
        proceed(now);
    }

    /** Sends the next one, where there is one and none waits for its PRACK. */
    void proceed(long now) {
        if (unacked != null || waiting.isEmpty()) {
            return;
        }
        Waiting next = waiting.remove();
        unackedRseq = nextRseq++;
        List<SipHeader> headers = new ArrayList<>(Methods.ofInvite(terms));
        headers.add(new SipHeader("Require", "100rel"));
        headers.add(new SipHeader("RSeq", Long.toString(unackedRseq)));
        CallAction.Respond response =
                new CallAction.Respond(invite.id(), next.status(), List.copyOf(headers), next.sdp());
        unacked = response;
        intervalNanos = terms.timers().t1Nanos();
        resendAt = now + intervalNanos;
        giveUpAt = now + terms.timers().transactionNanos();
        out.add(response);
    }

    /** A PRACK: whether it acknowledges the one that waits for it; then {@link #proceed}. */
    boolean acknowledge(Optional<RAck> rack) {
        CallAction.Respond acknowledged = unacked;
        if (acknowledged == null || !rack.equals(Optional.of(new RAck(unackedRseq, invite.cseq())))) {
            return false;
        }
        sdpAcknowledged |= acknowledged.sdp().isPresent();
        unacked = null;
        resendAt = CallCore.NEVER;
        giveUpAt = CallCore.NEVER;
        return true;
    }

    /** Whether a session description is under way that must be acknowledged before the 2xx (RFC 3262 3). */
    boolean holdsAnswer() {
        return (unacked != null && unacked.sdp().isPresent())
                || waiting.stream().anyMatch(response -> response.sdp().isPresent());
    }

    /** Whether the caller has our session description for sure, so that the 2xx has none (RFC 3261 13.2.1). */
    boolean sdpAcknowledged() {
        return sdpAcknowledged;
    }

    /** Whether 64·T1 have passed without PRACK (RFC 3262 3). */
    boolean isLost(long now) {
        return now >= giveUpAt;
    }

    void onTime(long now) {
        CallAction.Respond again = unacked;
        if (again != null && now >= resendAt && !isLost(now)) {
            intervalNanos *= 2;
            resendAt = now + intervalNanos;
            out.add(again);
        }
    }

    /** The INVITE has its final response: nothing is sent again, though a PRACK may still come. */
    void end() {
        waiting.clear();
        resendAt = CallCore.NEVER;
        giveUpAt = CallCore.NEVER;
    }

    long nextWakeup() {
        return Math.min(resendAt, giveUpAt);
    }
}
