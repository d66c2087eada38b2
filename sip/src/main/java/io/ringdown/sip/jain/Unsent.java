package io.ringdown.sip.jain;

import gov.nist.javax.sip.stack.MessageChannel;
import gov.nist.javax.sip.stack.SIPClientTransaction;
import io.ringdown.sip.HangupReason;
import io.ringdown.sip.dialog.CallAction;
import io.ringdown.sip.dialog.OutRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sip.ClientTransaction;

/**
 * What a call has to say to a peer that has gone and may come back: in order, and with what was under way when its connection
 * ended, since nobody knows whether that has arrived. Not safe for threads.
 */
final class Unsent {
    // A session and its INFOs have far fewer open at a time.
    private static final int MOST = 64;

    private final Deque<CallAction> waiting = new ArrayDeque<>();
    private final Map<ClientTransaction, OutRequest> open = new LinkedHashMap<>();

    /** Keeps what would be sent; whether it was that. */
    boolean keep(CallAction action) {
        return switch (action) {
            case CallAction.SendInvite _, CallAction.Send _, CallAction.SendAck _, CallAction.Respond _ ->
                waiting.size() < MOST && waiting.add(action);
            // What waits is still to be said by the call that is to be forgotten.
            case CallAction.Forget _ -> !waiting.isEmpty() && waiting.size() < MOST && waiting.add(action);
            case CallAction.SendCancel _,
                    CallAction.StopRepeating _,
                    CallAction.ForgetInvite _,
                    CallAction.ResendAnswer _,
                    CallAction.Tell _ -> false;
        };
    }

    /** An INVITE that has left will not be answered any more; if the peer comes back, it shall know. */
    void keepCancel(HangupReason reason) {
        if (waiting.size() < MOST) {
            waiting.add(new CallAction.SendCancel(reason));
        }
    }

    /** The INVITE that has not left yet, which does not any more. */
    Optional<OutRequest> withdrawInvite() {
        Optional<CallAction> invite =
                waiting.stream().filter(CallAction.SendInvite.class::isInstance).findFirst();
        invite.ifPresent(waiting::remove);
        return invite.flatMap(Unsent::request);
    }

    /** It has left, in this transaction. */
    void sent(ClientTransaction transaction, OutRequest request) {
        if (open.size() < MOST) {
            open.put(transaction, request);
        }
    }

    /** The transaction has its final response, or none will come. */
    void settled(ClientTransaction transaction) {
        open.remove(transaction);
    }

    /** What had no final response yet from the other end of this connection, which has ended. */
    Map<ClientTransaction, OutRequest> lostWith(MessageChannel ended) {
        Map<ClientTransaction, OutRequest> lost = new LinkedHashMap<>();
        open.forEach((transaction, request) -> {
            if (transaction instanceof SIPClientTransaction sent && ended.equals(sent.getMessageChannel())) {
                lost.put(transaction, request);
            }
        });
        lost.keySet().forEach(open::remove);
        return lost;
    }

    /** All that waits, which does so no more. */
    List<CallAction> take() {
        List<CallAction> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    /** The request that it sends; of an ACK nobody waits to hear. */
    static Optional<OutRequest> request(CallAction action) {
        return switch (action) {
            case CallAction.SendInvite(OutRequest request) -> Optional.of(request);
            case CallAction.Send(OutRequest request) -> Optional.of(request);
            case CallAction.SendAck _,
                    CallAction.SendCancel _,
                    CallAction.StopRepeating _,
                    CallAction.ForgetInvite _,
                    CallAction.Respond _,
                    CallAction.ResendAnswer _,
                    CallAction.Tell _,
                    CallAction.Forget _ -> Optional.empty();
        };
    }
}
