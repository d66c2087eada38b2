package io.ringdown.gateway.call;

import io.ringdown.gateway.guard.Guard;
import io.ringdown.gateway.guard.Wish;
import io.ringdown.gateway.routing.Decision;
import io.ringdown.gateway.routing.PhoneNumber;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Where calls go that were begun for somebody: where they could call themselves, over the same routes, as far as the guard lets them.
 * Nobody is called for help on behalf of somebody else. Thread-safe.
 */
final class DialRules {
    private final Switchboard switchboard;
    private final RandomGenerator random;

    DialRules(Switchboard switchboard, RandomGenerator random) {
        this.switchboard = switchboard;
        this.random = random;
    }

    /** What a wish comes to, and what was reserved for it. */
    record Answer(CallEvent event, Optional<Reserved> reserved) {
        private static Answer no(EndCause why) {
            return new Answer(new CallEvent.DialRefused(why), Optional.empty());
        }
    }

    /** Why this user could not call this number however it went; empty where they could. Reserves nothing. */
    Optional<EndCause> refusal(PhoneNumber wanted, String user) {
        if (switchboard.isWithin(wanted)) {
            return Optional.empty();
        }
        return switch (decide(wanted, user)) {
            case Decision.Out out -> out.trunks().isEmpty() ? Optional.of(EndCause.NO_ROUTE) : Optional.empty();
            case Decision.Emergency _, Decision.NoEmergency _, Decision.Forbidden _ -> Optional.of(EndCause.FORBIDDEN);
            case Decision.BadNumber _ -> Optional.of(EndCause.BAD_NUMBER);
        };
    }

    /** The trunk that this user's call to this number most likely goes by, of one that {@link #refusal} does not refuse. */
    Optional<String> likelyTrunk(PhoneNumber wanted, Asker asker) {
        if (switchboard.isWithin(wanted)) {
            return CallRoute.within(asker).trunks().stream().findFirst();
        }
        return decide(wanted, asker.subject()) instanceof Decision.Out out
                ? out.trunks().stream().findFirst()
                : Optional.empty();
    }

    /** The route to this number, with what the guard has reserved for it; trunks that cannot be reached come last. */
    Answer route(CallAction.RouteDial wanted, Asker asker, Predicate<String> isReachable) {
        if (switchboard.isWithin(wanted.to())) {
            return within(wanted, asker);
        }
        return switch (decide(wanted.to(), asker.subject())) {
            case Decision.Out out ->
                out.trunks().isEmpty()
                        ? Answer.no(EndCause.NO_ROUTE)
                        : admitted(out, asker, asker.wish(out.to(), wanted.from()), isReachable);
            case Decision.Emergency _, Decision.NoEmergency _, Decision.Forbidden _ -> Answer.no(EndCause.FORBIDDEN);
            case Decision.BadNumber _ -> Answer.no(EndCause.BAD_NUMBER);
        };
    }

    /** An extension: it costs nothing, but a token may say where its bearer may call. */
    private Answer within(CallAction.RouteDial wanted, Asker asker) {
        return switchboard
                        .guard()
                        .refusalWithin(asker.wish(wanted.to(), wanted.from()))
                        .isPresent()
                ? Answer.no(EndCause.NOT_PERMITTED)
                : new Answer(new CallEvent.DialRouted(wanted.to(), CallRoute.within(asker)), Optional.empty());
    }

    private Answer admitted(Decision.Out out, Asker asker, Wish wish, Predicate<String> isReachable) {
        return switch (switchboard.guard().admit(wish)) {
            case Guard.Verdict.Refused no -> Answer.no(EndCause.of(no.why()));
            case Guard.Verdict.Allowed yes ->
                new Answer(
                        new CallEvent.DialRouted(
                                out.to(),
                                new CallRoute(
                                                out.trunks(),
                                                out.retryOn(),
                                                Optional.of(asker),
                                                false,
                                                Optional.of(switchboard.guard().longest(asker.grant())))
                                        .reachableFirst(isReachable)),
                        Optional.of(new Reserved(wish, yes.hold())));
        };
    }

    private Decision decide(PhoneNumber wanted, String user) {
        return switchboard
                .routing()
                .decide(wanted, Optional.of(user), switchboard.time().instant().atZone(ZoneOffset.UTC), random);
    }
}
