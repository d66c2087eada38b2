package io.ringdown.gateway.routing;

import io.ringdown.sip.Diverted;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whom calls from trunks ring. Immutable. */
public final class InboundRules {
    private final List<InboundRule> rules;
    private final NumberPlan plan;
    private final Users users;

    /**
     * Who is rung.
     *
     * @param people names of users, in order; empty for whoever is signed in for the number
     * @param rule how
     */
    public record Rung(List<String> people, InboundRule rule) {
        /** Whether it is the number alone that says who is rung. */
        public boolean byNumber() {
            return rule.user().isEmpty() && rule.group().isEmpty();
        }
    }

    /** Rules in order. */
    public InboundRules(List<InboundRule> rules, NumberPlan plan, Users users) {
        this.rules = List.copyOf(rules);
        this.plan = plan;
        this.users = users;
    }

    /** By the first rule that fits; where none does, whoever is signed in for the number. Numbers are those of the world. */
    public Rung rung(String trunk, PhoneNumber called, Optional<Diverted> diverted) {
        if (trunk.equals(Extensions.HOUSE)) {
            return new Rung(users.withExtension(called).stream().toList(), InboundRule.defaults());
        }
        Set<String> before = new HashSet<>();
        diverted.flatMap(Diverted::last).ifPresent(before::add);
        diverted.flatMap(Diverted::first).ifPresent(before::add);
        InboundRule rule = rules.stream()
                .filter(one -> one.fits(trunk, called, before, plan))
                .findFirst()
                .orElseGet(InboundRule::defaults);
        List<String> people = rule.group()
                .map(users::members)
                .orElseGet(() -> rule.user().stream().toList());
        return new Rung(people, rule);
    }
}
