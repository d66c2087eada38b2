package io.ringdown.sip.dialog;

import io.ringdown.sip.TrunkEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The peer's offers within one dialog, by re-INVITE, UPDATE or PRACK, and its wishes for one of ours: our side thinks about one
 * at a time, and what it answers to a re-INVITE is sent until its ACK comes (RFC 3261 14.2, 13.3.1.4). Not safe for threads;
 * writes what is to be done to the call's list.
 */
final class PeerOffers {
    private static final SipHeader NOT_ACCEPTABLE =
            new SipHeader("Warning", "399 ringdown \"the call goes on as it was\"");

    /** An offer, or a wish for one of {@code ours}, that our side thinks about. */
    private record Offer(InRequest request, boolean ours, long decideBy) {}

    private final Terms terms;
    private final List<CallAction> out;
    private final BooleanSupplier callOver;
    private @Nullable Offer offer;
    private @Nullable UnackedAnswer unacked;
    private Optional<String> answeredSdp = Optional.empty();
    private List<SipHeader> answeredHeaders = List.of();

    PeerOffers(Terms terms, List<CallAction> out, BooleanSupplier callOver) {
        this.terms = terms;
        this.out = out;
        this.callOver = callOver;
    }

    /** The one that our side thinks about. */
    Optional<InRequest> open() {
        return Optional.ofNullable(offer).map(Offer::request);
    }

    /** Whether our 2xx to a re-INVITE waits for its ACK. */
    boolean isUnacknowledged() {
        return unacked != null;
    }

    /** Whether an offer of ours waits for the answer in that ACK. */
    boolean isOursUnanswered() {
        return unacked != null && unacked.answerWanted();
    }

    /** Asks our side; 488 where there is none any more. */
    void consider(InRequest request, TrunkEvent asked, long now) {
        if (callOver.getAsBoolean()) {
            refuse(request, 488);
            return;
        }
        boolean ours = asked instanceof TrunkEvent.OfferWanted;
        offer = new Offer(request, ours, now + terms.timers().reofferNanos());
        out.add(new CallAction.Tell(asked));
    }

    /** Answers the open one by 2xx with these headers. */
    void accept(String sdp, List<SipHeader> headers, long now) {
        Offer accepted = offer;
        if (accepted == null) {
            return;
        }
        offer = null;
        InRequest request = accepted.request();
        answeredSdp = Optional.of(sdp);
        answeredHeaders = headers;
        out.add(new CallAction.Respond(request.id(), 200, answeredHeaders, answeredSdp));
        if (request.method().equals("INVITE")) {
            unacked = new UnackedAnswer(request.id(), request.cseq(), accepted.ours(), terms.timers(), now);
        }
    }

    /** Refuses the open one; whether there was one. */
    boolean refuse(int status) {
        Offer refused = offer;
        if (refused == null) {
            return false;
        }
        offer = null;
        refuse(refused.request(), status);
        return true;
    }

    private void refuse(InRequest request, int status) {
        List<SipHeader> headers = status == 488 ? List.of(NOT_ACCEPTABLE) : List.of();
        out.add(new CallAction.Respond(request.id(), status, headers, Optional.empty()));
    }

    /**
     * Whether this is the re-INVITE that we have answered, again: our 2xx was lost, and the stack has forgotten the INVITE with
     * it. It gets the same one, to where it came from.
     */
    boolean answerAgain(InRequest request) {
        UnackedAnswer answer = unacked;
        if (!request.method().equals("INVITE") || answer == null || answer.cseq() != request.cseq()) {
            return false;
        }
        out.add(new CallAction.Respond(request.id(), 200, answeredHeaders, answeredSdp));
        answer.isOf(request.id());
        return true;
    }

    /** Takes the ACK of what we have answered; the answer in it, where the offer was ours. */
    Optional<String> onAck(InRequest ack) {
        UnackedAnswer acked = unacked;
        if (acked == null || acked.cseq() != ack.cseq()) {
            return Optional.empty();
        }
        unacked = null;
        Optional<String> answer = acked.answerWanted() ? ack.sdp() : Optional.empty();
        if (!callOver.getAsBoolean()) {
            answer.ifPresent(sdp -> out.add(new CallAction.Tell(new TrunkEvent.AnswerInAck(sdp))));
        }
        return answer;
    }

    /** The dialog is over: what is open is refused so, and no ACK is waited for. */
    void end(int status) {
        refuse(status);
        unacked = null;
    }

    /** Whether the ACK has not come in 64·T1. */
    boolean onTime(long now) {
        Offer waiting = offer;
        if (waiting != null && now >= waiting.decideBy()) {
            refuse(488);
        }
        UnackedAnswer answer = unacked;
        if (answer != null && answer.resendDue(now)) {
            out.add(new CallAction.ResendAnswer(answer.id()));
        }
        return answer != null && answer.isLost(now);
    }

    long nextWakeup() {
        long at = offer == null ? CallCore.NEVER : offer.decideBy();
        return unacked == null ? at : Math.min(at, unacked.nextWakeup());
    }
}
