package io.ringdown.gateway.call;

import io.ringdown.gateway.routing.InboundRules.Rung;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.Users;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Who is rung, one stage after the other; no client is in two.
 *
 * @param stages who rings together; none of them is empty
 * @param each how long each stage but the last rings
 * @param timeout how long they ring in all; that of the settings where absent
 * @param group for whose people it waits; then there are no stages
 */
public record RingPlan(
        List<SequencedSet<ClientId>> stages, Duration each, Optional<Duration> timeout, Optional<String> group) {
    private static final Duration UNUSED = Duration.ofSeconds(15);

    public RingPlan {
        stages = stages.stream().filter(stage -> !stage.isEmpty()).toList();
    }

    /** These stages, and no group to wait for. */
    public RingPlan(List<SequencedSet<ClientId>> stages, Duration each, Optional<Duration> timeout) {
        this(stages, each, timeout, Optional.empty());
    }

    /** Whom the group rings, as long as that takes. */
    public static RingPlan waiting(String group, Duration timeout) {
        return new RingPlan(List.of(), UNUSED, Optional.of(timeout), Optional.of(group));
    }

    /** Whether it rings nobody, and never will. */
    boolean isNobody() {
        return stages.isEmpty() && group.isEmpty();
    }

    /** The same without those who take no call. */
    RingPlan only(Predicate<ClientId> takesCalls) {
        List<SequencedSet<ClientId>> left = new ArrayList<>();
        for (SequencedSet<ClientId> stage : stages) {
            SequencedSet<ClientId> clients = new LinkedHashSet<>(stage);
            clients.removeIf(takesCalls.negate());
            left.add(clients);
        }
        return new RingPlan(left, each, timeout, group);
    }

    /** All of them at once. */
    public static RingPlan together(SequencedSet<ClientId> clients) {
        return new RingPlan(List.of(clients), UNUSED, Optional.empty());
    }

    /** By the rule that a call met, among those who are signed in. */
    static RingPlan of(Rung rung, PhoneNumber called, SignedIn signedIn, Users users) {
        List<SequencedSet<ClientId>> stages = new ArrayList<>();
        Set<ClientId> placed = new LinkedHashSet<>();
        if (rung.byNumber()) {
            stages.add(signedIn.clientsFor(called));
        }
        for (String person : rung.people()) {
            SequencedSet<ClientId> theirs = clientsOf(person, signedIn, users);
            theirs.removeIf(client -> !placed.add(client));
            stages.add(theirs);
        }
        stages.removeIf(Set::isEmpty);
        return new RingPlan(
                switch (rung.rule().ring()) {
                    case ALL -> List.of(joined(stages));
                    case IN_ORDER -> stages;
                    case ONE -> stages.stream().limit(1).toList();
                },
                rung.rule().each(),
                rung.rule().timeout());
    }

    /** Every client of this person, and those for their numbers. */
    static SequencedSet<ClientId> clientsOf(String person, SignedIn signedIn, Users users) {
        SequencedSet<ClientId> clients = new LinkedHashSet<>(signedIn.clientsOf(person));
        users.numbersOf(person).forEach(number -> clients.addAll(signedIn.clientsFor(number)));
        return clients;
    }

    private static SequencedSet<ClientId> joined(List<SequencedSet<ClientId>> stages) {
        SequencedSet<ClientId> all = new LinkedHashSet<>();
        stages.forEach(all::addAll);
        return all;
    }
}
