package io.ringdown.gateway.app;

import io.ringdown.gateway.guard.GuardSettings;
import io.ringdown.gateway.guard.Limit;
import io.ringdown.gateway.routing.EmergencySettings;
import io.ringdown.gateway.routing.InboundRule;
import io.ringdown.gateway.routing.RouteRule;
import io.ringdown.gateway.routing.TrunkChoice;
import io.ringdown.gateway.routing.User;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The names that rules may use: a rule for a trunk, user or group that does not exist is a slip. */
final class KnownNames {
    private final Set<String> trunks;
    private final Set<String> users;
    private final Set<String> groups;

    KnownNames(Set<String> trunks, Map<String, User> users) {
        this.trunks = trunks;
        this.users = users.keySet();
        this.groups =
                users.values().stream().flatMap(user -> user.groups().stream()).collect(Collectors.toSet());
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
