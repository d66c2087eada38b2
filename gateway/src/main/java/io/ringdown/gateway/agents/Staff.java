package io.ringdown.gateway.agents;

import io.ringdown.gateway.routing.NumberPlan;
import io.ringdown.gateway.routing.PhoneNumber;
import io.ringdown.gateway.routing.User;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** People and groups as the configuration has them. Immutable. */
public final class Staff {
    private final Map<String, GroupSettings> groups;
    private final List<Person> people;
    private final Map<String, String> byNumber;
    private final NumberPlan plan;

    /** These, their numbers read by this plan. */
    public Staff(Map<String, User> users, Map<String, GroupSettings> groups, NumberPlan plan) {
        this.groups = Collections.unmodifiableMap(new LinkedHashMap<>(groups));
        this.people = users.entrySet().stream()
                .map(user -> Person.of(user.getKey(), user.getValue()))
                .toList();
        this.plan = plan;
        Map<String, String> numbers = new HashMap<>();
        users.forEach((name, user) -> {
            user.numbers().forEach(number -> numbers.putIfAbsent(key(number), name));
            user.extension().ifPresent(extension -> numbers.putIfAbsent(key(extension), name));
        });
        this.byNumber = Map.copyOf(numbers);
    }

    /** Nobody. */
    public static Staff nobody() {
        return new Staff(Map.of(), Map.of(), new NumberPlan(Optional.empty()));
    }

    Map<String, GroupSettings> groups() {
        return groups;
    }

    List<Person> people() {
        return people;
    }

    /** Whose numbers these are: the first that is somebody's says. */
    Optional<String> whose(List<PhoneNumber> numbers) {
        return numbers.stream()
                .flatMap(number -> Optional.ofNullable(byNumber.get(key(number))).stream())
                .findFirst();
    }

    Optional<String> groupOf(PhoneNumber called) {
        return groups.entrySet().stream()
                .filter(group -> group.getValue().extension().equals(Optional.of(called)))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** What somebody is when they sign in: what all of their groups say, and else away. */
    Availability signIn(Person person) {
        return person.groups().stream()
                .flatMap(group -> Optional.ofNullable(groups.get(group)).stream())
                .map(GroupSettings::signIn)
                .reduce((one, other) -> one == other ? one : Availability.AWAY)
                .orElse(Availability.AVAILABLE);
    }

    Duration wrapUp(String group) {
        return Optional.ofNullable(groups.get(group)).map(GroupSettings::wrapUp).orElse(Duration.ZERO);
    }

    /** How long a call may wait at this group and wherever it overflows to. */
    Duration longest(String group, Duration usual) {
        Duration sum = Duration.ZERO;
        Set<String> been = new HashSet<>();
        Optional<String> next = Optional.of(group);
        while (next.isPresent() && been.add(next.get())) {
            GroupSettings here = Optional.ofNullable(groups.get(next.get())).orElseThrow();
            sum = sum.plus(here.timeout().orElse(usual));
            if (here.overflow().user().isPresent()) {
                sum = sum.plus(here.timeout().orElse(usual));
            }
            next = here.overflow().group();
        }
        return sum;
    }

    private String key(PhoneNumber number) {
        String digits = plan.canonical(number).digits();
        return digits.startsWith("+") ? digits.substring(1) : digits;
    }
}
