package io.ringdown.gateway.call;

import java.util.Optional;

/**
 * A call out that begins with ringing who is to make it, and calls the number when they have taken it: from then on it is as if they had
 * dialled. Pure, as the call is.
 *
 * <pre>
 *  NEW ─▶ OFFERED ─▶ ACCEPTING ─▶ CONNECTING ─▶ DIALLING ─▶ as any call out
 *         they ring  one accepts  routed, ICE
 * </pre>
 */
final class CallOrigination {
    private final CallFacts facts;
    private final CallIn in;
    private final CallOut out;

    CallOrigination(CallFacts facts, CallIn in, CallOut out) {
        this.facts = facts;
        this.in = in;
        this.out = out;
    }

    void onOriginated(CallEvent.Originated wanted, long now) {
        facts.to = Optional.of(wanted.to());
        facts.from = wanted.from();
        in.ring(wanted.plan(), CallNews.Incoming.originated(wanted.to()), now);
    }

    /** Who took it has our answer: where it goes is decided now, and by what they may do. */
    void onTaken() {
        facts.act(new CallAction.RouteDial(facts.to.orElseThrow(), facts.from));
    }

    void onRouted(CallEvent.DialRouted routed) {
        if (isUndecided()) {
            facts.to = Optional.of(routed.to());
            out.goBy(routed.route());
        }
    }

    void onRefused(EndCause why) {
        if (isUndecided()) {
            facts.end(Ending.of(why));
        }
    }

    private boolean isUndecided() {
        return facts.isOutbound() && facts.state == Call.State.CONNECTING && facts.trunk.isEmpty();
    }
}
