package io.ringdown.gateway.routing;

import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Decides where a call out goes: calls for help first, then the first rule that fits, then the trunk with the longest prefix.
 * Immutable and pure: time and chance are given.
 */
public final class Routing {
    private final NumberPlan plan;
    private final boolean strict;
    private final EmergencySettings help;
    private final EmergencyNumbers emergency;
    private final List<RouteRule> rules;
    private final Routes byPrefix;
    private final Users users;

    /** Rules in order, and the prefixes of trunks for what none of them takes. */
    public Routing(
            NumberSettings numbers, EmergencySettings help, List<RouteRule> rules, Routes byPrefix, Users users) {
        this.plan = new NumberPlan(numbers.country());
        this.strict = numbers.strict();
        this.help = help;
        this.emergency = new EmergencyNumbers(plan, help.numbers());
        this.rules = List.copyOf(rules);
        this.byPrefix = byPrefix;
        this.users = users;
    }

    /** The plan that numbers are read by. */
    public NumberPlan plan() {
        return plan;
    }

    /** What emergency calls are given. */
    public EmergencySettings help() {
        return help;
    }

    /** Whether this calls for help. */
    public boolean isEmergency(PhoneNumber dialled) {
        return emergency.find(dialled).isPresent();
    }

    /** Where a call of this user to what was dialled goes at this time. */
    public Decision decide(PhoneNumber dialled, Optional<String> user, ZonedDateTime at, RandomGenerator random) {
        Optional<PhoneNumber> forHelp = emergency.find(dialled);
        if (forHelp.isPresent()) {
            return help.route().isEmpty()
                    ? new Decision.NoEmergency(forHelp.get())
                    : new Decision.Emergency(forHelp.get(), help.route());
        }
        return switch (plan.read(dialled, strict)) {
            case NumberPlan.Reading.Global global -> route(global.number(), user, at, random);
            case NumberPlan.Reading.Local local -> route(local.number(), user, at, random);
            case NumberPlan.Reading.None _ -> new Decision.BadNumber();
        };
    }

    /**
     * What this number is, if a call of this user to it would be one for this trunk, which is why the trunk may redirect theirs to
     * it. Never a number that calls for help.
     */
    public Optional<PhoneNumber> allowed(PhoneNumber dialled, Optional<String> user, String trunk, ZonedDateTime at) {
        // Among how many it is chosen by chance is of no matter here.
        return decide(dialled, user, at, new SplittableRandom(0)) instanceof Decision.Out out
                        && out.trunks().contains(trunk)
                ? Optional.of(out.to())
                : Optional.empty();
    }

    private Decision route(PhoneNumber to, Optional<String> user, ZonedDateTime at, RandomGenerator random) {
        for (int i = 0; i < rules.size(); i++) {
            RouteRule rule = rules.get(i);
            if (rule.fits(to, user, at, plan, users)) {
                String name = rule.name().orElse("number " + (i + 1));
                return rule.trunks().isEmpty()
                        ? new Decision.Forbidden(to, name)
                        : new Decision.Out(to, TrunkOrder.of(rule, random), rule.retryOn(), name);
            }
        }
        return new Decision.Out(to, byPrefix.trunksFor(to), Set.of(), "the prefixes of the trunks");
    }
}
