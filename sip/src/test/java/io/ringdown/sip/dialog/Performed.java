package io.ringdown.sip.dialog;

import io.ringdown.sip.TrunkEvent;
import java.util.ArrayList;
import java.util.List;

/** What a call wanted done, sorted by kind, each in order. Mutable. */
final class Performed {
    final List<OutRequest> invites = new ArrayList<>();
    final List<OutRequest> sent = new ArrayList<>();
    final List<OutRequest> acks = new ArrayList<>();
    final List<CallAction.Respond> responses = new ArrayList<>();
    final List<TrunkEvent> told = new ArrayList<>();
    final List<CallAction> others = new ArrayList<>();

    /** Takes everything that the call wants. */
    void drain(CallCore call) {
        for (CallAction action : call.takeActions()) {
            switch (action) {
                case CallAction.SendInvite(OutRequest request) -> invites.add(request);
                case CallAction.Send(OutRequest request) -> sent.add(request);
                case CallAction.SendAck(OutRequest ack) -> acks.add(ack);
                case CallAction.Respond response -> responses.add(response);
                case CallAction.Tell(TrunkEvent event) -> told.add(event);
                case CallAction.SendCancel _,
                        CallAction.StopRepeating _,
                        CallAction.ForgetInvite _,
                        CallAction.ResendAnswer _,
                        CallAction.Forget _ -> others.add(action);
            }
        }
    }

    /** Lets the call's time pass up to this moment, every wake-up on its time. */
    void runTo(CallCore call, long until) {
        drain(call);
        while (call.nextWakeup() <= until) {
            call.onTime(call.nextWakeup());
            drain(call);
        }
    }

    void clear() {
        invites.clear();
        sent.clear();
        acks.clear();
        responses.clear();
        told.clear();
        others.clear();
    }

    /** The values of a header of the last request within the dialog. */
    List<String> lastSent(String header) {
        return values(sent.getLast().headers(), header);
    }

    /** The values of a header of the last response. */
    List<String> lastResponse(String header) {
        return values(responses.getLast().headers(), header);
    }

    static List<String> values(List<SipHeader> headers, String name) {
        return headers.stream()
                .filter(header -> header.name().equals(name))
                .map(SipHeader::value)
                .toList();
    }
}
