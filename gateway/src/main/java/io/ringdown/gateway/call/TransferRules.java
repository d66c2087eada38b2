package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.Decision;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Whom calls may be transferred to: who its client could call itself, over the same routes, and nobody who is called for help.
 * Thread-safe.
 */
final class TransferRules {
    private static final int FORBIDDEN = 403;
    private static final int DECLINE = 603;

    private final Switchboard switchboard;
    private final RandomGenerator random;

    TransferRules(Switchboard switchboard, RandomGenerator random) {
        this.switchboard = switchboard;
        this.random = random;
    }

    /** What this user's wish to transfer a call of this trunk to a number comes to; it is that trunk that will dial it. */
    TransferTarget target(PhoneNumber wanted, Optional<String> user, String trunk) {
        return switch (decide(wanted, user)) {
            case Decision.Out out ->
                out.trunks().contains(trunk)
                        ? new TransferTarget.Dialled(out.to())
                        : new TransferTarget.Refused(EndCause.NO_ROUTE);
            case Decision.Emergency _ -> new TransferTarget.Refused(EndCause.FORBIDDEN);
            case Decision.NoEmergency _ -> new TransferTarget.Refused(EndCause.EMERGENCY_NOT_AVAILABLE);
            case Decision.Forbidden _ -> new TransferTarget.Refused(EndCause.FORBIDDEN);
            case Decision.BadNumber _ -> new TransferTarget.Refused(EndCause.BAD_NUMBER);
        };
    }

    /** What a trunk's wish that this user's call go elsewhere comes to; trunks that cannot be reached come last. */
    CallEvent referral(CallAction.RouteReferral wish, Optional<String> user, Predicate<String> isReachable) {
        Optional<PhoneNumber> wanted = switchboard.lines().read(wish.trunk(), wish.calledNumber());
        if (wanted.isEmpty()) {
            return new CallEvent.ReferralRefused(DECLINE);
        }
        return switch (decide(wanted.get(), user)) {
            case Decision.Out out ->
                out.trunks().isEmpty()
                        ? new CallEvent.ReferralRefused(DECLINE)
                        : new CallEvent.ReferralRouted(
                                out.to(), route(out, wish, user).reachableFirst(isReachable));
            case Decision.Emergency _, Decision.NoEmergency _, Decision.Forbidden _ ->
                new CallEvent.ReferralRefused(FORBIDDEN);
            case Decision.BadNumber _ -> new CallEvent.ReferralRefused(DECLINE);
        };
    }

    /** The call to be replaced is known to the trunk that it is at, and to no other, wherever calls to its number would go. */
    private static CallRoute route(Decision.Out out, CallAction.RouteReferral wish, Optional<String> user) {
        return wish.inPlaceOfAnother()
                ? new CallRoute(List.of(wish.trunk()), Set.of(), user, false)
                : new CallRoute(out.trunks(), out.retryOn(), user, false);
    }

    private Decision decide(PhoneNumber wanted, Optional<String> user) {
        return switchboard
                .routing()
                .decide(wanted, user, switchboard.time().instant().atZone(ZoneOffset.UTC), random);
    }
}
