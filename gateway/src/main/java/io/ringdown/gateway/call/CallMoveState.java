package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.sip.PeerCapabilities;
import io.ringdown.sip.ReferTarget;
import io.ringdown.sip.Replacement;
import java.util.List;
import java.util.Optional;

/** All of a {@link CallMove}, to be written down. What the new leg has described may have keys in it. */
record CallMoveState(
        CallMove.Step step,
        Wanted target,
        Optional<PhoneNumber> to,
        CallRoute route,
        int tried,
        int asker,
        int leg,
        Optional<Integer> old,
        String trunk,
        Optional<CallEvent.Replacing> replacing,
        boolean isOpen,
        boolean isAnswered,
        boolean isHeard,
        boolean isHolding,
        boolean hasRung,
        Optional<String> described,
        PeerCapabilities peer,
        PeerCapabilities oldPeer) {

    static final CallMoveState IDLE = new CallMoveState(
            CallMove.Step.IDLE,
            Wanted.of(ReferTarget.of("")),
            Optional.empty(),
            CallRoute.over(List.of()),
            0,
            0,
            0,
            Optional.empty(),
            "",
            Optional.empty(),
            false,
            false,
            false,
            false,
            false,
            Optional.empty(),
            PeerCapabilities.UNKNOWN,
            PeerCapabilities.UNKNOWN);

    @Override
    public String toString() {
        return "CallMoveState[" + step + "]";
    }

    /** Whom a REFER asks for. It never names a call of ours: such a one is refused at once. */
    record Wanted(String calledNumber, Optional<Replacement> replaces, Optional<String> referredBy) {
        static Wanted of(ReferTarget target) {
            return new Wanted(target.calledNumber(), target.replaces(), target.referredBy());
        }

        ReferTarget target() {
            return new ReferTarget(calledNumber, replaces, Optional.empty(), referredBy);
        }

        @Override
        public String toString() {
            return "Wanted[masked]";
        }
    }
}
