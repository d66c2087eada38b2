package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.guard.Wish;
import io.ringdown.gateway.routing.Caller;
import io.ringdown.gateway.routing.Decision;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Whom calls may be transferred to: who its client could call itself, over the same routes, as far as the guard lets them, and nobody
 * who is called for help. Thread-safe.
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

    /** Where a call may go, and what was reserved for that. */
    record HandOver(TransferTarget target, Optional<Reserved> reserved) {
        static HandOver to(TransferTarget target) {
            return new HandOver(target, Optional.empty());
        }

        static HandOver refused(EndCause cause) {
            return to(new TransferTarget.Refused(cause));
        }
    }

    /** What somebody's wish to transfer a call of this trunk to a number comes to; it is that trunk that will dial it. */
    HandOver target(PhoneNumber wanted, Asker asker, String trunk) {
        return switch (decide(wanted, asker.subject())) {
            case Decision.Out out ->
                out.trunks().contains(trunk)
                        ? handOver(asker.wish(out.to(), Caller.UNSAID))
                        : HandOver.refused(EndCause.NO_ROUTE);
            case Decision.Emergency _ -> HandOver.refused(EndCause.FORBIDDEN);
            case Decision.NoEmergency _ -> HandOver.refused(EndCause.EMERGENCY_NOT_AVAILABLE);
            case Decision.Forbidden _ -> HandOver.refused(EndCause.FORBIDDEN);
            case Decision.BadNumber _ -> HandOver.refused(EndCause.BAD_NUMBER);
        };
    }

    /** The same for a trunk that is not asked to: what a call of theirs to there would be, by this id, which shows this caller. */
    HandOver along(CallId as, PhoneNumber wanted, Asker asker, Caller shown) {
        return switch (decide(wanted, asker.subject())) {
            case Decision.Out out ->
                out.trunks().isEmpty() ? HandOver.refused(EndCause.NO_ROUTE) : along(as, out, asker, shown);
            case Decision.Emergency _ -> HandOver.refused(EndCause.FORBIDDEN);
            case Decision.NoEmergency _ -> HandOver.refused(EndCause.EMERGENCY_NOT_AVAILABLE);
            case Decision.Forbidden _ -> HandOver.refused(EndCause.FORBIDDEN);
            case Decision.BadNumber _ -> HandOver.refused(EndCause.BAD_NUMBER);
        };
    }

    private HandOver along(CallId as, Decision.Out out, Asker asker, Caller shown) {
        Wish wish = asker.wish(out.to(), shown);
        Optional<Duration> longest = Optional.of(switchboard.guard().longest(asker.grant()));
        CallRoute route = new CallRoute(out.trunks(), out.retryOn(), Optional.of(asker), false, longest);
        return switch (switchboard.guard().admit(wish)) {
            case Guard.Verdict.Refused no -> HandOver.refused(EndCause.of(no.why()));
            case Guard.Verdict.Allowed yes ->
                new HandOver(
                        new TransferTarget.Along(as, out.to(), shown, route),
                        Optional.of(new Reserved(wish, yes.hold())));
        };
    }

    private HandOver handOver(Wish wish) {
        return switch (switchboard.guard().admitHandOver(wish)) {
            case Guard.Verdict.Refused no -> HandOver.refused(EndCause.of(no.why()));
            case Guard.Verdict.Allowed yes ->
                new HandOver(new TransferTarget.Dialled(wish.to()), Optional.of(new Reserved(wish, yes.hold())));
        };
    }

    /** What a trunk's wish comes to, and what was reserved for it. */
    record Answer(CallEvent event, Optional<Reserved> reserved) {
        private static Answer no(int status) {
            return new Answer(new CallEvent.ReferralRefused(status), Optional.empty());
        }
    }

    /**
     * What a trunk's wish that somebody's call go elsewhere comes to, which shows this caller; trunks that cannot be reached come last.
     * It is a new call: a token that has run out, or was good for one call, lets none through.
     */
    Answer referral(CallAction.RouteReferral wish, Optional<Asker> asker, Caller shown, Predicate<String> isReachable) {
        Optional<PhoneNumber> wanted = switchboard.lines().read(wish.trunk(), wish.calledNumber());
        if (wanted.isEmpty()) {
            return Answer.no(DECLINE);
        }
        if (asker.isEmpty()) {
            return Answer.no(FORBIDDEN);
        }
        return switch (decide(wanted.get(), asker.get().subject())) {
            case Decision.Out out ->
                out.trunks().isEmpty()
                        ? Answer.no(DECLINE)
                        : referral(wish, out, asker.get(), asker.get().wish(out.to(), shown), isReachable);
            case Decision.Emergency _, Decision.NoEmergency _, Decision.Forbidden _ -> Answer.no(FORBIDDEN);
            case Decision.BadNumber _ -> Answer.no(DECLINE);
        };
    }

    /** The same of a call for help, which nothing judges, counts or bounds, wherever those who help send it. */
    Answer referralOfHelp(CallAction.RouteReferral wish, Optional<Asker> asker, Predicate<String> isReachable) {
        return switchboard
                .lines()
                .read(wish.trunk(), wish.calledNumber())
                .map(wanted -> decide(wanted, asker.map(Asker::subject).orElse("")))
                .map(decision -> decision instanceof Decision.Out out
                                && !out.trunks().isEmpty()
                        ? new Answer(
                                new CallEvent.ReferralRouted(
                                        out.to(),
                                        new CallRoute(
                                                        wish.inPlaceOfAnother() ? List.of(wish.trunk()) : out.trunks(),
                                                        out.retryOn(),
                                                        asker,
                                                        true,
                                                        Optional.empty())
                                                .reachableFirst(isReachable)),
                                Optional.empty())
                        : Answer.no(FORBIDDEN))
                .orElseGet(() -> Answer.no(DECLINE));
    }

    private Answer referral(
            CallAction.RouteReferral asked, Decision.Out out, Asker asker, Wish wish, Predicate<String> isReachable) {
        return switch (switchboard.guard().admit(wish)) {
            case Guard.Verdict.Refused _ -> Answer.no(FORBIDDEN);
            case Guard.Verdict.Allowed allowed ->
                new Answer(
                        new CallEvent.ReferralRouted(
                                out.to(), route(out, asked, asker).reachableFirst(isReachable)),
                        Optional.of(new Reserved(wish, allowed.hold())));
        };
    }

    /** The call to be replaced is known to the trunk that it is at, and to no other, wherever calls to its number would go. */
    private CallRoute route(Decision.Out out, CallAction.RouteReferral wish, Asker asker) {
        Optional<Duration> longest = Optional.of(switchboard.guard().longest(asker.grant()));
        return wish.inPlaceOfAnother()
                ? new CallRoute(List.of(wish.trunk()), Set.of(), Optional.of(asker), false, longest)
                : new CallRoute(out.trunks(), out.retryOn(), Optional.of(asker), false, longest);
    }

    private Decision decide(PhoneNumber wanted, String user) {
        return switchboard
                .routing()
                .decide(wanted, Optional.of(user), switchboard.time().instant().atZone(ZoneOffset.UTC), random);
    }
}
