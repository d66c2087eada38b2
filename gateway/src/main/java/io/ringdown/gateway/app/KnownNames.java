package io.ringdown.gateway.app;

import io.ringdown.gateway.agents.GroupSettings;
import io.ringdown.gateway.guard.GuardSettings;
import io.ringdown.gateway.guard.Limit;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.InboundRule;
import io.ringdown.gateway.routing.RouteRule;
import io.ringdown.gateway.routing.TrunkChoice;
import io.ringdown.gateway.routing.User;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The names that rules may use: a rule for a trunk, user or group that does not exist is a slip. */
final class KnownNames {
    private final Set<String> trunks;
    private final Set<String> users;
    private final Set<String> groups;

    KnownNames(Set<String> trunks, Map<String, User> users, Set<String> groups) {
        this.trunks = trunks;
        this.users = users.keySet();
        this.groups =
                users.values().stream().flatMap(user -> user.groups().stream()).collect(Collectors.toSet());
        this.groups.addAll(groups);
    }

    void check(List<RouteRule> routes, EmergencySettings emergency, List<InboundRule> inbound, GuardSettings guard) {
        for (Limit limit : guard.limits()) {
            check("guard.limits", "group", limit.where().groups(), groups);
        }
        for (RouteRule rule : routes) {
            check(
                    "routes",
                    "trunk",
                    rule.trunks().stream().map(TrunkChoice::trunk).toList(),
                    trunks);
            check("routes", "group", rule.groups(), groups);
        }
        check("emergency", "trunk", emergency.route(), trunks);
        for (InboundRule rule : inbound) {
            check("inbound", "trunk", rule.trunks(), trunks);
            check("inbound", "user", rule.user().stream().toList(), users);
            check("inbound", "group", rule.group().stream().toList(), groups);
        }
    }

    /** What groups and users name, and that no extension is two's. */
    void check(Map<String, GroupSettings> settings, Map<String, User> people) {
        Map<String, String> extensions = new HashMap<>();
        people.forEach((name, user) -> {
            check("users." + name + ".supervises", "group", user.supervises(), groups);
            user.extension().ifPresent(number -> extensions.putIfAbsent(number.digits(), "user " + name));
        });
        settings.forEach((name, group) -> {
            String key = "groups." + name;
            check(
                    key + ".overflow.group",
                    "group with settings",
                    group.overflow().group().stream().toList(),
                    settings.keySet());
            check(
                    key + ".overflow.user",
                    "user",
                    group.overflow().user().stream().toList(),
                    users);
            checkEnds(key, name, settings);
            group.extension().ifPresent(number -> {
                String other = extensions.putIfAbsent(number.digits(), "group " + name);
                if (other != null) {
                    throw new IllegalArgumentException(
                            key + ".extension: " + number.digits() + " is " + other + "'s too; choose another");
                }
            });
        });
    }

    private static void checkEnds(String key, String first, Map<String, GroupSettings> settings) {
        Set<String> been = new LinkedHashSet<>();
        Optional<String> next = Optional.of(first);
        while (next.isPresent()) {
            if (!been.add(next.get())) {
                throw new IllegalArgumentException(key + ".overflow.group: calls would go round in a circle, "
                        + String.join(", ", been) + "; let one of them overflow to a user or a cause");
            }
            next = Optional.ofNullable(settings.get(next.get()))
                    .flatMap(group -> group.overflow().group());
        }
    }

    private static void check(String key, String what, Collection<String> named, Set<String> known) {
        for (String name : named) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException(key + ": no " + what + " is named " + name + "; there "
                        + (known.isEmpty()
                                ? "is none"
                                : "are "
                                        + String.join(
                                                ", ", known.stream().sorted().toList())));
            }
        }
    }
}
